using Gateway.Domain.Alarms;

namespace Gateway.Engine;

/// <summary>What people see on their daily patrol.</summary>
public sealed partial class SiteEngine
{
    /// <summary>Cause of the rules that a fault seen on patrol raises.</summary>
    public const string PatrolCause = "patrol";

    /// <summary>Somebody looked at a device: a fault raises an alarm on it, and only a later look without one ends it.</summary>
    public void Patrolled(string device, bool fault, string? note, long atMs)
    {
        var subject = new AlarmSubject(SubjectKind.Device, device);
        foreach (var rule in RulesFor(PatrolCause))
        {
            bool standing = _alarms.Find(subject, rule.Id) is { Standing: true };
            if (fault && !standing) _alarms.Raise(rule, subject, atMs, cause: note);
            else if (!fault && standing) _alarms.Return(rule.Id, subject, atMs);
        }
    }
}
