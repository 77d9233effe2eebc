using Gateway.Access;
using Gateway.Links.Mqtt.Access;
using Xunit;

namespace Gateway.Tests.Links.Mqtt.Access;

public class SignInMemoryTests
{
    private static readonly PasswordHash Kept = PasswordHash.Make("right", 1_000);
    private readonly SignInMemory _memory = new();

    [Fact]
    public void User_password_and_kept_hash_each_make_another_seal_and_so_does_another_process()
    {
        byte[] seal = _memory.Seal("user", "password"u8, Kept);
        Assert.Equal(seal, _memory.Seal("user", "password"u8, Kept));
        byte[][] others =
        [
            _memory.Seal("user", "passwore"u8, Kept), _memory.Seal("uses", "password"u8, Kept), _memory.Seal("userp", "assword"u8, Kept), _memory.Seal("user", "password"u8, null),
            _memory.Seal("user", "password"u8, PasswordHash.Make("right", 1_000)), new SignInMemory().Seal("user", "password"u8, Kept),
        ];
        Assert.All(others, other => Assert.NotEqual(seal, other));
    }

    [Fact]
    public void What_was_verified_is_known_until_the_kept_hash_is_another()
    {
        byte[] seal = _memory.Seal("c1", "right"u8, Kept);
        Assert.False(_memory.IsVerified("c1", seal));
        _memory.Verify("c1", seal, Kept, "10.0.0.7");
        Assert.True(_memory.IsVerified("c1", seal));
        Assert.Equal("10.0.0.7", _memory.AddressOf("c1"));
        Assert.True(_memory.KnowsRightOne("c1", Kept));
        Assert.False(_memory.KnowsRightOne("c1", PasswordHash.Make("right", 1_000)));
        Assert.False(_memory.IsVerified("c2", seal));
    }

    [Fact]
    public void Only_so_many_wrong_ones_are_remembered()
    {
        var seals = Enumerable.Range(0, SignInMemory.WrongMax + 1).Select(i => _memory.Seal("c1", BitConverter.GetBytes(i), Kept)).ToList();
        foreach (byte[] seal in seals) _memory.Refuse(seal);
        _memory.Refuse(seals[^1]);
        Assert.False(_memory.IsWrong(seals[0]));
        Assert.True(_memory.IsWrong(seals[1]));
        Assert.True(_memory.IsWrong(seals[^1]));
    }
}
