using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gateway.Domain.Reports;

/// <summary>Hands a report on piece by piece and hashes it on the way: a month of thousands of devices is larger than what should be held at once.</summary>
internal sealed class ReportSink : IDisposable
{
    private const int HeldBytes = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _held = new(2 * HeldBytes);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Stream _target;

    public ReportSink(Stream target)
    {
        _target = target;
        Json = new Utf8JsonWriter(_held, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    public Utf8JsonWriter Json { get; }

    /// <summary>Hands on what is held once it is much.</summary>
    public void Breathe()
    {
        if (_held.WrittenCount + Json.BytesPending >= HeldBytes) Spill();
    }

    /// <summary>Hands on the rest. 64 hex digits.</summary>
    public string End()
    {
        Spill();
        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    public void Dispose()
    {
        Json.Dispose();
        _hash.Dispose();
    }

    private void Spill()
    {
        Json.Flush();
        _hash.AppendData(_held.WrittenSpan);
        _target.Write(_held.WrittenSpan);
        _held.ResetWrittenCount();
    }
}
