using Gateway.Engine;
using Gateway.Store;

namespace Gateway.Links.Hj212.Recall;

/// <summary>How far the history of each HJ 212 device is known; it outlives the process.</summary>
public interface IHj212Memory
{
    /// <summary>Null when nothing is known.</summary>
    string? Recall(string mn);

    /// <summary>Completes when it is on disk.</summary>
    Task RememberAsync(IReadOnlyList<(string Mn, string Text)> books);
}

/// <summary>The memory in <c>state.db</c>.</summary>
public sealed class Hj212Memory(EngineStage engine, StateReader reader) : IHj212Memory
{
    public string? Recall(string mn) => reader.Meta(Key(mn));

    public Task RememberAsync(IReadOnlyList<(string Mn, string Text)> books) => engine.WriteAsync((state, _) =>
    {
        foreach (var (mn, text) in books) state.SetMeta(Key(mn), text);
    });

    private static string Key(string mn) => $"hj212.{mn}.recall";
}
