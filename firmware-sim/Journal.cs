using System.Globalization;

namespace FirmwareSim;

/// <summary>What a person at the terminal sees: one line for each command and each change of a link. Safe from any thread.</summary>
internal sealed class Journal(TextWriter output, TimeProvider time)
{
    private readonly Lock _gate = new();

    public void Write(string line)
    {
        string stamp = time.GetUtcNow().ToOffset(SiteClock.BeijingOffset).ToString("HH:mm:ss.f", CultureInfo.InvariantCulture);
        WriteRaw($"{stamp}  {line}");
    }

    public void WriteRaw(string text)
    {
        lock (_gate)
        {
            output.WriteLine(text);
            output.Flush();
        }
    }
}
