using Gateway.Access;
using Gateway.Protocols.Mqtt;

namespace Gateway.Links.Mqtt.Access;

/// <summary>User name and password. Names that do not exist are treated like those that do, in words, in waiting and in work.</summary>
public sealed partial class MqttAccess
{
    /// <summary>Longer names than any in the ledger count as one: they must not fill the throttle.</summary>
    private const int NameLengthMax = 64;

    private ValueTask<MqttSignIn> ByPassword(string user, byte[] password, MqttPeer peer)
    {
        var login = _logins.ByUser(user);
        var kept = login is null ? null : _passwords.Of(login.Id);
        // An overlong one is wrong whatever it is; its length must not become work.
        if (password.Length > PasswordRule.LengthMax) (kept, password) = (null, []);
        var attempt = new Attempt(user, user.Length > NameLengthMax ? "" : user, password, login, kept, _memory.Seal(user, password, kept), peer, AddressKey.Of(peer.Address));
        var (accountMs, addressMs) = _throttle.WaitsMs(attempt.Account, attempt.Address, _clock.NowMs());
        if (accountMs > 0 || addressMs > 0) return ValueTask.FromResult(WhileWaiting(attempt, accountMs > 0, addressMs > 0));
        if (IsVerified(attempt)) return ValueTask.FromResult(Welcome(SignInOutcome.Remembered, login));
        // A device with a wrong setting says the same wrong word for ever; that is no guessing, and must not make those behind the same router wait.
        if (_memory.IsWrong(attempt.Seal)) return ValueTask.FromResult(Wrong(attempt));
        return new ValueTask<MqttSignIn>(ComputeAsync(attempt));
    }

    /// <summary>
    /// Somebody guesses at this name or from this address. Nothing is computed now, but whoever came in before does so again if he could not be the guesser: from an address
    /// that must wait when nobody guesses at his name, and under a name that must wait from the address he last came from.
    /// </summary>
    private MqttSignIn WhileWaiting(Attempt attempt, bool accountWaits, bool addressWaits)
    {
        bool mayBeRight = attempt.Login is { } login && (!accountWaits || (!addressWaits && _memory.AddressOf(login.Id) == attempt.Address));
        if (mayBeRight && IsVerified(attempt)) return Welcome(SignInOutcome.Remembered, attempt.Login);
        // Or one could guess at what is remembered as fast as the network goes.
        if (mayBeRight && attempt.Kept is { } kept && _memory.KnowsRightOne(attempt.Login!.Id, kept)) _throttle.Failed(attempt.Account, attempt.Address, _clock.NowMs());
        return Later(SignInOutcome.Waiting);
    }

    private async Task<MqttSignIn> ComputeAsync(Attempt attempt)
    {
        var hash = attempt.Kept ?? PasswordHash.OfNobody(_passwords.IterationsForNobody(_memory.Number(attempt.User)));
        using var seat = await _work.EnterAsync(hash.Iterations, CancellationToken.None);
        if (seat is null) return Later(SignInOutcome.Busy);
        // Others failed, or were verified, while we waited.
        if (_throttle.WaitMs(attempt.Account, attempt.Address, _clock.NowMs()) > 0) return Later(SignInOutcome.Waiting);
        if (IsVerified(attempt)) return Welcome(SignInOutcome.Remembered, attempt.Login);
        if (_memory.IsWrong(attempt.Seal)) return Wrong(attempt);
        bool matches = await Task.Run(() => hash.Matches(attempt.Password));
        if (!matches || attempt.Login is not { } login || attempt.Kept is not { } kept)
        {
            _memory.Refuse(attempt.Seal);
            _throttle.Failed(attempt.Account, attempt.Address, _clock.NowMs());
            return Wrong(attempt);
        }
        // Changed in the meantime: what was right is not any more.
        if (_passwords.Of(login.Id) is not { } now || !now.IsSameAs(kept)) return Later(SignInOutcome.Busy);
        _throttle.Succeeded(attempt.Account);
        _memory.Verify(login.Id, attempt.Seal, kept, attempt.Address);
        return Welcome(SignInOutcome.Password, login);
    }

    private bool IsVerified(Attempt attempt) => attempt.Login is { } login && attempt.Kept is not null && _memory.IsVerified(login.Id, attempt.Seal);

    private MqttSignIn Wrong(Attempt attempt) => Refuse(SignInOutcome.Wrong, attempt.Login?.Id, attempt.Peer,
        attempt.Login is null ? "the ledger has no such user" : attempt.Kept is null ? "no password is set for it here, or this one is too long" : "wrong password");

    private MqttSignIn Later(SignInOutcome outcome)
    {
        Count(outcome);
        return new MqttSignIn(null, MqttReason.ServerBusy, "too many sign-ins: try again later");
    }

    /// <param name="Account">The name as failures are counted by.</param>
    /// <param name="Kept">What it is checked against; null when nobody of the name has a password.</param>
    private sealed record Attempt(string User, string Account, byte[] Password, MqttLogin? Login, PasswordHash? Kept, byte[] Seal, MqttPeer Peer, string Address);
}
