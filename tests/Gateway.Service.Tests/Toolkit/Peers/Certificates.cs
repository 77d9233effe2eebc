namespace Gateway.Service.Tests.Toolkit.Peers;

/// <summary>A certificate authority of the test's own, made by openssl as an operator would: a server's certificate for 127.0.0.1 and a client's.</summary>
internal sealed class Certificates : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public string Ca => _folder["ca.pem"];

    public string this[string name] => _folder[name];

    public static async Task<Certificates> CreateAsync()
    {
        var made = new Certificates();
        await OpenSslAsync("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=Site CA", "-keyout", made["ca.key"], "-out", made.Ca);
        await made.IssueAsync("server", "subjectAltName=IP:127.0.0.1");
        await made.IssueAsync("client", "extendedKeyUsage=clientAuth");
        return made;
    }

    public void Dispose() => _folder.Dispose();

    private async Task IssueAsync(string name, string extension)
    {
        await File.WriteAllTextAsync(this[$"{name}.ext"], extension);
        await OpenSslAsync("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", $"/CN={name}", "-keyout", this[$"{name}.key"], "-out", this[$"{name}.csr"]);
        await OpenSslAsync("x509", "-req", "-days", "2", "-in", this[$"{name}.csr"], "-CA", Ca, "-CAkey", this["ca.key"], "-CAcreateserial", "-extfile", this[$"{name}.ext"], "-out", this[$"{name}.pem"]);
    }

    private static async Task OpenSslAsync(params string[] arguments)
    {
        await using var openssl = ChildProcess.Start("openssl", arguments);
        Assert.True(await openssl.WaitForExitAsync(TimeSpan.FromSeconds(20)) == 0, $"openssl {arguments[0]}: {openssl.Said}");
    }
}
