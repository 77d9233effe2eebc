using System.CommandLine;
using System.Net;
using System.Text;
using Gateway.Access;
using Gateway.Domain.Configuration;
using Gateway.Links.Frames;
using Gateway.Service.Composition;
using Gateway.Service.LiveConsole.Api;
using Gateway.Store;

namespace Gateway.Service.Commands;

/// <summary><c>gateway bus tail</c>: the raw frames of a running gateway as they pass, by its console's API.</summary>
internal static class BusTailCommand
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    private static readonly Argument<string> Bus = new("bus") { Description = "Bus of the ledger, or protocol@address of a connection / 总线编号，或 协议@地址" };

    private static readonly Option<int> Last = new("--last") { Description = "Begin with so many frames of before / 先显示最近的帧数", DefaultValueFactory = _ => 20 };

    private static readonly Option<bool> Once = new("--once") { Description = "Show them and end / 显示后退出" };

    public static Command Create()
    {
        var command = new Command("tail", "Show raw frames as they pass / 实时显示原始报文") { Bus, Last, Once, ConfigOption.Option };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var problems = new Problems();
        var configuration = GatewayConfiguration.Load(parsed.GetRequiredValue(ConfigOption.Option), problems);
        if (problems.Any) return CheckCommand.Report(problems);
        try
        {
            using var console = await ConsoleEntry.OpenAsync(configuration, Role.Crew, stop);
            await TailAsync(console, parsed.GetRequiredValue(Bus), parsed.GetValue(Last), parsed.GetValue(Once), stop);
            return 0;
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
        catch (Exception known) when (known is StoreException or IOException or UnauthorizedAccessException or HttpRequestException)
        {
            Console.Error.WriteLine($"gateway: {known.Message}");
            return 1;
        }
    }

    private static async Task TailAsync(HttpClient console, string bus, int last, bool once, CancellationToken stop)
    {
        long? since = null;
        string path = $"/api/v1/buses/{Uri.EscapeDataString(bus)}/frames";
        while (true)
        {
            using var answer = await console.GetAsync(since is null ? $"{path}?limit={Math.Clamp(last, 1, 1_000)}" : $"{path}?since={since}&limit=1000", stop);
            if (answer.StatusCode == HttpStatusCode.NotFound) throw new IOException($"{bus}: no such bus or connection with frames (gateway bus list shows them) / 没有该总线或连接的报文");
            answer.EnsureSuccessStatusCode();
            var frames = (await answer.Content.ReadFromJsonAsync(ApiJson.Default.FramesDto, stop))!;
            if (since is { } expected && frames.Items is [var first, ..] && first.Number > expected) Console.WriteLine($"… {first.Number - expected} frames passed unseen / 帧未及显示");
            foreach (var frame in frames.Items) Console.WriteLine(Line(frame));
            if (once) return;
            since = frames.Next;
            await Task.Delay(LookEvery, TimeProvider.System, stop);
        }
    }

    private static string Line(FrameView frame)
    {
        byte[] bytes = Convert.FromHexString(frame.Hex.Replace(" ", "", StringComparison.Ordinal));
        string cut = frame.Length > bytes.Length ? $" … ({frame.Length})" : "";
        return $"{frame.At[11..26]} {(frame.Direction == "tx" ? "→" : "←")} {frame.Verdict,-14} {frame.Device ?? "-",-16} {(IsText(bytes) ? Encoding.ASCII.GetString(bytes).TrimEnd() : frame.Hex)}{cut}";
    }

    /// <summary>HJ 212 is text; a line of it is read more easily than its bytes.</summary>
    private static bool IsText(ReadOnlySpan<byte> bytes) => bytes.Length > 4 && !bytes.TrimEnd("\r\n"u8).ContainsAnyExceptInRange((byte)' ', (byte)'~');
}
