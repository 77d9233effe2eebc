using System.Text;
using Gateway.Domain.Compliance;

namespace Gateway.Domain.Reports;

/// <summary>A device's window as a strip: light for online, dark for offline, and other heights for the rest, so that it also reads in black and white.</summary>
internal static class ReportRibbon
{
    // Units of the drawing: whole numbers, and fine enough for a minute of a month.
    private const int Width = 100_000;

    // A quarter of a millimetre on paper: no gap is too short to be seen.
    private const int GapMin = 150;

    public static void Write(StringBuilder html, DeviceAccount account, AccountWindow window, IReadOnlyList<CivilDay> days)
    {
        html.Append("<svg class=ribbon viewBox=\"0 0 ").Append(Width).Append(" 12\" preserveAspectRatio=none role=img>");
        Path(html, account, window, AccountState.NotInService, 11, 1);
        Path(html, account, window, AccountState.Online, 0, 12);
        Path(html, account, window, AccountState.Excused, 4, 4);
        Path(html, account, window, AccountState.Unknown, 3, 9);
        Path(html, account, window, AccountState.Offline, 0, 12);
        Ticks(html, window, days);
        html.Append("</svg>");
    }

    private static void Path(StringBuilder html, DeviceAccount account, AccountWindow window, AccountState state, int top, int height)
    {
        bool any = false;
        foreach (var piece in account.Pieces)
        {
            if (piece.State != state) continue;
            html.Append(any ? "" : $"<path class={ReportWords.IdOf(state)} d=\"");
            any = true;
            int from = At(piece.FromMs, window), width = Math.Max(At(piece.ToMs, window) - from, state is AccountState.Online or AccountState.NotInService ? 0 : GapMin);
            html.Append('M').Append(Math.Min(from, Width - width)).Append(' ').Append(top).Append('h').Append(width).Append('v').Append(height).Append('h').Append(-width).Append('z');
        }
        if (any) html.Append("\"/>");
    }

    /// <summary>Where days begin; in a single day, every six hours.</summary>
    private static void Ticks(StringBuilder html, AccountWindow window, IReadOnlyList<CivilDay> days)
    {
        html.Append("<path class=tick d=\"");
        if (window.Days.Count == 1)
            for (int quarter = 1; quarter < 4; quarter++) html.Append('M').Append(Width / 4 * quarter).Append(" 0v12");
        else
            foreach (var day in days.Skip(1)) html.Append('M').Append(At(day.FromMs, window)).Append(" 0v12");
        html.Append("\"/>");
    }

    private static int At(long ms, AccountWindow window) => (int)((Int128)(ms - window.FromMs) * Width / (window.ToMs - window.FromMs));
}
