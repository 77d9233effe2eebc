using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Gateway.Access;

namespace Gateway.Links.Mqtt.Access;

/// <summary>
/// What passwords turned out to be, so that nobody computes the same one twice: five hundred devices that come back after a network outage cost a hash each. Kept as
/// HMAC-SHA-256 under a key of this process alone, over user, password and kept hash; when the kept hash changes, what was remembered of it fits nothing any more.
/// </summary>
/// <remarks><b>Threading</b>: safe for all.</remarks>
internal sealed class SignInMemory
{
    /// <summary>Wrong passwords remembered; beyond it the one seen first is forgotten.</summary>
    public const int WrongMax = 1_000;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);
    private readonly ConcurrentDictionary<string, Verified> _verified = new(StringComparer.Ordinal);
    private readonly HashSet<string> _wrong = new(StringComparer.Ordinal);
    private readonly Queue<string> _wrongInOrder = new();
    private readonly Lock _gate = new();

    /// <summary>Stands for this attempt.</summary>
    /// <param name="kept">What it is checked against; null when there is nothing.</param>
    public byte[] Seal(string user, ReadOnlySpan<byte> password, PasswordHash? kept)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        byte[] name = Encoding.UTF8.GetBytes(user);
        // With its length, or a part of the name could pass for a part of the password.
        hmac.AppendData(BitConverter.GetBytes(name.Length));
        hmac.AppendData(name);
        hmac.AppendData(kept?.Salt ?? []);
        hmac.AppendData(kept?.Hash ?? []);
        hmac.AppendData(password);
        return hmac.GetHashAndReset();
    }

    /// <summary>A number from a name that nobody outside can foretell, and that stays the same as long as the process.</summary>
    public uint Number(string name) => BitConverter.ToUInt32(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(name)));

    public bool IsVerified(string id, byte[] seal) => _verified.TryGetValue(id, out var known) && CryptographicOperations.FixedTimeEquals(known.Seal, seal);

    /// <summary>Whether the right password is remembered, so that one that is not it can be called wrong without computing it.</summary>
    public bool KnowsRightOne(string id, PasswordHash kept) => _verified.TryGetValue(id, out var known) && known.Kept.IsSameAs(kept);

    /// <summary>Where the right password came from last.</summary>
    public string? AddressOf(string id) => _verified.TryGetValue(id, out var known) ? known.Address : null;

    public void Verify(string id, byte[] seal, PasswordHash kept, string address) => _verified[id] = new Verified(seal, kept, address);

    public bool IsWrong(byte[] seal)
    {
        lock (_gate) return _wrong.Contains(Convert.ToHexString(seal));
    }

    public void Refuse(byte[] seal)
    {
        string text = Convert.ToHexString(seal);
        lock (_gate)
        {
            if (!_wrong.Add(text)) return;
            _wrongInOrder.Enqueue(text);
            if (_wrong.Count > WrongMax) _wrong.Remove(_wrongInOrder.Dequeue());
        }
    }

    private sealed record Verified(byte[] Seal, PasswordHash Kept, string Address);
}
