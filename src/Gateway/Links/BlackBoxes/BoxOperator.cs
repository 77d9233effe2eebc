using Gateway.Decoding;
using Gateway.Domain.Readings;

namespace Gateway.Links.BlackBoxes;

/// <summary>A frame that says only who operates.</summary>
internal static class BoxOperator
{
    /// <summary>Makes a message of it.</summary>
    /// <param name="ascii">Number of a card or a person; empty = nobody.</param>
    /// <returns>False when the profile keeps no operator.</returns>
    public static bool Begin(DeviceRoute route, ReadOnlySpan<byte> ascii, DecodedMessage into, TextTable texts)
    {
        int slot = route.Profile.Device.Operator;
        if (slot < 0 || route.Profile.Box is not { } mapping || Array.Find(mapping.Fields, f => f.Slot == slot) is not { } field) return false;
        into.Begin(route);
        into.AddText((ushort)slot, GoyoDecoder.LastOf(ascii, field.Last), texts);
        into.End();
        return true;
    }
}
