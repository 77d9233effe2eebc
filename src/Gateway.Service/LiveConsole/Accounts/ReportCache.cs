namespace Gateway.Service.LiveConsole.Accounts;

/// <summary>Answers that were written lately: what was asked for longest ago goes first.</summary>
/// <remarks><b>Shape</b>: <see cref="BytesMax"/> together, <see cref="ItemBytesMax"/> each; none older than <see cref="KeptMs"/>. <b>Threading</b>: any thread.</remarks>
internal sealed class ReportCache
{
    public const int BytesMax = 16 << 20;
    public const int ItemBytesMax = 4 << 20;

    /// <summary>Counts of data are told late and are no row of the chain: nothing is believed for longer, ms.</summary>
    public const long KeptMs = 60_000;

    private readonly Lock _gate = new();
    private readonly LinkedList<(ReportKey Key, byte[] Body, long MadeMs)> _items = [];
    private long _bytes;

    /// <param name="nowMs">Of the gateway's timeline.</param>
    public byte[]? Find(ReportKey key, long nowMs)
    {
        lock (_gate)
        {
            Forget(nowMs);
            for (var node = _items.First; node is not null; node = node.Next)
            {
                if (node.Value.Key != key) continue;
                _items.Remove(node);
                _items.AddFirst(node);
                return node.Value.Body;
            }
            return null;
        }
    }

    public void Keep(ReportKey key, byte[] body, long nowMs)
    {
        if (body.Length > ItemBytesMax) return;
        lock (_gate)
        {
            _items.AddFirst((key, body, nowMs));
            _bytes += body.Length;
            Forget(nowMs);
        }
    }

    /// <summary>Sizes of what is at hand, by window and form.</summary>
    public IReadOnlyList<(ReportKey Key, int Bytes)> Sizes(long nowMs)
    {
        lock (_gate)
        {
            Forget(nowMs);
            return [.. _items.Select(i => (i.Key, i.Body.Length))];
        }
    }

    private void Forget(long nowMs)
    {
        for (var node = _items.Last; node is not null;)
        {
            var before = node.Previous;
            if (_bytes > BytesMax || nowMs - node.Value.MadeMs > KeptMs)
            {
                _bytes -= node.Value.Body.Length;
                _items.Remove(node);
            }
            node = before;
        }
    }
}

/// <summary>What makes an answer the same: window, form with language, ledger, and the row it can rest on at most.</summary>
internal sealed record ReportKey(string Window, string Form, string LedgerSha256, long Row, bool AsOf);
