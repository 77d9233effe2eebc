using System.Text;
using Gateway.Decoding;
using Gateway.Diagnostics;
using Gateway.Domain.Ledger;
using Gateway.Domain.Presence;
using Gateway.Domain.Readings;
using Gateway.Ingest;
using Gateway.Links.Mqtt;
using Gateway.Links.Sparkplug;
using Gateway.Protocols.Mqtt;
using Gateway.Store;
using Microsoft.Extensions.Logging;

namespace Gateway.Links.MqttClient;

/// <summary>All brokers we are a client of, several at once: starts and stops them, and turns their comings and goings into events for the engine.</summary>
public sealed class MqttClientLink : IBrokerObserver, IDisposable
{
    /// <summary>Cause of the alarm on a broker that needs somebody's hand.</summary>
    public const string RefusedCause = "broker-refused";

    private static readonly TimeSpan WatchEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private const string SparkplugNamespace = "spBv1.0";

    private readonly List<BrokerClient> _clients = [];
    private readonly Dictionary<string, SparkplugHost> _hosts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _alarmed = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly IngestBuffer _ingest;
    private readonly GatewayClock _clock;
    private readonly ILogger<MqttClientLink> _log;
    private Task _running = Task.CompletedTask;
    private Task _watching = Task.CompletedTask;

    /// <param name="sparkplug">Makes the Sparkplug host of a broker from its way to publish; null = none.</param>
    public MqttClientLink(IEnumerable<BrokerOptions> brokers, SiteLedger ledger, DeviceDirectory directory, TextTable texts, IngestBuffer ingest, GatewayClock clock, RefusedMessages refused,
        IBrokerMemory memory, ILogger<MqttClientLink> log, Func<string, Action<byte[], byte[], int, bool>, SparkplugHost>? sparkplug = null)
    {
        (_ingest, _clock, _log) = (ingest, clock, log);
        foreach (var options in brokers)
        {
            var intake = new MqttIntake(LinkNames.Of(LinkKind.Mqtt, options.Id), directory, texts, ingest, clock, refused, options.Id);
            var client = new BrokerClient(options, WantedOf(options, ledger), intake, new BrokerDialer(options, clock.Time), memory, this, log);
            _clients.Add(client);
            if (sparkplug is not null && CarriesSparkplug(options, ledger)) Host(intake, client, sparkplug);
        }
    }

    /// <summary>Told when a client can no longer go on; the process must end with an error.</summary>
    public event Action<Exception>? Faulted;

    internal IReadOnlyList<BrokerClient> Clients => _clients;

    public IEnumerable<BrokerFigures> Figures() => _clients.Select(c => new BrokerFigures(c.Id, c.Address, c.Status, c.Tally.Connects, c.Tally.Received, c.Tally.Oversized, c.Tally.Sent, c.Tally.NotSent, c.Outbound));

    public void Start()
    {
        _running = Task.WhenAll(_clients.Select(RunAsync));
        _watching = WatchAsync();
    }

    /// <summary>Acknowledges what is being committed, says goodbye, and ends. The engine must still run.</summary>
    public async Task StopAsync()
    {
        foreach (var host in _hosts.Values) host.Leave(_clock.Time.GetUtcNow().ToUnixTimeMilliseconds());
        foreach (var client in _clients) client.Stop();
        await _stop.CancelAsync();
        // A client that waits for a disk that refuses cannot end before the engine does.
        await Task.WhenAny(_running, Task.Delay(StopLimit, _clock.Time));
        await _watching;
    }

    public void Dispose() => _stop.Dispose();

    /// <summary>What a broker is asked for: the operator's topics, else all below those of its devices.</summary>
    internal static IReadOnlyList<MqttSubscription> WantedOf(BrokerOptions options, SiteLedger ledger) => options.Topics.Count > 0
        ? [.. options.Topics.Select(t => SubscriptionPlan.Subscription(t.Filter, t.Qos))]
        : SubscriptionPlan.Below([.. ledger.Devices.Where(d => d.Link == LinkKind.Mqtt && d.Broker == options.Id).Select(d => MqttAddress.TopicOf(d.Address)), .. CarriesSparkplug(options, ledger) ? [SparkplugNamespace] : (string[])[]]);

