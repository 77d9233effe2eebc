using System.Globalization;
using Gateway.Faults.Rounds;

namespace Gateway.Faults.Judging;

/// <summary>Figures of a round, or of many.</summary>
/// <param name="Acknowledged">Messages the gateway took responsibility for.</param>
/// <param name="SentAgain">Messages that were on the wire more than once.</param>
/// <param name="InGaps">Acknowledged messages that are gone and stand in gap records.</param>
/// <param name="Quarantined">Acknowledged messages that stand in quarantine, refused by the sink.</param>
/// <param name="Alarms">Alarms the acknowledged data must have raised.</param>
internal sealed record Tally(long Acknowledged, long SentAgain, long InGaps, long Quarantined, long Alarms)
{
    public static Tally None { get; } = new(0, 0, 0, 0, 0);

    public static Tally Of(Site site) => None with { Acknowledged = site.Devices.Sum(d => (long)d.Acknowledged.Count), SentAgain = site.Devices.Sum(d => (long)d.SentAgain.Count) };

    public static Tally operator +(Tally a, Tally b) => new(a.Acknowledged + b.Acknowledged, a.SentAgain + b.SentAgain, a.InGaps + b.InGaps, a.Quarantined + b.Quarantined, a.Alarms + b.Alarms);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Acknowledged,6} acknowledged ({SentAgain} sent again, {InGaps} in gaps, {Quarantined} in quarantine), {Alarms} alarms;");
}
