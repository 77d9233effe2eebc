using Gateway.Access;
using Gateway.Store;
using Gateway.Store.Sqlite;
using Gateway.Testing.Mqtt;
using Gateway.Tests.Links.Mqtt.Access;
using Xunit;

namespace Gateway.Tests.Access;

public sealed class DeviceCommandsTests : IAsyncDisposable
{
    private const string Secret = "a-secret-of-c1";
    private readonly ListenerRig _rig = new(AccessSite.Members);

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Theory]
    [InlineData("c1", Secret, AccessOutcome.Done)]
    [InlineData("dtu-1", Secret, AccessOutcome.Done)]
    [InlineData("c3", Secret, AccessOutcome.DeviceComesThrough)]
    [InlineData("c9", Secret, AccessOutcome.DeviceUnknown)]
    [InlineData("c1", "short", AccessOutcome.DevicePasswordNotAllowed)]
    [InlineData("platform", "PLATFORM", AccessOutcome.DevicePasswordNotAllowed)]
    public void Whose_password_may_be_set_is_said_in_advance(string id, string secret, AccessOutcome outcome) => Assert.Equal(outcome, _rig.Commands.Check(id, secret));

    [Fact]
    public async Task What_was_set_and_removed_stands_in_the_audit_and_never_the_password()
    {
        _rig.SetPassword("c1", Secret);
        Assert.Equal(AccessOutcome.Done, _rig.Commands.Remove("c1"));
        Assert.Equal(AccessOutcome.DeviceHasNone, _rig.Commands.Remove("c1"));
        Assert.Equal(["cli:test device.password c1: -", "cli:test device.password.remove c1: -"], await _rig.AuditAsync());
    }

    [Fact]
    public void The_list_says_who_has_what_and_no_secret()
    {
        _rig.SetPassword("c1", Secret);
        using (var store = StateStore.Open(_rig.Store.StatePath)) store.Commit(() => store.KeepDevicePassword(new DevicePassword("left", PasswordHash.Make(Secret, 1_000), 1)));
        Assert.Equal(
            [
                new("c1", "device", "c1", "store", "-"), new("c2", "device", "c2", "-", "-"), new("dtu-1", "client", "DTU one", "-", "-"), new("platform", "client", "platform", "-", "-"),
                new("c3", "through dtu-1", "-", "-", "-"), new("c4", "through dtu-1", "-", "-", "-"), new DeviceLoginView("left", "not in the ledger", "-", "store", "-"),
            ], _rig.Commands.List());
    }

    [Fact]
    public void A_store_of_version_1_is_brought_forward_and_keeps_what_it_has()
    {
        string path = Path.Combine(_rig.Store.Directory, "old.db");
        using (var old = SqliteDatabase.OpenWriter(path))
        {
            old.Execute(StateSchema.Version1);
            old.Execute("INSERT INTO meta(key, value) VALUES('heartbeat_ms', '7'); PRAGMA user_version=1");
        }
        using (var store = StateStore.Open(path))
        {
            store.Commit(() => store.KeepDevicePassword(new DevicePassword("c1", PasswordHash.Make(Secret, 1_000), 1)));
            Assert.Equal(7, store.MetaLong("heartbeat_ms"));
        }
        using var reader = new StateReader(path);
        Assert.Equal((1L, "c1"), (reader.DevicePasswordsVersion(), Assert.Single(reader.DevicePasswords()).Id));
    }

    [Fact]
    public void A_made_password_has_24_characters_of_its_own()
    {
        var made = Enumerable.Range(0, 100).Select(_ => DeviceSecret.Make()).ToList();
        Assert.All(made, m => Assert.True(m.Length == 24 && m.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')));
        Assert.Equal(100, made.Distinct().Count());
    }
}
