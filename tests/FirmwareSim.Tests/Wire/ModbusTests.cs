using System.Text;
using FirmwareSim.Devices;
using FirmwareSim.Machines;
using FirmwareSim.Wire.Modbus;

namespace FirmwareSim.Tests.Wire;

public sealed class ModbusTests
{
    private static readonly DustSample Station = new(
        TspUgm3: 186, Pm10Ugm3: 92, Pm25Ugm3: 41, NoiseDb: 63.5, TemperatureC: 14.2, HumidityPct: 57, WindMps: 2.4, WindDirectionDeg: 135,
        PressureKpa: 101.8, Lux: 12000, RainMm: 0);

    private static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));

    [Fact]
    public void The_checksum_is_that_of_Modbus()
    {
        Assert.Equal(0x4B37, ModbusCrc.Compute(Encoding.ASCII.GetBytes("123456789")));
        Assert.True(ModbusCrc.IsValid(Hex("01 03 00 00 00 01 84 0A")));
        Assert.False(ModbusCrc.IsValid(Hex("01 03 00 00 00 01 84 0B")));
        Assert.False(ModbusCrc.IsValid([]));
    }

    [Fact]
    public void The_anemometer_answers_with_the_published_reply() =>
        Assert.Equal(Hex("01 03 02 00 7D 78 65"), ModbusReply.To(Hex("01 03 00 00 00 01 84 0A"), RegisterImage.OfAnemometer(new WindSample(12.5))));

    [Fact]
    public void The_station_answers_with_the_published_reply() =>
        Assert.Equal(
            Hex("01 03 1C 00 F0 00 02 00 03 00 87 02 3A 00 8E 02 7B 00 29 00 5C 03 FA 00 00 2E E0 00 78 00 00 8A 59"),
            ModbusReply.To(Hex("01 03 01 F4 00 0E 84 00"), RegisterImage.OfStation(Station)));

    [Fact]
    public void Frost_is_a_negative_16_bit_number_and_bright_light_needs_two_words()
    {
        IReadOnlyList<ushort> words = RegisterImage.OfStation(Station with { TemperatureC = -3.2, Lux = 100_000 }).Words;
        Assert.Equal(unchecked((ushort)-32), words[5]);
        Assert.Equal([(ushort)1, (ushort)34464, (ushort)1000], words.Skip(10).Take(3));
    }

    [Theory]
    [InlineData("01 03 00 00 00 01", "01 83 02")]
    [InlineData("01 03 01 F4 00 0F", "01 83 02")]
    [InlineData("01 03 01 F4 00 00", "01 83 03")]
    [InlineData("01 03 01 F4 00 7E", "01 83 03")]
    [InlineData("01 04 01 F4 00 01", "01 84 01")]
    public void What_does_not_exist_is_answered_with_an_exception(string request, string reply) =>
        Assert.Equal(ModbusCrc.Append(Hex(reply)), ModbusReply.To(ModbusCrc.Append(Hex(request)), RegisterImage.OfStation(Station)));

    [Fact]
    public void The_exception_for_an_unknown_register_is_the_published_frame() =>
        Assert.Equal(Hex("01 83 02 C0 F1"), ModbusReply.To(Hex("01 03 00 00 00 01 84 0A"), RegisterImage.OfStation(Station)));

    [Theory]
    [InlineData(0.2, 0)]
    [InlineData(2.4, 2)]
    [InlineData(10.8, 6)]
    [InlineData(24.4, 9)]
    [InlineData(40, 12)]
    public void Wind_force_is_that_of_Beaufort(double windMps, int force) => Assert.Equal(force, Beaufort.ForceOf(windMps));

    [Fact]
    public void A_unit_is_mute_while_silenced_or_without_power_and_cuts_every_third_reply_when_torn()
    {
        byte[] request = Hex("01 03 00 00 00 01 84 0A");
        var device = new Device("wind-1", DeviceKind.Wind, LinkKind.Modbus, new HandClock());
        var unit = new ModbusUnit(1, device, () => RegisterImage.OfAnemometer(new WindSample(12.5)));
        foreach (EffectKind mute in (EffectKind[])[EffectKind.Silence, EffectKind.PowerCut])
        {
            device.Effects.Start(mute);
            Assert.Null(unit.Answer(request));
            device.Effects.Clear();
        }
        device.Effects.Start(EffectKind.Torn);
        Assert.Equal([7, 7, 3], Enumerable.Range(0, 3).Select(_ => unit.Answer(request)!.Value.Bytes.Length));
        Assert.Equal(3, device.Traffic.Sent);
    }

    [Fact]
    public void Each_sin_is_what_its_name_says()
    {
        byte[] good = Hex("01 03 02 00 7D 78 65");
        Assert.Equal(good, Sin(EffectKind.WrongCrc).Bytes);
        Assert.False(ModbusCrc.IsValid(Sin(EffectKind.WrongCrc, asked: 2).Bytes));
        Assert.Equal(4, Sin(EffectKind.LyingLength).Bytes[2]);
        byte[] foreign = Sin(EffectKind.ForeignBytes).Bytes;
        Assert.Equal(good, foreign[^7..]);
        Assert.True(ModbusCrc.IsValid(foreign.AsSpan(3, 7)));
        Assert.Equal(TimeSpan.FromMilliseconds(30), Sin(EffectKind.Drip).Gap);
        Assert.Equal(TimeSpan.FromSeconds(0.5), Sin(EffectKind.LateReply, value: 0.5).Delay);
        byte[] twin = Sin(EffectKind.AddressClash).Second!;
        Assert.True(ModbusCrc.IsValid(twin));
        Assert.NotEqual(good, twin);
        Assert.Equal(good.Length, twin.Length);

        static UnitReply Sin(EffectKind sin, int asked = 1, double value = 0)
        {
            var device = new Device("wind-1", DeviceKind.Wind, LinkKind.Modbus, new HandClock());
            var unit = new ModbusUnit(1, device, () => RegisterImage.OfAnemometer(new WindSample(12.5)));
            device.Effects.Start(sin, value: value);
            UnitReply? reply = null;
            for (int i = 0; i < asked; i++) reply = unit.Answer(Hex("01 03 00 00 00 01 84 0A"));
            return reply!.Value;
        }
    }
}
