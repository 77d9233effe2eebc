using Gateway.Domain.Evidence;
using Xunit;
using static Gateway.Domain.Tests.Evidence.ChainBuilder;

namespace Gateway.Domain.Tests.Evidence;

public sealed class ChainWalkTests
{
    [Fact]
    public void A_chain_nobody_touched_is_whole()
    {
        var chain = Chain(100);
        var report = Walk(chain, At(chain, 29), At(chain, 98));

        Assert.Equal(ChainVerdict.Whole, report.Verdict);
        Assert.Empty(report.Findings);
        Assert.Equal((100, 100, chain[^1].HashText, true), (report.Rows, report.LastSeq, report.LastHash, report.Bound));
        Assert.Equal((2, 2, 99), (report.Outside, report.Matched, report.PinnedSeq));
        Assert.Equal([10L, 20, 30, 40, 50, 60, 70, 80, 90], report.Inside.Select(c => c.Seq));
    }

    [Fact]
    public void An_empty_chain_is_whole_and_bound_to_nobody() => Assert.Equal((ChainVerdict.Whole, false, 0), (Walk([]).Verdict, Walk([]).Bound, Walk([]).LastSeq));

    [Fact]
    public void One_altered_row_is_one_finding_that_names_it()
    {
        var chain = Chain(50);
        chain[22] = chain[22] with { Body = """{"id":"a1","value":-1}""" };

        var finding = Assert.Single(Walk(chain).Findings);

        Assert.Equal((ChainFault.Altered, 23, 23), (finding.Fault, finding.From, finding.To));
        Assert.Contains("27 rows behind", finding.Text.En, StringComparison.Ordinal);
    }

