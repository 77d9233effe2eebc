using Gateway.Ingest;
using Gateway.Links.Mqtt.Tls;
using Gateway.Testing;
using Gateway.Testing.Mqtt;
using Gateway.Tests.Links.Mqtt.Access;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Gateway.Tests.Links.Mqtt.Tls;

/// <summary>Files that change under a running gateway. Each look stands for the loop's, every five seconds.</summary>
public sealed class TlsCertificatesTests : IAsyncDisposable
{
    private readonly ListenerRig _rig = new(AccessSite.Members);
    private readonly TempDirectory _directory = new();
    private readonly IngestBuffer _ingest = new();
    private readonly TestAuthority _authority;
    private readonly MqttTlsOptions _options;

    public TlsCertificatesTests()
    {
        _authority = new TestAuthority("site", _rig.Clock.GetUtcNow());
        _options = new MqttTlsOptions { Enabled = true, CertificateFile = _directory.File("server.pem"), KeyFile = _directory.File("server.key"), ClientCaFile = _directory.File("ca.pem") };
        Write(_authority.Server(life: TimeSpan.FromDays(365)));
        File.WriteAllText(_options.ClientCaFile, _authority.Pem);
    }

    public async ValueTask DisposeAsync()
    {
        await _rig.DisposeAsync();
        _ingest.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void A_renewed_certificate_is_in_force_once_its_files_stand_still()
    {
        var certificates = Open();
        var renewed = _authority.Server(life: TimeSpan.FromDays(500));
        File.WriteAllText(_options.CertificateFile!, renewed.Pem);
        certificates.Look();
        // Between the two files the pair does not fit; nobody has looked twice at that yet.
        File.WriteAllText(_options.KeyFile!, renewed.KeyPem);
        certificates.Look();
        Assert.Equal(365, DaysLeft(certificates));
        certificates.Look();
        Assert.Equal(500, DaysLeft(certificates));
        Assert.Empty(Conditions());
    }

    [Fact]
    public void A_broken_file_changes_nothing_and_is_one_alarm_until_it_is_mended()
    {
        var certificates = Open();
        var renewed = _authority.Server(life: TimeSpan.FromDays(500));
        File.WriteAllText(_options.CertificateFile!, renewed.Pem);
        for (int i = 0; i < 5; i++) certificates.Look();
        Assert.Equal(365, DaysLeft(certificates));
        var raised = Assert.Single(Conditions());
        Assert.Equal((LinkEventKind.ConditionRaised, "mqtt-tls", "certificate"), (raised.Kind, raised.Text, raised.Cause));
        Assert.Contains("KeyFile: expected the private key of the first certificate", raised.Reason, StringComparison.Ordinal);
        File.WriteAllText(_options.KeyFile!, renewed.KeyPem);
        for (int i = 0; i < 3; i++) certificates.Look();
        Assert.Equal(500, DaysLeft(certificates));
        Assert.Equal(LinkEventKind.ConditionOver, Assert.Single(Conditions()).Kind);
    }

    [Fact]
    public void A_file_that_is_gone_is_the_same_and_putting_the_old_one_back_ends_it()
    {
        var certificates = Open();
        string before = File.ReadAllText(_options.KeyFile!);
        File.Delete(_options.KeyFile!);
        for (int i = 0; i < 3; i++) certificates.Look();
        Assert.Contains("server.key", Assert.Single(Conditions()).Reason, StringComparison.Ordinal);
        File.WriteAllText(_options.KeyFile!, before);
        certificates.Look();
        Assert.Equal(LinkEventKind.ConditionOver, Assert.Single(Conditions()).Kind);
    }

    [Theory]
    [InlineData(365, 20, false)]
    [InlineData(365, 13, true)]
    [InlineData(365, -1, true)]
    // One that lives five days has its last third.
    [InlineData(-55, 3, false)]
    public void A_certificate_that_soon_ends_is_an_alarm(int lifeDays, int left, bool alarm)
    {
        // Issued sixty days ago; a short life began later than that.
        Write(lifeDays < 0 ? _authority.Short(TimeSpan.FromDays(5)) : _authority.Server(life: TimeSpan.FromDays(lifeDays)));
        var certificates = Open();
        _rig.Clock.Advance(certificates.NotAfter - _rig.Clock.GetUtcNow() - TimeSpan.FromDays(left));
        certificates.Look();
        certificates.Look();
        Assert.Equal(alarm ? 1 : 0, Conditions().Count);
    }

    [Fact]
    public void What_is_wrong_with_the_files_is_said_with_the_options_name()
    {
        Assert.Null(TlsCertificates.Fault(_options));
        File.WriteAllText(_options.ClientCaFile!, "no certificate");
        Assert.Equal("ClientCaFile: expected the PEM certificates of authorities, saw none", TlsCertificates.Fault(_options));
        File.WriteAllText(_options.CertificateFile!, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        Assert.Equal("CertificateFile: expected a PEM certificate, saw none", TlsCertificates.Fault(_options));
        _options.CertificateFile = _directory.File("nowhere.pem");
        Assert.Contains("nowhere.pem", TlsCertificates.Fault(_options), StringComparison.Ordinal);
    }

    [Fact]
    public void Certificate_and_key_may_stand_in_one_file()
    {
        var server = _authority.Server();
        File.WriteAllText(_options.CertificateFile!, server.KeyPem + server.Pem + _authority.Pem);
        _options.KeyFile = null;
        Assert.Null(TlsCertificates.Fault(_options));
    }

    private TlsCertificates Open() => new(_options, _rig.Access, _ingest, _rig.GatewayClock, NullLogger<TlsCertificates>.Instance);

    private int DaysLeft(TlsCertificates certificates) => (int)Math.Round((certificates.NotAfter - _rig.Clock.GetUtcNow()).TotalDays);

    private List<LinkEvent> Conditions()
    {
        var batch = _ingest.Take();
        List<LinkEvent> events = [.. batch.Events];
        _ingest.Return(batch);
        return events;
    }

    private void Write(IssuedCertificate certificate)
    {
        File.WriteAllText(_options.CertificateFile!, certificate.Pem);
        File.WriteAllText(_options.KeyFile!, certificate.KeyPem);
    }
}
