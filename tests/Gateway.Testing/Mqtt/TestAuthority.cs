using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Testing.Mqtt;

/// <summary>An authority of its own with a few certificates, made in memory.</summary>
public sealed class TestAuthority
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly DateTimeOffset _now;

    /// <param name="under">Null: a root.</param>
    public TestAuthority(string name, DateTimeOffset now, TestAuthority? under = null)
    {
        _now = now;
        var request = Request($"CN={name}", _key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        Certificate = under is null ? request.CreateSelfSigned(now.AddYears(-1), now.AddYears(5)) : under.Sign(request, now.AddYears(-1), now.AddYears(4));
    }

    public X509Certificate2 Certificate { get; }

    public string Pem => Certificate.ExportCertificatePem() + "\n";

    /// <summary>For a server on loopback.</summary>
    public IssuedCertificate Server(string name = "localhost", TimeSpan? life = null)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        return Issue($"CN={name}", _now.AddDays(-60), _now + (life ?? TimeSpan.FromDays(365)), "1.3.6.1.5.5.7.3.1", names.Build());
    }

    /// <summary>For a server, issued now.</summary>
    public IssuedCertificate Short(TimeSpan life) => Issue("CN=short", _now, _now + life, "1.3.6.1.5.5.7.3.1");

    /// <summary>For a client.</summary>
    public IssuedCertificate Client(string name) => ClientOf($"CN={name}");

    /// <param name="usage">OID of what it may be used for; that of TLS clients.</param>
    public IssuedCertificate ClientOf(string subject, DateTimeOffset? until = null, string usage = "1.3.6.1.5.5.7.3.2") => Issue(subject, _now.AddDays(-60), until ?? _now.AddYears(1), usage);

    private IssuedCertificate Issue(string subject, DateTimeOffset from, DateTimeOffset until, string usage, X509Extension? names = null)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request(subject, key);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        if (names is not null) request.CertificateExtensions.Add(names);
        return new IssuedCertificate(Sign(request, from, until), key);
    }

    private X509Certificate2 Sign(CertificateRequest request, DateTimeOffset from, DateTimeOffset until) =>
        request.Create(Certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), from, until, RandomNumberGenerator.GetBytes(8));

    private static CertificateRequest Request(string subject, ECDsa key)
    {
        var request = new CertificateRequest(new X500DistinguishedName(subject), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request;
    }
}

/// <summary>A certificate with its private key.</summary>
public sealed class IssuedCertificate(X509Certificate2 certificate, ECDsa key)
{
    /// <summary>Without the key, as the other side sees it.</summary>
    public X509Certificate2 Certificate => certificate;

    public X509Certificate2 WithKey { get; } = certificate.CopyWithPrivateKey(key);

    public string Pem => certificate.ExportCertificatePem() + "\n";

    public string KeyPem => key.ExportPkcs8PrivateKeyPem() + "\n";
}
