using System.ComponentModel.DataAnnotations;
using Gateway.Access;

namespace Gateway.Service.LiveConsole.Access;

/// <summary>Who comes in without an account, and for how long with one; set from section <c>Console</c>.</summary>
public sealed class AccessOptions
{
    /// <summary>Whether reading (role viewer) needs no identity from this machine itself. Default off. A request that a proxy passed on never counts as coming from here.</summary>
    public bool AnonymousRead { get; set; }

    /// <summary>Whether <see cref="AnonymousRead"/> holds for every address, such as on a closed site network with a screen on the wall. Default off.</summary>
    public bool AnonymousReadFromAnywhere { get; set; }

    /// <summary>How long a session lives without a request, hours. Default 12: a shift, so that nobody signs in twice a day and a forgotten one is gone tomorrow.</summary>
    [Range(1, 24 * 30)]
    public int SessionHours { get; set; } = 12;

    /// <summary>Iterations of PBKDF2 for new passwords; older ones with fewer are renewed at the next sign-in. Default 600 000 (OWASP); more as machines get faster.</summary>
    [Range(PasswordHash.IterationsNow, 100_000_000)]
    public int PasswordIterations { get; set; } = PasswordHash.IterationsNow;

    internal long SessionMs => SessionHours * 3_600_000L;
}
