namespace Gateway.Store;

/// <summary>What the chain says of earlier runs.</summary>
public sealed partial class StateStore
{
    /// <summary>Whether a start was ever journalled.</summary>
    public bool EverBooted() => Statement("SELECT count(*) FROM (SELECT 1 FROM journal WHERE kind = 'boot' LIMIT 1)").Number() == 1;
}
