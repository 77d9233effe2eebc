using System.Security.Cryptography;
using System.Text.Json;
using Gateway.Engine;
using Gateway.Engine.Views;
using Gateway.Evidence;

namespace Gateway.Service.Composition;

/// <summary>Which program runs, for the evidence: the hash of its own file, taken after the start, because reading all of it would hold the start up.</summary>
internal static class RunningFile
{
    private const int BufferBytes = 128 * 1024;

    /// <summary>Completes when the row is on disk.</summary>
    public static async Task JournalAsync(EngineStage engine, EngineIdentity identity, ILogger log)
    {
        BinaryRow row;
        try
        {
            row = await Task.Run(() => Read(identity));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            ProcessLog.ProgramUnreadable(log, unreadable.Message);
            return;
        }
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(row, ViewJson.Default.BinaryRow);
        await engine.WriteAsync((state, nowMs) => state.Journal("binary", nowMs, body));
    }

    private static BinaryRow Read(EngineIdentity identity)
    {
        // The one file that is shipped; a build that was not published has its program in a library beside the starter.
        string library = Path.Combine(AppContext.BaseDirectory, "Gateway.Service.dll");
        using var file = new FileStream(File.Exists(library) ? library : Environment.ProcessPath!, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes);
        return new BinaryRow(identity.GatewayId, identity.Version, Convert.ToHexStringLower(SHA256.HashData(file)), file.Length);
    }
}
