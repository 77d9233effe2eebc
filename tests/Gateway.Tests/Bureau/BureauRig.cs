using System.Globalization;
using System.Text;
using Gateway.Bureau;
using Gateway.Bureau.Reports;
using Gateway.Bureau.Wire;
using Gateway.Uplink.Sending;

namespace Gateway.Tests.Bureau;

/// <summary>One bureau without a wire: lines in memory, time in the test's hand.</summary>
internal sealed class BureauRig
{
    public const string Mn = "NB0203000000000000000009";
    public const string OtherMn = "NB0203000000000000000010";

    private readonly List<string> _lines = [];

    public BureauRig(BureauOptions? options = null, FakeReports? reports = null)
    {
        Options = options ?? new BureauOptions
        {
            Name = "city", Host = "127.0.0.1", Mn = Mn, Password = "123456",
            Devices = { new BureauDeviceOptions { Device = "dust-1" }, new BureauDeviceOptions { Device = "dust-2", Mn = OtherMn } },
        };
        Site = new TestSite(moreDevices: Dust("dust-1") + Dust("dust-2"));
        Reports = reports ?? new FakeReports();
        Calendar = new SiteCalendar(Site.Ledger.Site.TimeZone);
        Stations = Station.Of(Options, Site.Directory.Registered);
        Book = new ReportBook(Options, Stations, Calendar, Reports);
        Settings = new BureauSettings(Options, Reports, Book);
        Talk = new BureauTalk(Options, Stations, Calendar, Settings, Reports, "123456");
        Intake = new LineIntake(Stations, Book, new Lines(_lines));
    }

    public TestSite Site { get; }

    public BureauOptions Options { get; }

    public FakeReports Reports { get; }

    public SiteCalendar Calendar { get; }

    public IReadOnlyList<Station> Stations { get; }

    public ReportBook Book { get; }

    public BureauSettings Settings { get; }

    public BureauTalk Talk { get; }

    public LineIntake Intake { get; }

    public long Read { get; private set; }

    public long Cursor => Book.Cursor(Read);

    public BureauRig Line(string device, long atMs, string fields, string series = "dust")
    {
        _lines.Add(string.Create(CultureInfo.InvariantCulture, $"{series},site=s1,device={device} {fields} {atMs}000000\n"));
        return this;
    }

    /// <summary>A line a minute with that dust, from the moment on.</summary>
    public BureauRig Minutes(string device, long fromMs, params double[] dust)
    {
        for (int i = 0; i < dust.Length; i++) Line(device, fromMs + i * 60_000L, string.Create(CultureInfo.InvariantCulture, $"pm10_ugm3={dust[i]}"));
        return this;
    }

    /// <param name="from">Where a cursor stands after a restart.</param>
    public BureauRig ReadAll(long from = -1)
    {
        if (from >= 0) Read = from;
        for (bool more = true; more;) (Read, more) = Intake.Read(Read);
        return this;
    }

    /// <summary>Every report that is due, acknowledged.</summary>
    public List<string> Report(long nowMs)
    {
        var cps = new List<string>();
        while (Book.Next(nowMs) is { } report)
        {
            cps.Add($"{report.Row.Cn} {report.Row.Cp}");
            Reports.SaveAsync(report.Row);
            Book.Acknowledged(report);
        }
        return cps;
    }

    public List<string> Sent()
    {
        var sent = new List<string>();
        while (Talk.TryNext(out byte[] frame)) sent.Add(Encoding.ASCII.GetString(frame)[6..^6]);
        return sent;
    }

    private static string Dust(string id) => $$""", { "id": "{{id}}", "name": "扬尘", "kind": "dust", "profile": "dust-json", "link": "mqtt", "inService": "2026-01-01", "expectedIntervalSeconds": 60 }""";

    private sealed class Lines(List<string> lines) : LaneSource
    {
        public override LaneBatch Read(long next, int linesMax)
        {
            var some = lines.Skip((int)next).Take(Math.Min(linesMax, 7)).ToList();
            return new LaneBatch(Encoding.UTF8.GetBytes(string.Concat(some)), some.Count, next, next + some.Count, 0);
        }

        public override void Dispose()
        {
        }
    }
}
