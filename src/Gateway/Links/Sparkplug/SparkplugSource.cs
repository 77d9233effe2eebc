using Gateway.Decoding;
using Gateway.Domain.Readings;
using Gateway.Protocols.SparkplugB;

namespace Gateway.Links.Sparkplug;

/// <summary>An edge node itself or one device behind it: which device of the site it is, what its birth announced, what it said last.</summary>
/// <param name="address"><c>group/node</c> or <c>group/node/device</c>.</param>
internal sealed class SparkplugSource(string address)
{
    private const int Unmapped = -1;

    private ulong[] _aliases = [];
    private int[] _fieldOfAlias = [];
    // By field of the profile; null = the birth did not announce it.
    private SparkplugDataType?[] _types = [];
    private double?[] _image = [];

    public string Address { get; } = address;

    /// <summary>Null while nobody can read it; <see cref="Refusal"/> says why.</summary>
    public DeviceRoute? Route { get; set; }

    public DecodeOutcome Refusal { get; set; }

    /// <summary>Its birth announced more than controls and properties.</summary>
    public bool HasValues { get; set; }

    public bool IsBorn { get; private set; }

    /// <summary>Time of its birth as the node says, ms; 0 = not said.</summary>
    public ulong BornMs { get; private set; }

    /// <summary>A message of its node was lost since its birth, and it may have been another birth: an alias may stand for another metric by now, a value may have changed.</summary>
    public bool IsDoubtful { get; private set; }

    /// <summary>A birth without anybody to read it.</summary>
    public void Announce(SparkplugPayload birth) => (IsBorn, IsDoubtful, BornMs) = (true, false, birth.TimestampMs);

    /// <summary>Whether an alias in the message means what the birth says: nothing was lost since, and it was not sent before.</summary>
    public bool KnowsAliasesOf(SparkplugPayload message) => !IsDoubtful && (message.TimestampMs == 0 || message.TimestampMs >= BornMs);

    /// <summary>Takes up what a birth announces; what an earlier one did is void.</summary>
    /// <returns>False when an alias stands for two metrics [tck-id-payloads-alias-uniqueness]: it then stands for none.</returns>
    public bool Announce(SparkplugPayload birth, SparkplugMapping mapping)
    {
        Announce(birth);
        _types = new SparkplugDataType?[mapping.Fields.Count];
        var aliases = new List<(ulong Alias, int Field)>();
        int expected = 0;
        foreach (ref readonly var metric in birth.Metrics)
        {
            int field = metric.HasName ? mapping.Find(birth.NameOf(metric), expected) : Unmapped;
            if (field >= 0) (_types[field], expected) = (metric.DataType, field + 1);
            if (metric.HasAlias) aliases.Add((metric.Alias, field));
        }
        aliases.Sort();
        (_aliases, _fieldOfAlias) = ([.. aliases.Select(a => a.Alias)], [.. aliases.Select(a => a.Field)]);
        bool unique = true;
        for (int i = 1; i < _aliases.Length; i++)
        {
            if (_aliases[i] != _aliases[i - 1]) continue;
            (_fieldOfAlias[i - 1], _fieldOfAlias[i], unique) = (Unmapped, Unmapped, false);
        }
        return unique;
    }

    /// <summary>The birth no longer holds: death, a new birth of the node, the carrier lost.</summary>
    public void End()
    {
        (IsBorn, IsDoubtful, _aliases, _fieldOfAlias, _types) = (false, false, [], [], []);
        Forget();
    }

    public void Doubt()
    {
        IsDoubtful = true;
        Forget();
    }

    /// <returns>False when the birth announced no such metric. <paramref name="field"/> is −1 then, and also when the profile does not want it.</returns>
    public bool TryFind(SparkplugMapping mapping, in SparkplugMetric metric, ReadOnlySpan<byte> name, int expected, out int field)
    {
        field = Unmapped;
        if (metric.HasName)
        {
            int wanted = mapping.Find(name, expected);
            if (wanted < 0) return true;
            if (wanted >= _types.Length || _types[wanted] is null) return false;
            field = wanted;
            return true;
        }
        int at = metric.HasAlias ? Array.BinarySearch(_aliases, metric.Alias) : -1;
        if (at >= 0) field = _fieldOfAlias[at];
        return at >= 0;
    }

    public SparkplugDataType TypeOf(int field) => field < _types.Length && _types[field] is { } type ? type : SparkplugDataType.Unknown;

    /// <summary>Remembers the good values of a live reading; a bad one wipes what was known.</summary>
    public void Remember(ReadOnlySpan<Sample> samples)
    {
        if (_image.Length == 0) _image = new double?[Route!.Profile.Device.Fields.Count];
        foreach (ref readonly var sample in samples) _image[sample.Slot] = sample.Quality == SampleQuality.Good ? sample.Value : null;
    }

    /// <summary>What it said last of a field it does not send now; null when nothing certain is known.</summary>
    public double? Last(int slot) => slot < _image.Length ? _image[slot] : null;

    public void Forget() => _image = [];
}
