using FirmwareSim.Wire;

namespace FirmwareSim.Tests.Wire;

public sealed class BackoffTests
{
    [Fact]
    public void Waiting_starts_at_a_quarter_second_and_doubles_to_five_seconds()
    {
        var backoff = new Backoff();
        Assert.Equal([250, 500, 1000, 2000, 4000, 5000, 5000], Enumerable.Range(0, 7).Select(_ => backoff.Next().TotalMilliseconds));
        backoff.Reset();
        Assert.Equal(250, backoff.Next().TotalMilliseconds);
    }
}
