namespace Gateway.Links.Tcp;

/// <summary>What a conversation has ready to be sent, frame by frame. Safe for all threads.</summary>
internal interface IFrameSource
{
    bool HasOutput { get; }

    /// <summary>The next frame to send.</summary>
    bool TryNext(out byte[] frame);
}
