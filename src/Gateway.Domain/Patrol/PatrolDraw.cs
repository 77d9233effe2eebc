using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Domain.Patrol;

/// <summary>How much is looked at remotely each day.</summary>
/// <param name="EveryDays">Nobody stays unlooked at longer, days: whoever is that late stands on the list, drawn or not.</param>
public sealed record PatrolPolicy(int CamerasPerDay = 5, int DevicesPerDay = 5, int EveryDays = 7);

/// <summary>A camera or device that may be drawn.</summary>
/// <param name="LastLook">Civil day of the newest result; null: never, since <paramref name="Since"/>.</param>
/// <param name="Since">First day on which it could have been drawn.</param>
public sealed record PatrolCandidate(string Device, bool Camera, DateOnly? LastLook, DateOnly Since)
{
    public bool IsDue(DateOnly day, int everyDays) => day.DayNumber - (LastLook ?? Since).DayNumber >= everyDays;
}

/// <summary>The list of one day: everything it was drawn from, so that everybody can draw it again.</summary>
/// <param name="HeadHash">Hash of the chain's row before the draw, 64 hex digits: nobody can choose it.</param>
/// <param name="Seed">64 hex digits.</param>
/// <param name="Cameras">Cameras that were drawn from, by id; those that are due are not among them.</param>
/// <param name="Inspector">Who looks, drawn too; null: there is nobody to draw from.</param>
public sealed record PatrolList(DateOnly Day, string HeadHash, string Seed, IReadOnlyList<string> Cameras, IReadOnlyList<string> Devices, IReadOnlyList<string> Inspectors,
    int CamerasPerDay, int DevicesPerDay, int EveryDays, IReadOnlyList<string> Drawn, IReadOnlyList<string> Due, string? Inspector);

/// <summary>Draws at random what is looked at, and who looks (双随机), from a seed that everybody can work out and nobody can choose.</summary>
/// <remarks>
/// Seed = SHA-256 over the 32 bytes of the chain's newest hash and the date as <c>2026-11-20</c>. Each candidate's lot = SHA-256 over the 32 bytes of the seed, <c>device:</c> and its id (of people <c>inspector:</c> and the name), UTF-8;
/// the smallest lots are drawn, compared as bytes. Pure; the order of the input does not matter.
/// </remarks>
public static class PatrolDraw
{
    /// <param name="headHash">64 hex digits.</param>
    public static PatrolList Of(string headHash, DateOnly day, IReadOnlyList<PatrolCandidate> candidates, IReadOnlyList<string> inspectors, PatrolPolicy policy)
    {
        string[] due = [.. candidates.Where(c => c.IsDue(day, policy.EveryDays)).Select(c => c.Device).Order(StringComparer.Ordinal)];
        var others = candidates.Where(c => !c.IsDue(day, policy.EveryDays)).ToList();
        return Again(headHash, day, Ids(others.Where(c => c.Camera)), Ids(others.Where(c => !c.Camera)), [.. inspectors.Order(StringComparer.Ordinal)], due, policy);
    }

    /// <summary>The same list from what it says it was drawn from; it differs where somebody chose.</summary>
    public static PatrolList Again(PatrolList list) =>
        Again(list.HeadHash, list.Day, list.Cameras, list.Devices, list.Inspectors, list.Due, new PatrolPolicy(list.CamerasPerDay, list.DevicesPerDay, list.EveryDays));

    private static PatrolList Again(string headHash, DateOnly day, IReadOnlyList<string> cameras, IReadOnlyList<string> devices, IReadOnlyList<string> inspectors, IReadOnlyList<string> due, PatrolPolicy policy)
    {
        byte[] seed = SHA256.HashData([.. Convert.FromHexString(headHash), .. Encoding.UTF8.GetBytes(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))]);
        string[] drawn = [.. Drawn(seed, "device:", cameras, policy.CamerasPerDay), .. Drawn(seed, "device:", devices, policy.DevicesPerDay)];
        return new PatrolList(day, headHash, Convert.ToHexStringLower(seed), cameras, devices, inspectors, policy.CamerasPerDay, policy.DevicesPerDay, policy.EveryDays, drawn, due,
            Drawn(seed, "inspector:", inspectors, 1).FirstOrDefault());
    }

    private static IEnumerable<string> Drawn(byte[] seed, string what, IReadOnlyList<string> ids, int count) =>
        ids.Select(id => (Id: id, Lot: Convert.ToHexString(SHA256.HashData([.. seed, .. Encoding.UTF8.GetBytes(what + id)])))).OrderBy(l => l.Lot, StringComparer.Ordinal).Take(count).Select(l => l.Id);

    private static string[] Ids(IEnumerable<PatrolCandidate> candidates) => [.. candidates.Select(c => c.Device).Order(StringComparer.Ordinal)];
}
