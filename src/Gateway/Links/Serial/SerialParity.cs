namespace Gateway.Links.Serial;

/// <summary>The parity bit of a character.</summary>
public enum SerialParity
{
    None,
    Even,
    Odd,
}
