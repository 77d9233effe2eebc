namespace Gateway.Domain.Alarms;

/// <summary>What an event does to an alarm.</summary>
public enum AlarmEffect : byte
{
    /// <summary>It is in the next state, which may be the same one: something about it is new.</summary>
    Step,

    /// <summary>No news: nothing changes, nobody is told.</summary>
    Nothing,

    /// <summary>A person asked for what cannot be done in this state.</summary>
    Refused,
}

/// <summary>The life cycle of an alarm as a table: every pair of state and event is decided here and nowhere else.</summary>
/// <remarks><b>Source</b>: ISA-18.2-2016 §5.2.4 and figure 5 (IEC 62682:2022 §5.2.4), whose letters the table uses; what the standards leave to the site is said in README.md.</remarks>
public static class AlarmTable
{
    /// <summary>Letter = next state, <c>.</c> = no news, <c>x</c> = refused.</summary>
    private const string Cells = """
                          Raise Return ReturnLatching Acknowledge Reset Shelve UnshelveStanding UnshelveOver Worsen Suppress ReleaseStanding ReleaseOver TakeOutOfService PutInServiceStanding PutInServiceOver
        A Normal          B     .      .              x           x     x      x                x            .      .        .               .           .                .                    .
        B Unacked         .     D      E              C           x     G      x                x            .      H        .               .           I                .                    .
        C Acked           .     A      F              x           x     G      x                x            .      H        .               .           I                .                    .
        D ReturnedUnacked B     .      .              A           x     G      x                x            .      .        .               .           I                .                    .
        E LatchedUnacked  B     .      .              F           x     G      x                x            .      .        .               .           I                .                    .
        F LatchedAcked    B     .      .              x           A     G      x                x            .      .        .               .           I                .                    .
        G Shelved         G     G      G              x           x     G      B                A            B      .        .               .           I                .                    .
        H Suppressed      .     A      E              x           x     x      x                x            .      .        B               A           I                .                    .
        I OutOfService    I     I      I              x           x     x      x                x            .      .        .               .           .                B                    A
        """;

    private static readonly Dictionary<char, AlarmState> Letters = [];
    private static readonly (AlarmEffect Effect, AlarmState Next)[,] Table = Build();

    /// <summary>What the event does in that state, and the state after it.</summary>
    public static (AlarmEffect Effect, AlarmState Next) Next(AlarmState state, AlarmEvent @event) => Table[(int)state, (int)@event];

    private static (AlarmEffect, AlarmState)[,] Build()
    {
        string[][] lines = [.. Cells.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
        var events = lines[0].Select(Enum.Parse<AlarmEvent>).ToArray();
        foreach (string[] row in lines[1..]) Letters.Add(row[0][0], Enum.Parse<AlarmState>(row[1]));
        var table = new (AlarmEffect, AlarmState)[Enum.GetValues<AlarmState>().Length, Enum.GetValues<AlarmEvent>().Length];
        foreach (string[] row in lines[1..])
        {
            var state = Letters[row[0][0]];
            for (int i = 0; i < events.Length; i++)
                table[(int)state, (int)events[i]] = row[2 + i] switch
                {
                    "." => (AlarmEffect.Nothing, state),
                    "x" => (AlarmEffect.Refused, state),
                    var letter => (AlarmEffect.Step, Letters[letter[0]]),
                };
        }
        return table;
    }
}
