using System.Buffers;
using Gateway.Protocols.Hj212;
using Xunit;

namespace Gateway.Protocols.Tests.Hj212;

public class Hj212DecodeTests
{
    public static TheoryData<string> Names => [.. Hj212Case.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_vector_is_decoded_to_its_stated_values(string name)
    {
        var scan = Hj212Scanner.Read(new ReadOnlySequence<byte>([.. Hj212Case.Frame(name), .. "\r\n"u8]));

        Assert.Equal(OperationStatus.Done, scan.Status);
        Assert.Equal(Hj212Case.Expected(name), Hj212Text.Of(scan.Frame));
        Assert.Equal(0, scan.SkippedBytes + scan.DroppedBytes);
    }

    [Fact]
    public void The_case_folder_is_complete() => Assert.Equal(25, Hj212Case.Names.Count);
}
