namespace Gateway.Links.Serial;

/// <summary>Why a port cannot be used, by what somebody would do about it.</summary>
internal enum SerialFaultKind
{
    /// <summary>Nothing at that path: plug it in; retried.</summary>
    NoSuchDevice,

    /// <summary>The service's user may not open it: add the user to the port's group; retried.</summary>
    PermissionDenied,

    /// <summary>Somebody else has it: stop the other program; retried.</summary>
    Busy,

    /// <summary>The path leads to something else: correct the configuration; retried.</summary>
    NotASerialPort,

    /// <summary>The driver does not do the rate or framing: correct the configuration; retried.</summary>
    SettingsRefused,

    /// <summary>It was open and went away: unplugged; reopened.</summary>
    Lost,

    /// <summary>It takes no bytes any more: a hung adapter; reopened.</summary>
    Stuck,

    /// <summary>The converter behind a TCP address does not answer: its power, its network; retried.</summary>
    Unreachable,

    /// <summary>Anything else the system said; reopened.</summary>
    Failed,
}
