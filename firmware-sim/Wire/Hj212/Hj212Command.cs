using System.Globalization;

namespace FirmwareSim.Wire.Hj212;

/// <summary>A frame from the other side, key by key: what a logger needs to carry out a request.</summary>
internal sealed class Hj212Command
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private Hj212Command(string data)
    {
        foreach (string item in data.Replace("CP=&&", "", StringComparison.Ordinal).Split([';', ',', '&'], StringSplitOptions.RemoveEmptyEntries))
            if (item.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals) _values.TryAdd(item[..equals], item[(equals + 1)..]);
    }

    /// <summary>Null when it names no command or no request number.</summary>
    public static Hj212Command? Parse(string data)
    {
        var command = new Hj212Command(data);
        return command.Number("CN") is not null && command.Text("QN") is not null ? command : null;
    }

    public int Cn => Number("CN")!.Value;

    public string RequestNumber => _values["QN"];

    public string? Text(string key) => _values.GetValueOrDefault(key);

    public int? Number(string key) => int.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    /// <summary>Civil time of the device, Beijing.</summary>
    public DateTimeOffset? Time(string key) =>
        DateTime.TryParseExact(Text(key), "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var civil) ? new DateTimeOffset(civil, SiteClock.BeijingOffset) : null;
}
