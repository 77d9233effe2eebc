using Gateway.Domain.Compliance;
using Gateway.Domain.Lifecycle;
using Gateway.Domain.Presence;

namespace Gateway.Domain.Tests.Compliance;

/// <summary>
/// Three days of a device's life from a seed: readings, deaths, lost buses, restarts with the clock stepped either way, days out of service, lifecycle entries (late
/// ones, corrections, some that break the rules); and a log that was handed over badly: rows twice, rows missing, rows that contradict others.
/// </summary>
internal sealed class RandomSite
{
    private static readonly string[] Reasons = [SuspensionReason.Repair, SuspensionReason.StopWork, SuspensionReason.PowerCut, "because"];
    private static readonly string[] Judgements =
        [PresenceCause.None, PresenceCause.Frozen, PresenceCause.None, PresenceCause.Range, PresenceCause.Rate, PresenceCause.SelfTest, PresenceCause.DeviceClock];

    private readonly Random _random;
    private readonly AccountedSite _site;
    private readonly long _fromMs;
    private readonly long _toMs;
    private long _nowMs;
    private long _seq = 1_000_000;

    public RandomSite(int seed, AccountWindow window)
    {
        _random = new Random(seed);
        (Window, _fromMs, _toMs) = (window, window.FromMs, window.ToMs);
        _nowMs = _fromMs - Upto(40_000_000);
        var service = new ServiceTime("d1", Chance(10) ? null : _fromMs - Upto(100_000_000) + 50_000_000, Chance(5) ? _toMs - Upto(200_000_000) : null);
        _site = new AccountedSite(_nowMs, service);
        for (int step = 10 + _random.Next(22); step > 0; step--) Step();
        _site.Drain();
        AsOfMs = Chance(3) ? _nowMs : _toMs;
        HandOver();
    }

    public AccountWindow Window { get; }

    public long AsOfMs { get; }

    public ServiceTime Service => _site.Device.Service;

    public AccountDevice Device => _site.Device;

    public List<AccountInterval> Rows => _site.Rows;

    public List<LifecycleEntry> Log => _site.Log;

    public List<MeasuredSpan> Measured { get; } = [];

    public OpenInterval Open => _site.Open;

    public SiteAccounts Accounts() => _site.Accounts(Window, AsOfMs, Rows, [Open], Log, Measured);

    /// <summary>The same, with the rows and entries in another order.</summary>
    public SiteAccounts ShuffledAccounts()
    {
        var (rows, log) = (Rows.ToArray(), Log.ToArray());
        _random.Shuffle(rows);
        _random.Shuffle(log);
        return _site.Accounts(Window, AsOfMs, rows, [Open], log, Enumerable.Reverse(Measured));
    }

    private void Step()
    {
        _nowMs += _random.Next(6) switch { 0 => 0, 1 => Upto(40_000_000), 2 => Upto(4_000_000), _ => Upto(70_000) };
        var device = _site.Presence;
        if (!Chance(4)) device.Pass(_nowMs);
        switch (_random.Next(17))
        {
            case <= 4: device.Alive(_nowMs); break;
            case 5: device.Died(_nowMs, PresenceCause.Will); break;
            case 6: device.CauseLost(_nowMs, AnyCause()); break;
            case 7: device.CauseReturned(_nowMs, AnyCause()); break;
            case 8: device.InService(_nowMs, Chance(2)); break;
            case 9: Restart(); break;
            case 10: Anchor(); break;
            case <= 13: Enter(); break;
            case <= 15: device.Judged(_nowMs, Judgements[_random.Next(Judgements.Length)]); break;
            default: device.Pass(_nowMs + 1); break;
        }
    }

    private void Restart()
    {
        long heartbeat = _nowMs - Upto(10_000);
        _nowMs += Upto(Chance(3) ? 8_000_000 : 60_000);
        if (Chance(4)) _nowMs += Chance(2) ? 86_400_000 : -86_400_000;
        _site.Restart(heartbeat, _nowMs);
    }

    /// <summary>A clock that was not set at the start is: the timeline jumps forward, by seconds or by days.</summary>
    private void Anchor()
    {
        long skipped = 1 + Upto(Chance(2) ? 90_000_000 : 60_000);
        _site.Presence.Skip(_nowMs, _nowMs + skipped);
        _nowMs += skipped;
    }

    private string AnyCause() => CauseTree.RootFirst[_random.Next(CauseTree.RootFirst.Count)];

    private void Enter()
    {
        var log = _site.Log;
        long effective = _nowMs + _random.NextInt64(-90_000_000, 30_000_000);
        long? corrects = log.Count > 0 && Chance(3) ? log[_random.Next(log.Count)].Seq : null;
        var kind = Chance(2) ? LifecycleKind.Suspended : (LifecycleKind)_random.Next(9);
        bool suspended = kind == LifecycleKind.Suspended;
        _site.Enter(new LifecycleEntry(0, "d1", kind, Math.Max(0, effective), suspended ? effective + Upto(60_000_000) : null, suspended ? Reasons[_random.Next(Reasons.Length)] : null,
            "Li", Chance(8) ? " li" : "Wang", "F-1", Chance(2) ? Attachment : null, null, corrects, _nowMs));
    }

    private static string Attachment { get; } = new('a', 64);

    private void HandOver()
    {
        for (int told = _random.Next(6); told > 0; told--)
        {
            long from = _fromMs + Upto(259_000_000);
            Measured.Add(new MeasuredSpan("d1", from, from + Upto(20_000_000) - 100_000, 0, ++_seq));
        }
        var rows = _site.Rows;
        if (rows.Count == 0) return;
        if (Chance(3)) rows.Add(rows[_random.Next(rows.Count)]);
        if (rows.Count > 1 && Chance(4)) rows.RemoveAt(_random.Next(rows.Count));
        for (int forged = Chance(4) ? 1 + _random.Next(3) : 0; forged > 0; forged--)
        {
            long from = _fromMs + Upto(259_000_000);
            rows.Add(new AccountInterval("d1", (PresenceState)_random.Next(4), "forged", from, from + Upto(90_000_000) - 1_000_000, Chance(8) ? rows[0].Seq : Chance(2) ? ++_seq : -_seq++));
        }
    }

    private bool Chance(int of) => _random.Next(of) == 0;

    private long Upto(long ms) => _random.NextInt64(ms);
}
