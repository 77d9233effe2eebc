using System.Buffers;
using Gateway.Protocols.Goyo;
using Xunit;

namespace Gateway.Protocols.Tests.Goyo;

public class GoyoCaseTests
{
    private static readonly HexCases Cases = new("Goyo");

    public static TheoryData<string> Names => [.. Cases.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_vector_is_decoded_to_its_stated_values(string name)
    {
        var scan = GoyoScanner.Read(Cases.Frame(name));

        Assert.Equal(OperationStatus.Done, scan.Status);
        Assert.Equal(Cases.Expected(name), GoyoText.Of(scan.Frame));
        Assert.Equal((0, Cases.Frame(name).Length), (scan.Skipped, scan.Consumed));
    }

    [Fact]
    public void The_case_folder_is_complete() => Assert.Equal(15, Cases.Names.Count);
}
