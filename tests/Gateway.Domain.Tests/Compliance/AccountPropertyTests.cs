using System.Collections.Concurrent;
using System.Globalization;
using Gateway.Domain.Compliance;
using Gateway.Domain.Lifecycle;
using Gateway.Domain.Presence;
using Xunit;

namespace Gateway.Domain.Tests.Compliance;

/// <summary>Whatever happens on a site, and however badly its log is handed over, each device-day adds up, once.</summary>
public sealed class AccountPropertyTests
{
    private const int Sequences = 100_000;

    // Plain days, a leap day, days of 23, 25 and 23.5 h, half-hour offsets.
    private static readonly AccountWindow[] Windows =
    [
        Three("Asia/Shanghai", "2026-03-05"), Three("Asia/Shanghai", "2028-02-28"), Three("Europe/Berlin", "2026-03-28"), Three("Europe/Berlin", "2026-10-24"),
        Three("America/Havana", "2026-10-31"), Three("Australia/Lord_Howe", "2026-10-03"), Three("Asia/Kolkata", "2026-12-31"),
    ];

    [Fact]
    public void Every_day_of_every_sequence_adds_up_to_its_milliseconds_without_overlap_and_the_same_log_gives_the_same_accounts()
    {
        var failures = new ConcurrentQueue<string>();
        var met = new ConcurrentDictionary<string, int>();
        Parallel.For(0, Sequences, seed =>
        {
            try
            {
                if (Fault(new RandomSite(seed, Windows[seed % Windows.Length]), met) is { } fault) failures.Enqueue($"seed {seed}: {fault}");
            }
            // Else nobody would learn the seed.
            catch (Exception thrown)
            {
                failures.Enqueue($"seed {seed}: {thrown}");
            }
        });
        Assert.True(failures.IsEmpty, $"{failures.Count} of {Sequences}; {failures.OrderBy(f => f.Length).FirstOrDefault()}");
        // Else the sequences would be idle ones.
        string[] expected = ["Online", "Offline", "Unknown", "Excused", "NotInService", "online although excused", "Overlap", "Empty", "SameNumber", "refused", "no-record", "not-watched", "bus", "gateway", "power", "clock", "store", "dtu", "measured", "late"];
        Assert.All(expected, e => Assert.True(met.GetValueOrDefault(e) > Sequences / 500, $"{e}: only in {met.GetValueOrDefault(e)} sequences"));
    }

    private static string? Fault(RandomSite site, ConcurrentDictionary<string, int> met)
    {
        var accounts = site.Accounts();
        var account = accounts.Devices[0];
        for (int day = 0; day < accounts.Days.Count; day++)
            if (account.Days[day].LengthMs != accounts.Days[day].LengthMs) return $"{accounts.Days[day].Date} has {accounts.Days[day].LengthMs} ms, booked are {account.Days[day]}";
        if (accounts.Days.Sum(d => d.LengthMs) != accounts.ToMs - site.Window.FromMs) return "the days are not the window";

        long endMs = site.Window.FromMs;
        foreach (var piece in account.Pieces)
        {
            if (piece.FromMs != endMs || piece.ToMs <= piece.FromMs) return $"{piece} does not follow {endMs}";
            endMs = piece.ToMs;
        }
        if (endMs != accounts.ToMs) return $"the pieces end at {endMs}, not {accounts.ToMs}";
        foreach (var heading in Enum.GetValues<AccountState>())
            if (account.Pieces.Where(p => p.State == heading).Sum(p => p.LengthMs) != Under(account.Total, heading)) return $"{heading} differs between pieces and days";
        if (Unproven(site, account) is { } claim) return claim;
        var timeline = LifecycleTimeline.Build(site.Log, site.AsOfMs, [site.Service], new LifecyclePolicy());
        Note(met, accounts, timeline);
        return Contradiction(site, account, timeline.Of("d1")) ?? Difference(accounts, site.ShuffledAccounts());
    }

    /// <summary>Asks the log itself what holds in the middle and at the first instant of each piece: the earliest row that speaks of it, and the span it lies in.</summary>
    private static string? Contradiction(RandomSite site, DeviceAccount account, IReadOnlyList<LifecycleSpan> spans)
    {
        var believed = site.Rows.OrderBy(r => r.Seq).ThenBy(r => r.FromMs).ThenBy(r => r.ToMs).DistinctBy(r => r.Seq).ToArray();
        foreach (var piece in account.Pieces)
            foreach (long at in new[] { piece.FromMs, piece.FromMs + piece.LengthMs / 2 })
            {
                var expected = Expected(believed, site.Open, spans.Single(s => s.FromMs <= at && at < s.ToMs), at);
                if (expected != (piece.State, piece.Cause)) return $"at {at} {expected} holds, booked is {piece}";
            }
        return null;
    }

