using Gateway.Access;
using Xunit;

namespace Gateway.Tests.Access;

public class RoleTests
{
    [Fact]
    public void Each_role_includes_itself_and_those_before_it_and_no_other()
    {
        Role[] rising = [Role.Viewer, Role.Crew, Role.Safety, Role.Administrator];
        for (int held = 0; held < rising.Length; held++)
            for (int needed = 0; needed < rising.Length; needed++)
                Assert.Equal(held >= needed, rising[held].Includes(rising[needed]));
    }

    [Theory]
    [InlineData("viewer", Role.Viewer)]
    [InlineData("crew", Role.Crew)]
    [InlineData("safety", Role.Safety)]
    [InlineData("administrator", Role.Administrator)]
    public void A_role_and_its_word_belong_together(string word, Role role)
    {
        Assert.True(Roles.TryRead(word, out var read));
        Assert.Equal((role, word), (read, role.Word()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Administrator")]
    [InlineData("admin")]
    [InlineData("4")]
    public void Another_word_is_no_role(string? word) => Assert.False(Roles.TryRead(word, out _));

    [Fact]
    public void No_role_at_all_includes_nothing() => Assert.False(default(Role).Includes(Role.Viewer));
}
