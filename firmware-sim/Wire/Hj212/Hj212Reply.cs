using System.Globalization;

namespace FirmwareSim.Wire.Hj212;

/// <summary>
/// What the other side answered: CN 9014 (data acknowledged) or 9011 (request accepted or refused), for which request number.
/// </summary>
/// <param name="Result">QnRtn of a 9011 (1 = ready to execute); 1 for every other command.</param>
internal readonly record struct Hj212Reply(int Command, string RequestNumber, int Result)
{
    public const int RequestAnswer = 9011;
    public const int DataAnswer = 9014;

    /// <summary>Reads a data segment; null when it names no request or no command.</summary>
    public static Hj212Reply? Parse(string data)
    {
        string? requestNumber = null;
        int? command = null;
        int result = 1;
        string flat = data.Replace("CP=&&", "", StringComparison.Ordinal);
        foreach (string item in flat.Split([';', ',', '&'], StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = item.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0) continue;
            string value = item[(equals + 1)..];
            switch (item[..equals])
            {
                case "QN": requestNumber = value; break;
                case "CN": command = ReadNumber(value); break;
                case "QnRtn": result = ReadNumber(value) ?? 100; break;
            }
        }
        return requestNumber is null || command is null ? null : new Hj212Reply(command.Value, requestNumber, result);
    }

    private static int? ReadNumber(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
