using Gateway.Domain.Configuration;

namespace Gateway.Domain.Ledger;

/// <summary>Reads who may sign in: the section <c>clients</c>, and the members of a device that are about it.</summary>
internal static class ClientReader
{
    public static IReadOnlyList<Client> Read(JsonObjectReader root, IReadOnlyList<Device> devices)
    {
        var clients = LedgerReader.Unique(root.Objects("clients"), ReadClient, c => c.Id, "client");
        foreach (var client in clients.Where(c => devices.Any(d => d.Id == c.Id))) root.Report("clients", $"client \"{client.Id}\" has the id of a device");
        for (int i = 0; i < devices.Count; i++)
            if (devices[i].Login is { } login && clients.All(c => c.Id != login)) root.Report($"devices[{i}].login", $"expected one of the clients of this ledger, saw \"{login}\"");
        return clients;
    }

    /// <summary>A device's own credentials, or the client it comes in through.</summary>
    public static (Credentials Credentials, string? Login) ReadDevice(JsonObjectReader o, LinkKind link)
    {
        var credentials = ReadCredentials(o);
        string? login = o.TextOrNull("login");
        // Only these links connect to us and sign in.
        if (link is not (LinkKind.Mqtt or LinkKind.Sparkplug))
            foreach (string member in (string[])["password", "certificate", "login"])
                if (o.Has(member)) o.Report(member, "is for devices that connect by MQTT or Sparkplug");
        if (login is not null && credentials != Credentials.None) o.Report("login", $"comes in as client \"{login}\", so its password or certificate belongs there");
        return (credentials, login);
    }

    private static Client ReadClient(JsonObjectReader o)
    {
        string id = o.Identifier("id");
        string user = o.TextOrNull("user") ?? id;
        if (user.Length is 0 or > 64) o.Report("user", $"expected 1 to 64 characters, saw \"{user}\"");
        var client = new Client(id, o.LocalText("name"), user, ReadCredentials(o), o.Texts("publish"), o.Texts("subscribe"));
        o.Done();
        return client;
    }

    private static Credentials ReadCredentials(JsonObjectReader o)
    {
        string? password = o.TextOrNull("password"), certificate = o.TextOrNull("certificate");
        if (password is { Length: 0 }) o.Report("password", "expected a hash as `gateway device password ID --hash` prints it, saw an empty string");
        if (certificate is { Length: 0 }) o.Report("certificate", "expected a SHA-256 fingerprint or a common name, saw an empty string");
        return new Credentials(password, certificate is null ? null : Normal(certificate));
    }

    /// <summary>openssl prints fingerprints in upper case with colons, other tools without.</summary>
    private static string Normal(string certificate)
    {
        string digits = certificate.Replace(":", "", StringComparison.Ordinal);
        return digits.Length == Credentials.FingerprintDigits && digits.All(char.IsAsciiHexDigit) ? digits.ToLowerInvariant() : certificate;
    }
}
