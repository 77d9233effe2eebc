using Gateway.Access;
using Xunit;

namespace Gateway.Tests.Access;

public sealed class AccountStepsTests : IDisposable
{
    private readonly PeopleStore _people = new();

    [Fact]
    public void Each_step_leaves_its_row_in_the_audit()
    {
        _people.Add("lin", Role.Administrator);
        _people.Add("wang", Role.Crew);
        _people.Commit(s => AccountSteps.SetRole(s, PeopleStore.Now, "lin", "wang", Role.Safety));
        _people.Commit(s => AccountSteps.SetPassword(s, PeopleStore.Now, "lin", "wang", PeopleStore.Password));
        _people.Commit(s => AccountSteps.Remove(s, PeopleStore.Now, "lin", "wang"));
        Assert.Equal(
            ["test account.add lin: administrator", "test account.add wang: crew", "lin account.role wang: crew to safety", "lin account.password wang: -", "lin account.remove wang: safety"],
            _people.Audit());
    }

    [Fact]
    public void The_last_administrator_can_neither_go_nor_step_down()
    {
        _people.Add("lin", Role.Administrator);
        _people.Add("wang", Role.Safety);
        Assert.Equal(AccessOutcome.LastAdministrator, _people.Commit(s => AccountSteps.Remove(s, PeopleStore.Now, "lin", "lin")));
        Assert.Equal(AccessOutcome.LastAdministrator, _people.Commit(s => AccountSteps.SetRole(s, PeopleStore.Now, "lin", "lin", Role.Viewer)));
        Assert.Equal(Role.Administrator, _people.State.Account("lin")?.Role);
        Assert.Equal(2, _people.Audit().Count);

        _people.Commit(s => AccountSteps.SetRole(s, PeopleStore.Now, "lin", "wang", Role.Administrator));
        Assert.Equal(AccessOutcome.Done, _people.Commit(s => AccountSteps.Remove(s, PeopleStore.Now, "wang", "lin")));
        Assert.Null(_people.State.Account("lin"));
    }

    [Fact]
    public void A_name_is_taken_once()
    {
        Assert.Equal(AccessOutcome.Done, _people.Add("lin", Role.Crew));
        Assert.Equal(AccessOutcome.AccountExists, _people.Add("lin", Role.Administrator));
        Assert.Equal(Role.Crew, _people.State.Account("lin")?.Role);
    }

    [Fact]
    public void Nobody_can_be_changed_who_is_not_there()
    {
        Assert.Equal(AccessOutcome.AccountUnknown, _people.Commit(s => AccountSteps.Remove(s, PeopleStore.Now, "test", "ghost")));
        Assert.Equal(AccessOutcome.AccountUnknown, _people.Commit(s => AccountSteps.SetRole(s, PeopleStore.Now, "test", "ghost", Role.Crew)));
        Assert.Equal(AccessOutcome.AccountUnknown, _people.Commit(s => AccountSteps.SetPassword(s, PeopleStore.Now, "test", "ghost", PeopleStore.Password)));
        Assert.Empty(_people.Audit());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_administrator_who_leaves_or_steps_down_loses_the_tokens_he_made(bool leaves)
    {
        _people.Add("lin", Role.Administrator);
        _people.Add("wang", Role.Administrator);
        var (_, his) = AccessTokens.Make();
        var (_, hers) = AccessTokens.Make();
        _people.Commit(s => TokenSteps.Make(s, PeopleStore.Now, "lin", "platform", Role.Viewer, his));
        _people.Commit(s => TokenSteps.Make(s, PeopleStore.Now, "wang", "export", Role.Viewer, hers));
        _people.Commit(s => leaves ? AccountSteps.Remove(s, PeopleStore.Now, "wang", "lin") : AccountSteps.SetRole(s, PeopleStore.Now, "wang", "lin", Role.Crew));
        Assert.Null(_people.Reader.Token(his));
        Assert.Equal("export", _people.Reader.Token(hers)?.Name);
        Assert.EndsWith("1 tokens revoked", _people.Audit()[^1], StringComparison.Ordinal);
    }

    public void Dispose() => _people.Dispose();
}
