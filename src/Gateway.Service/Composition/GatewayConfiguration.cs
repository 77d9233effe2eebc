using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Gateway.Bureau;
using Gateway.Domain.Configuration;
using Gateway.History;
using Gateway.Links.BlackBoxes;
using Gateway.Links.Hj212;
using Gateway.Links.Mqtt;
using Gateway.Links.MqttClient;
using Gateway.Links.Sparkplug;
using Gateway.LiveBus;
using Gateway.Patrol;
using Gateway.Store;
using Gateway.Uplink;
using Microsoft.Extensions.Options;

namespace Gateway.Service.Composition;

/// <summary>What the operator wrote: one JSON file, overridden by environment variables (<c>Mqtt__Port=1884</c>), checked whole.</summary>
internal sealed partial class GatewayConfiguration
{
    private static readonly string[] Sections = ["Gateway", "Mqtt", "Brokers", "Sparkplug", "Hj212", "Goyo", "Tx101", "Console", "Store", "History", "Uplink", "Bureau", "LiveBus", "Patrol", "Logging"];

    private GatewayConfiguration(string file) => File = file;

    public string File { get; }

    public string Folder => Path.GetDirectoryName(Path.GetFullPath(File))!;

    public GatewayOptions Gateway { get; } = new();

    public MqttOptions Mqtt { get; } = new();

    /// <summary>Brokers of others that we are a client of.</summary>
    public IList<BrokerOptions> Brokers { get; } = [];

    public SparkplugOptions Sparkplug { get; } = new();

    public Hj212Options Hj212 { get; } = new();

    public GoyoOptions Goyo { get; } = new();

    public Tx101Options Tx101 { get; } = new();

    public ConsoleOptions Console { get; } = new();

    public StoreOptions Store { get; } = new();

    public HistoryOptions History { get; } = new();

    public UplinkOptions Uplink { get; } = new();

    /// <summary>Platforms of authorities that we report to over HJ 212.</summary>
    public IList<BureauOptions> Bureau { get; } = [];

    public LiveBusOptions LiveBus { get; } = new();

    public PatrolOptions Patrol { get; } = new();

    public IConfigurationSection? Logging { get; private set; }

    /// <summary>Of the file as it was read, hex: it goes into the evidence.</summary>
    public string Sha256 { get; private set; } = "";

    /// <summary>Environment variables that override something in it, by name; never their values, which may be secrets.</summary>
    public IReadOnlyList<string> Overrides { get; private set; } = [];

    public string Resolve(string path) => Path.GetFullPath(path, Folder);

    /// <summary>Reads and checks; every fault becomes a problem.</summary>
    public static GatewayConfiguration Load(string file, Problems problems)
    {
        var configuration = new GatewayConfiguration(file);
        if (ReadFile(file, problems) is not { } root) return configuration;
        configuration.Sha256 = Convert.ToHexStringLower(SHA256.HashData(System.IO.File.ReadAllBytes(file)));
        configuration.Overrides = [.. Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(IsOverride).Order(StringComparer.Ordinal)];
        foreach (var section in root.GetChildren().Where(s => !Sections.Contains(s.Key, StringComparer.OrdinalIgnoreCase)))
            problems.Add(file, section.Path, $"is not known here (known: {string.Join(", ", Sections)})");
        var all = new ConfigurationBuilder().AddConfiguration(root).AddEnvironmentVariables().Build();
        configuration.Logging = all.GetSection("Logging");
        Bind(all.GetSection("Gateway"), s => s.Bind(configuration.Gateway, Strict), configuration.Gateway, new GatewayOptionsValidator(), file, problems);
        Bind(all.GetSection("Mqtt"), s => s.Bind(configuration.Mqtt, Strict), configuration.Mqtt, new MqttOptionsValidator(), file, problems);
        BindBrokers(all.GetSection("Brokers"), configuration, problems);
        Bind(all.GetSection("Sparkplug"), s => s.Bind(configuration.Sparkplug, Strict), configuration.Sparkplug, new SparkplugOptionsValidator(), file, problems);
        Bind(all.GetSection("Hj212"), s => s.Bind(configuration.Hj212, Strict), configuration.Hj212, new Hj212OptionsValidator(), file, problems);
        Bind(all.GetSection("Goyo"), s => s.Bind(configuration.Goyo, Strict), configuration.Goyo, new GoyoOptionsValidator(), file, problems);
        Bind(all.GetSection("Tx101"), s => s.Bind(configuration.Tx101, Strict), configuration.Tx101, new Tx101OptionsValidator(), file, problems);
        Bind(all.GetSection("Console"), s => s.Bind(configuration.Console, Strict), configuration.Console, new ConsoleOptionsValidator(), file, problems);
        Bind(all.GetSection("Store"), s => s.Bind(configuration.Store, Strict), configuration.Store, new StoreOptionsValidator(), file, problems);
        Bind(all.GetSection("History"), s => s.Bind(configuration.History, Strict), configuration.History, new HistoryOptionsValidator(), file, problems);
        Bind(all.GetSection("Uplink"), s => { configuration.Uplink.Targets.Clear(); s.Bind(configuration.Uplink, Strict); }, configuration.Uplink, new UplinkOptionsValidator(), file, problems);
        BindBureaus(all.GetSection("Bureau"), configuration, problems);
        Bind(all.GetSection("LiveBus"), s => { configuration.LiveBus.Topics.Clear(); s.Bind(configuration.LiveBus, Strict); }, configuration.LiveBus, new LiveBusOptionsValidator(), file, problems);
        Bind(all.GetSection("Patrol"), s => s.Bind(configuration.Patrol, Strict), configuration.Patrol, new PatrolOptionsValidator(), file, problems);
        configuration.Store.Directory = configuration.Resolve(configuration.Store.Directory);
        configuration.CheckMeaning(problems);
        BrokerCheck.Run(configuration, problems);
        BureauCheck.Run(configuration, problems);
        return configuration;
    }

