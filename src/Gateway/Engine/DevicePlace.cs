using Gateway.Domain.Readings;

namespace Gateway.Engine;

/// <summary>Where the readings of a device of the ledger come in.</summary>
/// <param name="Index">Its number in <see cref="Reading.Device"/>; never given to another.</param>
/// <param name="Profile">What its samples mean. Another profile has another index.</param>
public readonly record struct DevicePlace(int Index, DeviceProfile Profile);
