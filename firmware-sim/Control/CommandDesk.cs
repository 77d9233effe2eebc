using System.Globalization;
using FirmwareSim.Devices;

namespace FirmwareSim.Control;

/// <summary>
/// Carries out commands, wherever they come from, and writes one line for each that was carried out. Safe from any thread.
/// </summary>
internal sealed class CommandDesk(IReadOnlyList<Device> devices, Action quit, Journal journal)
{
    private const double SecondsMax = 86_400;

    /// <summary>Carries out the command; on refusal the text says what is wrong and what is possible, and nothing has changed.</summary>
    public string? Execute(CommandRequest request)
    {
        if (CommandTable.Find(request.Name) is not { } command)
            return $"unknown command '{request.Name}'; possible: {NamesOf(CommandTable.All)}";
        if (FindTargets(command, request.Target, out string problem) is not { } targets) return problem;
        if (!TryReadNumber(request.Seconds, 0, SecondsMax, out double? seconds) || seconds <= 0)
            return $"seconds must be a number above 0 and up to {SecondsMax}, not '{request.Seconds}'";
        if (!TryReadNumber(request.Value, -SecondsMax, SecondsMax, out double? value))
            return $"value must be a number from {-SecondsMax} to {SecondsMax}, not '{request.Value}'";
        if (seconds is not null && command.Effect is null) return $"{command.Name} takes no seconds";
        if (value is not null && command.DefaultValue is null)
            return $"{command.Name} takes no value; possible: {NamesOf(CommandTable.All.Where(c => c.DefaultValue is not null))}";

        Carry(command, targets, seconds, value ?? command.DefaultValue ?? 0);
        return null;
    }

    private void Carry(SiteCommand command, List<Device> targets, double? seconds, double value)
    {
        foreach (Device device in targets)
        {
            if (command.Effect is { } effect) device.Effects.Start(effect, seconds is { } s ? TimeSpan.FromSeconds(s) : null, value);
            else device.Effects.Clear();
        }
        string names = targets.Count switch { 0 => "", 1 => $" {targets[0].Id}", _ => $" all {targets.Count} it fits" };
        string off = value == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" by {value} s");
        string until = seconds is null ? "" : string.Create(CultureInfo.InvariantCulture, $" for {seconds} s");
        journal.Write($"> {command.Name}{off}{until}{names} ({command.Chinese})");
        if (command.Name == CommandTable.Quit) quit();
    }

    private List<Device>? FindTargets(SiteCommand command, string? target, out string problem)
    {
        List<Device> fitting = [.. devices.Where(command.Fits)];
        problem = "";
        if (string.IsNullOrEmpty(target)) return fitting;
        List<Device> named = fitting.FindAll(d => d.Id == target);
        if (named.Count > 0) return named;
        string wrong = devices.Any(d => d.Id == target) ? $"{command.Name} does not fit {target}" : $"unknown target '{target}'";
        string possible = fitting.Count == 0 ? "it takes no target" : $"possible: {string.Join(", ", fitting.Select(d => d.Id))}";
        problem = $"{wrong}; {possible}";
        return null;
    }

    private static string NamesOf(IEnumerable<SiteCommand> commands) => string.Join(", ", commands.Select(c => c.Name));

    private static bool TryReadNumber(string? text, double low, double high, out double? number)
    {
        number = null;
        if (string.IsNullOrEmpty(text)) return true;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double read)) return false;
        number = read;
        return read >= low && read <= high;
    }
}