    private static (AccountState, string) Expected(AccountInterval[] believed, OpenInterval open, LifecycleSpan span, long at)
    {
        if (span.State == LifecycleState.Suspended) return (AccountState.Excused, span.Entry!.Reason!);
        if (span.State != LifecycleState.InService) return (AccountState.NotInService, LifecycleWords.IdOf(span.State));
        var row = Array.Find(believed, r => r.FromMs <= at && at < r.ToMs);
        var (state, cause) = row is not null ? (row.State, row.Cause) : open.FromMs <= at ? (open.State, open.Cause) : (PresenceState.Unknown, "no-record");
        return state switch
        {
            PresenceState.Online => (AccountState.Online, ""),
            PresenceState.Offline => (AccountState.Offline, cause),
            PresenceState.Unknown => (AccountState.Unknown, cause),
            _ => (AccountState.Unknown, "not-watched"),
        };
    }

    /// <summary>What is proven is a part of its heading, is what the spans cover of it, and sums up.</summary>
    private static string? Unproven(RandomSite site, DeviceAccount account)
    {
        foreach (var piece in account.Pieces)
        {
            bool can = piece.State == AccountState.Unknown || piece is { State: AccountState.Offline, Cause: PresenceCause.Silent };
            if (piece.MeasuredMs < 0 || piece.MeasuredMs > piece.LengthMs || (piece.MeasuredMs > 0 && !can)) return $"proven are {piece.MeasuredMs} ms of {piece}";
            long coveredMs = 0;
            long[] edges = [.. site.Measured.SelectMany(m => new[] { m.FromMs, m.ToMs }).Append(piece.FromMs).Append(piece.ToMs).Where(e => e >= piece.FromMs && e <= piece.ToMs).Distinct().Order()];
            for (int i = 1; i < edges.Length; i++)
                if (site.Measured.Any(m => m.FromMs <= edges[i - 1] && m.ToMs >= edges[i])) coveredMs += edges[i] - edges[i - 1];
            if (can && coveredMs != piece.MeasuredMs) return $"the spans cover {coveredMs} ms of {piece}";
        }
        foreach (var day in account.Days)
            if (day.UnknownMeasuredMs > day.UnknownMs || day.OfflineMeasuredMs > day.OfflineMs) return $"more is proven than booked: {day}";
        long unknownMs = account.Pieces.Where(p => p.State == AccountState.Unknown).Sum(p => p.MeasuredMs), offlineMs = account.Pieces.Where(p => p.State == AccountState.Offline).Sum(p => p.MeasuredMs);
        return (unknownMs, offlineMs) == (account.Total.UnknownMeasuredMs, account.Total.OfflineMeasuredMs) ? null : "what is proven differs between pieces and days";
    }

    private static void Note(ConcurrentDictionary<string, int> met, SiteAccounts accounts, LifecycleTimeline timeline)
    {
        var pieces = accounts.Devices[0].Pieces;
        var seen = pieces.Select(p => p.State.ToString()).Concat(pieces.Select(p => p.Cause)).Concat(accounts.Findings.Select(f => f.Fault.ToString())).ToHashSet();
        if (pieces.Any(p => p.OnlineAlthoughExcused)) seen.Add("online although excused");
        if (pieces.Any(p => p.MeasuredMs > 0)) seen.Add("measured");
        if (timeline.Refused.Count > 0) seen.Add("refused");
        if (timeline.Entries.Any(e => e.IsLate(new LifecyclePolicy()))) seen.Add("late");
        foreach (string one in seen) met.AddOrUpdate(one, 1, (_, count) => count + 1);
    }

    private static string? Difference(SiteAccounts one, SiteAccounts other)
    {
        bool same = one.Devices[0].Days.SequenceEqual(other.Devices[0].Days) && one.Devices[0].Pieces.SequenceEqual(other.Devices[0].Pieces) && one.Findings.SequenceEqual(other.Findings);
        return same ? null : "the same log gave other accounts";
    }

    private static long Under(DeviceDay day, AccountState heading) => heading switch
    {
        AccountState.Online => day.OnlineMs,
        AccountState.Offline => day.OfflineMs,
        AccountState.Unknown => day.UnknownMs,
        AccountState.Excused => day.ExcusedMs,
        _ => day.NotInServiceMs,
    };

    private static AccountWindow Three(string zone, string first)
    {
        var date = DateOnly.Parse(first, CultureInfo.InvariantCulture);
        var days = CivilDays.Between(date, date.AddDays(2), TimeZoneInfo.FindSystemTimeZoneById(zone));
        return new AccountWindow(WindowKind.Any, days[0].FromMs, days[^1].ToMs, days);
    }
}
