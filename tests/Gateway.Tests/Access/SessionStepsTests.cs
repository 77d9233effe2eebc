using Gateway.Access;
using Xunit;

namespace Gateway.Tests.Access;

public sealed class SessionStepsTests : IDisposable
{
    private const long Hour = 3_600_000;
    private readonly PeopleStore _people = new();
    private readonly byte[] _session = AccessTokens.Make().Hash;

    public SessionStepsTests() => _people.Add("lin", Role.Crew);

    [Fact]
    public void A_session_lives_until_it_expires_and_no_longer()
    {
        Start(_session);
        Assert.Equal(new Session("lin", Role.Crew, Guest: false, PeopleStore.Now + Hour), _people.Reader.Session(_session, PeopleStore.Now + Hour - 1));
        Assert.Null(_people.Reader.Session(_session, PeopleStore.Now + Hour));
        Assert.Null(_people.Reader.Session(AccessTokens.Make().Hash, PeopleStore.Now));
    }

    [Fact]
    public void A_new_role_is_in_force_in_open_sessions()
    {
        Start(_session);
        _people.Commit(s => AccountSteps.SetRole(s, PeopleStore.Now, "test", "lin", Role.Safety));
        Assert.Equal(Role.Safety, _people.Reader.Session(_session, PeopleStore.Now)?.Role);
    }

    [Fact]
    public void A_new_password_ends_open_sessions()
    {
        Start(_session);
        _people.Commit(s => AccountSteps.SetPassword(s, PeopleStore.Now, "test", "lin", PeopleStore.Password));
        Assert.Null(_people.Reader.Session(_session, PeopleStore.Now));
    }

    [Fact]
    public void A_removed_account_has_no_session_and_one_of_the_same_name_does_not_inherit_it()
    {
        Start(_session);
        _people.Commit(s => AccountSteps.Remove(s, PeopleStore.Now, "test", "lin"));
        _people.Add("lin", Role.Administrator);
        Assert.Null(_people.Reader.Session(_session, PeopleStore.Now));
    }

    [Fact]
    public void A_password_changed_between_the_check_and_the_commit_starts_no_session()
    {
        var verified = _people.State.Account("lin")!;
        _people.Commit(s => AccountSteps.SetPassword(s, PeopleStore.Now, "test", "lin", PasswordHash.Make("another one", iterations: 2)));
        Assert.Equal(AccessOutcome.PasswordChanged, _people.Commit(s => SessionSteps.Start(s, PeopleStore.Now, verified, null, _session, PeopleStore.Now + Hour, "10.0.0.7")));
        Assert.Null(_people.Reader.Session(_session, PeopleStore.Now));
    }

    [Fact]
    public void Signing_out_twice_is_told_once()
    {
        Start(_session);
        for (int i = 0; i < 2; i++) _people.State.Commit(() => SessionSteps.End(_people.State, PeopleStore.Now, "lin", _session));
        Assert.Equal(["lin session.start -: from 10.0.0.7", "lin session.end -: -"], _people.Audit().Skip(1));
    }

    [Fact]
    public void An_account_has_twenty_sessions_at_most_and_the_oldest_goes()
    {
        Start(_session);
        for (int i = 1; i <= 20; i++) Start(AccessTokens.Make().Hash, PeopleStore.Now + Hour + i);
        Assert.Null(_people.Reader.Session(_session, PeopleStore.Now));
    }

    [Fact]
    public void What_has_expired_is_removed()
    {
        Start(_session);
        Assert.False(_people.Reader.AnyExpired(PeopleStore.Now));
        Assert.True(_people.Reader.AnyExpired(PeopleStore.Now + Hour));
        _people.State.Commit(() => _people.State.RemoveExpired(PeopleStore.Now + Hour));
        Assert.False(_people.Reader.AnyExpired(PeopleStore.Now + Hour));
        Assert.Null(_people.Reader.Session(_session, PeopleStore.Now));
    }

    public void Dispose() => _people.Dispose();

    private void Start(byte[] session, long? expiresMs = null) => Assert.Equal(AccessOutcome.Done, _people.Commit(s =>
        SessionSteps.Start(s, PeopleStore.Now, s.Account("lin")!, null, session, expiresMs ?? PeopleStore.Now + Hour, "10.0.0.7")));
}
