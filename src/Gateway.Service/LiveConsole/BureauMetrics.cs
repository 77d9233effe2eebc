using System.Text;
using Gateway.Bureau;

namespace Gateway.Service.LiveConsole;

/// <summary>The bureaus' part of <c>/metrics</c>.</summary>
internal static class BureauMetrics
{
    public static void Render(StringBuilder text, IReadOnlyList<BureauFigures> bureaus)
    {
        if (bureaus.Count == 0) return;
        Each("gateway_bureau_failing", "gauge", "1 while a platform does not take reports", f => f.State == "failing" ? 1 : 0);
        Each("gateway_bureau_reports_total", "counter", "Minutes, hours and days a platform acknowledged", f => f.Reported);
        Each("gateway_bureau_owed_minutes", "gauge", "Minute intervals a platform does not have yet", f => f.Owed);
        Each("gateway_bureau_lag_lines", "gauge", "Lines on disk that it has not settled", f => f.LagLines);

        void Each(string name, string type, string help, Func<BureauFigures, long> value)
        {
            MetricsPage.Family(text, name, type, help);
            foreach (var f in bureaus) MetricsPage.Sample(text, name, $"bureau=\"{f.Name}\"", value(f));
        }
    }
}
