using Gateway.Engine;
using Gateway.Ingest;
using Gateway.Store;

namespace Gateway.Links.Mqtt.Broker;

/// <summary>The listener's store, opened before anything runs: what it held, and the journal that goes on with it.</summary>
public sealed class MqttSessions : IDisposable
{
    private MqttSessions(MqttJournal writer, MqttMemory memory) => (Writer, Memory) = (writer, memory);

    /// <summary>Commits with each round of the engine.</summary>
    public IRoundStore Journal => Writer;

    internal MqttJournal Writer { get; }

    internal MqttMemory Memory { get; }

    /// <exception cref="StoreException">The file cannot be opened; the message says what and where.</exception>
    public static MqttSessions Open(StoreOptions options, IngestBuffer ingest)
    {
        Directory.CreateDirectory(options.Directory);
        var store = MqttStore.Open(options.MqttPath);
        return new MqttSessions(new MqttJournal(store, ingest.Wake), store.Read());
    }

    public void Dispose() => Writer.Dispose();
}
