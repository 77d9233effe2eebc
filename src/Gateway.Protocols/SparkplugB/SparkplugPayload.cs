using Google.Protobuf;

namespace Gateway.Protocols.SparkplugB;

/// <summary>Reads one payload at a time, whole, before anything of it is believed. Reused: valid until the next <see cref="Read"/>; keeps a copy of the bytes.</summary>
/// <remarks>
/// <b>Shape</b>: a reader over <see cref="CodedInputStream"/> instead of generated classes, because the limits must hold while reading: generated code first
/// builds every metric, set and template a hostile payload asks for. Sets and templates are passed over as bytes, so nothing nests deeper than a property.
/// <b>Threading</b>: one thread at a time. <b>Source</b>: Sparkplug 3.0 §6.4.1.
/// </remarks>
public sealed class SparkplugPayload(int metricsMax = SparkplugLimits.MetricsMax)
{
    private SparkplugMetric[] _metrics = new SparkplugMetric[32];
    private byte[] _bytes = new byte[1024];
    private int _count;

    /// <summary>When the message was published, ms of Unix time; 0 = not said.</summary>
    public ulong TimestampMs { get; private set; }

    /// <summary>Null when the message has none, as an NDEATH.</summary>
    public ulong? Seq { get; private set; }

    public ReadOnlySpan<SparkplugMetric> Metrics => _metrics.AsSpan(0, _count);

    /// <summary>Metrics whose value is of no scalar kind: sets, templates, bytes, arrays.</summary>
    public int Skipped { get; private set; }

    public ReadOnlySpan<byte> NameOf(in SparkplugMetric metric) => _bytes.AsSpan(metric.NameAt.Start, metric.NameAt.Length);

    /// <summary>The value of a String, Text or UUID; UTF-8 by the standard, but nobody checked.</summary>
    public ReadOnlySpan<byte> TextOf(in SparkplugMetric metric) => _bytes.AsSpan(metric.TextAt.Start, metric.TextAt.Length);

    /// <returns>Anything but <see cref="SparkplugVerdict.Read"/>: nothing of the message holds.</returns>
    public SparkplugVerdict Read(ReadOnlySpan<byte> payload)
    {
        (TimestampMs, Seq, _count, Skipped) = (0, null, 0, 0);
        if (_bytes.Length < payload.Length) _bytes = new byte[Math.Max(payload.Length, 2 * _bytes.Length)];
        payload.CopyTo(_bytes);
        try
        {
            return ReadFields(new CodedInputStream(_bytes, 0, payload.Length));
        }
        catch (Exception broken) when (broken is InvalidProtocolBufferException or InvalidDataException)
        {
            return SparkplugVerdict.Broken;
        }
    }

    private SparkplugVerdict ReadFields(CodedInputStream input)
    {
        while (SparkplugTag.Next(input) is not 0 and var tag)
        {
            switch (tag)
            {
                case SparkplugTag.PayloadTimestamp: TimestampMs = input.ReadUInt64(); break;
                case SparkplugTag.PayloadSeq: Seq = input.ReadUInt64(); break;
                case SparkplugTag.PayloadMetric:
                    if (_count == metricsMax) return SparkplugVerdict.TooManyMetrics;
                    var metric = SparkplugMetricReader.Read(_bytes, SparkplugTag.Body(input, _bytes));
                    if (metric.NameAt.Length > SparkplugLimits.NameBytesMax) return SparkplugVerdict.NameTooLong;
                    if (metric.Kind == SparkplugValueKind.Skipped || metric.DataType.IsSkipped()) Skipped++;
                    if (_count == _metrics.Length) Array.Resize(ref _metrics, 2 * _count);
                    _metrics[_count++] = metric;
                    break;
                default: input.SkipLastField(); break;
            }
        }
        return SparkplugVerdict.Read;
    }
}

/// <summary>What became of a payload.</summary>
public enum SparkplugVerdict : byte
{
    Read,
    /// <summary>No protocol buffer, or a torn one.</summary>
    Broken,
    TooManyMetrics,
    NameTooLong,
}
