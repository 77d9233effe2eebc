using System.Net.Http.Headers;
using System.Text;

namespace Gateway.Uplink.Sending;

/// <summary>The token or password of a target. One that stands in a file may be replaced while we run: the file is read again, at most once a second and after a refusal.</summary>
/// <remarks>Safe for several threads. A file that is missing or empty at that moment changes nothing, and <see cref="Fault"/> says so.</remarks>
public sealed class TargetCredentials(UplinkTargetOptions options, TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private string _token = options.TokenFile is null ? options.Token ?? "" : "";
    private long? _lookedAt;

    /// <summary>What is wrong with the file now, or null.</summary>
    public string? Fault { get; private set; }

    public AuthenticationHeaderValue? Current()
    {
        lock (_gate)
        {
            if (_lookedAt is not { } at || time.GetElapsedTime(at) >= LookEvery) Look();
            return Header();
        }
    }

    /// <summary>The target refused them.</summary>
    /// <returns>True when there are others now: ask again at once.</returns>
    public bool Refused()
    {
        lock (_gate)
        {
            string before = _token;
            Look();
            return _token != before;
        }
    }

    private void Look()
    {
        _lookedAt = time.GetTimestamp();
        if (options.TokenFile is not { } file) return;
        try
        {
            string token = File.ReadAllText(file).Trim();
            Fault = token.Length == 0 ? $"TokenFile: {file} is empty, the token before it stays in use" : null;
            if (token.Length > 0) _token = token;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            Fault = $"TokenFile: {unreadable.Message}; the token before it stays in use";
        }
    }

    private AuthenticationHeaderValue? Header() => options.Kind switch
    {
        TargetKind.InfluxV1 when options.User is { } user => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{_token}"))),
        TargetKind.InfluxV1 => null,
        _ when _token.Length == 0 => null,
        TargetKind.InfluxV3 => new("Bearer", _token),
        _ => new("Token", _token),
    };
}