    private static bool IsOverride(string variable) =>
        variable.Replace("__", ":", StringComparison.Ordinal).Split(':') is { Length: > 1 } path && Sections.Contains(path[0], StringComparer.OrdinalIgnoreCase);

    private static void Strict(BinderOptions options) => options.ErrorOnUnknownConfiguration = true;

    private static IConfigurationRoot? ReadFile(string file, Problems problems)
    {
        if (!System.IO.File.Exists(file))
        {
            problems.Add(file, "", "no such file");
            return null;
        }
        // Our own reader first: it names line and column, and members that stand twice.
        byte[] utf8 = System.IO.File.ReadAllBytes(file);
        if (JsonObjectReader.Parse(file, utf8, problems) is null) return null;
        return new ConfigurationBuilder().AddJsonStream(new MemoryStream(utf8)).Build();
    }

    /// <summary>Binds a section until nothing is wrong with it: the binder stops at the first fault, so each one is noted, taken out, and the rest is tried again.</summary>
    private static void Bind<T>(IConfigurationSection section, Action<IConfigurationSection> bind, T options, IValidateOptions<T> validator, string file, Problems problems)
        where T : class
    {
        var values = section.AsEnumerable(makePathsRelative: true).Where(p => p.Key.Length > 0).ToDictionary(p => p.Key, p => p.Value, StringComparer.OrdinalIgnoreCase);
        while (true)
        {
            var rest = new ConfigurationBuilder().AddInMemoryCollection(values.Select(p => KeyValuePair.Create($"{section.Path}:{p.Key}", p.Value))).Build();
            try
            {
                bind(rest.GetSection(section.Path));
                break;
            }
            catch (InvalidOperationException fault)
            {
                if (!TakeOut(fault.Message, section.Path, values, file, problems))
                {
                    problems.Add(file, Place(section.Path), fault.Message);
                    break;
                }
            }
        }
        var verdict = validator.Validate(null, options);
        foreach (string failure in verdict.Failures ?? [])
        {
            // "Port: The field MqttOptions.Tls.Port must be …" becomes place and text of its own.
            int colon = failure.IndexOf(": ", StringComparison.Ordinal);
            string text = failure[(colon < 0 ? 0 : colon + 2)..];
            var named = NamedMember().Match(text);
            string member = named.Success ? "." + named.Groups["path"].Value : colon < 0 ? "" : "." + failure[..colon];
            int must = text.IndexOf(" must be ", StringComparison.Ordinal);
            problems.Add(file, Place(section.Path) + member, must >= 0 ? "must be " + text[(must + 9)..] : named.Success ? "is missing" : text);
        }
    }

    private static bool TakeOut(string message, string section, Dictionary<string, string?> values, string file, Problems problems)
    {
        if (WrongType().Match(message) is { Success: true } wrong)
        {
            string path = wrong.Groups["path"].Value, key = path[(section.Length + 1)..];
            problems.Add(file, Place(path), $"expected {Expected(wrong.Groups["type"].Value)}, saw \"{values.GetValueOrDefault(key)}\"");
            return values.Remove(key);
        }
        if (!message.Contains("were not found on the instance", StringComparison.Ordinal)) return false;
        bool any = false;
        foreach (Match unknown in Quoted().Matches(message[message.LastIndexOf(':')..]))
        {
            string name = unknown.Groups[1].Value;
            foreach (var place in values.Keys.Where(k => k.Split(':').Contains(name, StringComparer.OrdinalIgnoreCase)).GroupBy(k => PlaceOf(k, name)).ToList())
            {
                foreach (string key in place) any |= values.Remove(key);
                problems.Add(file, $"{Place(section)}.{place.Key}", "is not known here");
            }
        }
        return any;
    }

    /// <summary><c>Targets:0:Nmae:x</c> up to the member of that name, as <c>Targets[0].Nmae</c>.</summary>
    private static string PlaceOf(string key, string name)
    {
        string[] parts = key.Split(':');
        int at = Array.FindIndex(parts, p => p.Equals(name, StringComparison.OrdinalIgnoreCase));
        return Place(string.Join(':', parts[..(at + 1)]));
    }

