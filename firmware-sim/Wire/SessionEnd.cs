namespace FirmwareSim.Wire;

/// <summary>How a connection came to its end.</summary>
/// <param name="Reason">For the person at the terminal; null when an effect or the end of the program wanted it.</param>
/// <param name="WasEstablished">True when the session got as far as exchanging data: the next attempt comes soon.</param>
internal readonly record struct SessionEnd(string? Reason, bool WasEstablished);
