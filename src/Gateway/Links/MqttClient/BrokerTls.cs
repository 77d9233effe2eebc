using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Links.MqttClient;

/// <summary>Certificates of the configuration, read anew for each connection: one that was renewed is used without a restart.</summary>
public static class BrokerTls
{
    /// <summary>Null when the files can be used, else what is wrong with them.</summary>
    public static string? Check(BrokerTlsOptions options)
    {
        try
        {
            Client(options, "broker.invalid");
            return null;
        }
        catch (Exception unusable) when (unusable is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return unusable.Message;
        }
    }

    /// <exception cref="CryptographicException">A file does not hold what it should.</exception>
    internal static SslClientAuthenticationOptions Client(BrokerTlsOptions options, string host)
    {
        var client = new SslClientAuthenticationOptions { TargetHost = options.ServerName ?? host };
        if (options.CaFile is { } ca)
        {
            var chain = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            chain.CustomTrustStore.ImportFromPemFile(ca);
            if (chain.CustomTrustStore.Count == 0) throw new CryptographicException($"{ca} holds no certificate in PEM form");
            client.CertificateChainPolicy = chain;
        }
        if (options.CertificateFile is not { } own) return client;
        var between = new X509Certificate2Collection();
        between.ImportFromPemFile(own);
        client.ClientCertificateContext = SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(own, options.KeyFile), between, offline: true);
        return client;
    }
}
