namespace Gateway.Protocols.Hj212;

/// <summary>The status codes <c>i</c> + five digits of the site's own equipment; an open list, other numbers keep their value.</summary>
/// <remarks><b>source</b> HJ 212-2017, codes of on-site information.</remarks>
public enum Hj212Status
{
    /// <summary>
    /// i12001: instrument 0 run, 1 maintenance, 2 fault, 3 calibration, 5 purge, 6 power fail, 7 measuring, 8 standard, 9 standby, 10
    /// O&amp;M.
    /// </summary>
    Instrument = 12001,

    /// <summary>i12002: link analyser to logger, 0 or 1.</summary>
    InstrumentLink = 12002,

    /// <summary>i22001: logger 0 run, 1 stop, 2 fault, 3 maintenance.</summary>
    Logger = 22001,

    /// <summary>i22003: link logger to server, 0 or 1.</summary>
    LoggerLink = 22003,

    /// <summary>i22101: channel 0 good, 1 bad, 2 not connected.</summary>
    Channel = 22101,

    /// <summary>i32001: door.</summary>
    Door = 32001,
}
