using Gateway.Domain.Readings;

namespace Gateway.Decoding.Forms;

/// <summary>What of a message has to be known before it can be read: whose it is, and what kind of message.</summary>
/// <param name="Serial">Member that tells the devices of one topic apart, or null.</param>
/// <param name="KindMember">Member that says what kind of message it is, or null.</param>
/// <param name="Kinds">What its values mean.</param>
/// <param name="OtherKind">What any other value means; null = such a message is refused.</param>
/// <param name="AbsentKind">What a message without that member is; null = such a message is refused.</param>
/// <param name="Endings">Last levels of topics below the device's own, and the kind of message each carries.</param>
public sealed record JsonEnvelope(
    byte[]? Serial,
    byte[]? KindMember,
    TextMap<ReadingKind> Kinds,
    ReadingKind? OtherKind,
    ReadingKind? AbsentKind,
    IReadOnlyDictionary<string, ReadingKind> Endings)
{
    /// <param name="text">What the member says; empty when it is not there.</param>
    public ReadingKind? KindOf(ReadOnlySpan<byte> text) => text.IsEmpty ? AbsentKind : Kinds.TryFind(text, out var kind) ? kind : OtherKind;
}
