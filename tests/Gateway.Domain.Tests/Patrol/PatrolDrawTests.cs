using System.Security.Cryptography;
using Gateway.Domain.Patrol;
using Xunit;

namespace Gateway.Domain.Tests.Patrol;

public sealed class PatrolDrawTests
{
    private static readonly DateOnly First = new(2026, 3, 1);
    private static readonly string[] People = ["chen", "lin", "wang"];

    [Fact]
    public void The_same_head_and_day_draw_the_same_whatever_the_order()
    {
        var candidates = Candidates(20, 30);
        var list = PatrolDraw.Of(Hash(1), First, candidates, People, new PatrolPolicy());
        var again = PatrolDraw.Of(Hash(1), First, [.. Enumerable.Reverse(candidates)], [.. Enumerable.Reverse(People)], new PatrolPolicy());

        Assert.Equal(list.Drawn, again.Drawn);
        Assert.Equal((list.Seed, list.Inspector), (again.Seed, again.Inspector));
        Assert.Equal(5, list.Drawn.Count(d => d.StartsWith("camera", StringComparison.Ordinal)));
        Assert.Equal(10, list.Drawn.Count);
        Assert.Equal(list.Drawn, PatrolDraw.Again(list).Drawn);
        Assert.NotEqual(list.Drawn, PatrolDraw.Of(Hash(2), First, candidates, People, new PatrolPolicy()).Drawn);
        Assert.NotEqual(list.Drawn, PatrolDraw.Of(Hash(1), First.AddDays(1), candidates, People, new PatrolPolicy()).Drawn);
    }

    [Fact]
    public void The_seed_and_the_lots_are_what_the_text_says()
    {
        byte[] seed = SHA256.HashData([.. Convert.FromHexString(Hash(1)), .. "2026-03-01"u8]);
        var list = PatrolDraw.Of(Hash(1), First, Candidates(4, 0), People, new PatrolPolicy(1, 1));
        Assert.Equal(Convert.ToHexStringLower(seed), list.Seed);
        string smallest = Enumerable.Range(0, 4).Select(i => $"camera-{i}").MinBy(id => Convert.ToHexString(SHA256.HashData([.. seed, .. "device:"u8, .. System.Text.Encoding.UTF8.GetBytes(id)])), StringComparer.Ordinal)!;
        Assert.Equal([smallest], list.Drawn);
    }

    [Fact]
    public void Somebody_who_chose_is_found_out()
    {
        var list = PatrolDraw.Of(Hash(1), First, Candidates(20, 0), People, new PatrolPolicy());
        var chosen = list with { Drawn = [.. list.Drawn.Skip(1), list.Cameras.Except(list.Drawn).First()] };
        Assert.NotEqual(chosen.Drawn, PatrolDraw.Again(chosen).Drawn);
    }

    [Fact]
    public void Nobody_stays_unlooked_at_longer_than_the_policy_says()
    {
        var policy = new PatrolPolicy(CamerasPerDay: 1, DevicesPerDay: 1, EveryDays: 7);
        var looks = new Dictionary<string, DateOnly>(StringComparer.Ordinal);
        for (var day = First; day < First.AddDays(90); day = day.AddDays(1))
        {
            var candidates = Candidates(20, 10).Select(c => c with { LastLook = looks.TryGetValue(c.Device, out var last) ? last : null }).ToList();
            var list = PatrolDraw.Of(Hash(day.DayNumber), day, candidates, People, policy);
            Assert.Empty(list.Drawn.Intersect(list.Due));
            foreach (string device in list.Drawn.Concat(list.Due)) looks[device] = day;
            Assert.All(candidates, c => Assert.InRange(day.DayNumber - (looks.TryGetValue(c.Device, out var last) ? last : First).DayNumber, 0, 6));
        }
    }

    [Fact]
    public void What_was_not_looked_at_stays_due()
    {
        var candidate = new PatrolCandidate("camera-1", true, First, First);
        Assert.False(candidate.IsDue(First.AddDays(6), 7));
        Assert.True(candidate.IsDue(First.AddDays(7), 7));
        Assert.True(candidate.IsDue(First.AddDays(30), 7));
    }

    [Fact]
    public void Everybody_is_drawn_about_equally_often()
    {
        const int days = 4_000;
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var candidates = Candidates(20, 0);
        for (int day = 0; day < days; day++)
        {
            var list = PatrolDraw.Of(Hash(day), First, candidates, People, new PatrolPolicy(5, 0, 10_000));
            foreach (string drawn in list.Drawn.Append(list.Inspector!)) counts[drawn] = counts.GetValueOrDefault(drawn) + 1;
        }
        // Five standard deviations of 4 000 draws: 27 each (p = 1/4), 30 of the people (p = 1/3).
        Assert.All(candidates, c => Assert.InRange(counts[c.Device], days / 4 - 137, days / 4 + 137));
        Assert.All(People, p => Assert.InRange(counts[p], days / 3 - 149, days / 3 + 149));
    }

    [Fact]
    public void Without_people_there_is_a_list_and_no_inspector()
    {
        Assert.Null(PatrolDraw.Of(Hash(1), First, Candidates(2, 2), [], new PatrolPolicy()).Inspector);
        Assert.Empty(PatrolDraw.Of(Hash(1), First, [], People, new PatrolPolicy()).Drawn);
    }

    private static string Hash(int n) => Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(n)));

    private static List<PatrolCandidate> Candidates(int cameras, int devices) =>
        [.. Enumerable.Range(0, cameras).Select(i => new PatrolCandidate($"camera-{i}", true, null, First)), .. Enumerable.Range(0, devices).Select(i => new PatrolCandidate($"device-{i}", false, null, First))];
}
