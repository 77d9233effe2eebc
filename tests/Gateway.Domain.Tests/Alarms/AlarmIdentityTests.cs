using System.Globalization;
using Gateway.Domain.Alarms;
using Xunit;

namespace Gateway.Domain.Tests.Alarms;

public sealed class AlarmIdentityTests
{
    [Fact]
    public void The_same_input_mints_the_same_id_and_any_other_another()
    {
        Assert.Equal(AlarmIdentity.Mint("gw-1", 7, 1_770_000_000_000), AlarmIdentity.Mint("gw-1", 7, 1_770_000_000_000));
        var ids = new HashSet<string>();
        for (long number = 0; number < 10_000; number++) Assert.True(ids.Add(AlarmIdentity.Mint("gw-1", number, 1_770_000_000_000)));
        Assert.True(ids.Add(AlarmIdentity.Mint("gw-2", 7, 1_770_000_000_000)));
        Assert.True(ids.Add(AlarmIdentity.Mint("gw-1", 7, 1_770_000_000_001)));
    }

    [Theory]
    [InlineData("gw-1", 1)]
    [InlineData("", long.MaxValue)]
    [InlineData("网关网关网关网关网关网关网关网关网关网关网关网关网关网关网关网关网关网关网关网关网关网关网关网关网关网关网关网关网关网关网关网关网关网关", 3)]
    public void An_id_has_the_form_of_UUIDv7_and_carries_its_time(string gateway, long number)
    {
        const long RaisedAtMs = 1_770_000_123_456;
        string id = AlarmIdentity.Mint(gateway, number, RaisedAtMs);

        Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", id);
        Assert.Equal(RaisedAtMs, long.Parse(id.Replace("-", "", StringComparison.Ordinal).AsSpan(0, 12), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        Assert.Equal(7, Guid.Parse(id).Version);
    }
}
