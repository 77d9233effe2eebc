using Gateway.Access;
using Xunit;

namespace Gateway.Tests.Access;

public class FailedSignInsTests
{
    private const long Minute = 60_000;
    private readonly FailedSignIns _failures = new();

    [Fact]
    public void The_first_is_told_at_once_and_the_rest_of_the_minute_as_one_figure()
    {
        Assert.Equal(new FailedSignIn("lin", "10.0.0.7", 1), _failures.Failed("lin", "10.0.0.7", 0));
        for (int i = 1; i <= 500; i++) Assert.Null(_failures.Failed("lin", "10.0.0.7", i * 100));
        Assert.Empty(_failures.Due(Minute - 1));
        Assert.Equal([new FailedSignIn("lin", "10.0.0.7", 500)], _failures.Due(Minute));
    }

    [Fact]
    public void A_flood_gives_one_row_a_minute_and_loses_no_count()
    {
        int rows = 0, counted = 0;
        for (long atMs = 0; atMs < 10 * Minute; atMs += 10)
        {
            if (_failures.Failed("lin", "10.0.0.7", atMs) is not { } told) continue;
            (rows, counted) = (rows + 1, counted + told.Count);
        }
        Assert.Equal(10, rows);
        Assert.Equal(60_000, counted + _failures.Due(10 * Minute, all: true).Sum(f => f.Count));
    }

    [Fact]
    public void After_a_figure_the_next_one_comes_a_minute_later()
    {
        _failures.Failed("lin", "10.0.0.7", 0);
        _failures.Failed("lin", "10.0.0.7", 1);
        Assert.Single(_failures.Due(Minute));
        Assert.Null(_failures.Failed("lin", "10.0.0.7", Minute + 1));
        Assert.Empty(_failures.Due(2 * Minute - 1));
        Assert.Single(_failures.Due(2 * Minute));
    }

    [Fact]
    public void A_quiet_minute_forgets_the_account()
    {
        _failures.Failed("lin", "10.0.0.7", 0);
        Assert.Empty(_failures.Due(Minute));
        Assert.Equal(1, _failures.Failed("lin", "10.0.0.7", Minute + 1)?.Count);
    }

    [Fact]
    public void Accounts_and_addresses_are_told_apart_up_to_a_limit_and_then_together()
    {
        for (int i = 0; i < FailedSignIns.KeysMax; i++) Assert.NotNull(_failures.Failed("lin", $"10.0.{i / 250}.{i % 250}", 0));
        Assert.Equal(new FailedSignIn(null, "other addresses", 1), _failures.Failed("lin", "10.9.9.9", 0));
        for (int i = 0; i < 1_000; i++) Assert.Null(_failures.Failed(null, $"10.8.{i / 250}.{i % 250}", 1));
        Assert.Equal([new FailedSignIn(null, "other addresses", 1_000)], _failures.Due(Minute));
    }
}
