using System.Security.Cryptography;

namespace Gateway.Links.Mqtt.Tls;

/// <summary>The bytes of the PEM files at one moment. Compared by content: a copy that keeps the old time, or a link that is turned to another file, is noticed too.</summary>
/// <param name="ClientCa">Null when no authorities are configured.</param>
internal sealed record TlsFiles(byte[] Certificate, byte[] Key, byte[]? ClientCa)
{
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The gateway's user may not read it.</exception>
    public static TlsFiles Read(MqttTlsOptions options)
    {
        byte[] certificate = File.ReadAllBytes(options.CertificateFile!);
        return new TlsFiles(certificate, options.KeyFile is { } key ? File.ReadAllBytes(key) : certificate, options.ClientCaFile is { } ca ? File.ReadAllBytes(ca) : null);
    }

    /// <summary>The same for the same contents.</summary>
    public string Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (byte[] file in (ReadOnlySpan<byte[]>)[Certificate, Key, ClientCa ?? []])
        {
            hash.AppendData(BitConverter.GetBytes(file.Length));
            hash.AppendData(file);
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
