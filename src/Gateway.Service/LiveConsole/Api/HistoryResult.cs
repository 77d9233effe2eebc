using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Gateway.Domain.Readings;
using Gateway.History;

namespace Gateway.Service.LiveConsole.Api;

/// <summary>Writes a frame as JSON, a column at a time: nothing is built for a point, and a slow reader holds the writing back.</summary>
internal sealed class HistoryResult(string device, long fromMs, long toMs, HistoryFrame frame, IReadOnlyList<FieldSpec> fields) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "application/json; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        await using var json = new Utf8JsonWriter(response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("device", device);
        json.WriteString("resolution", frame.Resolution);
        if (frame.StepMs > 0) json.WriteNumber("stepMs", frame.StepMs);
        else json.WriteNull("stepMs");
        Time(json, "from", fromMs);
        Time(json, "to", toMs);
        json.WriteStartArray("times");
        foreach (long time in frame.TimesMs) json.WriteNumberValue(time);
        json.WriteEndArray();
        json.WriteStartArray("fields");
        for (int i = 0; i < fields.Count; i++)
        {
            json.WriteStartObject();
            json.WriteString("field", fields[i].Name);
            json.WriteString("unit", fields[i].Unit);
            if (frame.StepMs == 0) Column(json, "value", frame.Fields[i].Last);
            else RollUps(json, frame.Fields[i]);
            json.WriteEndObject();
            json.Flush();
            await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
        }
        json.WriteEndArray();
        json.WriteStartArray("unreadable");
        foreach (var (spanFromMs, spanToMs) in frame.Unreadable)
        {
            json.WriteStartObject();
            Time(json, "from", spanFromMs);
            Time(json, "to", spanToMs);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void RollUps(Utf8JsonWriter json, HistoryColumns column)
    {
        Column(json, "min", column.Min);
        Column(json, "mean", column.Mean, isMean: true);
        Column(json, "max", column.Max);
        Column(json, "last", column.Last);
        json.WriteStartArray("count");
        for (int row = 0; row < frame.Rows; row++) json.WriteNumberValue((long)column.Count(row));
        json.WriteEndArray();
    }

    /// <summary>The whole array as one piece of text: a writer's call for each number would cost more than the number.</summary>
    private void Column(Utf8JsonWriter json, string name, Func<int, double> valueOf, bool isMean = false)
    {
        byte[] text = ArrayPool<byte>.Shared.Rent(frame.Rows * (ChartNumber.BytesMax + 1) + 2);
        int at = 0;
        text[at++] = (byte)'[';
        for (int row = 0; row < frame.Rows; row++)
        {
            if (row > 0) text[at++] = (byte)',';
            double value = valueOf(row);
            if (!double.IsNaN(value)) at += isMean ? ChartNumber.FormatMean(value, text.AsSpan(at)) : ChartNumber.Format(value, text.AsSpan(at));
            else
            {
                "null"u8.CopyTo(text.AsSpan(at));
                at += 4;
            }
        }
        text[at++] = (byte)']';
        json.WritePropertyName(name);
        json.WriteRawValue(text.AsSpan(0, at), skipInputValidation: true);
        ArrayPool<byte>.Shared.Return(text);
    }

    private static void Time(Utf8JsonWriter json, string name, long ms) =>
        json.WriteString(name, DateTimeOffset.FromUnixTimeMilliseconds(ms).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
}
