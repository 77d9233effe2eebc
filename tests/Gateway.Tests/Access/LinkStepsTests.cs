using Gateway.Access;
using Xunit;

namespace Gateway.Tests.Access;

public sealed class LinkStepsTests : IDisposable
{
    private const long Day = SetupLink.LifeMs;
    private readonly PeopleStore _people = new();

    [Fact]
    public void The_set_up_link_makes_the_first_administrator_once()
    {
        byte[] link = Make(null, Role.Administrator, setup: true);
        Assert.Equal(AccessOutcome.LinkNeedsAccount, Redeem(link, null).Outcome);
        var (outcome, session) = Redeem(link, "lin");
        Assert.Equal(AccessOutcome.Done, outcome);
        Assert.Equal(("lin", Role.Administrator, false), (session!.Name, session.Role, session.Guest));
        Assert.Equal(AccessOutcome.LinkUnknown, Redeem(link, "wang").Outcome);
        Assert.Equal(["lin"], _people.State.Accounts().Select(a => a.Name));
    }

    [Fact]
    public void A_link_is_good_until_it_expires()
    {
        byte[] link = Make(null, Role.Viewer);
        Assert.Equal(AccessOutcome.LinkUnknown, Redeem(link, null, PeopleStore.Now + Day).Outcome);
        Assert.Equal(AccessOutcome.Done, Redeem(link, null, PeopleStore.Now + Day - 1).Outcome);
        Assert.Equal(AccessOutcome.LinkUnknown, Redeem(link, null).Outcome);
    }

    [Fact]
    public void A_new_set_up_link_replaces_the_older_one_and_no_other_link()
    {
        byte[] guest = Make(null, Role.Viewer);
        byte[] older = Make(null, Role.Administrator, setup: true);
        byte[] newer = Make(null, Role.Administrator, setup: true);
        Assert.Null(_people.State.Link(older));
        Assert.NotNull(_people.State.Link(newer));
        Assert.NotNull(_people.State.Link(guest));
    }

    [Fact]
    public void A_set_up_link_is_worth_nothing_once_there_is_an_account()
    {
        byte[] link = Make(null, Role.Administrator, setup: true);
        _people.Add("lin", Role.Administrator);
        Assert.Equal(AccessOutcome.LinkUnknown, Redeem(link, "mallory").Outcome);
    }

    [Fact]
    public void A_link_of_an_account_signs_it_in_and_may_change_its_password()
    {
        _people.Add("lin", Role.Safety);
        byte[] open = AccessTokens.Make().Hash;
        _people.State.Commit(() => _people.State.KeepSession(open, "lin", null, PeopleStore.Now + Day));
        byte[] link = Make("lin", Role.Viewer);
        Assert.Equal(AccessOutcome.LinkOfAnother, Redeem(link, "wang").Outcome);
        var (outcome, session) = Redeem(link, "lin", password: PasswordHash.Make("a new password", 2));
        Assert.Equal((AccessOutcome.Done, "lin", Role.Safety), (outcome, session!.Name, session.Role));
        Assert.True(_people.State.Account("lin")!.Password.Matches("a new password"));
        Assert.Null(_people.Reader.Session(open, PeopleStore.Now));
    }

    [Fact]
    public void A_link_without_an_account_lets_a_guest_in_who_has_a_name_of_his_own_in_the_audit()
    {
        byte[] link = Make(null, Role.Viewer);
        byte[] token = AccessTokens.Make().Hash;
        var (_, session) = Redeem(link, null, session: token);
        string label = AccessTokens.Label(link);
        Assert.Equal(($"guest:{label}", Role.Viewer, true), (session!.Name, session.Role, session.Guest));
        Assert.Equal(session, _people.Reader.Session(token, PeopleStore.Now));
        Assert.Equal([$"test link.make {label}: viewer", $"guest:{label} link.redeem {label}: viewer from 10.0.0.7"], _people.Audit());
        Assert.Empty(_people.State.Accounts());
    }

    [Fact]
    public void A_link_whose_new_account_has_a_name_that_is_taken_stays_good()
    {
        _people.Add("lin", Role.Administrator);
        byte[] link = Make(null, Role.Crew);
        Assert.Equal(AccessOutcome.AccountExists, Redeem(link, "lin").Outcome);
        Assert.Equal(AccessOutcome.Done, Redeem(link, "wang").Outcome);
        Assert.Equal(Role.Crew, _people.State.Account("wang")?.Role);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_links_of_an_account_go_with_it_and_with_its_password(bool removed)
    {
        _people.Add("lin", Role.Crew);
        byte[] link = Make("lin", Role.Crew);
        _people.Commit(s => removed ? AccountSteps.Remove(s, PeopleStore.Now, "test", "lin") : AccountSteps.SetPassword(s, PeopleStore.Now, "test", "lin", PeopleStore.Password));
        Assert.Equal(AccessOutcome.LinkUnknown, Redeem(link, null).Outcome);
    }

    public void Dispose() => _people.Dispose();

    private byte[] Make(string? account, Role role, bool setup = false)
    {
        byte[] hash = AccessTokens.Make().Hash;
        Assert.Equal(AccessOutcome.Done, _people.Commit(s => LinkSteps.Make(s, PeopleStore.Now, "test", new OneTimeLink(account, role, PeopleStore.Now + Day, setup), hash)));
        return hash;
    }

    private (AccessOutcome Outcome, Session? Session) Redeem(byte[] link, string? user, long nowMs = PeopleStore.Now, PasswordHash? password = null, byte[]? session = null)
    {
        Session? found = null;
        password ??= user is null ? null : PeopleStore.Password;
        var outcome = _people.Commit(s => LinkSteps.Redeem(s, nowMs, link, user, password, session ?? AccessTokens.Make().Hash, nowMs + Day, "10.0.0.7", out found));
        return (outcome, found);
    }
}
