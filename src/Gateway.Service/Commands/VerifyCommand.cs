using System.CommandLine;
using System.Text.Json;
using Gateway.Domain.Configuration;
using Gateway.Domain.Evidence;
using Gateway.Evidence;
using Gateway.Service.Composition;
using Gateway.Store;

namespace Gateway.Service.Commands;

/// <summary><c>gateway verify</c>: is the evidence chain whole, and does it agree with what was kept outside? Reads only, also while the gateway runs.</summary>
internal static class VerifyCommand
{
    private const int CannotRead = 2;

    private static readonly Option<string?> Store = new("--store") { Description = "Folder of the store, or a copy of it; default: the configuration's / 存储目录或其副本" };

    private static readonly Option<string?> GatewayId = new("--gateway") { Description = "Whose chain it has to be; default: the configuration's / 应属的网关编号" };

    private static readonly Option<string[]> Against = new("--against") { Description = "Checkpoints kept elsewhere: JSON lines, InfluxDB CSV, VictoriaMetrics export, line protocol; may be repeated / 保存在别处的检查点，可重复" };

    private static readonly Option<string?> Export = new("--export") { Description = "Write the chain's checkpoints and its newest row as JSON lines, to carry away / 导出检查点，带走保存" };

    private static readonly Option<bool> Json = new("--json") { Description = "The report as JSON / 以 JSON 输出" };

    public static Command Create()
    {
        var command = new Command("verify", "Verify the evidence chain / 核验证据链") { ConfigOption.Option, Store, GatewayId, Against, Export, Json, VerifyReportCommand.Create() };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var problems = new Problems();
        var (gateway, folder) = (parsed.GetValue(GatewayId), parsed.GetValue(Store));
        // Whoever holds a copy of the store need not have the gateway's configuration.
        if (gateway is null || folder is null)
        {
            var configuration = GatewayConfiguration.Load(parsed.GetRequiredValue(ConfigOption.Option), problems);
            (gateway, folder) = (gateway ?? configuration.Gateway.Id, folder ?? configuration.Store.Directory);
        }
        var outside = new OutsideCheckpoints(gateway, problems);
        string[] files = parsed.GetValue(Against) ?? [];
        try
        {
            foreach (string file in files) outside.Read(file);
            if (files.Length > 0 && outside.Ours.Count == 0) problems.Add(string.Join(", ", files), "", $"expected checkpoints of gateway {gateway}, found {outside.Others} of others and none of it");
            if (!problems.Any) return Verify(parsed, gateway, Path.GetFullPath("state.db", Path.GetFullPath(folder)), outside);
            CheckCommand.Report(problems);
        }
        catch (Exception known) when (known is StoreException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"gateway: {known.Message}");
        }
        return CannotRead;
    }

    private static int Verify(ParseResult parsed, string gateway, string path, OutsideCheckpoints outside)
    {
        var chain = StateVerifier.Verify(path, gateway, outside.Ours);
        var report = VerifyReport.Of(chain, gateway, path, outside.Others);
        if (parsed.GetValue(Json)) Console.WriteLine(JsonSerializer.Serialize(report, EvidenceJson.Default.VerifyReport));
        else VerifyText.Write(Console.Out, report);
        if (parsed.GetValue(Export) is { } file) WriteExport(chain, gateway, file);
        if (chain.Findings.Any(f => f.Fault == ChainFault.Unreadable)) return CannotRead;
        return chain.Verdict == ChainVerdict.Whole ? 0 : 1;
    }

    /// <summary>A chain with faults is not exported: whoever took it away would vouch for it.</summary>
    private static void WriteExport(ChainReport chain, string gateway, string file)
    {
        if (chain.Verdict == ChainVerdict.Broken)
        {
            Console.Error.WriteLine("gateway: nothing was exported, the chain is not whole / 链不完整，未导出");
            return;
        }
        var head = new Checkpoint(gateway, chain.LastSeq, chain.LastHash, chain.Rows, chain.LastAtMs);
        File.WriteAllLines(file, chain.Inside.Append(head).Where(c => c.Seq > 0).Select(c => JsonSerializer.Serialize(CheckpointLine.Of(c), EvidenceJson.Default.CheckpointLine)));
        Console.Error.WriteLine($"{file}: {chain.Inside.Count + 1} checkpoints / 个检查点");
    }
}
