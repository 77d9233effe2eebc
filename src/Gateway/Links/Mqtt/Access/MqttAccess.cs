using System.Net;
using Gateway.Access;
using Gateway.Diagnostics;
using Gateway.Domain.Ledger;
using Gateway.Protocols.Mqtt;
using Gateway.Store;
using Microsoft.Extensions.Logging;

namespace Gateway.Links.Mqtt.Access;

/// <summary>Who may connect to the listener: by client certificate, by user name and password, or without a name where the options allow it.</summary>
/// <remarks>
/// Nothing that takes long runs on the caller's thread: what is remembered is answered at once, the rest is computed on the thread pool, one at a time.
/// <b>Threading</b>: safe for all.
/// </remarks>
public sealed partial class MqttAccess : IMqttAccess, IDisposable
{
    private const string Unknown = "the certificate is nobody's in the ledger";

    private readonly MqttOptions _options;
    private readonly DevicePasswords _passwords;
    private readonly PasswordWork _work;
    private readonly RefusalAudit _failures;
    private readonly GatewayClock _clock;
    private readonly ILogger<MqttAccess> _log;
    private readonly SignInThrottle _throttle = new();
    private readonly SignInMemory _memory = new();
    private readonly AnonymousRights _anonymous;
    private readonly long[] _outcomes = new long[Enum.GetValues<SignInOutcome>().Length];
    private volatile MqttLogins _logins;
    private volatile FilterTree _taken;

    /// <exception cref="StoreException">The store cannot be read.</exception>
    public MqttAccess(MqttOptions options, SiteLedger ledger, StateReader reader, PasswordWork work, RefusalAudit failures, GatewayClock clock, ILogger<MqttAccess> log)
    {
        (_options, _work, _failures, _clock, _log) = (options, work.Beside(), failures, clock, log);
        _logins = MqttLogins.Of(ledger);
        _passwords = new DevicePasswords(_logins, reader);
        _passwords.Refresh();
        _taken = Taken();
        _anonymous = new AnonymousRights(new FilterRights(options.AnonymousPublish ?? ["#"], options.AnonymousSubscribe ?? ["#", "$SYS/#"]), () => _taken);
    }

    public event Action<IReadOnlySet<string>>? Changed;

    /// <summary>Sign-ins since the process began, by how they ended.</summary>
    public IEnumerable<(SignInOutcome Outcome, long Count)> Outcomes => Enum.GetValues<SignInOutcome>().Select(o => (o, Interlocked.Read(ref _outcomes[(int)o])));

    public ValueTask<MqttSignIn> SignInAsync(MqttConnect connect, MqttPeer peer)
    {
        if (peer.Certificate is { } certificate && _logins.Of(certificate) is { } shown) return ValueTask.FromResult(ByCertificate(shown, connect, peer));
        // Firmware with empty fields sends them all the same: that is no name.
        bool hasName = connect.User is { Length: > 0 } || connect.Password is { Length: > 0 };
        if (hasName) return ByPassword(connect.User ?? "", connect.Password ?? [], peer);
        return ValueTask.FromResult(peer.Certificate is null ? Anonymous(connect, peer) : Refuse(SignInOutcome.WrongCertificate, null, peer, Unknown));
    }

    public ITopicRights? RightsOf(string name)
    {
        if (name.Length == 0) return _options.Anonymous == AnonymousFrom.No ? null : _anonymous;
        bool mayShowCertificate = _options.Tls is { Enabled: true, ClientCaFile: not null };
        return _logins.Find(name) is { } login && (mayShowCertificate || _passwords.Of(name) is not null) ? login.Rights : null;
    }

    public void Dispose() => _work.Dispose();

    /// <summary>A client certificate that did not get past the handshake.</summary>
    /// <param name="what">Subject and what is wrong with it.</param>
    internal void BadCertificate(IPAddress? address, string what)
    {
        Count(SignInOutcome.BadCertificate);
        string key = AddressKey.Of(address);
        // Anybody can write anything into a certificate: nothing of it may look like a line of ours.
        if (_failures.Failed(null, key)) Log.BadCertificate(_log, key, string.Concat(what.Take(200).Select(c => char.IsControl(c) ? '?' : c)));
    }

    /// <summary>The certificate has proved who it is; the password beside it, which some clients must send, adds nothing.</summary>
    private MqttSignIn ByCertificate(MqttLogin login, MqttConnect connect, MqttPeer peer)
    {
        if (connect.User is { Length: > 0 } user && user != login.User && user != login.Id) return Refuse(SignInOutcome.WrongCertificate, login.Id, peer, "the certificate is not that user's");
        return Welcome(SignInOutcome.Certificate, login);
    }

    private MqttSignIn Anonymous(MqttConnect connect, MqttPeer peer)
    {
        bool isLocal = !peer.IsWebSocket && (peer.Address is null || IPAddress.IsLoopback(peer.Address));
        bool allowed = _options.Anonymous == AnonymousFrom.Anywhere || (_options.Anonymous == AnonymousFrom.Loopback && isLocal);
        // Its topics would be refused one by one; at the door its owner sees why.
        if (allowed && !(_logins.Find(connect.ClientId) is { } known && HasCredentials(known))) return Welcome(SignInOutcome.Anonymous, null);
        Count(SignInOutcome.AnonymousRefused);
        return new MqttSignIn(null, MqttReason.NotAuthorized, "sign in with a user name and password, or a client certificate");
    }

    private MqttSignIn Welcome(SignInOutcome outcome, MqttLogin? login)
    {
        Count(outcome);
        return new MqttSignIn(login is null ? new MqttIdentity("", _anonymous) : new MqttIdentity(login.Id, login.Rights), MqttReason.Success, "");
    }

    /// <param name="name">Who was meant; null when there is nobody of the name.</param>
    /// <param name="why">For the log alone: to the client every refusal looks the same.</param>
    private MqttSignIn Refuse(SignInOutcome outcome, string? name, MqttPeer peer, string why)
    {
        Count(outcome);
        string address = AddressKey.Of(peer.Address);
        if (_failures.Failed(name, address)) Log.Refused(_log, name ?? "", address, why);
        return new MqttSignIn(null, outcome == SignInOutcome.Wrong ? MqttReason.BadUserNameOrPassword : MqttReason.NotAuthorized, outcome == SignInOutcome.Wrong ? "user name or password is wrong" : why);
    }

    private bool HasCredentials(MqttLogin login) => login.Credentials.Certificate is not null || _passwords.Of(login.Id) is not null;

    private FilterTree Taken() => new(_logins.All.Where(HasCredentials).SelectMany(l => l.OwnTopics));

    private void Count(SignInOutcome outcome) => Interlocked.Increment(ref _outcomes[(int)outcome]);
}
