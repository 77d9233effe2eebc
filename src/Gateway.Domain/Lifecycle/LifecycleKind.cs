namespace Gateway.Domain.Lifecycle;

/// <summary>What an entry of the lifecycle log says happened.</summary>
public enum LifecycleKind : byte
{
    Planned,
    Installed,
    Accepted,
    InService,
    Suspended,
    Resumed,
    Moved,
    Dismantled,

    /// <summary>Only as a correction: the entry it names is taken back.</summary>
    Withdrawn,
}

/// <summary>Where a device stands in its life. Required only in <see cref="InService"/>; excused in <see cref="Suspended"/>; in all others it is not in service.</summary>
public enum LifecycleState : byte
{
    /// <summary>Neither ledger nor log knows of it at that moment.</summary>
    None,
    Planned,
    Installed,
    Accepted,
    InService,
    Suspended,
    Moved,
    Dismantled,
}
