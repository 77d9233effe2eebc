using Gateway.Protocols.Goyo;
using Xunit;

namespace Gateway.Protocols.Tests.Goyo;

public class GoyoWriterTests
{
    private static readonly HexCases Cases = new("Goyo");

    [Fact]
    public void The_time_answer_is_the_vendors_own() =>
        Assert.Equal(Hex.Text(Cases.Frame("vendor-021303-heartbeat-answer")), Written(to => GoyoWriter.HeartbeatAnswer(to, GoyoVersion.V021303, new DateTime(2017, 2, 27, 11, 37, 16))));

    [Fact]
    public void The_empty_acknowledgement_is_the_vendors_own() =>
        Assert.Equal(Hex.Text(Cases.Frame("vendor-021303-anti-collision-answer")), Written(to => GoyoWriter.Acknowledgement(to, GoyoVersion.V021303, GoyoCommand.AntiCollision)));

    [Theory]
    [InlineData("vendor-021303-identity-card", "A5 5A 02 13 03 02 13 00 31 32 33 34 35 36 37 38 01 01 44 44 37 36 45 30 31 42 01 9E 72 EE FF")]
    [InlineData("vendor-021303-identity-face", "A5 5A 02 13 03 02 13 00 31 32 33 34 35 36 37 38 06 01 31 30 30 30 30 33 37 35 01 93 2A EE FF")]
    public void Who_signed_in_is_answered_with_his_number(string name, string answer)
    {
        byte[] frame = Cases.Frame(name);
        Assert.Equal(answer, Written(to => GoyoWriter.StateAcknowledgement(to, GoyoScanner.Read(frame).Frame.Payload)));
    }

    [Fact]
    public void A_package_of_a_feature_is_answered_as_the_vendor_does()
    {
        byte[] payload = [.. "12345678"u8, 6, 2, 1, 1, .. "330200190001010011"u8];
        Assert.Equal(Hex.Text(Cases.Frame("vendor-021303-identity-answer")), Written(to => GoyoWriter.PackageAcknowledgement(to, payload)));
    }

    [Theory]
    [InlineData(GoyoVersion.V01, "7E 7E 01 00 01 00 FF 7D 7D")]
    [InlineData(GoyoVersion.V11, "7E 7E 11 00 01 00 00 00 7D 7D")]
    [InlineData(GoyoVersion.V021303, "A5 5A 02 13 03 00 01 00 00 00 00 EE FF")]
    public void A_clock_that_is_right_is_left_alone(GoyoVersion version, string answer) => Assert.Equal(answer, Written(to => GoyoWriter.HeartbeatAnswer(to, version, clock: null)));

    [Theory]
    [InlineData(GoyoVersion.V01, "7E 7E 01 00 07 01 18 04 19 10 30 09 7A 7D 7D")]
    [InlineData(GoyoVersion.V11, "7E 7E 11 00 07 00 01 18 04 19 10 30 09 00 7D 7D")]
    public void A_clock_that_is_wrong_is_set(GoyoVersion version, string answer) => Assert.Equal(answer, Written(to => GoyoWriter.HeartbeatAnswer(to, version, new DateTime(2018, 4, 19, 10, 30, 9))));

    [Fact]
    public void The_acknowledgement_of_version_11_is_the_vendors_own() => Assert.Equal("7E 7E 11 03 00 00 00 7D 7D", Written(to => GoyoWriter.Acknowledgement(to, GoyoVersion.V11, GoyoCommand.Offline)));

    private static string Written(Func<byte[], int> write)
    {
        byte[] to = new byte[GoyoWriter.AnswerBytesMax];
        return Hex.Text(to.AsSpan(0, write(to)));
    }
}
