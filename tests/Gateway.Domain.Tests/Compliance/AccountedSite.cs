using Gateway.Domain.Compliance;
using Gateway.Domain.Lifecycle;
using Gateway.Domain.Presence;
using Gateway.Domain.Tests.Presence;

namespace Gateway.Domain.Tests.Compliance;

/// <summary>One crane with an expected interval of 20 s and offlineAfter 60 s, driven as the engine drives it; what it closes becomes rows of a chain.</summary>
internal sealed class AccountedSite
{
    private readonly List<PresenceInterval> _closed = [];
    private DevicePresence _presence;

    /// <param name="bootMs">When the gateway ran for the first time.</param>
    public AccountedSite(long bootMs, ServiceTime? service = null)
    {
        _presence = new DevicePresence(0, ObservedPresence.Entry, bootMs, _closed);
        Device = new AccountDevice("d1", ObservedPresence.Entry.Name, "crane", "builder", true, service ?? new ServiceTime("d1", 0, null));
    }

    public static TimeZoneInfo Shanghai { get; } = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    public AccountDevice Device { get; }

    public List<AccountInterval> Rows { get; } = [];

    public List<LifecycleEntry> Log { get; } = [];

    public OpenInterval Open => new("d1", _presence.State, _presence.Cause, _presence.IntervalFromMs);

    public DevicePresence Presence
    {
        get
        {
            Drain();
            return _presence;
        }
    }

    /// <summary>The number the next row of the chain gets.</summary>
    public long NextSeq { get; private set; } = 1;

    /// <summary>A measurement every 20 s, and the ticks between them.</summary>
    public void Talk(long fromMs, long toMs)
    {
        for (long at = fromMs; at <= toMs; at += 20_000)
        {
            _presence.Pass(at);
            _presence.Alive(at);
        }
        Drain();
    }

    /// <summary>The process dies and another one takes up what was persisted.</summary>
    public void Restart(long heartbeatMs, long bootMs)
    {
        Drain();
        var was = _presence;
        _presence = new DevicePresence(0, ObservedPresence.Entry, bootMs, _closed);
        if (was.State == PresenceState.NotInService) _presence.InService(bootMs, false);
        Drain();
        _presence.Restore(was.State, was.Cause, was.IntervalFromMs, heartbeatMs, bootMs);
        Drain();
    }

    public void Enter(LifecycleEntry entry) => Log.Add(entry with { Seq = NextSeq++ });

    public SiteAccounts Accounts(AccountWindow window, long asOfMs)
    {
        Drain();
        return Accounts(window, asOfMs, Rows, [Open], Log);
    }

    public SiteAccounts Accounts(AccountWindow window, long asOfMs, IEnumerable<AccountInterval> rows, IEnumerable<OpenInterval> open, IEnumerable<LifecycleEntry> log, IEnumerable<MeasuredSpan>? measured = null) =>
        Domain.Compliance.Accounts.Of(new AccountInput([Device], rows, open, LifecycleTimeline.Build(log, asOfMs, [Device.Service], new LifecyclePolicy()), window, asOfMs) { Measured = measured ?? [] });

    public DeviceDay Day(string date, long asOfMs) =>
        Accounts(AccountWindow.Day(DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture), Shanghai), asOfMs).Devices[0].Days[0];

    public void Drain()
    {
        foreach (var interval in _closed) Rows.Add(new AccountInterval("d1", interval.State, interval.Cause, interval.FromMs, interval.ToMs, NextSeq++));
        _closed.Clear();
    }
}
