using System.Diagnostics;
using System.Text.Json;
using Gateway.Service.Tests.Toolkit;
using Gateway.Service.Tests.Toolkit.Peers;

namespace Gateway.Service.Tests;

/// <summary>Evidence as somebody checks it who doubts it: with the shipped program, a stranger's tools, and what two real stores kept.</summary>
public sealed class EvidenceTests
{
    [Fact]
    public async Task Two_real_stores_keep_checkpoints_that_prove_the_chain_and_find_what_was_done_to_it()
    {
        await using var victoria = await VictoriaMetrics.StartAsync();
        await using var influx = await InfluxDb1.StartAsync();
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Crane("crane-1")),
            SiteFiles.Target("victoria", "victoria-metrics", victoria.Port), SiteFiles.Target("influx", "influxdb-v1", influx.Port, ("Database", InfluxDb1.Database)));
        await gateway.StartAsync();
        await Mosquitto.PublishAsync(gateway.MqttPort, Words.Telemetry("crane-1"), Words.CraneJson(Words.NowMs, 1, moment: 104.5));
        await Eventually.GetAsync("the alarm is there", Eventually.Seconds(5), () => gateway.Console.AlarmsAsync("crane-moment-alarm"), a => a.Count == 1);
        Assert.Equal(0, await gateway.StopAsync());

        // As the document says a regulator gets them.
        string csv = gateway["checkpoints.csv"], lines = gateway["checkpoints.jsonl"];
        await Eventually.GetAsync("InfluxDB has the checkpoint", Eventually.Seconds(10), async () => await CurlAsync(csv, $"http://127.0.0.1:{influx.Port}/query", "-H", "Accept: application/csv",
            "--data-urlencode", $"db={InfluxDb1.Database}", "--data-urlencode", "epoch=ns", "--data-urlencode", "q=SELECT * FROM checkpoint"), text => text.Contains("gw-e2e", StringComparison.Ordinal));
        await Eventually.GetAsync("VictoriaMetrics has the checkpoint", Eventually.Seconds(40), async () => await CurlAsync(lines, $"http://127.0.0.1:{victoria.Port}/api/v1/export",
            "--data-urlencode", "match[]={__name__=~\"checkpoint_.*\"}", "--data-urlencode", "start=2020-01-01T00:00:00Z"), text => text.Contains("checkpoint_hash_5", StringComparison.Ordinal) && text.Contains("checkpoint_seq", StringComparison.Ordinal));

        foreach (string[] against in (string[][])[[csv], [lines], [csv, lines]])
        {
            var report = await VerifyAsync(gateway, 0, against);
            Assert.Equal("whole", report.GetProperty("verdict").GetString());
            Assert.Equal(against.Length, report.GetProperty("checkpointsAgreeing").GetInt32());
            // "stopping" describes the row before it; behind are its own row, the shutdown and the last checkpoint.
            Assert.Equal(report.GetProperty("lastSeq").GetInt64() - 3, report.GetProperty("pinnedSeq").GetInt64());
        }

        await SqlAsync(gateway, "UPDATE journal SET body = CAST(replace(CAST(body AS TEXT), '104.5', '94.5') AS BLOB) WHERE kind = 'alarm'");
        Assert.Contains("altered", Faults(await VerifyAsync(gateway, 1)));
        Recompute(gateway);
        Assert.DoesNotContain("altered", Faults(await VerifyAsync(gateway, 1)));
        Assert.Contains("rewritten", Faults(await VerifyAsync(gateway, 1, csv)));
        Assert.Contains("rewritten", Faults(await VerifyAsync(gateway, 1, lines)));
        await SqlAsync(gateway, "DELETE FROM journal WHERE seq > 3");
        Assert.Contains("cutTail", Faults(await VerifyAsync(gateway, 1, lines)));
    }

    [Fact]
    public async Task A_running_gateway_is_verified_exported_and_read_by_the_program_of_the_document()
    {
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Crane("crane-1")));
        await gateway.StartAsync(new Dictionary<string, string> { ["Uplink__SelfPointsSeconds"] = "61" });
        await Mosquitto.PublishAsync(gateway.MqttPort, Words.Telemetry("crane-1"), Words.CraneJson(Words.NowMs, 1, moment: 104.5));
        await Eventually.GetAsync("the program's hash is in the chain", Eventually.Seconds(10), async () => (await gateway.RunToEndAsync("verify")).Output, text => text.Contains("whole", StringComparison.Ordinal));

        var (code, text, errors) = await gateway.RunToEndAsync("verify", "--export", gateway["kept.jsonl"]);
        Assert.True(code == 0, text + errors);
        Assert.Contains("完整", text, StringComparison.Ordinal);
        Assert.Contains("recomputed as a whole", text, StringComparison.Ordinal);

        await gateway.KillAsync();
        await gateway.StartAsync();
        var evidence = await gateway.Console.GetAsync("/api/v1/evidence");
        Assert.Equal("gw-e2e", evidence.GetProperty("gateway").GetString());
        var report = await VerifyAsync(gateway, 0, gateway["kept.jsonl"]);
        Assert.True(report.GetProperty("pinnedSeq").GetInt64() > 0);
        await gateway.StopAsync();
        var kinds = (await SqlAsync(gateway, "SELECT kind FROM journal")).Split('\n');
        Assert.Equal((2, 2, 1, 2), (kinds.Count(k => k == "boot"), kinds.Count(k => k == "binary"), kinds.Count(k => k == "shutdown"), kinds.Count(k => k == "checkpoint")));
        Assert.Equal("Uplink__SelfPointsSeconds", (await SqlAsync(gateway, "SELECT body ->> '$.overrides[0]' FROM journal WHERE seq = 1")).Trim());
    }

    [Fact]
    public async Task A_report_is_made_again_from_the_chain_and_what_was_altered_in_either_is_named()
    {
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Crane("crane-1", expectedSeconds: 0.5, offlineAfterSeconds: 1)));
        await gateway.StartAsync();
        await Mosquitto.PublishAsync(gateway.MqttPort, Words.Telemetry("crane-1"), Words.CraneJson(Words.NowMs, 1));
        await gateway.Console.WaitForPresenceAsync("crane-1", "online", 5);
        await gateway.Console.WaitForPresenceAsync("crane-1", "offline(silent)", 5);
        await gateway.StopAsync();
        string day = DateTimeOffset.FromUnixTimeMilliseconds(Words.NowMs).ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), file = gateway["report.json"];
        var made = await gateway.RunToEndAsync("report", day, "--out", file);
        Assert.True(made.ExitCode == 0, made.Errors);
        var (code, text, errors) = await gateway.RunToEndAsync("verify", "report", file);
        Assert.True(code == 0, text + errors);
        Assert.Contains("逐字节一致", text, StringComparison.Ordinal);
        // Made once more it is the same, byte for byte.
        await gateway.RunToEndAsync("report", day, "--out", gateway["again.json"]);
        Assert.Equal(await File.ReadAllBytesAsync(file), await File.ReadAllBytesAsync(gateway["again.json"]));

        string original = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, original.Replace("\"silent\"", "\"will\"", StringComparison.Ordinal));
        var altered = await gateway.RunToEndAsync("verify", "report", file);
        Assert.Equal(1, altered.ExitCode);
        Assert.Contains("SHA-256", altered.Output, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, original);
        await SqlAsync(gateway, "UPDATE journal SET body = CAST(replace(CAST(body AS TEXT), 'online', 'offline') AS BLOB) WHERE kind = 'interval'");
        Assert.Equal(1, (await gateway.RunToEndAsync("verify", "report", file)).ExitCode);
        Assert.Equal(2, (await gateway.RunToEndAsync("verify", "report", gateway["none.json"])).ExitCode);
        Assert.Equal(2, (await gateway.RunToEndAsync("report", "yesterday")).ExitCode);
    }

    [Fact]
    public async Task What_cannot_be_read_is_said_with_code_2_and_a_copy_needs_no_configuration()
    {
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Crane("crane-1")));
        Assert.Equal(2, (await gateway.RunToEndAsync("verify")).ExitCode);
        await gateway.StartAsync();
        await gateway.StopAsync();
        File.WriteAllText(gateway["other.jsonl"], $$"""{"gateway":"gw-other","seq":5,"hash":"{{new string('a', 64)}}","count":5,"atMs":1}""");
        Assert.Equal(2, (await gateway.RunToEndAsync("verify", "--against", gateway["other.jsonl"])).ExitCode);
        Assert.Equal(2, (await gateway.RunToEndAsync("verify", "--against", gateway["nowhere"])).ExitCode);

        await using var alone = ChildProcess.Start(Repository.GatewayFile, ["verify", "--store", gateway["data"], "--gateway", "gw-e2e"]);
        Assert.Equal(0, await alone.WaitForExitAsync(Eventually.Seconds(20)));
        await using var foreign = ChildProcess.Start(Repository.GatewayFile, ["verify", "--store", gateway["data"], "--gateway", "gw-2"]);
        Assert.Equal(1, await foreign.WaitForExitAsync(Eventually.Seconds(20)));
    }

    private static async Task<JsonElement> VerifyAsync(GatewayUnderTest gateway, int expected, params string[] against)
    {
        var (code, output, errors) = await gateway.RunToEndAsync(["verify", "--json", .. against.SelectMany(f => new[] { "--against", f })]);
        Assert.True(code == expected, $"exit code {code}, expected {expected}: {output}{errors}");
        return JsonDocument.Parse(output).RootElement;
    }

    private static List<string?> Faults(JsonElement report) => [.. report.GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("fault").GetString())];

    private static async Task<string> CurlAsync(string file, string url, params string[] arguments)
    {
        string text = await OutputAsync("curl", ["-sG", url, .. arguments]);
        await File.WriteAllTextAsync(file, text);
        return text;
    }

    private static async Task<string> SqlAsync(GatewayUnderTest gateway, string sql) => await OutputAsync("sqlite3", [Path.Combine(gateway["data"], "state.db"), sql]);

    private static void Recompute(GatewayUnderTest gateway)
    {
        // The forger's own program.
        const string forge = """
            import hashlib, sqlite3, struct, sys
            db, previous = sqlite3.connect(sys.argv[1]), bytes(32)
            for seq, at, kind, body in db.execute("SELECT seq, at_ms, kind, body FROM journal ORDER BY seq").fetchall():
                kind = kind.encode()
                previous = hashlib.sha256(previous + struct.pack(">qqi", seq, at, len(kind)) + kind + body).digest()
                db.execute("UPDATE journal SET hash = ? WHERE seq = ?", (previous, seq))
            db.commit()
            """;
        File.WriteAllText(gateway["forge.py"], forge);
        using var python = Process.Start("python3", [gateway["forge.py"], Path.Combine(gateway["data"], "state.db")]);
        Assert.True(python.WaitForExit(TimeSpan.FromSeconds(20)) && python.ExitCode == 0);
    }

    private static async Task<string> OutputAsync(string program, string[] arguments)
    {
        await using var process = ChildProcess.Start(program, arguments);
        int code = await process.WaitForExitAsync(Eventually.Seconds(20));
        Assert.True(code == 0, process.Said);
        return string.Join('\n', process.Output);
    }
}
