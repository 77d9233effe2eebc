using System.Text;

namespace Gateway.Links.Mqtt.Access;

/// <summary>Many filters, asked whether a name falls under any: the cost grows with the depth of the name and not with their number. Immutable once filled.</summary>
internal sealed class FilterTree
{
    private readonly Level _root = new();

    /// <param name="filters">None of them begins with a wildcard: these are topics of devices.</param>
    public FilterTree(IEnumerable<string> filters)
    {
        foreach (string filter in filters)
        {
            var level = _root;
            foreach (string name in filter.Split('/')) level = level.Down(name);
            level.IsEnd = true;
        }
    }

    public bool Matches(ReadOnlySpan<byte> topic) => Matches(_root, Encoding.UTF8.GetString(topic).Split('/'), 0);

    private static bool Matches(Level level, string[] path, int depth)
    {
        if (level.Children.TryGetValue("#", out _)) return true;
        if (depth == path.Length) return level.IsEnd;
        return (level.Children.TryGetValue(path[depth], out var same) && Matches(same, path, depth + 1))
            || (level.Children.TryGetValue("+", out var any) && Matches(any, path, depth + 1));
    }

    private sealed class Level
    {
        public Dictionary<string, Level> Children { get; } = new(StringComparer.Ordinal);

        public bool IsEnd { get; set; }

        public Level Down(string name)
        {
            if (!Children.TryGetValue(name, out var child)) Children.Add(name, child = new Level());
            return child;
        }
    }
}