    void IBrokerObserver.Up(BrokerClient broker, string? refused)
    {
        _ingest.AppendEvent(LinkEventKind.BrokerBack, _clock.NowMs(), text: broker.Id);
        _hosts.GetValueOrDefault(broker.Id)?.CarrierBack(_clock.Time.GetUtcNow().ToUnixTimeMilliseconds());
        Condition(broker, refused is null ? null : $"{broker.Address}: {refused}");
    }

    void IBrokerObserver.Lost(BrokerClient broker, string why, bool refused)
    {
        _hosts.GetValueOrDefault(broker.Id)?.CarrierLost(_clock.NowMs());
        _ingest.AppendEvent(LinkEventKind.BrokerLost, _clock.NowMs(), text: broker.Id, cause: PresenceCause.Broker, reason: why);
        if (refused) Condition(broker, why);
    }

    private static bool CarriesSparkplug(BrokerOptions options, SiteLedger ledger) =>
        ledger.Devices.Any(d => d.Link == LinkKind.Sparkplug && d.Broker == options.Id) || options.Topics.Any(t => t.Filter.StartsWith(SparkplugNamespace, StringComparison.Ordinal));

    /// <summary>Host application on this broker: its death is the Will of each connection, with the time its birth will carry.</summary>
    private void Host(MqttIntake intake, BrokerClient client, Func<string, Action<byte[], byte[], int, bool>, SparkplugHost> make)
    {
        var host = make(client.Id, (topic, payload, qos, retain) => client.TryPublish(Encoding.UTF8.GetString(topic), payload, qos, retain));
        client.Will = () =>
        {
            var (topic, payload) = host.Will(_clock.Time.GetUtcNow().ToUnixTimeMilliseconds());
            return new MqttWill(topic, payload, 1, Retain: true, 0, null, []);
        };
        intake.Sparkplug = host;
        _hosts.Add(client.Id, host);
    }

    private void Condition(BrokerClient broker, string? refused)
    {
        lock (_alarmed)
        {
            if (refused is not null == _alarmed.Contains(broker.Id)) return;
            if (refused is null) _alarmed.Remove(broker.Id);
            else _alarmed.Add(broker.Id);
        }
        _ingest.AppendEvent(refused is null ? LinkEventKind.ConditionOver : LinkEventKind.ConditionRaised, _clock.NowMs(), text: broker.Id, cause: RefusedCause, reason: refused ?? "");
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(WatchEvery, _clock.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                foreach (var client in _clients) client.Watch();
                foreach (var host in _hosts.Values) host.Tick(_clock.NowMs());
            }
        }
        catch (OperationCanceledException)
        {
            // Asked to stop.
        }
    }

    private async Task RunAsync(BrokerClient client)
    {
        try
        {
            await client.RunAsync(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Asked to stop while it waited to try again.
        }
        catch (StoreException) when (_stop.IsCancellationRequested)
        {
            // The disk refused to the last; nothing that waited for it was acknowledged.
        }
        // The supervisor of these loops: a link that ends unasked must not leave a gateway that only seems to listen.
        catch (Exception fault)
        {
            MqttClientLog.Faulted(_log, fault, client.Id);
            Faulted?.Invoke(fault);
        }
    }
}

/// <summary>One broker's link as the console and the metrics show it.</summary>
/// <param name="Sent">Messages we published.</param>
/// <param name="NotSent">Messages the broker did not take.</param>
/// <param name="Outbound">Messages that wait for it.</param>
public sealed record BrokerFigures(string Id, string Address, BrokerStatus Status, long Connects, long Received, long Oversized, long Sent, long NotSent, int Outbound);
