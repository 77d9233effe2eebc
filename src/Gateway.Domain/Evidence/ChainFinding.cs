using Gateway.Domain.Configuration;

namespace Gateway.Domain.Evidence;

/// <summary>What can be wrong with a chain, in the words of the report.</summary>
public enum ChainFault : byte
{
    /// <summary>Rows are missing in between.</summary>
    Gap,

    /// <summary>Rows do not fit their hash, or a column is not of its type.</summary>
    Altered,

    /// <summary>The stored hash was changed; the row behind proves the content.</summary>
    HashAltered,

    /// <summary>All fits, but an outside checkpoint says that it was otherwise.</summary>
    Rewritten,

    /// <summary>An outside checkpoint knows rows behind the end.</summary>
    CutTail,

    /// <summary>A row names another gateway.</summary>
    Foreign,

    /// <summary>A checkpoint row contradicts the rows before it.</summary>
    Checkpoint,

    /// <summary>A table made from the chain says something else than the chain.</summary>
    Derived,

    /// <summary>The file cannot be read any further.</summary>
    Unreadable,

    /// <summary>A row is older than the one before it: the clock was set back, or another process wrote in between. A note.</summary>
    Order,
}

/// <summary>One thing a person must know, and where.</summary>
/// <param name="From">First row concerned.</param>
/// <param name="To">Last row concerned.</param>
/// <param name="Declared">A <c>damage</c> row of the chain itself admits it.</param>
public sealed record ChainFinding(ChainFault Fault, long From, long To, LocalText Text, bool Declared = false)
{
    /// <summary>Worth saying, but nothing is wrong.</summary>
    public bool IsNote => Fault == ChainFault.Order;
}
