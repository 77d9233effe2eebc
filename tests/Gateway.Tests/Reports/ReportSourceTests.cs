using System.Text;
using Gateway.Domain.Compliance;
using Gateway.Domain.Presence;
using Gateway.Domain.Reports;
using Gateway.Engine.Views;
using Gateway.Reports;
using Gateway.Store;
using Gateway.Store.Sqlite;
using Gateway.Testing;
using Xunit;

namespace Gateway.Tests.Reports;

public sealed class ReportSourceTests : IDisposable
{
    private const string First = "the first ledger", Second = "another ledger";

    private static readonly long Ten = TestSite.Ten;

    private readonly TempDirectory _folder = new();
    private readonly TestSite _site = new();
    private readonly StateStore _store;
    private readonly List<string> _asked = [];

    public ReportSourceTests()
    {
        _store = StateStore.Open(Path);
        Start(First, Ten);
        Close(PresenceState.Unknown, Ten, Ten + 1_000);
        Open(PresenceState.Online, Ten + 1_000);
        _store.Commit(() => _store.KeepWorkInterval(Work with { Seq = _store.Journal(WorkJson.RowKind, Ten + 3_600_000, WorkJson.Write(Work)) }));
    }

    private static WorkingInterval Work { get; } = new("c1", Ten + 60_000, Ten + 3_600_000, "op-1");

    private string Path => _folder.File("state.db");

    [Fact]
    public void A_report_as_of_an_old_row_has_the_same_bytes_after_the_ledger_changed_and_more_was_written()
    {
        long head = _store.LastSeq;
        byte[] before = Report(head);
        Close(PresenceState.Online, Ten + 1_000, Ten + 7_200_000);
        Open(PresenceState.Offline, Ten + 7_200_000);
        Start(Second, Ten + 7_300_000);
        Close(PresenceState.Offline, Ten + 7_200_000, Ten + 7_400_000);
        Open(PresenceState.Online, Ten + 7_400_000);

        Assert.Equal(Encoding.UTF8.GetString(before), Encoding.UTF8.GetString(Report(head)));
        Assert.Equal((First, Second), (TextAt(head), TextAt(null)));
    }

    [Fact]
    public void Operators_and_use_come_from_the_working_time_of_the_store()
    {
        var report = SiteReport.Of(Input(_store.LastSeq));

        Assert.Equal(3_540_000, report.Site.Tally.Work.CertifiedMs);
        Assert.Equal(3_540_000, report.Site.Tally.Work.OnlineMs);
        Assert.All(ReportVerifier.Recompute(ReportJson.Write(report), ReportSource.Rows(Path), _site.Ledger.Site.TimeZone), f => Assert.Equal(ReportFault.Note, f.Fault));
    }

    [Fact]
    public void A_report_is_held_against_the_ledger_it_names()
    {
        var findings = Verify(Input(_store.LastSeq));

        Assert.All(findings, f => Assert.Equal(ReportFault.Note, f.Fault));
        Assert.DoesNotContain(findings, f => f.Text.En.Contains("is not kept here", StringComparison.Ordinal));
        string sha256 = LedgerVersions.At(Path, null)!.Value.Sha256;
        Assert.Equal([sha256], _asked);
    }

