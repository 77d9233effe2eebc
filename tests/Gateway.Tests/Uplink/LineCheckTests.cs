using System.Text;
using Gateway.Uplink.Audit;
using Gateway.Uplink.Checking;
using Xunit;

namespace Gateway.Tests.Uplink;

public sealed class LineCheckTests
{
    private const long NowMs = 1_790_000_000_000;
    private const string Time = "1790000000000000000";

    [Theory]
    [InlineData("m v=1 " + Time)]
    [InlineData("m,a=b v=-1.5,w=4i,x=5u,y=t,z=FALSE " + Time)]
    [InlineData("m\\ n,a\\,b=c\\=d\\ e v\\ w=1e-3 " + Time)]
    [InlineData("m v=.5,w=5.,x=+3 " + Time)]
    [InlineData("m v=9223372036854775807i " + Time)]
    public void A_sound_line_is_sent_as_it_is(string line) => Assert.Equal((line, null), Run(line, victoria: true));

    [Theory]
    [InlineData("m v=NaN " + Time, LineFault.NotANumber)]
    [InlineData("m v=1,w=+Inf " + Time, LineFault.NotANumber)]
    [InlineData("m v=1x2 " + Time, LineFault.NotANumber)]
    [InlineData("m v=1e999 " + Time, LineFault.NotANumber)]
    [InlineData("m v= " + Time, LineFault.NotANumber)]
    [InlineData("m v=1.5i " + Time, LineFault.NotANumber)]
    [InlineData("m v=9223372036854775808i " + Time, LineFault.NotANumber)]
    [InlineData("m v=-5u " + Time, LineFault.NotANumber)]
    [InlineData("m v=. " + Time, LineFault.NotANumber)]
    [InlineData("m " + Time, LineFault.Malformed)]
    [InlineData("m v=1", LineFault.Malformed)]
    [InlineData("m v=1 soon", LineFault.Malformed)]
    [InlineData("m v=\"open " + Time, LineFault.Malformed)]
    [InlineData("m v=\"a\"b " + Time, LineFault.Malformed)]
    [InlineData(",a=b v=1 " + Time, LineFault.Malformed)]
    [InlineData("m,a=b\\", LineFault.Malformed)]
    [InlineData("", LineFault.Malformed)]
    public void A_line_a_store_would_drop_or_distort_is_set_aside_for_every_kind(string line, LineFault fault)
    {
        Assert.Equal(("", (LineFault?)fault), Run(line, victoria: true));
        Assert.Equal(("", (LineFault?)fault), Run(line, victoria: false));
    }

