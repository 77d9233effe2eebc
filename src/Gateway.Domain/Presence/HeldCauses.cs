using System.Numerics;

namespace Gateway.Domain.Presence;

/// <summary>Which causes of <see cref="CauseTree"/> hold for one device. A byte: adding and taking away allocates nothing.</summary>
internal readonly record struct HeldCauses
{
    private readonly byte _ranks;

    private HeldCauses(int ranks) => _ranks = (byte)ranks;

    public static HeldCauses None => default;

    public bool Any => _ranks != 0;

    /// <summary>The cause that names the time; <see cref="PresenceCause.None"/> when none holds.</summary>
    public string RootMost => Any ? CauseTree.At(BitOperations.TrailingZeroCount(_ranks)) : PresenceCause.None;

    public bool Holds(string cause) => (_ranks & Bit(cause)) != 0;

    public HeldCauses With(string cause) => new(_ranks | Bit(cause));

    public HeldCauses Without(string cause) => new(_ranks & ~Bit(cause));

    private static int Bit(string cause) => 1 << CauseTree.RankOf(cause);
}