    [Fact]
    public void With_checkpoints_around_it_is_certain_that_the_content_was_altered()
    {
        var chain = Chain(50);
        var (before, behind) = (At(chain, 21), At(chain, 40));
        chain[22] = chain[22] with { AtMs = chain[22].AtMs + 1 };

        Assert.StartsWith("row 23: time, kind or body were altered", Assert.Single(Walk(chain, before, behind).Findings).Text.En, StringComparison.Ordinal);
        Assert.Contains("or the row right before", Assert.Single(Walk(chain, behind).Findings).Text.En, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hash_that_was_altered_is_told_from_a_content_that_was()
    {
        var chain = Chain(50);
        chain[22] = chain[22] with { Hash = [.. chain[22].Hash.Reverse()] };
        var finding = Assert.Single(Walk(chain).Findings);
        Assert.Equal((ChainFault.HashAltered, 23), (finding.Fault, finding.From));
    }

    [Fact]
    public void Missing_rows_are_named_from_and_to_and_what_is_behind_them_is_checked()
    {
        var chain = Chain(60);
        chain[42] = chain[42] with { Body = "{}" };
        chain.RemoveRange(10, 5);
        chain.RemoveAt(0);

        Assert.Equal([(ChainFault.Gap, 1, 1), (ChainFault.Gap, 11, 15), (ChainFault.Altered, 43, 43)], Walk(chain).Findings.Select(f => (f.Fault, f.From, f.To)));
    }

    [Fact]
    public void Rows_removed_and_the_rest_chained_on_across_the_hole_are_still_missing()
    {
        var chain = Chain(60);
        chain.RemoveRange(11, 5);
        Recompute(chain, 11);
        var gap = Walk(chain).Findings[0];
        Assert.Equal((ChainFault.Gap, 12, 16), (gap.Fault, gap.From, gap.To));
        Assert.Contains("chained on across the hole", gap.Text.En, StringComparison.Ordinal);
    }

    [Fact]
    public void Rewritten_history_is_found_by_one_checkpoint_outside_and_by_none_inside()
    {
        var chain = Chain(40, checkpointEvery: 1_000);
        var (early, late) = (At(chain, 9), At(chain, 35));
        chain[20] = chain[20] with { Body = "{}" };
        Recompute(chain, 20);

        Assert.Equal(ChainVerdict.Whole, Walk(chain).Verdict);
        Assert.Equal(ChainVerdict.Whole, Walk(chain, early).Verdict);
        var finding = Assert.Single(Walk(chain, late, early).Findings);
        Assert.Equal((ChainFault.Rewritten, 11, 36), (finding.Fault, finding.From, finding.To));
    }

    [Fact]
    public void A_tail_recomputed_over_a_checkpoint_row_contradicts_it()
    {
        var chain = Chain(40);
        chain[20] = chain[20] with { Kind = "gap" };
        chain[15] = chain[15] with { Body = "{}" };
        Recompute(chain, 15);
        Assert.Contains(Walk(chain).Findings, f => f is { Fault: ChainFault.Checkpoint, From: 31 });
    }

    [Fact]
    public void A_cut_tail_is_found_by_a_checkpoint_that_knows_what_was_there()
    {
        var chain = Chain(40);
        var outside = At(chain, 37);
        chain.RemoveRange(30, 10);

        Assert.Equal(ChainVerdict.Whole, Walk(chain).Verdict);
        var finding = Assert.Single(Walk(chain, outside).Findings);
        Assert.Equal((ChainFault.CutTail, 31, 38), (finding.Fault, finding.From, finding.To));
    }

    [Fact]
    public void A_chain_of_another_gateway_is_foreign_however_well_it_fits()
    {
        var findings = Walk(Chain(15, gateway: "gw-2")).Findings;
        Assert.Equal([(ChainFault.Foreign, 1L), (ChainFault.Foreign, 11L)], findings.Select(f => (f.Fault, f.From)));
        Assert.All(findings, f => Assert.Contains("gw-2", f.Text.En, StringComparison.Ordinal));
    }

    [Fact]
    public void A_clock_set_back_is_a_note_and_no_fault()
    {
        var chain = Chain(5);
        Append(chain, "audit", "{}", atMs: 1_000);
        Append(chain, "audit", "{}", atMs: 2_000);
        var report = Walk(chain);
        Assert.Equal(ChainVerdict.Whole, report.Verdict);
        Assert.Equal((ChainFault.Order, 6L, true), (report.Findings[0].Fault, report.Findings[0].From, report.Findings[0].IsNote));

        for (int i = 0; i < 3_000; i++) Append(chain, "audit", "{}", atMs: 5_000 - i % 2);
        report = Walk(chain);
        Assert.Equal((ChainVerdict.Whole, 1, 0), (report.Verdict, report.Findings.Count, report.LeftOut));
    }

    /// <summary>The store lost rows and says so: a hole in the middle whose numbers stay free, and a tail whose numbers are used again.</summary>
    [Fact]
    public void A_loss_the_chain_declares_is_reported_as_declared()
    {
        var chain = Chain(60);
        var (inside, lost) = (At(chain, 19), At(chain, 57));
        chain.RemoveRange(50, 10);
        chain.RemoveRange(30, 5);
        Append(chain, "damage", """{"file":"state.db","movedTo":"damaged/x","sha256":"","lastGoodSeq":50,"rowsLost":15}""", atMs: 1_770_000_099_000);
        for (int i = 0; i < 20; i++) Append(chain, "alarm", "{}", atMs: 1_770_000_100_000 + i);

        var report = Walk(chain, inside, lost);

        Assert.Equal(ChainVerdict.Declared, report.Verdict);
        Assert.Equal([(ChainFault.Rewritten, 21, 58), (ChainFault.Gap, 31, 35)], report.Findings.Select(f => (f.Fault, f.From, f.To)));
    }

    [Fact]
    public void A_declaration_covers_no_more_rows_than_it_names()
    {
        var chain = Chain(60);
        chain.RemoveRange(30, 5);
        chain.RemoveRange(20, 2);
        Append(chain, "damage", """{"file":"state.db","lastGoodSeq":60,"rowsLost":5}""");
        var findings = Walk(chain).Findings;
        Assert.Equal([(21L, true), (31L, false)], findings.Select(f => (f.From, f.Declared)));
    }

    [Fact]
    public void Damage_to_another_file_declares_nothing()
    {
        var chain = Chain(60);
        chain.RemoveRange(30, 5);
        Append(chain, "damage", """{"file":"telemetry.db","telemetryFrom":1,"telemetryTo":9}""");
        Assert.False(Walk(chain).Findings[0].Declared);
    }

    [Fact]
    public void What_was_kept_outside_and_points_into_a_hole_is_no_second_finding()
    {
        var chain = Chain(60);
        var outside = At(chain, 31);
        chain.RemoveRange(30, 5);
        Assert.Equal(ChainFault.Gap, Assert.Single(Walk(chain, outside).Findings).Fault);
    }

    [Fact]
    public void Thousands_of_findings_are_counted_beyond_the_first_thousand()
    {
        var chain = Chain(9_000);
        for (int i = 1; i < chain.Count; i += 2) chain[i] = chain[i] with { Kind = "x" };
        var report = Walk(chain);
        Assert.Equal(ChainReport.FindingsMax, report.Findings.Count);
        Assert.True(report.LeftOut > 3_000, $"{report.LeftOut}");
        Assert.Equal(ChainVerdict.Broken, report.Verdict);
    }
}
