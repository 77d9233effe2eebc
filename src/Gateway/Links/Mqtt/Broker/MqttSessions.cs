using Gateway.Engine;
using Gateway.Ingest;
using Gateway.Store;
using Gateway.Store.Damage;

namespace Gateway.Links.Mqtt.Broker;

/// <summary>The listener's store, opened before anything runs: what it held, and the journal that goes on with it.</summary>
public sealed class MqttSessions : IDisposable
{
    private MqttSessions(MqttJournal writer, MqttMemory memory) => (Writer, Memory) = (writer, memory);

    /// <summary>Commits with each round of the engine.</summary>
    public IRoundStore Journal => Writer;

    internal MqttJournal Writer { get; }

    internal MqttMemory Memory { get; }

    /// <param name="time">Names the folder of a damaged file.</param>
    /// <exception cref="StoreException">The file cannot be opened; the message says what and where.</exception>
    public static MqttSessions Open(StoreOptions options, IngestBuffer ingest, TimeProvider? time = null)
    {
        Directory.CreateDirectory(options.Directory);
        var now = (time ?? TimeProvider.System).GetUtcNow();
        // What was kept is read here too: a file that opens may still be unreadable further on.
        var ((store, memory), damage) = StoreRepair.Open(options.MqttPath, p => new ReserveFile(options).Open(() => Read(p)), found => StoreRepair.Mqtt(options.MqttPath, found, now, () => { }));
        return new MqttSessions(new MqttJournal(store, ingest.Wake, damage), memory);
    }

    private static (MqttStore, MqttMemory) Read(string path)
    {
        var store = MqttStore.Open(path);
        try
        {
            return (store, store.Read());
        }
        catch (StoreException)
        {
            store.Dispose();
            throw;
        }
    }

    public void Dispose() => Writer.Dispose();
}
