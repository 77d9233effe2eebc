using Gateway.Store;
using Microsoft.Extensions.Logging;

namespace Gateway.Links.Mqtt.Access;

/// <summary>What has to be looked at while the gateway runs: passwords another process sets, failures that wait to be told.</summary>
public sealed partial class MqttAccess
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private bool _unreadable;

    /// <summary>Runs until cancelled.</summary>
    public async Task WatchAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(LookEvery, _clock.Time);
        Log.Serving(_log, _logins.All.Count, _passwords.Count, _options.Anonymous);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            Look();
            // Not waited for: a disk that takes no writes must not keep a removed password in force.
            _ = _failures.TellDueAsync();
        }
    }

    /// <summary>Takes up passwords that were set, changed or removed.</summary>
    public void Look()
    {
        try
        {
            var changed = _passwords.Refresh();
            if (_unreadable) Log.ReadableAgain(_log);
            _unreadable = false;
            if (changed.Count == 0) return;
            Tell(changed);
        }
        catch (StoreException refused)
        {
            if (!_unreadable) Log.Unreadable(_log, refused.Message);
            _unreadable = true;
        }
    }

    private void Tell(IReadOnlySet<string> changed)
    {
        _taken = Taken();
        if (changed.Count > 0) Log.Changed(_log, changed.Count, string.Join(", ", changed.Take(5)));
        Changed?.Invoke(changed);
    }

    private static partial class Log
    {
        [LoggerMessage(2020, LogLevel.Information, "MQTT: {Logins} devices and clients may sign in, {Passwords} of them have a password; anonymous clients from: {Anonymous}")]
        public static partial void Serving(ILogger log, int logins, int passwords, AnonymousFrom anonymous);

        [LoggerMessage(2021, LogLevel.Information, "MQTT: passwords of {Count} devices or clients changed: {Ids}")]
        public static partial void Changed(ILogger log, int count, string ids);

        [LoggerMessage(2022, LogLevel.Warning, "MQTT: sign-in as \"{Name}\" from {Address} refused: {Why}")]
        public static partial void Refused(ILogger log, string name, string address, string why);

        [LoggerMessage(2023, LogLevel.Warning, "MQTT: client certificate from {Address} refused: {What}")]
        public static partial void BadCertificate(ILogger log, string address, string what);

        [LoggerMessage(2024, LogLevel.Warning, "MQTT: passwords cannot be read, those known stay in force: {Reason}")]
        public static partial void Unreadable(ILogger log, string reason);

        [LoggerMessage(2025, LogLevel.Information, "MQTT: passwords can be read again")]
        public static partial void ReadableAgain(ILogger log);
    }
}
