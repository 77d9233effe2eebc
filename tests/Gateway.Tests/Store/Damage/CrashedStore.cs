using System.Globalization;
using System.Text;
using Gateway.Access;
using Gateway.Engine.Views;
using Gateway.Store;
using Gateway.Testing;
using Gateway.Uplink;

namespace Gateway.Tests.Store.Damage;

/// <summary>The files a gateway leaves that ended without a word: some telemetry, a journal, an account, cursors. Made once, copied for each damage.</summary>
internal sealed class CrashedStore : IDisposable
{
    public const int Segments = 30;
    public const int LinesOfSegment = 50;
    public const int Lines = Segments * LinesOfSegment;
    public const int JournalRows = 120;

    private readonly TempDirectory _made = new();

    public CrashedStore()
    {
        using var telemetry = TelemetryStore.Open(_made.File(TelemetryStore.Name));
        for (int s = 0; s < Segments; s++) telemetry.Append(Body(s), LinesOfSegment, TestSite.Ten + s);
        using var state = StateStore.Open(_made.File(StateStore.Name));
        state.Commit(() =>
        {
            state.Journal("boot", TestSite.Ten, "{}"u8);
            state.KeepAccount(new Account("li", Role.Administrator, PasswordHash.Make("a long enough one", 1_000), 1));
            for (int i = 2; i <= JournalRows; i++) state.Audit(TestSite.Ten + i, new AuditRow("li", "test", $"row {i}", new string('x', 200)));
            state.SetMeta("telemetry_frontier", Lines);
            state.SetMeta("heartbeat_ms", TestSite.Ten);
            state.SetCursor("t", UplinkLedger.Telemetry, LinesOfSegment);
        });
    }

    /// <summary>The same files in a folder of their own.</summary>
    public TempDirectory Copy()
    {
        var copy = new TempDirectory();
        foreach (string file in Directory.GetFiles(_made.Path)) File.Copy(file, copy.File(Path.GetFileName(file)));
        return copy;
    }

    public long Length(string name) => new FileInfo(_made.File(name)).Length;

    /// <summary>A line as it was stored, by its number.</summary>
    public static string LineOf(long number) => string.Create(CultureInfo.InvariantCulture, $"crane,site=s1,device=c1 seq={number}i,load_t=1.5 {(TestSite.Ten + number) * 1_000_000}");

    public void Dispose() => _made.Dispose();

    private static byte[] Body(int segment) =>
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(segment * LinesOfSegment, LinesOfSegment).Select(n => LineOf(n) + "\n")));
}
