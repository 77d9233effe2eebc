using System.Text;
using Gateway.Access;
using Xunit;

namespace Gateway.Tests.Access;

public class PasswordHashTests
{
    /// <summary>The inputs of RFC 6070 with HMAC-SHA-256, as widely published; the last two are RFC 7914, 11.</summary>
    [Theory]
    [InlineData("password", "salt", 1, "120fb6cffcf8b32c43e7225256c4f837a86548c92ccc35480805987cb70be17b")]
    [InlineData("password", "salt", 2, "ae4d0c95af6b46d32d0adff928f06dd02a303f8ef3c251dfd6e2d85a95474c43")]
    [InlineData("password", "salt", 4096, "c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a")]
    [InlineData("passwordPASSWORDpassword", "saltSALTsaltSALTsaltSALTsaltSALTsalt", 4096, "348c89dbcbd32b2f32d814b8116e84cf2b17347ebc1800181c4e2a1fb8dd53e1c635518c7dac47e9")]
    [InlineData("passwd", "salt", 1, "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783")]
    [InlineData("Password", "NaCl", 80_000, "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d")]
    public void Published_vectors_match(string password, string salt, int iterations, string hash)
    {
        byte[] expected = Convert.FromHexString(hash);
        Assert.True(new PasswordHash(Encoding.ASCII.GetBytes(salt), iterations, expected).Matches(password));
        Assert.False(new PasswordHash(Encoding.ASCII.GetBytes(salt), iterations, expected).Matches(password + " "));
        Assert.False(new PasswordHash(Encoding.ASCII.GetBytes(salt), iterations + 1, expected).Matches(password));
    }

    [Fact]
    public void A_new_hash_has_600_000_iterations_and_a_salt_of_its_own()
    {
        var one = PasswordHash.Make("correct horse");
        var other = PasswordHash.Make("correct horse");
        Assert.Equal((600_000, 16, 32), (one.Iterations, one.Salt.Length, one.Hash.Length));
        Assert.NotEqual(one.Salt, other.Salt);
        Assert.NotEqual(one.Hash, other.Hash);
        Assert.True(one.Matches("correct horse"));
        Assert.False(one.Matches("correct horsf"));
    }

    [Fact]
    public void A_hash_reads_back_from_its_text()
    {
        Assert.True(PasswordHash.TryParse(PasswordHash.Make("correct horse", 1_000).ToString(), out var read));
        Assert.True(read!.Matches("correct horse"));
        Assert.True(read.Matches("correct horse"u8));
        Assert.False(read.Matches("correct horsf"));
    }

    [Theory]
    [InlineData("correct horse")]
    [InlineData("")]
    [InlineData("pbkdf2-sha256$999$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("pbkdf2-sha256$1000001$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("pbkdf2-sha256$-1000$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("pbkdf2-sha1$1000$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("pbkdf2-sha256$1000$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("pbkdf2-sha256$1000$AAAAAAAAAAAAAAAAAAAAAA==$AAAA")]
    [InlineData("pbkdf2-sha256$1000$not base64!$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("pbkdf2-sha256$1000$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=$")]
    public void Anything_else_is_no_hash(string text) => Assert.False(PasswordHash.TryParse(text, out _));

    [Fact]
    public void The_hash_of_nobody_matches_nothing() => Assert.False(PasswordHash.OfNobody(iterations: 2).Matches(""));

    [Theory]
    [InlineData("123456789012", "lin", true)]
    [InlineData("12345678901", "lin", false)]
    [InlineData("wangwangwang", "wangwangwang", false)]
    [InlineData("WangWangWang", "wangwangwang", false)]
    public void A_password_has_twelve_characters_and_is_not_the_name(string password, string account, bool allowed) => Assert.Equal(allowed, PasswordRule.Allows(password, account));

    [Fact]
    public void A_password_beyond_256_characters_is_refused_before_it_costs_work() => Assert.False(PasswordRule.Allows(new string('x', 257), "lin"));
}
