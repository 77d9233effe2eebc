using Gateway.Engine;
using Gateway.Store;

namespace Gateway.Links.MqttClient;

/// <summary>Which subscriptions our sessions on the brokers hold; it outlives the process, as the sessions do.</summary>
public interface IBrokerMemory
{
    /// <summary>Null when nothing is known.</summary>
    string? Subscriptions(string broker);

    /// <summary>Completes when it is on disk.</summary>
    Task RememberAsync(string broker, string subscriptions);
}

/// <summary>The memory in <c>state.db</c>.</summary>
public sealed class BrokerMemory(EngineStage engine, StateReader reader) : IBrokerMemory
{
    public string? Subscriptions(string broker) => reader.Meta(Key(broker));

    public Task RememberAsync(string broker, string subscriptions) => engine.WriteAsync((state, _) => state.SetMeta(Key(broker), subscriptions));

    private static string Key(string broker) => $"broker.{broker}.subscriptions";
}
