using Gateway.Store;
using Gateway.Store.Sqlite;

namespace Gateway.Tests.Simulation;

/// <summary>The power went.</summary>
internal sealed class PowerCut() : Exception("the power went");

/// <summary>The disk below the real SQLite: it refuses writes for a while, loses its power between any two steps, and lets the other threads run in between.</summary>
internal sealed class SimulatedDisk(SimulatedTime time, Action meanwhile) : IDiskWitness
{
    private const int Full = 13, IoError = 10;

    private string _file = "";
    private int _code;
    private long _refusesUntilMs;
    private int _stepsLeft = -1;

    public long Steps { get; private set; }

    public long Refusals { get; private set; }

    /// <param name="file">End of the path; empty: every file.</param>
    public void Refuse(string file, bool full, double ms) => (_file, _code, _refusesUntilMs) = (file, full ? Full : IoError, time.NowMs + (long)ms);

    /// <summary>Cuts the power before or after one of the next writes.</summary>
    public void CutPowerAfter(int steps) => _stepsLeft = steps;

    public void Heal() => (_refusesUntilMs, _stepsLeft) = (0, -1);

    public void Before(string path, bool writes)
    {
        if (!writes) return;
        Step();
        if (time.NowMs >= _refusesUntilMs || !path.EndsWith(_file, StringComparison.Ordinal)) return;
        Refusals++;
        throw new StoreException(_code, _code == Full ? "the simulated disk is full" : "the simulated disk fails");
    }

    public void After(string path, bool writes)
    {
        if (!writes) return;
        Step();
        meanwhile();
    }

    private void Step()
    {
        Steps++;
        if (_stepsLeft < 0 || --_stepsLeft >= 0) return;
        throw new PowerCut();
    }
}
