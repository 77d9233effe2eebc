using System.Globalization;
using System.Text;
using Gateway.Domain.Readings;
using Xunit;

namespace Gateway.Domain.Tests.Readings;

public sealed class TextTableTests
{
    [Fact]
    public void A_text_keeps_its_number_and_gives_itself_back()
    {
        var table = new TextTable();
        int li = table.NumberOf("li-wei"u8), wang = table.NumberOf("王芳"u8);

        Assert.NotEqual(li, wang);
        Assert.Equal(li, table.NumberOf("li-wei"u8));
        Assert.Equal(("li-wei", "王芳", ""), (table.TextOf(li), table.TextOf(wang), table.TextOf(0)));
        Assert.Equal(0, table.NumberOf(""u8));
        Assert.Equal(("", ""), (table.TextOf(-1), table.TextOf(int.MaxValue)));
    }

    [Fact]
    public void Bytes_that_are_no_text_and_texts_without_end_do_no_harm()
    {
        var table = new TextTable();
        Assert.Equal("�(", table.TextOf(table.NumberOf([0xC3, 0x28])));
        Assert.Equal(256, table.TextOf(table.NumberOf(Encoding.UTF8.GetBytes(new string('x', 10_000)))).Length);
    }

    [Fact]
    public void A_full_table_counts_what_found_no_room_and_knows_the_old_texts_still()
    {
        var table = new TextTable();
        int first = table.NumberOf("first"u8);
        for (int i = 0; i < TextTable.TextsMax; i++) table.NumberOf(Encoding.UTF8.GetBytes(i.ToString(CultureInfo.InvariantCulture)));

        Assert.Equal(TextTable.Overflow, table.NumberOf("one too many"u8));
        Assert.Equal(first, table.NumberOf("first"u8));
        Assert.Equal(4, table.Overflows);
    }
}
