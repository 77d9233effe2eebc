namespace Gateway.Domain.Configuration;

/// <summary>Collects every fault of a file before anyone is told, so that one look mends all of them.</summary>
public sealed class Problems
{
    private readonly List<Problem> _items = [];

    public IReadOnlyList<Problem> Items => _items;

    public bool Any => _items.Count > 0;

    public void Add(string file, string place, string text) => _items.Add(new Problem(file, place, text));
}

/// <summary>One fault: where it stands and what was expected there.</summary>
/// <param name="File">File name as the operator gave it.</param>
/// <param name="Place">JSON path (<c>devices[3].kind</c>) or <c>line 12, column 5</c>.</param>
/// <param name="Text">What was expected and what was seen.</param>
public sealed record Problem(string File, string Place, string Text)
{
    public override string ToString() => Place.Length == 0 ? $"{File}: {Text}" : $"{File}: {Place}: {Text}";
}
