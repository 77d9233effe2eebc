using System.Buffers;
using Gateway.Protocols.Tx101;
using Xunit;

namespace Gateway.Protocols.Tests.Tx101;

public class Tx101CaseTests
{
    private static readonly HexCases Cases = new("Tx101");

    public static TheoryData<string> Names => [.. Cases.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_vector_is_decoded_to_its_stated_values(string name)
    {
        var scan = Tx101Scanner.Read(Cases.Frame(name));

        Assert.Equal(OperationStatus.Done, scan.Status);
        Assert.Equal(Cases.Expected(name), Tx101Text.Of(scan.Frame));
        Assert.Equal((0, Cases.Frame(name).Length), (scan.Skipped, scan.Consumed));
    }

    [Fact]
    public void The_case_folder_is_complete() => Assert.Equal(14, Cases.Names.Count);
}
