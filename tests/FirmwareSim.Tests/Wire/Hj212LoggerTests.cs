using System.Text;
using FirmwareSim.Devices;
using FirmwareSim.Machines;
using FirmwareSim.Wire.Hj212;

namespace FirmwareSim.Tests.Wire;

public sealed class Hj212LoggerTests
{
    private readonly HandClock _clock = new();
    private readonly Device _device;
    private readonly LoggerMemory _memory;
    private readonly LoggerDesk _desk;

    public Hj212LoggerTests()
    {
        _device = new Device("dust-9", DeviceKind.Dust, LinkKind.Hj212, _clock);
        var site = new SiteClock(_clock);
        _memory = new LoggerMemory(new Sensor<DustSample>(_device, new DustStation(new Random(1), new Weather(1, site.StartHour), 1, 0.75), site));
        _desk = new LoggerDesk(_memory, "123456", "NB0203000000000000000021");
    }

    [Fact]
    public void Minutes_are_kept_without_anybody_listening_and_told_when_asked_for()
    {
        var from = _memory.StartOf(_memory.DeviceTime);
        for (int i = 0; i < 60; i++)
        {
            _memory.Measure();
            _clock.Advance(5);
        }
        var frames = Ask(2051, $"BeginTime={Stamp(from)};EndTime={Stamp(from.AddMinutes(10))}");

        Assert.Contains("QnRtn=1", frames[0], StringComparison.Ordinal);
        Assert.Contains("ExeRtn=1", frames[^1], StringComparison.Ordinal);
        Assert.InRange(frames.Count, 6, 7);
        Assert.All(frames[1..^1], f => Assert.Matches("^##[0-9]{4}QN=20260305100000000;ST=39;CN=2051;.*DataTime=[0-9]{14};a34001-Min=.*-Avg=.*-Max=.*,a34001-Flag=N", f));
    }

    [Theory]
    [InlineData(2051, "BeginTime=20200101000000;EndTime=20200102000000", "ExeRtn=100")]
    [InlineData(2051, "BeginTime=x;EndTime=y", "ExeRtn=3")]
    [InlineData(1062, "RtdInterval=60", "ExeRtn=1")]
    [InlineData(1062, "RtdInterval=5", "ExeRtn=3")]
    [InlineData(1064, "MinInterval=10", "ExeRtn=1")]
    [InlineData(1064, "MinInterval=7", "ExeRtn=3")]
    [InlineData(1072, "NewPW=1", "QnRtn=8")]
    public void A_request_ends_with_its_result(int cn, string cp, string result) => Assert.Contains(result, Ask(cn, cp)[^1], StringComparison.Ordinal);

    [Fact]
    public void Its_clock_is_right_after_it_was_set()
    {
        _device.Effects.Start(EffectKind.ClockDrift, lasts: null, value: 300);
        Ask(1012, $"SystemTime={Stamp(_clock.GetUtcNow())}");

        Assert.InRange((_memory.DeviceTime - _clock.GetUtcNow()).TotalSeconds, -1, 1);
    }

    [Fact]
    public void Every_sin_is_the_frame_with_one_thing_wrong()
    {
        byte[] frame = Hj212Frame.Wrap("QN=1;CN=2011;CP=&&&&");
        string good = Encoding.ASCII.GetString(frame);
        Assert.Equal(frame, Hj212Sins.Commit(_device.Effects, frame));

        Assert.Equal(good[..26], With(EffectKind.WrongCrc)[..26]);
        Assert.NotEqual(good[26..30], With(EffectKind.WrongCrc)[26..30]);
        Assert.Equal("##0033" + good[6..], With(EffectKind.LyingLength));
        Assert.EndsWith(good, With(EffectKind.ForeignBytes), StringComparison.Ordinal);
        Assert.True(With(EffectKind.ForeignBytes).Length > good.Length);

        string With(EffectKind sin)
        {
            _device.Effects.Clear();
            _device.Effects.Start(sin);
            return Encoding.ASCII.GetString(Hj212Sins.Commit(_device.Effects, frame));
        }
    }

    private List<string> Ask(int cn, string cp) =>
        [.. _desk.Answer(Hj212Command.Parse($"QN=20260305100000000;ST=39;CN={cn};PW=123456;MN=NB0203000000000000000021;Flag=5;CP=&&{cp}&&")!).Select(Encoding.ASCII.GetString)];

    private static string Stamp(DateTimeOffset time) => Hj212Frame.RequestNumber(time)[..14];
}