    [Fact]
    public void VictoriaMetrics_gets_no_texts_no_far_future_no_long_line_and_no_31_tags()
    {
        string future = $"m v=1 {(NowMs + 49 * 3_600_000) * 1_000_000}", tags = $"m{string.Concat(Enumerable.Range(0, 31).Select(i => $",t{i}=x"))} v=1 {Time}";
        string wide = $"m,t={new string('x', LineCheck.LineBytesMax)} v=1 {Time}";
        Assert.Equal(("", (LineFault?)LineFault.InTheFuture), Run(future, victoria: true));
        Assert.Equal(("", (LineFault?)LineFault.TooManyTags), Run(tags, victoria: true));
        Assert.Equal(("", (LineFault?)LineFault.TooLong), Run(wide, victoria: true));
        foreach (string line in (string[])[future, tags, wide]) Assert.Equal((line, null), Run(line, victoria: false));
        string text = $"m,a=b s=\"a, \\\"b\\\" =\",v=1,u=\"x\",w=2i {Time}";
        Assert.Equal(($"m,a=b v=1,w=2i {Time}", null), Run(text, victoria: true));
        Assert.Equal((text, null), Run(text, victoria: false));
        Assert.Equal(("", null), Run($"m s=\"only\" {Time}", victoria: true));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Good_lines_are_sent_whole_and_in_order_whatever_stands_between_them(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 200; round++)
        {
            string[] lines = [.. Enumerable.Range(0, random.Next(1, 9)).Select(i => (random.Next(3) switch { 0 => $"m v=NaN {Time}", 1 => $"m,i={i} s=\"t\",v={i} {Time}", _ => $"m,i={i} v={i} {Time}" }))];
            var check = new LineCheck(dropsTexts: true);
            var sent = check.Run(Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n"))), 0, NowMs, new PointCounts());
            Assert.Equal(lines.Where(l => !l.Contains("NaN", StringComparison.Ordinal)).Select(l => l.Replace("s=\"t\",", "", StringComparison.Ordinal)), Encoding.UTF8.GetString(sent.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries));
            Assert.Equal(lines.Count(l => l.Contains("NaN", StringComparison.Ordinal)), check.Refused.Count);
            Assert.Equal(lines.Count(l => l.Contains("\"t\"", StringComparison.Ordinal)), check.TextsDropped);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Whatever_the_bytes_are_the_check_comes_to_an_end_and_loses_none_of_them(int seed)
    {
        var random = new Random(seed);
        byte[] alphabet = "m,= \\\"\n1.eiNa"u8.ToArray();
        for (int round = 0; round < 20_000; round++)
        {
            byte[] noise = random.GetItems(alphabet, random.Next(1, 40));
            var check = new LineCheck(dropsTexts: false);
            var sent = check.Run(noise, 0, NowMs, new PointCounts());
            Assert.Equal(noise.Count(b => b != '\n'), Encoding.Latin1.GetString(sent.Span).Count(c => c != '\n') + check.Refused.Sum(r => r.Line.Count(b => b != '\n')));
        }
    }

    [Fact]
    public void Points_are_counted_by_measurement_field_and_hour_and_a_repeat_only_once()
    {
        long hourMs = NowMs / 3_600_000 * 3_600_000;
        string a = $"crane,device=a load_t=1,name=\"x\",seq=2i {Ns(hourMs)}", b = $"crane,device=b load_t=1 {Ns(hourMs)}", later = $"crane,device=a load_t=1,seq=3i {Ns(hourMs + 3_600_000)}";
        var counts = new PointCounts();
        var check = new LineCheck(dropsTexts: false);
        check.Run(Encoding.UTF8.GetBytes($"{a}\n{b}\n{a}\n{later}\n"), 100, NowMs, counts);

        Assert.Equal((2, 1, 100, 103), Tally(counts, "load_t", "seq", hourMs));
        Assert.Equal((1, 1, 103, 104), Tally(counts, "load_t", "seq", hourMs + 3_600_000));
        check.Uncount(counts, Encoding.UTF8.GetBytes(b + "\n"), 101);
        Assert.Equal((1, 1, 100, 103), Tally(counts, "load_t", "seq", hourMs));

        // The same lines once more, because the target lost them, are no repeats.
        var again = new PointCounts();
        check.Run(Encoding.UTF8.GetBytes($"{a}\n{b}\n"), 100, NowMs, again);
        Assert.Equal((2, 1, 100, 102), Tally(again, "load_t", "seq", hourMs));
    }

    [Fact]
    public void For_a_store_of_milliseconds_two_points_in_one_are_expected_once()
    {
        string lines = $"m v=1 {NowMs}000000\nm v=2 {NowMs}400000\nm v=3 {NowMs + 1}000000\n";
        Assert.Equal(2, Points(victoria: true));
        Assert.Equal(3, Points(victoria: false));

        long Points(bool victoria)
        {
            var counts = new PointCounts();
            new LineCheck(victoria).Run(Encoding.UTF8.GetBytes(lines), 0, NowMs, counts);
            return Assert.Single(counts.All).Tally.Points;
        }
    }

    private static string Ns(long ms) => $"{ms}000000";

    private static (long, long, long, long) Tally(PointCounts counts, string one, string other, long hourMs)
    {
        var hour = counts.All.Where(t => t.HourMs == hourMs).ToList();
        return (Points(one), Points(other), hour.Min(t => t.Tally.FromLine), hour.Max(t => t.Tally.ToLine));

        long Points(string field) => hour.Where(t => t.Shape.Measurement == "crane" && t.Shape.Fields.Contains(field)).Sum(t => t.Tally.Points);
    }

    private static (string Sent, LineFault? Fault) Run(string line, bool victoria)
    {
        var check = new LineCheck(victoria);
        string sent = Encoding.UTF8.GetString(check.Run(Encoding.UTF8.GetBytes(line + "\n"), 0, NowMs, null).Span).TrimEnd('\n');
        return (sent, check.Refused.Count == 0 ? null : check.Refused[0].Fault);
    }
}
