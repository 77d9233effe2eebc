namespace Gateway.Faults.Rounds;

/// <summary>Damage to a file of the store, done while the gateway is down after a kill. What the file held before is noted, so that nothing but that may be missing afterwards.</summary>
internal static class Damage
{
    private const int PageBytes = 4096;

    public static IReadOnlyList<Fault> All { get; } =
    [
        Of("telemetry.db overwritten", "telemetry.db", Overwrite),
        Of("telemetry.db cut off", "telemetry.db", CutOff),
        Of("telemetry.db foreign", "telemetry.db", (path, _) => File.WriteAllText(path, "this is no database, but it is longer than a header of one would be ........................................\n")),
        Of("WAL of telemetry.db gone", "telemetry.db", (path, _) => File.Delete(path + "-wal")),
        Of("telemetry.db gone", "telemetry.db", (path, _) => File.Delete(path)),
        Of("state.db overwritten", "state.db", Overwrite),
        Of("state.db cut off", "state.db", CutOff),
        Of("mqtt.db overwritten", "mqtt.db", Overwrite),
        Of("telemetry.db with changed bytes", "telemetry.db", ChangeBytes),
    ];

    private static Fault Of(string name, string file, Action<string, Random> damage) => new(name, Lane.Process, (site, random) => site.WhileDownAsync(kill: true, async () =>
    {
        await site.NoteDamageAsync(file);
        string path = Path.Combine(site.StoreFolder, file);
        if (File.Exists(path)) damage(path, random);
    }))
    {
        // What a file held can be noted only while it is sound.
        Once = file,
    };

    /// <summary>A whole page.</summary>
    private static void Overwrite(string path, Random random)
    {
        using var file = new FileStream(path, FileMode.Open);
        byte[] noise = new byte[PageBytes];
        random.NextBytes(noise);
        file.Position = random.NextInt64(Math.Max(1, file.Length / PageBytes)) * PageBytes;
        file.Write(noise);
    }

    /// <summary>Digits somewhere in the file become other digits: every page stays what SQLite expects, and every line one that a store would take.</summary>
    private static void ChangeBytes(string path, Random random)
    {
        byte[] bytes = File.ReadAllBytes(path);
        for (int tries = 0, changed = 0; tries < 10_000 && changed < 3; tries++)
        {
            int at = random.Next(PageBytes, Math.Max(PageBytes + 1, bytes.Length));
            if (at >= bytes.Length || bytes[at] is < (byte)'0' or > (byte)'9') continue;
            bytes[at] = (byte)('0' + (bytes[at] - '0' + 1 + random.Next(9)) % 10);
            changed++;
        }
        File.WriteAllBytes(path, bytes);
    }

    private static void CutOff(string path, Random random)
    {
        using var file = new FileStream(path, FileMode.Open);
        file.SetLength(random.NextInt64(file.Length));
    }
}
