using Gateway.Access;
using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;

namespace Gateway.Links.Mqtt.Access;

/// <summary>What the ledger's reader cannot judge about signing in: filters, hashes, and that nobody can be taken for somebody else.</summary>
public static class MqttLedgerCheck
{
    public static void Check(string file, SiteLedger ledger, Problems problems)
    {
        var topics = new DeviceTopics(ledger);
        var users = new Dictionary<string, string>(StringComparer.Ordinal);
        var certificates = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < ledger.Devices.Count; i++)
        {
            var device = ledger.Devices[i];
            if (DeviceTopics.Of(device).Count == 0) continue;
            if (device.Address.StartsWith('$')) problems.Add(file, $"devices[{i}].topic", $"expected a topic that does not begin with $ (those are the gateway's own), saw \"{device.Address}\"");
            if (topics.SharersOf(device).FirstOrDefault(d => d.Login != device.Login) is { } other)
                problems.Add(file, $"devices[{i}].login", $"shares its topic with {other.Id}, so both come in through the same client; expected \"{other.Login}\", saw \"{device.Login}\"");
            if (device.Login is not null) continue;
            if (topics.StandAlone(device)) CheckLogin($"devices[{i}]", device.Id, device.Id, device.Credentials);
            else if (device.Credentials != Credentials.None) problems.Add(file, $"devices[{i}]", "shares its topics with other devices, so its password or certificate would not keep them apart: give all of them a client as login, and that client the password or certificate");
        }
        for (int i = 0; i < ledger.Clients.Count; i++)
        {
            var client = ledger.Clients[i];
            CheckLogin($"clients[{i}]", client.Id, client.User, client.Credentials);
            CheckFilters($"clients[{i}].publish", client.Publish);
            CheckFilters($"clients[{i}].subscribe", client.Subscribe);
        }

        void CheckLogin(string place, string id, string user, Credentials credentials)
        {
            if (!users.TryAdd(user, place)) problems.Add(file, place, $"signs in with the user name \"{user}\", as {users[user]} does");
            string certificate = credentials.Certificate ?? id;
            if (!certificates.TryAdd(certificate, place)) problems.Add(file, place, $"comes with the certificate \"{certificate}\", as {certificates[certificate]} does");
            if (credentials.Password is { } hash && !PasswordHash.TryParse(hash, out _))
                problems.Add(file, $"{place}.password", "expected a hash as `gateway device password ID --hash` prints it, never the password itself");
        }

        void CheckFilters(string place, IReadOnlyList<string> filters)
        {
            for (int i = 0; i < filters.Count; i++)
                if (TopicFilters.Fault(filters[i]) is { } fault) problems.Add(file, $"{place}[{i}]", $"expected a topic filter, with a leading ! to deny it, saw \"{filters[i]}\": {fault}");
        }
    }
}