    [Theory]
    [InlineData("left out", "devices[c1]")]
    [InlineData("made up", "devices[x1]")]
    [InlineData("name", "devices[c1]")]
    [InlineData("safety", "devices[c1]")]
    [InlineData("service", "devices[c1]")]
    [InlineData("operator", "basis.operators")]
    [InlineData("policy", "basis.policies")]
    [InlineData("enterprise", "basis.enterprises")]
    [InlineData("site", "site")]
    public void What_a_report_says_otherwise_than_its_ledger_is_named(string what, string where)
    {
        var input = Input(_store.LastSeq);
        var c1 = input.Devices[0];
        input = what switch
        {
            "left out" => input with { Devices = [.. input.Devices.Skip(1)] },
            "made up" => input with { Devices = [.. input.Devices, c1 with { Id = "x1", Service = c1.Service with { Device = "x1" } }] },
            "name" => With(c1 with { Name = new("二", "two") }),
            "safety" => With(c1 with { Safety = false }),
            "service" => With(c1 with { Service = c1.Service with { FromMs = Ten } }),
            "operator" => input with { Operators = [.. input.Operators.Select(o => o with { Certificates = [.. o.Certificates.Select(c => c with { ValidTo = new(2027, 12, 31) })] })] },
            "policy" => input with { Policies = [] },
            "enterprise" => input with { Enterprises = [new("e", new("e", "e"), "owner")] },
            _ => input with { Site = input.Site with { Name = new("别处", "elsewhere") } },
        };

        Assert.Contains(Verify(input), f => f.Fault == ReportFault.Figure && f.Where.StartsWith(where, StringComparison.Ordinal));
        Assert.Contains(Verify(input, kept: false), f => f.Fault == ReportFault.Note && f.Text.En.Contains("is not kept here", StringComparison.Ordinal));

        ReportInput With(AccountDevice device) => input with { Devices = [device, .. input.Devices.Skip(1)] };
    }

    [Fact]
    public void Of_a_row_the_chain_does_not_have_there_is_no_report() => Assert.Null(Taken(999));

    [Fact]
    public void A_kept_ledger_that_was_altered_is_refused()
    {
        using (var db = SqliteDatabase.OpenWriter(Path)) db.Execute("UPDATE ledger_version SET sha256 = replace(sha256, substr(sha256, 1, 8), '00000000'); UPDATE journal SET body = CAST(json_set(CAST(body AS TEXT), '$.ledgerSha256', (SELECT sha256 FROM ledger_version)) AS BLOB) WHERE kind = 'boot'");

        Assert.Contains("another content", Assert.Throws<StoreException>(() => LedgerVersions.At(Path, null)).Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    private IReadOnlyList<ReportFinding> Verify(ReportInput input, bool kept = true) =>
        ReportVerifier.Recompute(ReportJson.Write(SiteReport.Of(input)), ReportSource.Rows(Path), null, sha256 =>
        {
            _asked.Add(sha256);
            return kept ? _site.Ledger : null;
        });

    private string TextAt(long? seq) => Encoding.UTF8.GetString(LedgerVersions.At(Path, seq)!.Value.Utf8!);

    private byte[] Report(long head) => ReportJson.Write(SiteReport.Of(Input(head)));

    private ReportInput Input(long head) => Taken(head)!;

    private ReportInput? Taken(long head)
    {
        var window = AccountWindow.Day(new DateOnly(2026, 3, 5), _site.Ledger.Site.TimeZone);
        return ReportMoment.Of(Path, ReportSource.Take(Path, TestSite.GatewayId, _site.Ledger, LedgerVersions.At(Path, head)?.Sha256 ?? "", window), head);
    }

    private void Start(string ledger, long atMs)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(ledger);
        string sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(utf8));
        _store.Commit(() =>
        {
            _store.KeepLedger(sha256, utf8, atMs);
            _store.Journal("boot", atMs, Encoding.UTF8.GetBytes($$"""{"gateway":"{{TestSite.GatewayId}}","ledgerSha256":"{{sha256}}"}"""));
        });
    }

    private void Close(PresenceState state, long fromMs, long toMs) => _store.Commit(() =>
    {
        var row = new IntervalRow("c1", state, "", DateTimeOffset.FromUnixTimeMilliseconds(fromMs), DateTimeOffset.FromUnixTimeMilliseconds(toMs));
        _store.KeepInterval("c1", new PresenceInterval(0, state, "", fromMs, toMs), _store.Journal("interval", toMs, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(row, ViewJson.Default.IntervalRow)));
    });

    private void Open(PresenceState state, long fromMs) => _store.Commit(() => _store.KeepPresence("c1", state, "", fromMs));
}
