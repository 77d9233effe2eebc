namespace FirmwareSim.Machines;

/// <summary>A rack-and-pinion hoist cage (SC200: 2 t, 9 people) riding between floors with people and barrows.</summary>
internal sealed class Hoist(Random random, Weather weather, string operatorId) : IMachine<HoistSample>
{
    public const double RatedT = 2.0;
    public const int PeopleMax = 9;
    private const double BesideTheBuilding = 0.9;

    private readonly StepClock _steps = new(TimeSpan.FromSeconds(0.5));
    private readonly HoistRide _ride = new(random);

    public HoistSample Measure(TimeSpan sinceStart, Conditions conditions)
    {
        while (_steps.TryStep(sinceStart)) _ride.Advance(_steps.StepSeconds);
        double heightM = _ride.Cage.Position;
        int people = conditions.Overload ? PeopleMax + 3 : _ride.People;
        double loadT = (conditions.Overload ? 1.15 * RatedT : _ride.LoadT) + (0.01 * random.NextDouble());
        return new HoistSample(loadT, heightM, _ride.Cage.Speed, people, HoistRide.FloorAt(heightM), _ride.DoorOpen,
            weather.At(sinceStart).WindAt(BesideTheBuilding, conditions), AlarmsOf(loadT, people), operatorId);
    }

    private static HoistAlarms AlarmsOf(double loadT, int people) =>
        (loadT > RatedT ? HoistAlarms.Load : 0) | (people > PeopleMax ? HoistAlarms.People : 0);
}
