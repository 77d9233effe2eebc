using System.Net;
using System.Net.Security;
using Gateway.Diagnostics;
using Gateway.Ingest;
using Gateway.Links.Mqtt.Access;
using Microsoft.Extensions.Logging;

namespace Gateway.Links.Mqtt.Tls;

/// <summary>
/// The certificates of the TLS listener, renewed under a running gateway: the files are looked at every few seconds, a good change is in force at the next handshake, a bad one
/// changes nothing and is an alarm; so is a certificate that will soon expire.
/// </summary>
/// <remarks><b>Threading</b>: handshakes read, one loop looks.</remarks>
public sealed class TlsCertificates
{
    /// <summary>So long before its end a certificate is an alarm: longer than any holiday in which nobody is on site. One that lives shortly has until the last third of its life.</summary>
    public static readonly TimeSpan ExpiryWarning = TimeSpan.FromDays(14);

    private const string Subject = "mqtt-tls";
    private const string Cause = "certificate";
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private readonly MqttTlsOptions _options;
    private readonly MqttAccess _access;
    private readonly IngestBuffer _ingest;
    private readonly GatewayClock _clock;
    private readonly ILogger<TlsCertificates> _log;
    private volatile TlsMaterial _material;
    private string _inForce;
    private string _seen;
    private string? _refused;
    private string? _fault;
    private bool _raised;

    /// <param name="options">Files that were checked with <see cref="Fault"/>.</param>
    /// <exception cref="IOException">They changed since, and cannot be used any more.</exception>
    public TlsCertificates(MqttTlsOptions options, MqttAccess access, IngestBuffer ingest, GatewayClock clock, ILogger<TlsCertificates> log)
    {
        (_options, _access, _ingest, _clock, _log) = (options, access, ingest, clock, log);
        var files = TlsFiles.Read(options);
        _material = TlsMaterial.TryMake(files, out string fault) ?? throw new IOException(fault);
        _inForce = _seen = files.Digest();
    }

    /// <summary>When the certificate in force ends.</summary>
    public DateTimeOffset NotAfter => _material.NotAfter;

    /// <summary>What is wrong with the files; null when they can be used.</summary>
    public static string? Fault(MqttTlsOptions options)
    {
        var (files, _, fault) = Read(options);
        if (files is not null) TlsMaterial.TryMake(files, out fault);
        return fault.Length > 0 ? fault : null;
    }

    /// <summary>The terms of one handshake.</summary>
    public SslServerAuthenticationOptions For(IPAddress? client) => _material.For((_, certificate, chain, errors) =>
    {
        if (errors == SslPolicyErrors.None) return true;
        if (certificate is null) return !_options.RequireClientCertificate;
        string why = chain is { ChainStatus.Length: > 0 } ? string.Join(", ", chain.ChainStatus.Select(s => s.Status)) : errors.ToString();
        _access.BadCertificate(client, $"{certificate.Subject}: {why}");
        return false;
    });

    /// <summary>Runs until cancelled.</summary>
    public async Task WatchAsync(CancellationToken cancel)
    {
        Look();
        using var timer = new PeriodicTimer(LookEvery, _clock.Time);
        while (await timer.WaitForNextTickAsync(cancel)) Look();
    }

    /// <summary>One look at the files.</summary>
    public void Look()
    {
        var (files, seen, fault) = Read(_options);
        bool stands = seen == _seen;
        _seen = seen;
        if (seen == _inForce) (_fault, _refused) = (null, null);
        // Whoever renews writes several files, one after the other: a change is judged when it stands still for one look.
        else if (stands && seen != _refused) TakeUp(files, seen, fault);
        Say(_fault ?? _material.Expiry(_clock.Time.GetUtcNow(), ExpiryWarning));
    }

    private void TakeUp(TlsFiles? files, string seen, string fault)
    {
        if (files is not null && TlsMaterial.TryMake(files, out fault) is { } renewed)
        {
            (_material, _inForce, _fault, _refused) = (renewed, seen, null, null);
            TlsLog.Renewed(_log, renewed.Subject, renewed.NotAfter);
            return;
        }
        (_fault, _refused) = (fault, seen);
        TlsLog.Refused(_log, fault);
    }

    private void Say(string? trouble)
    {
        if (trouble is not null == _raised) return;
        _raised = trouble is not null;
        if (trouble is not null) _ingest.AppendEvent(LinkEventKind.ConditionRaised, _clock.NowMs(), text: Subject, cause: Cause, reason: trouble);
        else _ingest.AppendEvent(LinkEventKind.ConditionOver, _clock.NowMs(), text: Subject, cause: Cause);
    }

    /// <returns>Null files when they cannot be read; what was seen is then the fault itself.</returns>
    private static (TlsFiles? Files, string Seen, string Fault) Read(MqttTlsOptions options)
    {
        try
        {
            var files = TlsFiles.Read(options);
            return (files, files.Digest(), "");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return (null, unreadable.Message, unreadable.Message);
        }
    }
}

internal static partial class TlsLog
{
    [LoggerMessage(2030, LogLevel.Information, "MQTT over TLS: new certificate {Subject} is in force, it ends {NotAfter:u}")]
    public static partial void Renewed(ILogger log, string subject, DateTimeOffset notAfter);

    [LoggerMessage(2031, LogLevel.Error, "MQTT over TLS: the changed certificate files cannot be used, the ones before stay in force: {Fault}")]
    public static partial void Refused(ILogger log, string fault);
}
