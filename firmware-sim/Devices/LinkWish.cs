namespace FirmwareSim.Devices;

/// <summary>What the effects in force want of a device's connection.</summary>
internal enum LinkWish
{
    /// <summary>Be connected.</summary>
    Stay,

    /// <summary>Say goodbye in good form and stay away.</summary>
    Leave,

    /// <summary>Be gone without a word (TCP reset) and stay away.</summary>
    Reset,
}
