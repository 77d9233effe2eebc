using System.Globalization;
using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;
using Gateway.Domain.Presence;

namespace Gateway.Domain.Tests.Presence;

/// <summary>One device with an expected interval of 20 s and offlineAfter 60 s, and what its accounts say.</summary>
internal sealed class ObservedPresence
{
    private readonly List<PresenceInterval> _closed = [];

    public ObservedPresence(long nowMs) => Device = new DevicePresence(0, Entry, nowMs, _closed);

    public static Device Entry { get; } = new("d1", new LocalText("一", "one"), "crane", "crane-json", LinkKind.Mqtt, "site/s/crane/d1", null, true, 20_000, 60_000, null, null, null);

    public DevicePresence Device { get; }

    public IReadOnlyList<PresenceInterval> Closed => _closed;

    /// <summary>Milliseconds of a state, the open interval up to now included, of the part between two moments.</summary>
    public long Total(PresenceState state, long nowMs, long fromMs = long.MinValue, long toMs = long.MaxValue, string? cause = null) =>
        All(nowMs).Where(i => i.State == state && (cause is null || i.Cause == cause)).Sum(i => Math.Max(0, Math.Min(i.ToMs, toMs) - Math.Max(i.FromMs, fromMs)));

    public IEnumerable<PresenceInterval> All(long nowMs) => _closed.Append(new PresenceInterval(0, Device.State, Device.Cause, Device.IntervalFromMs, nowMs));

    /// <summary>A moment of the fifth of March in the site's zone; days above 5 by a number before the time.</summary>
    public static long At(string time, int day = 5) =>
        DateTimeOffset.Parse($"2026-03-{day:00}T{time}+08:00", CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
}
