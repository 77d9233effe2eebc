using System.Buffers;
using Gateway.Protocols.Mqtt;
using Xunit;

namespace Gateway.Protocols.Tests.Mqtt;

public sealed class MqttFuzzTests
{
    private const int PacketBytesMax = 1_024;

    // One record or list beside what the packet itself holds, and for each of its bytes what the costliest byte makes: a user property of two one-letter texts.
    private const int AllocatedAtMost = 2_048, AllocatedPerByteAtMost = 32;

    [Fact]
    public void The_corpus_is_valid_and_comes_back_as_it_was()
    {
        foreach (var (version, packet) in MqttCorpus.All)
        {
            var from = (MqttPacketType)(packet[0] >> 4) == MqttPacketType.Disconnect && packet is [_, > 0, < 0x80, ..] ? MqttRole.Client : MqttRole.Server;
            var again = new ArrayBufferWriter<byte>();
            var read = IsOk(packet, version, from, again) ? again : null;
            if (read is null && IsOk(packet, version, MqttRole.Client, again)) read = again;
            Assert.True(read is not null, Convert.ToHexString(packet));
            if (version == MqttVersion.V311) Assert.Equal(Convert.ToHexString(packet), Convert.ToHexString(again.WrittenSpan));
        }
    }

    [Theory]
    [InlineData(20_141_029, 5_000_000)]
    [InlineData(20_190_307, 5_000_000)]
    public void Ten_million_bent_packets_are_refused_or_come_back_as_they_were(int seed, int packets)
    {
        // What the codec makes once and keeps is made here, not in the packet that happens to come first.
        foreach (var (version, packet) in MqttCorpus.All) MqttAny.Read(packet, version, MqttRole.Server);
        var mutation = new MqttMutation(seed, [.. MqttCorpus.All.Select(c => c.Packet)]);
        byte[] copy = new byte[PacketBytesMax];
        var first = new ArrayBufferWriter<byte>(4_096);
        var second = new ArrayBufferWriter<byte>(4_096);
        int taken = 0, refused = 0;
        for (int round = 0; round < packets; round++)
        {
            var bent = mutation.Next(out int origin);
            bent.CopyTo(copy);
            var version = MqttCorpus.All[origin].Version;
            try
            {
                for (var from = MqttRole.Client; from <= MqttRole.Server; from++)
                {
                    if (Judge(copy.AsMemory(0, bent.Length), version, from, first, second)) taken++;
                    else refused++;
                }
            }
            catch (Exception fault)
            {
                throw new InvalidOperationException($"seed {seed}, round {round}, {version}: {Convert.ToHexString(copy.AsSpan(0, bent.Length))}", fault);
            }
        }
        Assert.True(taken > packets / 10 && refused > packets / 10, $"seed {seed}: taken {taken}, refused {refused}: the mutation bends too much or too little");
    }

    private static long Allocated(in MqttFrame frame, ReadOnlySpan<byte> body, MqttVersion version, MqttRole from, out MqttVerdict verdict)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        verdict = MqttAny.Read(frame.Type, frame.Flags, body, version, from);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static bool Judge(ReadOnlyMemory<byte> packet, MqttVersion version, MqttRole from, ArrayBufferWriter<byte> first, ArrayBufferWriter<byte> second)
    {
        var buffer = new ReadOnlySequence<byte>(packet);
        if (MqttFrame.TryRead(ref buffer, PacketBytesMax, out var frame, out var verdict) != OperationStatus.Done) return false;
        var body = frame.Body.FirstSpan;
        long allocated = Allocated(frame, body, version, from, out verdict);
        // What the runtime itself takes now and then, a method made faster, comes once; what a packet makes us take comes again.
        if (allocated > AllocatedAtMost + AllocatedPerByteAtMost * body.Length) allocated = Allocated(frame, body, version, from, out verdict);
        if (allocated > AllocatedAtMost + AllocatedPerByteAtMost * body.Length) throw new InvalidDataException($"{allocated} bytes were allocated for {body.Length}");
        if (!verdict.IsOk)
        {
            if (string.IsNullOrEmpty(verdict.What) || string.IsNullOrEmpty(verdict.Clause)) throw new InvalidDataException($"{verdict.Reason} without what and clause");
            return false;
        }
        first.ResetWrittenCount();
        MqttAny.Read(frame.Type, frame.Flags, body, version, from, first);
        if (version == MqttVersion.V311 && frame.Type is not (MqttPacketType.Connect or MqttPacketType.Auth) && !first.WrittenSpan.SequenceEqual(packet.Span[..frame.Length]))
            throw new InvalidDataException($"came back as {Convert.ToHexString(first.WrittenSpan)}");
        second.ResetWrittenCount();
        if (!IsOk(first.WrittenMemory, version, from, second)) throw new InvalidDataException($"what was written is refused: {Convert.ToHexString(first.WrittenSpan)}");
        if (!first.WrittenSpan.SequenceEqual(second.WrittenSpan)) throw new InvalidDataException($"came back as {Convert.ToHexString(first.WrittenSpan)} and then as {Convert.ToHexString(second.WrittenSpan)}");
        return true;
    }

    private static bool IsOk(ReadOnlyMemory<byte> packet, MqttVersion version, MqttRole from, ArrayBufferWriter<byte> again)
    {
        again.ResetWrittenCount();
        var buffer = new ReadOnlySequence<byte>(packet);
        return MqttFrame.TryRead(ref buffer, int.MaxValue, out var frame, out _) == OperationStatus.Done && buffer.IsEmpty
            && MqttAny.Read(frame.Type, frame.Flags, frame.Body.FirstSpan, version, from, again).IsOk;
    }
}
