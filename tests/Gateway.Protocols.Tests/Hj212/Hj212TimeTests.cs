using System.Text;
using Gateway.Protocols.Hj212;
using Xunit;

namespace Gateway.Protocols.Tests.Hj212;

public class Hj212TimeTests
{
    [Theory]
    [InlineData("20220315101500", "2022-03-15 10:15:00.000")]
    [InlineData("202203151015007", "2022-03-15 10:15:00.700")]
    [InlineData("2022031510150075", "2022-03-15 10:15:00.750")]
    [InlineData("20220315101500758", "2022-03-15 10:15:00.758")]
    [InlineData("20240229235959", "2024-02-29 23:59:59.000")]
    public void Fourteen_to_seventeen_digits_are_a_time(string text, string expected)
    {
        Assert.Equal(Hj212TimeVerdict.Ok, Hj212Time.Parse(Encoding.ASCII.GetBytes(text), out var time));
        Assert.Equal(expected, time.ToCivil().ToString("yyyy-MM-dd HH:mm:ss.fff", null));
    }

    [Theory]
    [InlineData("", Hj212TimeVerdict.Missing)]
    [InlineData("2022031510150", Hj212TimeVerdict.WrongLength)]
    [InlineData("202411123203230940", Hj212TimeVerdict.WrongLength)]
    [InlineData("201909262113836CST", Hj212TimeVerdict.WrongLength)]
    [InlineData("2022031510150x", Hj212TimeVerdict.NotDigits)]
    [InlineData("201909262113836", Hj212TimeVerdict.OutOfRange)]
    [InlineData("20230229000000", Hj212TimeVerdict.OutOfRange)]
    [InlineData("00000101000000", Hj212TimeVerdict.OutOfRange)]
    [InlineData("20221301000000", Hj212TimeVerdict.OutOfRange)]
    [InlineData("20220315240000", Hj212TimeVerdict.OutOfRange)]
    [InlineData("20220315006000", Hj212TimeVerdict.OutOfRange)]
    [InlineData("20220315000060", Hj212TimeVerdict.OutOfRange)]
    public void Anything_else_is_refused_with_a_reason(string text, Hj212TimeVerdict verdict) =>
        Assert.Equal(verdict, Hj212Time.Parse(Encoding.ASCII.GetBytes(text), out _));
}
