namespace Gateway.Links.Serial;

/// <summary>What speaks on a port that devices speak on by themselves.</summary>
/// <remarks>
/// <b>Threading:</b> called on the port's own thread, one call at a time; the port is not read meanwhile, so hand over and return.
/// <b>Errors:</b> an exception here is our mistake and ends the process.
/// </remarks>
internal interface ISerialTalker
{
    /// <summary>The port is open: whatever was half received before is void.</summary>
    void Opened();

    /// <summary>The port is gone or could not be opened at start; once until it opens again. Stopping is no loss.</summary>
    void Lost(string reason);

    /// <param name="chunk">Any piece of the stream, valid until the call returns.</param>
    /// <param name="receivedTimestamp"><see cref="TimeProvider.GetTimestamp"/> when the chunk was read.</param>
    void Received(ReadOnlySpan<byte> chunk, long receivedTimestamp);

    /// <summary>Nothing came for 100 ms; again after each further 100 ms of silence. For time-outs of frames and for resending.</summary>
    void Idle();
}
