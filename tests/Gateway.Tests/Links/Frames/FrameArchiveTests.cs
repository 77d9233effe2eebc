using System.Text.Json;
using Gateway.Diagnostics;
using Gateway.Domain.Alarms;
using Gateway.Domain.Configuration;
using Gateway.Domain.Rules;
using Gateway.Engine;
using Gateway.Engine.Views;
using Gateway.Links.Frames;
using Gateway.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Gateway.Tests.Links.Frames;

public sealed class FrameArchiveTests : IDisposable
{
    private static readonly LocalText Words = new("报警", "alarm");

    private readonly TempDirectory _folder = new();
    private readonly FakeClock _clock = new();
    private readonly FrameRings _rings = new();
    private readonly GatewayClock _time;
    private readonly FrameArchive _archive;

    public FrameArchiveTests()
    {
        _time = new GatewayClock(_clock);
        _archive = new FrameArchive(_rings, new TestSite().Ledger, _folder.File("frames"), _time, NullLogger<FrameArchive>.Instance);
        _archive.Start();
    }

    public void Dispose()
    {
        _archive.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Frames_from_half_a_minute_before_to_ten_seconds_after_an_alarm_are_kept()
    {
        var ring = _rings.OfConnection("goyo", "10.0.0.7");
        var other = _rings.OfConnection("goyo", "10.0.0.8");
        for (int second = 0; second < 60; second++)
        {
            ring.Add(FrameDirection.Received, [(byte)second], _time.NowMs() * 1000, second == 35 ? "crc" : "ok", "c1");
            other.Add(FrameDirection.Received, [99], _time.NowMs() * 1000, "ok", "c2");
            if (second == 40) Raise("a-1", "c1", AlarmState.Unacked);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
        await _archive.StopAsync();

        var kept = JsonSerializer.Deserialize(_archive.Read("a-1")!, FrameJson.Default.AlarmFrames)!;
        var only = Assert.Single(kept.Rings);
        Assert.Equal(("a-1", "c1", "goyo@10.0.0.7", "goyo"), (kept.Alarm, kept.Subject, only.Id, only.Protocol));
        Assert.Equal(Enumerable.Range(10, 41).Select(s => s.ToString("X2", null)), only.Frames.Select(f => f.Hex));
        Assert.Equal(("crc", "rx"), (only.Frames[25].Verdict, only.Frames[25].Direction));
        Assert.Equal(DateTimeOffset.Parse(only.Frames[25].At, null).ToUnixTimeMilliseconds(), kept.From.ToUnixTimeMilliseconds() + 25_000);
    }

    [Fact]
    public async Task Later_steps_of_an_alarm_and_alarms_without_a_wire_keep_nothing()
    {
        _rings.OfConnection("goyo", "10.0.0.7").Add(FrameDirection.Received, [1], _time.NowMs() * 1000, "ok", "c1");
        Raise("a-1", "c1", AlarmState.Acked);
        Raise("a-2", "c2", AlarmState.Unacked);
        await _archive.StopAsync();
        Assert.False(Directory.Exists(_folder.File("frames")));
    }

    [Fact]
    public async Task The_oldest_files_make_room()
    {
        _rings.OfConnection("goyo", "10.0.0.7").Add(FrameDirection.Received, [1], _time.NowMs() * 1000, "ok", "c1");
        Directory.CreateDirectory(_folder.File("frames"));
        for (int i = 0; i < FrameArchive.FilesMax + 5; i++)
        {
            string path = Path.Combine(_folder.File("frames"), $"old-{i:000}.json");
            await File.WriteAllTextAsync(path, "{}", TestContext.Current.CancellationToken);
            File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddDays(i));
        }
        Raise("a-1", "c1", AlarmState.Unacked);
        await _archive.StopAsync();
        Assert.Equal(FrameArchive.FilesMax, Directory.GetFiles(_folder.File("frames")).Length);
        Assert.NotNull(_archive.Read("a-1"));
        Assert.Null(_archive.Read("old-005"));
        Assert.NotNull(_archive.Read("old-006"));
    }

    [Fact]
    public async Task A_disk_that_refuses_is_counted()
    {
        await File.WriteAllTextAsync(_folder.File("frames"), "a file where the folder should be", TestContext.Current.CancellationToken);
        _rings.OfConnection("goyo", "10.0.0.7").Add(FrameDirection.Received, [1], _time.NowMs() * 1000, "ok", "c1");
        Raise("a-1", "c1", AlarmState.Unacked);
        await _archive.StopAsync();
        Assert.Equal(1, _archive.Missed);
    }

    [Theory]
    [InlineData("../state")]
    [InlineData("a/b")]
    [InlineData("")]
    [InlineData("none")]
    public void Nothing_but_an_alarm_that_was_kept_is_read(string id) => Assert.Null(_archive.Read(id));

    private void Raise(string id, string device, AlarmState state)
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(_time.NowMs());
        var alarm = new AlarmView(id, 1, 1, "crane-moment-alarm", Severity.High, new SubjectView(SubjectKind.Device, device, Words), Words, Words, state, null, null, at, state == AlarmState.Unacked ? at : at.AddSeconds(1), null, null, null, null, 1, 1, 1);
        _archive.Published(new PublishedTransition(1, "alarm", JsonSerializer.SerializeToUtf8Bytes(alarm, ViewJson.Default.AlarmView)));
    }
}
