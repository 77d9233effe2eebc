using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Gateway.Links.Mqtt.Tls;

/// <summary>What a handshake needs, made from the PEM files and good as a whole: certificate with its key, the chain that is sent, who may issue client certificates.</summary>
internal sealed class TlsMaterial
{
    private readonly X509Certificate2 _certificate;
    private readonly SslStreamCertificateContext _chain;
    private readonly X509Certificate2Collection? _clientAuthorities;

    private TlsMaterial(X509Certificate2 certificate, SslStreamCertificateContext chain, X509Certificate2Collection? clientAuthorities) =>
        (_certificate, _chain, _clientAuthorities) = (certificate, chain, clientAuthorities);

    public string Subject => _certificate.Subject;

    public DateTimeOffset NotAfter => new DateTimeOffset(_certificate.NotAfter).ToUniversalTime();

    /// <summary>Null when something is wrong; <paramref name="fault"/> then names the option, what was expected and what was seen.</summary>
    public static TlsMaterial? TryMake(TlsFiles files, out string fault)
    {
        fault = "";
        if (Certificates(files.Certificate) is not { Count: > 0 } chain)
        {
            fault = "CertificateFile: expected a PEM certificate, saw none";
            return null;
        }
        if (WithKey(chain[0], files, out fault) is not { } certificate) return null;
        var authorities = files.ClientCa is null ? null : Certificates(files.ClientCa);
        if (files.ClientCa is not null && authorities is not { Count: > 0 })
        {
            fault = "ClientCaFile: expected the PEM certificates of authorities, saw none";
            return null;
        }
        chain.RemoveAt(0);
        // Offline: a handshake must not wait for a download.
        return new TlsMaterial(certificate, SslStreamCertificateContext.Create(certificate, chain, offline: true), authorities);
    }

    /// <summary>Says when it ends, if that is less than <paramref name="warning"/> and less than a third of its life away.</summary>
    public string? Expiry(DateTimeOffset now, TimeSpan warning)
    {
        var life = _certificate.NotAfter - _certificate.NotBefore;
        var left = NotAfter - now;
        if (left > warning || left > life / 3) return null;
        return string.Create(CultureInfo.InvariantCulture, $"the certificate {Subject} {(left > TimeSpan.Zero ? "expires" : "expired")} on {NotAfter:yyyy-MM-dd HH:mm} UTC");
    }

    /// <param name="judge">Decides about the client's certificate, null when it shows none, after it was verified against the authorities alone.</param>
    public SslServerAuthenticationOptions For(RemoteCertificateValidationCallback judge)
    {
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = _chain,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            // An empty list is silent about what a client offers; a list of our own would end the handshake of one that offers something else.
            ApplicationProtocols = [],
        };
        if (_clientAuthorities is not { } authorities) return options;
        options.ClientCertificateRequired = true;
        options.RemoteCertificateValidationCallback = judge;
        // A resumed session would bring back a client certificate as it was judged long ago.
        options.AllowTlsResume = false;
        options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        options.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        return options;
    }

    private static X509Certificate2? WithKey(X509Certificate2 certificate, TlsFiles files, out string fault)
    {
        try
        {
            fault = "";
            return X509Certificate2.CreateFromPem(certificate.ExportCertificatePem(), Encoding.UTF8.GetString(files.Key));
        }
        catch (Exception broken) when (broken is CryptographicException or ArgumentException)
        {
            fault = $"KeyFile: expected the private key of the first certificate in CertificateFile ({certificate.Subject}), PEM and not encrypted: {broken.Message}";
            return null;
        }
    }

    private static X509Certificate2Collection? Certificates(byte[] pem)
    {
        try
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPem(Encoding.UTF8.GetString(pem));
            return found;
        }
        catch (CryptographicException)
        {
            // A torn block: the caller says which file was expected to hold what.
            return null;
        }
    }
}
