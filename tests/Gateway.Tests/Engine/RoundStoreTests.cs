using Gateway.Engine;
using Gateway.Ingest;
using Gateway.Store;
using Gateway.Store.Damage;
using Gateway.Testing;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>A store beside the engine's own: it commits before the round is acknowledged and is told afterwards.</summary>
public sealed class RoundStoreTests : IDisposable
{
    private readonly TempDirectory _folder = new();
    private readonly FakeClock _clock = new(DateTimeOffset.FromUnixTimeMilliseconds(TestSite.Ten));
    private readonly List<string> _happened = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nothing_of_a_round_is_acknowledged_before_every_store_has_it()
    {
        var beside = new RefusingRoundStore(_happened, refusals: 2);
        using var rig = new StageRig(_folder.Path, _clock, beside: beside);
        rig.Stage.Start();
        beside.HasWork = true;
        rig.Say("c1", """{"seq":1,"load_t":1}""", new NotedSink(_happened), token: 1);
        for (int i = 0; i < 2; i++) await rig.SettledAsync();
        Assert.Equal(["refused", "refused", "committed", "acknowledged 1", "flushed", "published"], _happened);
        Assert.Null(rig.Stage.StoreFault);
        Assert.Single(rig.Lines());
    }

    [Fact]
    public async Task A_store_without_work_is_left_alone()
    {
        using var rig = new StageRig(_folder.Path, _clock, beside: new RefusingRoundStore(_happened, refusals: 9));
        rig.Stage.Start();
        rig.Say("c1", """{"seq":1,"load_t":1}""", new NotedSink(_happened), token: 1);
        await rig.SettledAsync();
        Assert.Equal(["acknowledged 1", "flushed"], _happened);
    }

    /// <summary>Refuses so often and then works; called on the engine's thread only.</summary>
    private sealed class RefusingRoundStore(List<string> happened, int refusals) : IRoundStore
    {
        private int _left = refusals;

        public string Name => "beside.db";

        public FileDamage? Damage => null;

        public bool HasWork { get; set; }

        public void GiveBack()
        {
        }

        public FileDamage Repair(string found, DateTimeOffset now, Action alive) => throw new NotSupportedException("nothing here is damaged");

        public void Commit()
        {
            happened.Add(_left > 0 ? "refused" : "committed");
            if (_left-- > 0) throw new StoreException(13, "database or disk is full");
            HasWork = false;
        }

        public void Publish() => happened.Add("published");
    }

    private sealed class NotedSink(List<string> happened) : IAcknowledge
    {
        public bool Committed(long token)
        {
            happened.Add($"acknowledged {token}");
            return true;
        }

        public void Flush() => happened.Add("flushed");
    }
}
