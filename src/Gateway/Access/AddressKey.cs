using System.Net;
using System.Net.Sockets;

namespace Gateway.Access;

/// <summary>An address as failures are counted by.</summary>
public static class AddressKey
{
    /// <summary>An IPv6 network of 64 bits is one, because one machine has all of its addresses.</summary>
    public static string Of(IPAddress? address)
    {
        if (address is null) return "unknown address";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6 || IPAddress.IsLoopback(address)) return address.ToString();
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return $"{new IPAddress(bytes)}/64";
    }
}
