namespace Gateway.Links.Mqtt;

/// <summary>The devices that spoke through one connection.</summary>
/// <param name="arrivals">Behind a broker: what it kept is told from what is said now. Null where devices speak for themselves.</param>
/// <remarks><b>Threading</b>: the connection's reading thread adds; others read when it is over.</remarks>
internal sealed class MqttTalkers(MqttArrivals? arrivals = null)
{
    private readonly HashSet<int> _devices = new(0);
    private int _last = -1;

    public MqttArrivals? Arrivals => arrivals;

    public IReadOnlyCollection<int> Devices => _devices;

    /// <summary>True at a device's first message.</summary>
    public bool IsNew(int device)
    {
        if (device == _last) return false;
        _last = device;
        return _devices.Add(device);
    }
}
