using Gateway.Bureau;
using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;
using Gateway.Protocols.Hj212;

namespace Gateway.Service.Composition;

/// <summary>What the types alone do not say about bureaus; passwords are read from their files.</summary>
internal static class BureauCheck
{
    private const int MnCharactersMax = 24;
    private const int PasswordCharactersMax = 6;

    public static void Run(GatewayConfiguration configuration, Problems problems)
    {
        for (int i = 0; i < configuration.Bureau.Count; i++)
        {
            var (bureau, place) = (configuration.Bureau[i], $"Bureau[{i}]");
            void Say(string member, string what) => problems.Add(configuration.File, $"{place}.{member}", what);
            CheckPassword(bureau, configuration, Say);
            if (bureau.Version is not (2005 or 2017)) Say("Version", $"expected 2005 or 2017, saw {bureau.Version}");
            if (!Hj212Limits.IsMinInterval(bureau.MinuteInterval)) Say("MinuteInterval", $"expected 1, 2, 3, 4, 5, 6, 10, 12, 15, 20 or 30, saw {bureau.MinuteInterval}");
            if (bureau is { DayData: true, HourData: false }) Say("DayData", "expected only with HourData: days are made of hours");
            if (bureau.Devices.Count == 0) Say("Devices", "is missing (the devices of the ledger that are reported)");
            for (int d = 0; d < bureau.Devices.Count; d++) CheckMn(bureau.Devices[d].Mn ?? bureau.Mn, bureau.Devices[d].Mn is null ? "Mn" : $"Devices[{d}].Mn", Say);
            if (bureau.Name.Length > 0 && configuration.Bureau.Take(i).Any(b => b.Name == bureau.Name)) Say("Name", $"\"{bureau.Name}\" stands here twice");
        }
    }

    /// <summary>Whether the ledger knows the devices.</summary>
    public static void CheckDevices(GatewayConfiguration configuration, SiteLedger ledger, Problems problems)
    {
        for (int i = 0; i < configuration.Bureau.Count; i++)
            for (int d = 0; d < configuration.Bureau[i].Devices.Count; d++)
                if (configuration.Bureau[i].Devices[d].Device is { Length: > 0 } id && !ledger.Devices.Any(x => x.Id == id))
                    problems.Add(configuration.File, $"Bureau[{i}].Devices[{d}].Device", $"expected a device of the ledger, saw \"{id}\"");
    }

    private static void CheckPassword(BureauOptions bureau, GatewayConfiguration configuration, Action<string, string> say)
    {
        if (bureau is { PasswordFile: not null, Password: not null }) say("PasswordFile", "expected one of Password and PasswordFile, saw both");
        if (bureau.PasswordFile is { } file)
        {
            string whole = configuration.Resolve(file);
            if (!File.Exists(whole))
            {
                say("PasswordFile", $"no such file: {file}");
                return;
            }
            bureau.Password = File.ReadAllText(whole).Trim();
        }
        if (!IsWord(bureau.Password, PasswordCharactersMax)) say(bureau.PasswordFile is null ? "Password" : "PasswordFile", $"expected 1 to {PasswordCharactersMax} letters and digits");
    }

    private static void CheckMn(string? mn, string member, Action<string, string> say)
    {
        if (!IsWord(mn, MnCharactersMax)) say(member, $"expected 1 to {MnCharactersMax} letters and digits, saw \"{mn}\"");
    }

    private static bool IsWord(string? text, int max) => text is { Length: > 0 } && text.Length <= max && text.All(char.IsAsciiLetterOrDigit);
}
