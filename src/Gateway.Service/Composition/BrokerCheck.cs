using System.Text;
using Gateway.Domain.Configuration;
using Gateway.Links.MqttClient;
using Gateway.Protocols.Mqtt;

namespace Gateway.Service.Composition;

/// <summary>What section <c>Brokers</c> means: names, files, filters, and what does not go together. Fills in what depends on other sections.</summary>
internal static class BrokerCheck
{
    public static void Run(GatewayConfiguration configuration, Problems problems)
    {
        if (configuration.LiveBus.Enabled) CheckBus(configuration, problems);
        for (int i = 0; i < configuration.Brokers.Count; i++)
        {
            var (broker, place) = (configuration.Brokers[i], $"Brokers[{i}]");
            broker.ClientId ??= $"gateway-{configuration.Gateway.Id}";
            void Report(string member, string text) => problems.Add(configuration.File, $"{place}.{member}", text);
            CheckAddress(broker, Report);
            CheckSignIn(broker, configuration, Report);
            CheckTls(broker.Tls, configuration, Report);
            CheckTopics(broker, Report);
            var before = configuration.Brokers.Take(i);
            if (broker.Id.Length > 0 && before.Any(b => b.Id == broker.Id)) Report("Id", $"\"{broker.Id}\" stands here twice");
            if (broker.ClientId.Length > 0 && before.FirstOrDefault(b => b.Address == broker.Address && b.ClientId == broker.ClientId) is { } other)
                Report("ClientId", $"\"{broker.ClientId}\" is our name on {broker.Address} for {other.Id} already; two connections of one name throw each other out");
        }
    }

    /// <summary>The live bus is a broker like the others; only that nothing is subscribed to there.</summary>
    private static void CheckBus(GatewayConfiguration configuration, Problems problems)
    {
        var bus = configuration.LiveBus;
        bus.ClientId ??= $"gateway-{configuration.Gateway.Id}-bus";
        void Report(string member, string text) => problems.Add(configuration.File, $"LiveBus.{member}", text);
        CheckAddress(bus, Report);
        CheckSignIn(bus, configuration, Report);
        CheckTls(bus.Tls, configuration, Report);
        if (bus.Topics.Count > 0) Report("Topics", "is not known here (the gateway only publishes to the live bus)");
        if (MqttTopic.CheckName(Encoding.UTF8.GetBytes(bus.TopicRoot)) is { IsOk: false } wrong) Report("TopicRoot", $"{wrong.What}, saw \"{bus.TopicRoot}\"");
        if (configuration.Brokers.FirstOrDefault(b => b.Address == bus.Address && b.ClientId == bus.ClientId) is { } other)
            Report("ClientId", $"\"{bus.ClientId}\" is our name on {bus.Address} for {other.Id} already; two connections of one name throw each other out");
    }

    private static void CheckAddress(BrokerOptions broker, Action<string, string> report)
    {
        if (broker.Host.Length > 0 && Uri.CheckHostName(broker.Host) == UriHostNameType.Unknown)
            report("Host", $"expected a host name or an IP address without scheme and port, saw \"{broker.Host}\"");
    }

    private static void CheckSignIn(BrokerOptions broker, GatewayConfiguration configuration, Action<string, string> report)
    {
        broker.PasswordFile = Existing(broker.PasswordFile, "PasswordFile", configuration, report);
        bool hasPassword = broker.PasswordFile is not null || broker.Password is not null;
        if (broker.PasswordFile is not null && broker.Password is not null) report("PasswordFile", "expected one of Password and PasswordFile, saw both");
        if (hasPassword && string.IsNullOrEmpty(broker.User)) report("User", "is missing (a password belongs to a user)");
        if (broker is { ClientId: "", Version: "3.1.1" }) report("ClientId", "expected a name: without one MQTT 3.1.1 keeps no session");
    }

    private static void CheckTls(BrokerTlsOptions tls, GatewayConfiguration configuration, Action<string, string> report)
    {
        bool anyFile = tls.CaFile is not null || tls.CertificateFile is not null || tls.KeyFile is not null;
        if (anyFile && !tls.Enabled) report("Tls.Enabled", "expected true: files are named, but TLS is off");
        if (tls.KeyFile is not null && tls.CertificateFile is null) report("Tls.CertificateFile", "is missing (the key belongs to a certificate)");
        tls.CaFile = Existing(tls.CaFile, "Tls.CaFile", configuration, report);
        tls.CertificateFile = Existing(tls.CertificateFile, "Tls.CertificateFile", configuration, report);
        tls.KeyFile = Existing(tls.KeyFile, "Tls.KeyFile", configuration, report);
        bool allThere = new[] { tls.CaFile, tls.CertificateFile, tls.KeyFile }.All(f => f is null || File.Exists(f));
        if (tls.Enabled && allThere && BrokerTls.Check(tls) is { } unusable) report("Tls", $"the files cannot be used: {unusable}");
    }

    private static void CheckTopics(BrokerOptions broker, Action<string, string> report)
    {
        for (int i = 0; i < broker.Topics.Count; i++)
        {
            string filter = broker.Topics[i].Filter;
            if (filter.Length > 0 && MqttTopic.CheckFilter(Encoding.UTF8.GetBytes(filter)) is { IsOk: false } wrong) report($"Topics[{i}].Filter", $"{wrong.What}, saw \"{filter}\"");
            if (broker.Topics.Take(i).Any(t => t.Filter == filter)) report($"Topics[{i}].Filter", $"\"{filter}\" stands here twice");
        }
    }

    /// <summary>The path from the configuration's folder; a file that is not there is a problem.</summary>
    private static string? Existing(string? path, string member, GatewayConfiguration configuration, Action<string, string> report)
    {
        if (path is null) return null;
        string resolved = configuration.Resolve(path);
        if (!File.Exists(resolved)) report(member, $"no such file: {path}");
        return resolved;
    }
}
