using Gateway.Service.Tests.Toolkit;
using Gateway.Service.Tests.Toolkit.Peers;

namespace Gateway.Service.Tests;

/// <summary>A data logger over TCP, with the frames of HJ 212-2017.</summary>
public sealed class Hj212Tests
{
    private const string Mn = "NB0203000000000000000001";

    private const string Data =
        "##0366QN=20220315101500123;ST=39;CN=2011;PW=123456;MN=NB0203000000000000000001;Flag=5;CP=&&DataTime=20220315101500;a34001-Rtd=186,a34001-Flag=N;"
        + "a34002-Rtd=92,a34002-Flag=N;a34004-Rtd=41,a34004-Flag=N;LA-Rtd=63.5,LA-Flag=N;a01001-Rtd=14.2,a01001-Flag=N;a01002-Rtd=57.0,a01002-Flag=N;"
        + "a01006-Rtd=101.8,a01006-Flag=N;a01007-Rtd=2.4,a01007-Flag=N;a01008-Rtd=135,a01008-Flag=N&&56C0\r\n";

    private const string Reply = "##0087QN=20220315101500123;ST=91;CN=9014;PW=123456;MN=NB0203000000000000000001;Flag=4;CP=&&&&F141\r\n";

    [Fact]
    public async Task A_frame_is_answered_with_exactly_the_9014_of_the_standard_and_its_values_are_shown()
    {
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Dust212("dust-1", Mn)));
        await gateway.StartAsync();
        using var logger = await DataLogger.ConnectAsync(gateway.Hj212Port);

        await logger.SendAsync(Data);

        Assert.Equal(Reply, await logger.ReadAsync(Reply.Length, Eventually.Seconds(5)));
        await gateway.Console.WaitForPresenceAsync("dust-1", "online", 5);
        Assert.Equal(186, await gateway.Console.ValueAsync("dust-1", "tsp_ugm3"));
        Assert.Equal(92, await gateway.Console.ValueAsync("dust-1", "pm10_ugm3"));
        Assert.Equal(41, await gateway.Console.ValueAsync("dust-1", "pm25_ugm3"));
        Assert.Equal(63.5, await gateway.Console.ValueAsync("dust-1", "noise_db"));
        Assert.Equal(14.2, await gateway.Console.ValueAsync("dust-1", "temp_c"));
        Assert.Equal(2.4, await gateway.Console.ValueAsync("dust-1", "wind_mps"));
        Assert.Equal(0, logger.Unread);
    }

    [Fact]
    public async Task Frames_are_found_two_in_a_segment_in_three_pieces_and_behind_garbage()
    {
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Dust212("dust-1", Mn)));
        // The vector is of 2022: after three of them we would set its clock.
        gateway.Configuration["Hj212"]!["SetTime"] = false;
        await gateway.StartAsync();
        using var logger = await DataLogger.ConnectAsync(gateway.Hj212Port);

        await logger.SendAsync(Data + Data);
        Assert.Equal(Reply + Reply, await logger.ReadAsync(2 * Reply.Length, Eventually.Seconds(5)));

        await logger.SendAsync("AAAA\0\u00ff##12#" + Data);
        Assert.Equal(Reply, await logger.ReadAsync(Reply.Length, Eventually.Seconds(5)));

        foreach (string piece in new[] { Data[..3], Data[3..200], Data[200..] }) await logger.SendAsync(piece);
        Assert.Equal(Reply, await logger.ReadAsync(Reply.Length, Eventually.Seconds(5)));

        await logger.SendAsync(Data.Replace("56C0", "56C1", StringComparison.Ordinal) + Data);
        Assert.Equal(Reply, await logger.ReadAsync(Reply.Length, Eventually.Seconds(5)));
        Assert.Equal(0, logger.Unread);
    }

    [Fact]
    public async Task A_hole_in_the_minutes_is_recalled_and_stored_with_its_mark()
    {
        await using var sink = new LineSink();
        sink.Open();
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Dust212("dust-1", Mn)), SiteFiles.SinkTarget(sink.Port));
        await gateway.StartAsync();
        using var logger = await DataLogger.ConnectAsync(gateway.Hj212Port);
        long nowMs = Words.NowMs / 600_000 * 600_000, fromMs = nowMs - 6 * 600_000;

        await logger.SendAsync(Hj212Frames.Minute(Mn, fromMs - 600_000, dust: 1) + Hj212Frames.Minute(Mn, nowMs - 600_000, dust: 7));
        await logger.ReadAsync(2 * Reply.Length, Eventually.Seconds(5));
        string request = await logger.ReadAsync(146, Eventually.Seconds(5));
        Assert.Contains($";ST=39;CN=2051;PW=123456;MN={Mn};Flag=5;CP=&&BeginTime={Hj212Frames.Stamp(fromMs)};EndTime={Hj212Frames.Stamp(nowMs - 601_000)}&&", request, StringComparison.Ordinal);
        string qn = request[9..26];
        string records = string.Concat(Enumerable.Range(0, 5).Select(i => Hj212Frames.Minute(Mn, fromMs + i * 600_000, dust: 2 + i, qn)));
        await logger.SendAsync(Hj212Frames.Wrap($"QN={qn};ST=91;CN=9011;PW=123456;MN={Mn};Flag=4;CP=&&QnRtn=1&&") + records + Hj212Frames.Wrap($"QN={qn};ST=91;CN=9012;PW=123456;MN={Mn};Flag=4;CP=&&ExeRtn=1&&"));

        await Eventually.GetAsync("all minutes are forwarded", Eventually.Seconds(5), () => Task.FromResult(sink.Of("dust_minute").ToList()), l => l.Count == 7, l => string.Join('\n', l.Select(x => x.Text)));
        Assert.Equal(5, sink.Of("dust_minute").Count(l => l.Text.Contains(",backfill=1i ", StringComparison.Ordinal)));
    }
}
