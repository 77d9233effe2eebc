using System.Buffers;

namespace Gateway.Protocols.Tests;

/// <summary>Builds a sequence whose segments end where the test says.</summary>
internal static class Scattered
{
    public static ReadOnlySequence<byte> At(byte[] bytes, params int[] cuts)
    {
        var first = new Piece(bytes.AsMemory(0, cuts.Length == 0 ? bytes.Length : cuts[0]), null);
        var last = first;
        for (var i = 0; i < cuts.Length; i++)
            last = new Piece(bytes.AsMemory(cuts[i]..(i + 1 < cuts.Length ? cuts[i + 1] : bytes.Length)), last);
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? previous)
        {
            Memory = memory;
            if (previous is null)
                return;
            RunningIndex = previous.RunningIndex + previous.Memory.Length;
            previous.Next = this;
        }
    }
}
