namespace Gateway.Links.Modbus.Scan;

/// <summary>Whoever watches a scan; called on the thread that scans.</summary>
public interface IBusScanProgress
{
    void Listening(int baud, string framing, TimeSpan length);

    /// <param name="rest">The longest that is still to come.</param>
    void Trying(int baud, string framing, TimeSpan rest);

    void Found(FoundUnit unit);
}
