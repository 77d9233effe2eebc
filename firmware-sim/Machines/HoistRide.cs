namespace FirmwareSim.Machines;

/// <summary>
/// The ride of a hoist cage: doors open at a floor, people and material change, doors close, the cage goes to the next floor.
/// </summary>
internal sealed class HoistRide(Random random)
{
    public const int Floors = 18;
    private const double FloorHeightM = 3;
    private const double SpeedMps = 36.0 / 60;
    private const double PersonT = 0.075;
    private const int PassengersMax = 7;

    private double _dwellSeconds = 8;
    private double _materialT;
    private int _passengers;
    private bool _arriving;

    public Axis Cage { get; } = new(0, SpeedMps, acceleration: 0.3);

    public bool DoorOpen { get; private set; } = true;

    /// <summary>The operator and up to seven others.</summary>
    public int People => 1 + _passengers;

    /// <summary>What stands in the cage, at most 1.8 t.</summary>
    public double LoadT => (People * PersonT) + _materialT;

    /// <summary>The nearest floor, the ground being 1.</summary>
    public static int FloorAt(double heightM) => 1 + (int)Math.Round(heightM / FloorHeightM);

    public void Advance(double seconds)
    {
        Cage.Advance(seconds);
        if (!Cage.HasArrived) return;
        _dwellSeconds -= seconds;
        if (_dwellSeconds > 0) return;
        if (_arriving) Open();
        else if (DoorOpen) Close();
        else Depart();
    }

    private void Open()
    {
        DoorOpen = true;
        _arriving = false;
        _passengers = random.Next(0, PassengersMax + 1);
        _materialT = random.NextDouble() < 0.5 ? random.Between(0.2, 1.2) : 0;
        _dwellSeconds = random.Between(6, 25);
    }

    private void Close()
    {
        DoorOpen = false;
        _dwellSeconds = 3;
    }

    private void Depart()
    {
        int here = FloorAt(Cage.Position);
        int there = here == 1 || random.NextDouble() < 0.4 ? random.Next(2, Floors + 1) : 1;
        Cage.Target = (there - 1) * FloorHeightM;
        _arriving = true;
        _dwellSeconds = 2;
    }
}