    private static void BindBrokers(IConfigurationSection section, GatewayConfiguration configuration, Problems problems)
    {
        if (section.Value is { Length: > 0 } || section.GetChildren().Any(c => !int.TryParse(c.Key, System.Globalization.CultureInfo.InvariantCulture, out _)))
            problems.Add(configuration.File, "Brokers", "expected a list of brokers, [ { \"Id\": …, \"Host\": … } ]");
        else
            foreach (var entry in section.GetChildren())
            {
                var broker = new BrokerOptions();
                // The binder adds to a list: what an attempt that failed left there must not stand there twice.
                Bind(entry, s => { broker.Topics.Clear(); s.Bind(broker, Strict); }, broker, new BrokerOptionsValidator(), configuration.File, problems);
                configuration.Brokers.Add(broker);
            }
    }

    private static void BindBureaus(IConfigurationSection section, GatewayConfiguration configuration, Problems problems)
    {
        if (section.Value is { Length: > 0 } || section.GetChildren().Any(c => !int.TryParse(c.Key, System.Globalization.CultureInfo.InvariantCulture, out _)))
            problems.Add(configuration.File, "Bureau", "expected a list of platforms, [ { \"Name\": …, \"Host\": … } ]");
        else
            foreach (var entry in section.GetChildren())
            {
                var bureau = new BureauOptions();
                Bind(entry, s => { bureau.Devices.Clear(); s.Bind(bureau, Strict); }, bureau, new BureauOptionsValidator(), configuration.File, problems);
                configuration.Bureau.Add(bureau);
            }
    }

    /// <summary>The binder's <c>Brokers:0:Port</c> as people write it: <c>Brokers[0].Port</c>.</summary>
    private static string Place(string path) => Index().Replace(path, "[$1]").Replace(':', '.');

    private static string Expected(string type) => type switch
    {
        "System.Int32" or "int" => "a whole number",
        "System.Boolean" or "bool" => "true or false",
        _ when type.EndsWith(nameof(AnonymousFrom), StringComparison.Ordinal) => "no, loopback or anywhere",
        _ => type,
    };

    private void CheckMeaning(Problems problems)
    {
        CheckMqtt(problems);
        CheckAddress("Hj212", Hj212.Address, problems);
        CheckAddress("Goyo", Goyo.Address, problems);
        CheckAddress("Tx101", Tx101.Address, problems);
        CheckAddress("Console", Console.Address, problems);
        UplinkCheck.Run(this, problems);
    }

    private void CheckAddress(string section, string address, Problems problems)
    {
        if (!System.Net.IPAddress.TryParse(address, out _)) problems.Add(File, $"{section}.Address", $"expected an IP address, saw \"{address}\"");
    }

    [GeneratedRegex(@"configuration value .*at '(?<path>[^']+)' to type '(?<type>[^']+)'")]
    private static partial Regex WrongType();

    [GeneratedRegex(@"^The (field )?\w+Options\.(?<path>\S+) (must be|field is required)")]
    private static partial Regex NamedMember();

    [GeneratedRegex(@":(\d+)")]
    private static partial Regex Index();

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Quoted();
}

[OptionsValidator]
internal sealed partial class GatewayOptionsValidator : IValidateOptions<GatewayOptions>;

[OptionsValidator]
internal sealed partial class ConsoleOptionsValidator : IValidateOptions<ConsoleOptions>;

[OptionsValidator]
internal sealed partial class MqttOptionsValidator : IValidateOptions<MqttOptions>;

[OptionsValidator]
internal sealed partial class BrokerOptionsValidator : IValidateOptions<BrokerOptions>;

[OptionsValidator]
internal sealed partial class SparkplugOptionsValidator : IValidateOptions<SparkplugOptions>;

[OptionsValidator]
internal sealed partial class Hj212OptionsValidator : IValidateOptions<Hj212Options>;

[OptionsValidator]
internal sealed partial class GoyoOptionsValidator : IValidateOptions<GoyoOptions>;

[OptionsValidator]
internal sealed partial class Tx101OptionsValidator : IValidateOptions<Tx101Options>;

[OptionsValidator]
internal sealed partial class StoreOptionsValidator : IValidateOptions<StoreOptions>;

[OptionsValidator]
internal sealed partial class HistoryOptionsValidator : IValidateOptions<HistoryOptions>;

[OptionsValidator]
internal sealed partial class UplinkOptionsValidator : IValidateOptions<UplinkOptions>;

[OptionsValidator]
internal sealed partial class PatrolOptionsValidator : IValidateOptions<PatrolOptions>;

[OptionsValidator]
internal sealed partial class BureauOptionsValidator : IValidateOptions<BureauOptions>;

/// <summary>A bus that is off needs no broker.</summary>
internal sealed class LiveBusOptionsValidator : IValidateOptions<LiveBusOptions>
{
    public ValidateOptionsResult Validate(string? name, LiveBusOptions options) => options.Enabled ? new EnabledBusValidator().Validate(name, options) : ValidateOptionsResult.Success;
}

[OptionsValidator]
internal sealed partial class EnabledBusValidator : IValidateOptions<LiveBusOptions>;
