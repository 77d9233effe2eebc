namespace Gateway.Links.MqttClient;

/// <summary>Packet identifiers of what we send and await an answer to [§2.2.1]: never one that is in use.</summary>
/// <remarks><b>Threading</b>: safe for all.</remarks>
internal sealed class PacketIds
{
    private readonly Lock _gate = new();
    private readonly HashSet<ushort> _used = [];
    private ushort _last;

    /// <summary>Never 0. Far fewer are in use than there are: the window is bounded.</summary>
    public ushort Take()
    {
        lock (_gate)
        {
            do _last = (ushort)(_last == ushort.MaxValue ? 1 : _last + 1);
            while (!_used.Add(_last));
            return _last;
        }
    }

    public void Free(ushort id)
    {
        lock (_gate) _used.Remove(id);
    }
}
