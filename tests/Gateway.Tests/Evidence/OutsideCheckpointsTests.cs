using Gateway.Domain.Configuration;
using Gateway.Domain.Evidence;
using Gateway.Evidence;
using Gateway.Testing;
using Gateway.Uplink;
using Xunit;

namespace Gateway.Tests.Evidence;

public sealed class OutsideCheckpointsTests : IDisposable
{
    private const string Hash = "fffffffffffe00000000000123456789abcdef0123456789abcdef012345a5f0";
    private const string Words = "281474976710654,1,38780996791245,262788165756809,188900966474565,42480";

    private static readonly Checkpoint Known = new("gw-1", 1234, Hash, 1234, 1_770_000_000_000);

    private readonly TempDirectory _folder = new();
    private readonly Problems _problems = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_verify_exports_it_reads_again() => Reads(System.Text.Json.JsonSerializer.Serialize(CheckpointLine.Of(Known), EvidenceJson.Default.CheckpointLine));

    [Fact]
    public void The_line_of_lane_one_is_read_as_it_was_written()
    {
        var points = new PointEncoder("s1", "gw-1");
        points.Checkpoint(Known, 1235);
        Reads(System.Text.Encoding.UTF8.GetString(points.Lines));
    }

    [Theory]
    [InlineData("name,tags,time,at_ms,count,gateway,hash_0,hash_1,hash_2,hash_3,hash_4,hash_5,seq,site\ncheckpoint,,1770000000000235000,1770000000000,1234,gw-1,WORDS,1234,s1")]
    [InlineData("name,time,at_ms,count,gateway,hash_0,hash_1,hash_2,hash_3,hash_4,hash_5,seq,site\ncheckpoint,1770000000000235000,1770000000000,1234,gw-1,WORDS,1234,\"s,1\"")]
    [InlineData("#datatype,string,long,dateTime:RFC3339,long,long,string,long,long,long,long,long,long,long,string\n#group,false,false,false,false,false,true,false,false,false,false,false,false,false,true\n#default,_result,,,,,,,,,,,,,\n,result,table,_time,at_ms,count,gateway,hash_0,hash_1,hash_2,hash_3,hash_4,hash_5,seq,site\n,,0,2026-02-02T02:40:00Z,1770000000000,1234,gw-1,WORDS,1234,s1")]
    public void CSV_of_InfluxDB_is_read_by_its_header(string csv) => Reads(csv.Replace("WORDS", Words, StringComparison.Ordinal));

    [Fact]
    public void Series_of_VictoriaMetrics_are_put_together_by_their_time()
    {
        string[] words = Words.Split(',');
        string Series(string name, string value) => $$"""{"metric":{"__name__":"checkpoint_{{name}}","gateway":"gw-1","site":"s1"},"values":[7,{{value}}],"timestamps":[1760000000000,1770000000000]}""";
        var lines = words.Select((w, i) => Series($"hash_{i}", w)).Append(Series("seq", "1234")).Append(Series("count", "1234")).Append(Series("at_ms", "1.77e+12")).Append("""{"metric":{"__name__":"gateway_received"},"values":[1],"timestamps":[1]}""");
        Assert.Equal(Known, Read(string.Join('\n', lines)).Ours.Single(c => c.Seq == 1234));
        Assert.False(_problems.Any, string.Join('\n', _problems.Items));
    }

    [Fact]
    public void Checkpoints_of_other_gateways_and_other_measurements_are_passed_over()
    {
        var read = Read($"crane,site=s1,device=c1 load_t=1 1\n{Line("gw-2")}\n{Line("gw-1")}");
        Assert.Equal((1, 1), (read.Ours.Count, read.Others));
        Assert.False(_problems.Any);
    }

    [Theory]
    [InlineData("""{"gateway":"gw-1","seq":5}""", "line 1")]
    [InlineData("""{"gateway":"gw-1","seq":5,"hash":"abc"}""", "line 1")]
    [InlineData("""{"gateway":"gw-1","seq":0,"hash":"HASH"}""", "line 1")]
    [InlineData("""{"gateway":"gw-1","se""", "line 1")]
    [InlineData("seq,gateway,hash_0,hash_1,hash_2,hash_3,hash_4,hash_5\n5,gw-1,1.5,1,1,1,1,1", "line 2")]
    [InlineData("seq,gateway,hash_0,hash_1,hash_2,hash_3,hash_4,hash_5\n5,gw-1,1,1,1,1,1,99999", "line 2")]
    [InlineData("seq,gateway,hash_0,hash_1,hash_2,hash_3,hash_4,hash_5\n5,gw-1,1", "line 2")]
    [InlineData("checkpoint,gateway=gw-1 seq=5i", "line 1")]
    [InlineData("just words", "line 1")]
    public void What_is_no_checkpoint_is_a_problem_with_its_line(string text, string place)
    {
        Assert.Empty(Read(text.Replace("HASH", Hash, StringComparison.Ordinal)).Ours);
        Assert.Equal(place, Assert.Single(_problems.Items).Place);
    }

    private static string Line(string gateway) => $$"""{"gateway":"{{gateway}}","seq":1234,"hash":"{{Hash}}","count":1234,"atMs":1770000000000}""";

    private void Reads(string text)
    {
        Assert.Equal(Known, Assert.Single(Read(text).Ours));
        Assert.False(_problems.Any, string.Join('\n', _problems.Items));
    }

    private OutsideCheckpoints Read(string text)
    {
        string file = _folder.File("checkpoints");
        File.WriteAllText(file, text);
        var outside = new OutsideCheckpoints("gw-1", _problems);
        outside.Read(file);
        return outside;
    }
}
