using Gateway.Domain.Configuration;
using Gateway.Domain.Readings;

namespace Gateway.Domain.Rules;

/// <summary>Reads a rule pack (<c>rules/*.json</c>), or says everything that is wrong with it.</summary>
public static class RulePackReader
{
    private static readonly Dictionary<string, Severity> Severities = new(StringComparer.Ordinal)
    {
        ["low"] = Severity.Low, ["medium"] = Severity.Medium, ["high"] = Severity.High, ["critical"] = Severity.Critical,
    };

    private delegate Evaluator EvaluatorReader(JsonObjectReader o);

    private static readonly Dictionary<string, EvaluatorReader> Evaluators = new(StringComparer.Ordinal)
    {
        ["threshold"] = ReadThreshold,
        ["bit"] = o => new BitEvaluator(o.Identifier("field"), o.IntegerOrNull("bit", 0, 52) ?? Missing(o, "bit"), Delay(o, "onDelaySeconds"), Delay(o, "offDelaySeconds")),
        ["suspicion"] = o => new SuspicionEvaluator(o.OneOf("check", CheckKinds.ByWord, CheckKind.Frozen)),
        ["silent"] = _ => new SilentEvaluator(),
        ["bypass"] = o => new BypassEvaluator(Delay(o, "onDelaySeconds")),
        ["cause"] = o => new CauseEvaluator(o.Identifier("cause")),
        ["unregistered"] = _ => new UnregisteredEvaluator(),
        ["event"] = o => new EventEvaluator([.. o.Objects("any", required: true).Select(ReadLimit)]),
    };

    public static IReadOnlyList<Rule> Read(string file, ReadOnlyMemory<byte> utf8, Problems problems)
    {
        var root = JsonObjectReader.Parse(file, utf8, problems);
        if (root is null) return [];
        string pack = root.Identifier("pack"), version = root.Text("version");
        var rules = new List<Rule>();
        foreach (var o in root.Objects("rules", required: true)) rules.Add(ReadRule(o, pack, version));
        root.Done();
        return rules;
    }

    private static Rule ReadRule(JsonObjectReader o, string pack, string version)
    {
        string id = o.Identifier("id");
        var evaluate = o.OneOf("evaluator", Evaluators, _ => new SilentEvaluator());
        var rule = new Rule(id, pack, version, o.Texts("kinds"), o.Flag("safetyOnly", false), o.OneOf("severity", Severities, Severity.Medium),
            o.LocalText("title"), o.LocalText("advice"), o.TextOrNull("source"), evaluate(o)) { Latching = o.Flag("latching", false) };
        o.Done();
        return rule;
    }

    private static ThresholdEvaluator ReadThreshold(JsonObjectReader o)
    {
        var limit = ReadLimitOf(o);
        return new ThresholdEvaluator(o.Identifier("field"), limit.Above, limit.Below, o.Number("deadband", 0, 1e12, 0), Delay(o, "onDelaySeconds"), Delay(o, "offDelaySeconds"));
    }

    private static EventLimit ReadLimit(JsonObjectReader o)
    {
        var (above, below) = ReadLimitOf(o);
        var limit = new EventLimit(o.Identifier("field"), above, below);
        o.Done();
        return limit;
    }

    private static (double? Above, double? Below) ReadLimitOf(JsonObjectReader o)
    {
        double? above = o.NumberOrNull("above", -1e12, 1e12), below = o.NumberOrNull("below", -1e12, 1e12);
        if (above is null == below is null) o.Report("above", "expected exactly one of above and below");
        return (above, below);
    }

    private static int Delay(JsonObjectReader o, string name) => (int)Math.Round(o.Number(name, 0, 86_400, 0) * 1000);

    private static int Missing(JsonObjectReader o, string name)
    {
        if (!o.Has(name)) o.Report(name, "is missing");
        return 0;
    }
}
