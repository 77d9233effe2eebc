using Gateway.Protocols.Modbus;
using Xunit;

namespace Gateway.Protocols.Tests.Modbus;

public sealed class ModbusReplyScannerTests
{
    private const int Seed = 20260727;

    [Fact]
    public void Every_growth_of_the_bytes_ends_in_the_same_reply()
    {
        byte[] line = [0x00, .. ModbusVectors.Closed(2, 3, 2, 9, 9), .. ModbusVectors.StationReply];
        for (var length = 0; length < line.Length; length++)
            Assert.False(ModbusReplyScanner.Scan(ModbusVectors.Station, line.AsSpan(0, length)).Reply.IsAnswer);

        var scan = ModbusReplyScanner.Scan(ModbusVectors.Station, line);
        Assert.Equal(ModbusVerdict.Complete, scan.Reply.Verdict);
        Assert.Equal(8, scan.Skipped);
        Assert.Equal(ModbusVectors.StationReply[3..31], scan.Reply.Data.ToArray());
    }

    [Fact]
    public void Any_noise_terminates_and_the_reply_after_it_is_found()
    {
        var random = new Random(Seed);
        for (var round = 0; round < 5000; round++)
        {
            var noise = new byte[random.Next(64)];
            random.NextBytes(noise);
            byte[] line = [.. noise, .. ModbusVectors.StationReply];
            var scan = ModbusReplyScanner.Scan(ModbusVectors.Station, line);
            Assert.True(scan.Reply.IsAnswer, $"seed {Seed}, round {round}: {Convert.ToHexString(line)}");
            Assert.Equal(noise.Length, scan.Skipped);
        }
    }

    [Fact]
    public void A_million_noisy_bytes_mislead_no_more_often_than_a_checksum_of_16_bits_must() => Survives(1_000_000);

    [Fact]
    [Trait("Tier", "long")]
    public void Ten_million_noisy_bytes_mislead_no_more_often_than_a_checksum_of_16_bits_must() => Survives(10_000_000);

    private static void Survives(int bytes)
    {
        var random = new Random(Seed);
        byte[] line = new byte[256 + ModbusVectors.StationReply.Length];
        ModbusVectors.StationReply.CopyTo(line, 256);
        int taken = 0, hidden = 0, pieces = bytes / 256;
        for (int done = 0; done < bytes; done += 256)
        {
            random.NextBytes(line.AsSpan(0, 256));
            // Every second piece has the head of the reply somewhere, so that the check of its end is what counts.
            if (done / 256 % 2 == 0) ModbusVectors.StationReply.AsSpan(0, 3).CopyTo(line.AsSpan(random.Next(250)));
            if (ModbusReplyScanner.Scan(ModbusVectors.Station, line.AsSpan(0, 256)).Reply.IsAnswer) taken++;
            if (ModbusReplyScanner.Scan(ModbusVectors.Station, line) is { Skipped: not 256 }) hidden++;
        }
        // By chance one head in 65 536 closes; a stranger's frame made by chance hides a reply only where it reaches into it.
        Assert.True(taken <= 1 + (pieces / 30_000), $"seed {Seed}: {taken} of {pieces} pieces of noise were taken for the reply");
        Assert.True(hidden <= 1 + (pieces / 2_000), $"seed {Seed}: {hidden} of {pieces} replies were hidden");
    }

    [Fact]
    public void Noise_made_of_the_replys_own_bytes_does_not_hide_the_reply()
    {
        var random = new Random(Seed);
        byte[] alphabet = [1, 3, 0x1C, 0x83, 2];
        for (var round = 0; round < 5000; round++)
        {
            var noise = random.GetItems(alphabet, random.Next(40));
            byte[] line = [.. noise, .. ModbusVectors.StationReply];
            var scan = ModbusReplyScanner.Scan(ModbusVectors.Station, line);
            Assert.True(scan.Reply.IsAnswer, $"seed {Seed}, round {round}: {Convert.ToHexString(line)}");
            Assert.Equal(ModbusVerdict.Complete, scan.Reply.Verdict);
        }
    }

    [Fact]
    public void Noise_alone_is_never_an_answer()
    {
        var random = new Random(Seed);
        for (var round = 0; round < 5000; round++)
        {
            var noise = new byte[random.Next(300)];
            random.NextBytes(noise);
            Assert.False(ModbusReplyScanner.Scan(ModbusVectors.Wind, noise).Reply.IsAnswer, $"seed {Seed}, round {round}");
        }
    }

    [Fact]
    public void A_foreign_frame_that_holds_our_reply_as_its_data_is_skipped_whole()
    {
        var wrapped = ModbusVectors.Closed([9, 3, 7, .. ModbusVectors.WindReply]);
        var scan = ModbusReplyScanner.Scan(ModbusVectors.Wind, wrapped);
        Assert.False(scan.Reply.IsAnswer);
        Assert.Equal(ModbusEvidence.Foreign, scan.Evidence);
    }

    [Fact]
    public void An_adapters_echo_of_the_request_is_not_the_reply()
    {
        byte[] line = [.. ModbusVectors.StationRequest, .. ModbusVectors.StationReply];
        Assert.False(ModbusReplyScanner.Scan(ModbusVectors.Station, ModbusVectors.StationRequest).Reply.IsAnswer);
        Assert.Equal(8, ModbusReplyScanner.Scan(ModbusVectors.Station, line).Skipped);
    }

    [Fact]
    public void What_was_seen_instead_of_an_answer_is_named_by_the_most_telling_piece()
    {
        var damaged = ModbusVectors.WindReply.ToArray();
        damaged[4] ^= 0x10;
        Assert.Equal(ModbusEvidence.Silence, Evidence());
        Assert.Equal(ModbusEvidence.Noise, Evidence(0xFF, 0x00));
        Assert.Equal(ModbusEvidence.Foreign, Evidence([0xFF, .. ModbusVectors.Closed(2, 3, 2, 0, 1)]));
        Assert.Equal(ModbusEvidence.WrongByteCount, Evidence([.. ModbusVectors.Closed(1, 3, 4, 0, 5, 0, 6)]));
        Assert.Equal(ModbusEvidence.Partial, Evidence(0xFF, 1, 3, 2));
        Assert.Equal(ModbusEvidence.BadCrc, Evidence([0xFF, .. damaged]));

        static ModbusEvidence Evidence(params byte[] bytes) => ModbusReplyScanner.Scan(ModbusVectors.Wind, bytes).Evidence;
    }

    [Fact]
    public void A_reply_under_way_is_pending_and_noise_is_not()
    {
        Assert.True(ModbusReplyScanner.Scan(ModbusVectors.Wind, [0x55, 1, 3, 2, 0]).IsPending);
        Assert.False(ModbusReplyScanner.Scan(ModbusVectors.Wind, [0x55, 0xAA, 0x00]).IsPending);
        Assert.False(ModbusReplyScanner.Scan(ModbusVectors.Wind, []).IsPending);
    }
}
