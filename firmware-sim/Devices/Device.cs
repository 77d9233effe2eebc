namespace FirmwareSim.Devices;

internal enum DeviceKind { Crane, Hoist, Dust, Wind, Camera, Bus, Modem }

internal enum LinkKind { Mqtt, Modbus, Hj212, Bus, Goyo, Tx101 }

/// <summary>
/// A device as the person at the controls sees it: what it is, what is wrong with it, what it sent. The bus adapter is one too.
/// </summary>
internal sealed class Device(string id, DeviceKind kind, LinkKind link, TimeProvider time)
{
    public string Id { get; } = id;

    public DeviceKind Kind { get; } = kind;

    public LinkKind Link { get; } = link;

    public EffectSet Effects { get; } = new(time);

    public Traffic Traffic { get; } = new();

    private int _frames;

    /// <summary>True for every third frame while <c>torn</c> is in force. Called once a frame, by the one writer of the link.</summary>
    public bool TearsNextFrame()
    {
        if (!Effects.Has(EffectKind.Torn))
        {
            _frames = 0;
            return false;
        }
        return ++_frames % 3 == 0;
    }
}
