using Gateway.Domain.Compliance;

namespace Gateway.Store;

/// <summary>Working time: closed stretches, and those that go on.</summary>
public sealed partial class StateStore
{
    /// <summary>A stretch that goes on, as far as it has come; one a device.</summary>
    public void KeepWorkOpen(WorkingInterval work) =>
        Statement("""
            INSERT INTO work_open(device, from_ms, to_ms, operator, evidence) VALUES(?,?,?,?,?)
            ON CONFLICT(device) DO UPDATE SET from_ms = excluded.from_ms, to_ms = excluded.to_ms, operator = excluded.operator, evidence = excluded.evidence
            """).Bind(1, work.Device).Bind(2, work.FromMs).Bind(3, work.ToMs).Bind(4, work.Operator).Bind(5, work.Evidence).Run();

    /// <summary>A closed stretch with its row; what was kept of it while it went on is not needed any more.</summary>
    public void KeepWorkInterval(WorkingInterval work)
    {
        Statement("INSERT INTO work_interval(seq, device, from_ms, to_ms, operator, evidence) VALUES(?,?,?,?,?,?)")
            .Bind(1, work.Seq).Bind(2, work.Device).Bind(3, work.FromMs).Bind(4, work.ToMs).Bind(5, work.Operator).Bind(6, work.Evidence).Run();
        Statement("DELETE FROM work_open WHERE device = ?").Bind(1, work.Device).Run();
    }

    private List<WorkingInterval> WorkOpen()
    {
        using var rows = _db.Prepare("SELECT device, from_ms, to_ms, operator, evidence FROM work_open ORDER BY device");
        return rows.All(r => new WorkingInterval(r.Text(0), r.Long(1), r.Long(2), r.TextOrNull(3), 0, r.TextOrNull(4)));
    }
}
