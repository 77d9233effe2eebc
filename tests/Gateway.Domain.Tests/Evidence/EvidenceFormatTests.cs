using System.Text;
using System.Text.RegularExpressions;
using Gateway.Domain.Evidence;
using Gateway.Testing;
using Xunit;

namespace Gateway.Domain.Tests.Evidence;

/// <summary>The worked example of FORMAT.md is what the code does.</summary>
public sealed partial class EvidenceFormatTests
{
    [Fact]
    public void The_worked_example_holds()
    {
        var table = Cells().Matches(Encoding.UTF8.GetString(Repository.Read("src/Gateway.Domain/Evidence/FORMAT.md"))).ToDictionary(m => m.Groups["name"].Value);
        byte[] previous = new byte[32];
        foreach (string row in (string[])["first", "second"])
        {
            string Cell(string name) => table[name].Groups[row].Value;
            var (seq, atMs) = (long.Parse(Cell("seq"), System.Globalization.CultureInfo.InvariantCulture), long.Parse(Cell("at_ms"), System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal(Cell("encoded"), Convert.ToHexStringLower([.. previous, .. BigEndian(seq, 8), .. BigEndian(atMs, 8), .. BigEndian(Cell("kind").Length, 4), .. Encoding.UTF8.GetBytes(Cell("kind") + Cell("body"))]));
            previous = EvidenceChain.Next(previous, seq, atMs, Cell("kind"), Encoding.UTF8.GetBytes(Cell("body")));
            Assert.Equal(Cell("hash"), Convert.ToHexStringLower(previous));
        }
    }

    [Fact]
    public void A_row_larger_than_the_stack_is_hashed_the_same_way()
    {
        byte[] body = new byte[100_000];
        new Random(1).NextBytes(body);
        byte[] apart = System.Security.Cryptography.SHA256.HashData([.. new byte[32], .. BigEndian(7, 8), .. BigEndian(-5, 8), .. BigEndian(3, 4), .. "gap"u8, .. body]);
        Assert.Equal(apart, EvidenceChain.Next(new byte[32], 7, -5, "gap", body));
    }

    [Fact]
    public void A_hash_comes_back_from_its_numbers()
    {
        const string hash = "fffffffffffe00000000000123456789abcdef0123456789abcdef012345a5f0";
        var words = new Checkpoint("g", 1, hash, 1, 0).HashWords();
        Assert.Equal([0xfffffffffffe, 0x000000000001, 0x23456789abcd, 0xef0123456789, 0xabcdef012345, 0xa5f0], words);
        Assert.All(words, w => Assert.Equal(w, (long)(double)w));
        Assert.Equal(hash, Checkpoint.HashOf(words));
        Assert.Null(Checkpoint.HashOf([.. words.Take(5)]));
        Assert.Null(Checkpoint.HashOf([.. words.Take(5), 0x10000]));
        Assert.Null(Checkpoint.HashOf([-1, .. words.Skip(1)]));
    }

    private static byte[] BigEndian(long number, int bytes) => [.. BitConverter.GetBytes(number).Reverse().TakeLast(bytes)];

    [GeneratedRegex(@"^\| (?<name>seq|at_ms|kind|body|encoded|hash) \| `(?<first>.+?)` \| `(?<second>.+?)` \|$", RegexOptions.Multiline)]
    private static partial Regex Cells();
}
