using System.Text;
using System.Text.Json;
using Gateway.Domain.Evidence;
using Gateway.Evidence;
using Gateway.Store;
using Gateway.Testing;
using Gateway.Tests.Store;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>What the engine writes into the chain about the chain, the clock and itself.</summary>
public sealed class EvidenceStageTests : IDisposable
{
    private readonly TempDirectory _folder = new();
    private readonly FakeClock _clock = new(DateTimeOffset.FromUnixTimeMilliseconds(TestSite.Ten));

    private string State => _folder.File("state.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_new_chain_gets_a_checkpoint_after_a_minute_then_every_hour_and_at_the_end()
    {
        using (var rig = Start())
        {
            await rig.PassAsync(59);
            Assert.Empty(Checkpoints());
            await rig.PassAsync(1);
            Assert.Equal(["first"], Checkpoints().Select(c => c.Reason));
            await rig.PassAsync(3_599);
            Assert.Single(Checkpoints());
            await rig.PassAsync(1);
            await rig.PassAsync(3_600);
        }
        Assert.Equal(["first", "hour", "hour", "shutdown"], Checkpoints().Select(c => c.Reason));
        Assert.Equal(["shutdown", "checkpoint"], JournalCheck.Verify(State).TakeLast(2).Select(r => r.Kind));
        var report = StateVerifier.Verify(State, TestSite.GatewayId, []);
        Assert.Equal((ChainVerdict.Whole, 4), (report.Verdict, report.Inside.Count));
        Assert.All(Checkpoints(), c => Assert.Equal(c.Seq, c.Count));
    }

    [Fact]
    public async Task The_hour_goes_on_over_a_restart()
    {
        using (var rig = Start()) await rig.PassAsync(3_000);
        _clock.Advance(TimeSpan.FromSeconds(1_800));
        using (var rig = Start())
        {
            await rig.PassAsync(1_790);
            Assert.Equal(["first", "shutdown"], Checkpoints().Select(c => c.Reason));
            await rig.PassAsync(10);
            Assert.Equal("hour", Checkpoints()[^1].Reason);
        }
    }

    [Fact]
    public async Task Each_checkpoint_is_in_lane_one_and_can_be_held_against_the_chain()
    {
        using (var rig = Start())
        {
            await rig.PassAsync(60);
            await rig.Stage.CheckpointAsync("stopping");
        }
        using var reader = new StateReader(State);
        var (lines, _, _) = reader.LaneOne(0, 1_000);
        string file = _folder.File("lines");
        File.WriteAllText(file, string.Join('\n', Encoding.UTF8.GetString(lines).Split('\n').Where(l => l.StartsWith("checkpoint,", StringComparison.Ordinal))));
        var problems = new Domain.Configuration.Problems();
        var outside = new OutsideCheckpoints(TestSite.GatewayId, problems);
        outside.Read(file);

        Assert.False(problems.Any, string.Join('\n', problems.Items));
        var report = StateVerifier.Verify(State, TestSite.GatewayId, outside.Ours);
        Assert.Equal((ChainVerdict.Whole, 3, report.LastSeq - 1), (report.Verdict, report.Matched, report.PinnedSeq));
    }

    [Fact]
    public async Task A_step_of_the_wall_clock_is_a_row_and_its_fine_tuning_is_not()
    {
        using var rig = Start();
        _clock.StepWall(TimeSpan.FromMilliseconds(900));
        await rig.PassAsync(2);
        _clock.StepWall(TimeSpan.FromHours(-2));
        await rig.PassAsync(2);
        await rig.PassAsync(2);
        _clock.StepWall(TimeSpan.FromHours(2));
        await rig.PassAsync(2);

        var steps = JournalCheck.Verify(State).Where(r => r.Kind == "clock").Select(r => JsonDocument.Parse(r.Body).RootElement).ToList();
        Assert.Equal([-7_199_100L, 7_200_000], steps.Select(s => s.GetProperty("stepMs").GetInt64()));
        Assert.Equal([-7_199_100L, 900], steps.Select(s => s.GetProperty("skewMs").GetInt64()));
    }

    private StageRig Start()
    {
        var rig = new StageRig(_folder.Path, _clock, targets: ["t"]);
        rig.Stage.Start();
        return rig;
    }

    private List<CheckpointRow> Checkpoints() =>
        [.. JournalCheck.Verify(State).Where(r => r.Kind == "checkpoint").Select(r => JsonSerializer.Deserialize(r.Body, Gateway.Engine.Views.ViewJson.Default.CheckpointRow)!)];
}
