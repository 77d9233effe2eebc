using Gateway.Access;
using Gateway.Diagnostics;
using Gateway.Domain.Evidence;
using Gateway.Engine.Views;
using Gateway.Store;
using Gateway.Store.Sqlite;
using Gateway.Testing;
using Xunit;

namespace Gateway.Tests.Access;

public sealed class TwoWritersTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly StoreOptions _options;

    public TwoWritersTests() => _options = new StoreOptions { Directory = _directory.Path };

    [Fact]
    public void Two_stores_that_take_turns_extend_one_chain()
    {
        using var gateway = StateStore.Open(_options.StatePath);
        using var command = StateStore.Open(_options.StatePath);
        for (int i = 0; i < 10; i++)
        {
            Append(gateway, "gateway", rows: 1 + i % 3);
            Append(command, "command", rows: 1 + i % 2);
        }
        Append(gateway, "gateway", rows: 1);
        Assert.Equal(19 + 15 + 1, CheckChain());
        Assert.Equal(35, gateway.LastSeq);
    }

    [Fact]
    public async Task Two_stores_that_write_at_once_extend_one_chain()
    {
        using var gateway = StateStore.Open(_options.StatePath);
        using var command = StateStore.Open(_options.StatePath);
        await Task.WhenAll(
            Task.Run(() => Repeat(60, () => Append(gateway, "gateway", rows: 2))),
            Task.Run(() => Repeat(60, () => Append(command, "command", rows: 1))));
        Assert.Equal(180, CheckChain());
    }

    [Fact]
    public void A_commit_that_fails_leaves_the_head_where_it_was()
    {
        using var gateway = StateStore.Open(_options.StatePath);
        using var command = StateStore.Open(_options.StatePath);
        Append(command, "command", rows: 3);
        Assert.Throws<StoreException>(() => gateway.Commit(() =>
        {
            gateway.Audit(1, new AuditRow("gateway", "lost", null, null));
            throw new StoreException(13, "the disk is full");
        }));
        Append(command, "command", rows: 1);
        Append(gateway, "gateway", rows: 1);
        Assert.Equal(5, CheckChain());
    }

    [Fact]
    public void Commands_write_beside_a_running_gateway_and_it_sees_what_they_did()
    {
        using var gateway = StateStore.Open(_options.StatePath);
        using var reader = new StateReader(_options.StatePath);
        Append(gateway, "gateway", rows: 2);
        var commands = new AccountCommands(_options, new GatewayClock(new FakeClock()), "cli:root");
        Assert.Equal(AccessOutcome.NameNotAllowed, commands.Add("cli:root", Role.Administrator, "correct horse"));
        Assert.Equal(AccessOutcome.PasswordNotAllowed, commands.Add("lin", Role.Administrator, "short"));
        Assert.Equal(AccessOutcome.Done, commands.Add("Lin", Role.Administrator, "correct horse"));
        Append(gateway, "gateway", rows: 1);
        Assert.Equal(AccessOutcome.AccountExists, commands.Add("lin", Role.Crew, "correct horse"));
        Assert.Equal(AccessOutcome.LastAdministrator, commands.Remove("lin"));
        Assert.Equal(AccessOutcome.LastAdministrator, commands.SetRole("lin", Role.Crew));
        Assert.Equal(AccessOutcome.Done, commands.SetPassword("lin", "battery staple"));
        Assert.True(reader.Account("lin")!.Password.Matches("battery staple"));
        var (outcome, token) = commands.Link("lin", Role.Viewer);
        Assert.Equal(AccessOutcome.Done, outcome);
        Assert.True(AccessTokens.TryHash(token, out byte[] link));
        Assert.Equal("lin", reader.Link(link)?.Account);
        Assert.Equal((AccessOutcome.AccountUnknown, null), commands.Link("ghost", Role.Viewer));
        Append(gateway, "gateway", rows: 1);
        Assert.Equal(["lin"], commands.List().Select(a => a.Name));
        Assert.Equal(2 + 1 + 1 + 1 + 1 + 1, CheckChain());
    }

    [Fact]
    public void A_command_before_the_first_start_makes_the_store()
    {
        var commands = new AccountCommands(new StoreOptions { Directory = _directory.File("new") }, new GatewayClock(new FakeClock()), "cli:root");
        Assert.Equal(AccessOutcome.Done, commands.Add("lin", Role.Administrator, "correct horse"));
        Assert.Single(commands.List());
    }

    public void Dispose() => _directory.Dispose();

    private static void Append(StateStore store, string who, int rows) => store.Commit(() =>
    {
        for (int i = 0; i < rows; i++) store.Audit(1_000 + i, new AuditRow(who, "test", null, $"{i}"));
    });

    private static void Repeat(int times, Action step)
    {
        for (int i = 0; i < times; i++) step();
    }

    /// <summary>Walks the journal: no sequence missing or doubled, each hash follows from the one before.</summary>
    private long CheckChain()
    {
        byte[] hash = new byte[EvidenceChain.HashBytes];
        long seq = 0;
        using var db = SqliteDatabase.OpenReader(_options.StatePath);
        using var rows = db.Prepare("SELECT seq, at_ms, kind, body, hash FROM journal ORDER BY seq");
        while (rows.Step())
        {
            Assert.Equal(++seq, rows.Long(0));
            hash = EvidenceChain.Next(hash, seq, rows.Long(1), rows.Text(2), rows.Blob(3));
            Assert.Equal(hash, rows.Blob(4).ToArray());
        }
        return seq;
    }
}
