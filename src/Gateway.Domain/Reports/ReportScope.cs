using Gateway.Domain.Compliance;

namespace Gateway.Domain.Reports;

/// <summary>Over what figures are summed.</summary>
public enum ScopeKind : byte { Site, Class, Enterprise, Device }

/// <summary>The figures of a site, class, enterprise or device.</summary>
/// <param name="Key">Id of what it is; empty for devices without an enterprise.</param>
public sealed record ReportScope(ScopeKind Kind, string Key, Tally Tally, IReadOnlyList<FigureValue> Figures);
