using System.Security.Cryptography;
using System.Text;
using Gateway.Access;
using Xunit;

namespace Gateway.Tests.Access;

public class AccessTokensTests
{
    [Fact]
    public void A_token_is_32_random_bytes_and_only_its_hash_is_kept()
    {
        var (token, hash) = AccessTokens.Make();
        Assert.Equal(43, token.Length);
        Assert.Equal(SHA256.HashData(Encoding.ASCII.GetBytes(token)), hash);
        Assert.True(AccessTokens.TryHash(token, out byte[] again));
        Assert.Equal(hash, again);
        Assert.NotEqual(token, AccessTokens.Make().Token);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("四四四四四四四四四四四四四四四四四四四四四四四四四四四四四四四四四四四四四四四四四四四")]
    public void What_cannot_be_a_token_is_not_looked_up(string? text) => Assert.False(AccessTokens.TryHash(text, out _));

    [Theory]
    [InlineData(" Admin ", "admin")]
    [InlineData("王工", "王工")]
    [InlineData("lin.wei@site-1", "lin.wei@site-1")]
    public void A_name_is_kept_in_lower_case_and_any_script(string text, string expected)
    {
        Assert.True(AccountName.TryRead(text, out string name));
        Assert.Equal(expected, name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("cli:root")]
    [InlineData("two words")]
    [InlineData("a/b")]
    [InlineData("<b>")]
    public void A_name_that_could_pass_for_something_else_is_refused(string text) => Assert.False(AccountName.TryRead(text, out _));

    [Fact]
    public void A_name_has_64_characters_at_most()
    {
        Assert.True(AccountName.TryRead(new string('x', 64), out _));
        Assert.False(AccountName.TryRead(new string('x', 65), out _));
    }
}
