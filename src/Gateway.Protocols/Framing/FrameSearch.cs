namespace Gateway.Protocols.Framing;

/// <summary>
/// Finds the next frame in a window that starts where the last one ended. Of the frames that may have begun, the one that is whole first wins: a head
/// that is none, or a frame cut short, never holds back the good frame behind it.
/// </summary>
internal static class FrameSearch
{
    /// <summary>So many heads inside an unfinished frame are tried; noise made of heads must not cost the square of its length.</summary>
    private const int InnerHeadsMax = 8;

    public static FrameFind Next<TRule>(ReadOnlySpan<byte> window)
        where TRule : IFrameRule
    {
        int head = TRule.FindHead(window, 0);
        var end = TRule.Judge(window[head..]);
        int limit = end.Kind == FrameEndKind.Open ? int.MaxValue : head + end.Length;
        int inner = -1, innerEnd = limit;
        for (int at = head, tries = 0; tries < InnerHeadsMax; tries++)
        {
            at = at < window.Length ? TRule.FindHead(window, at + 1) : window.Length;
            if (at >= Math.Min(innerEnd, window.Length)) break;
            var other = TRule.Judge(window[at..]);
            bool first = at + other.Length < innerEnd || end.Kind == FrameEndKind.Broken && inner < 0 && at + other.Length == limit;
            if (other.Kind == FrameEndKind.Whole && first) (inner, innerEnd) = (at, at + other.Length);
        }
        if (inner >= 0) return new FrameFind(FrameFindKind.Dropped, head, inner - head, CutShort: true, 0);
        return end.Kind switch
        {
            FrameEndKind.Whole => new FrameFind(FrameFindKind.Frame, head, end.Length, CutShort: false, 0),
            // Behind its head it may hold the start of the next frame, and only bytes that were there when it broke may tell.
            FrameEndKind.Broken => new FrameFind(FrameFindKind.Dropped, head, TRule.FindHead(window[..(head + end.Length)], head + 1) - head, CutShort: false, end.Reason),
            _ => new FrameFind(FrameFindKind.More, head, 0, CutShort: false, 0),
        };
    }
}

internal enum FrameFindKind : byte { More, Frame, Dropped }

/// <param name="Skipped">Foreign bytes before the head.</param>
/// <param name="Length">Bytes of the frame, or of what is dropped.</param>
/// <param name="CutShort">Another frame began and ended inside.</param>
/// <param name="Reason">The rule's reason where the frame was broken.</param>
internal readonly record struct FrameFind(FrameFindKind Kind, int Skipped, int Length, bool CutShort, byte Reason);
