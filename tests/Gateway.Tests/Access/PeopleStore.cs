using Gateway.Access;
using Gateway.Store;
using Gateway.Testing;

namespace Gateway.Tests.Access;

/// <summary>A state store on disk with a short way to take steps in it.</summary>
internal sealed class PeopleStore : IDisposable
{
    public const long Now = 1_772_352_000_000;

    /// <summary>Cheap: what a password costs is not what these tests are about.</summary>
    public static readonly PasswordHash Password = PasswordHash.Make("correct horse", iterations: 2);

    private readonly TempDirectory _directory = new();

    public PeopleStore()
    {
        State = StateStore.Open(_directory.File("state.db"));
        Reader = new StateReader(State.Path);
    }

    public StateStore State { get; }

    public StateReader Reader { get; }

    public string Directory => _directory.Path;

    public T Commit<T>(Func<StateStore, T> step)
    {
        T result = default!;
        State.Commit(() => result = step(State));
        return result;
    }

    public AccessOutcome Add(string name, Role role) => Commit(s => AccountSteps.Add(s, Now, "test", name, role, Password));

    public IReadOnlyList<string> Audit() => [.. Reader.Audit(long.MaxValue, 100).Rows.Reverse().Select(r => $"{r.Who} {r.What} {r.Target ?? "-"}: {r.Detail ?? "-"}")];

    public void Dispose()
    {
        Reader.Dispose();
        State.Dispose();
        _directory.Dispose();
    }
}
