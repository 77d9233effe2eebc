using Gateway.Domain.Configuration;
using Gateway.Links.Mqtt.Access;
using Gateway.Links.Mqtt.Tls;

namespace Gateway.Service.Composition;

/// <summary>What of section <c>Mqtt</c> no range can say.</summary>
internal sealed partial class GatewayConfiguration
{
    private void CheckMqtt(Problems problems)
    {
        CheckAddress("Mqtt", Mqtt.Address, problems);
        CheckFilters("Mqtt.AnonymousPublish", Mqtt.AnonymousPublish, problems);
        CheckFilters("Mqtt.AnonymousSubscribe", Mqtt.AnonymousSubscribe, problems);
        string[] origins = Mqtt.WebSocket.Origins ?? [];
        for (int i = 0; i < origins.Length; i++)
            if (!Uri.TryCreate(origins[i], UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.GetLeftPart(UriPartial.Authority) != origins[i])
                problems.Add(File, $"Mqtt.WebSocket.Origins[{i}]", $"expected an origin as https://tool.example:8443, in lower case and without the scheme's own port, saw \"{origins[i]}\"");
        if (Mqtt.Tls.Enabled) CheckTls(Mqtt.Tls, problems);
    }

    private void CheckFilters(string place, string[]? filters, Problems problems)
    {
        for (int i = 0; i < filters?.Length; i++)
            if (TopicFilters.Fault(filters[i]) is { } fault) problems.Add(File, $"{place}[{i}]", $"expected a topic filter, with a leading ! to deny it, saw \"{filters[i]}\": {fault}");
    }

    private void CheckTls(MqttTlsOptions tls, Problems problems)
    {
        CheckAddress("Mqtt.Tls", tls.Address, problems);
        if (tls.RequireClientCertificate && tls.ClientCaFile is null) problems.Add(File, "Mqtt.Tls.ClientCaFile", "is missing (RequireClientCertificate needs the authorities to verify against)");
        if (tls.CertificateFile is null)
        {
            problems.Add(File, "Mqtt.Tls.CertificateFile", "is missing (TLS needs the server's certificate)");
            return;
        }
        (tls.CertificateFile, tls.KeyFile, tls.ClientCaFile) = (Resolve(tls.CertificateFile), tls.KeyFile is { } key ? Resolve(key) : null, tls.ClientCaFile is { } ca ? Resolve(ca) : null);
        if (TlsCertificates.Fault(tls) is { } fault) problems.Add(File, "Mqtt.Tls", fault);
    }
}
