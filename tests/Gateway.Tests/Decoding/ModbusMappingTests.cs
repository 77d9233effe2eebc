using System.Text;
using Gateway.Decoding;
using Gateway.Domain.Configuration;
using Gateway.Domain.Readings;
using Gateway.Links.Modbus;
using Gateway.Testing;
using Xunit;

namespace Gateway.Tests.Decoding;

public sealed class ModbusMappingTests
{
    [Theory]
    [InlineData("u16", "big", "FFFE", 65_534)]
    [InlineData("i16", "big", "FFFE", -2)]
    [InlineData("i16", "little", "FEFF", -2)]
    [InlineData("u32", "big", "00010203", 66_051)]
    [InlineData("u32", "big-swapped", "02030001", 66_051)]
    [InlineData("u32", "little", "03020100", 66_051)]
    [InlineData("u32", "little-swapped", "01000302", 66_051)]
    [InlineData("i32", "big", "FFFFFFFF", -1)]
    [InlineData("u32", "big", "FFFFFFFF", 4_294_967_295)]
    [InlineData("u64", "big", "0000000100000002", 4_294_967_298)]
    [InlineData("u64", "big", "FFFFFFFFFFFFF800", 18_446_744_073_709_549_568.0)]
    [InlineData("i64", "big-swapped", "FFFEFFFFFFFFFFFF", -2)]
    [InlineData("f32", "big", "41480000", 12.5)]
    [InlineData("f32", "big-swapped", "00004148", 12.5)]
    [InlineData("f32", "little", "00004841", 12.5)]
    [InlineData("f32", "little-swapped", "48410000", 12.5)]
    [InlineData("f64", "big", "4029000000000000", 12.5)]
    [InlineData("f64", "little", "0000000000002940", 12.5)]
    [InlineData("bcd16", "big", "1234", 1_234)]
    [InlineData("bcd32", "big-swapped", "56781234", 12_345_678)]
    public void Every_type_in_every_order_gives_its_number(string type, string order, string registers, double expected) =>
        Assert.Equal([expected], Values($$"""{ "type": "{{type}}", "order": "{{order}}", "address": 4 }""", registers));

    [Theory]
    [InlineData("""{ "address": 4, "bit": 15 }""", "8000", 1)]
    [InlineData("""{ "address": 4, "bit": 14 }""", "8000", 0)]
    [InlineData("""{ "address": 4, "bits": { "from": 4, "count": 8 } }""", "0FF0", 255)]
    [InlineData("""{ "address": 4, "type": "u32", "bits": { "from": 16, "count": 16 } }""", "12340000", 0x1234)]
    [InlineData("""{ "address": 4, "values": { "1": 0, "7": 3.5 } }""", "0007", 3.5)]
    [InlineData("""{ "address": 4, "type": "i16", "values": { "-1": 9 } }""", "FFFF", 9)]
    [InlineData("""{ "address": 4, "bits": { "from": 0, "count": 4 }, "values": { "5": 50 } }""", "FFF5", 50)]
    public void Bits_and_values_are_taken_before_the_scale(string register, string registers, double expected) => Assert.Equal([expected], Values(register, registers));

    [Theory]
    [InlineData("bcd16", "12A4")]
    [InlineData("f32", "7FC00000")]
    [InlineData("f32", "7F800000")]
    [InlineData("f64", "FFF0000000000000")]
    public void What_is_no_number_is_bad(string type, string registers) =>
        Assert.Equal(SampleQuality.Bad, Assert.Single(Decode($$"""{ "type": "{{type}}", "address": 4 }""", registers)).Quality);

    [Fact]
    public void A_raw_number_without_a_meaning_is_bad() =>
        Assert.Equal(SampleQuality.Bad, Assert.Single(Decode("""{ "address": 4, "values": { "1": 0 } }""", "0002")).Quality);

    [Fact]
    public void Coils_inputs_and_both_kinds_of_registers_are_told_apart_at_one_address()
    {
        var profile = Read("""
            { "id": "p", "kind": "k", "title": "t",
              "modbus": { "blocks": [ { "function": 1, "address": 0, "count": 16 }, { "function": 2, "address": 0, "count": 16 }, { "function": 3, "address": 0, "count": 16 }, { "function": 4, "address": 0, "count": 16 } ] },
              "fields": [ { "field": "coil", "coil": { "address": 9 } }, { "field": "input", "coil": { "address": 9, "function": 2 } },
                          { "field": "holding", "register": { "address": 9 } }, { "field": "register", "register": { "address": 9, "function": 4 } } ] }
            """, out var problems)!;
        Assert.Empty(problems);
        Assert.Equal([1, 2, 3, 4], profile.Modbus!.Fields.Select(f => (int)f.Function));
        var message = new DecodedMessage();
        Assert.Equal(DecodeOutcome.Decoded, ModbusDecoder.Decode(Route(profile), new ModbusReadBlock(1, 0, 16), [0x00, 0x02], message));
        Assert.Equal((0, 1.0), (message.Samples[0].Slot, message.Samples[0].Value));
        Assert.Equal(DecodeOutcome.Decoded, ModbusDecoder.Decode(Route(profile), new ModbusReadBlock(2, 8, 8), [0x02], message));
        Assert.Equal((1, 1.0), (message.Samples[0].Slot, message.Samples[0].Value));
        Assert.Equal(DecodeOutcome.NoKnownField, ModbusDecoder.Decode(Route(profile), new ModbusReadBlock(2, 10, 8), [0xFF], message));
    }

    [Theory]
    [InlineData("""{ "address": 4, "type": "u24" }""", "fields[0].register.type")]
    [InlineData("""{ "address": 4, "order": "middle" }""", "fields[0].register.order")]
    [InlineData("""{ "type": "u16" }""", "fields[0].register.address")]
    [InlineData("""{ "address": 4, "bit": 16 }""", "fields[0].register.bit")]
    [InlineData("""{ "address": 4, "bit": 1, "bits": { "from": 0, "count": 2 } }""", "fields[0].register.bits")]
    [InlineData("""{ "address": 4, "bits": { "from": 10, "count": 7 } }""", "fields[0].register.bits.count")]
    [InlineData("""{ "address": 4, "bits": { "from": 10 } }""", "fields[0].register.bits.count")]
    [InlineData("""{ "address": 4, "type": "f32", "bit": 3 }""", "fields[0].register.type")]
    [InlineData("""{ "address": 4, "values": { "one": 1 } }""", "fields[0].register.values.one")]
    [InlineData("""{ "address": 4, "values": {} }""", "fields[0].register.values")]
    [InlineData("""{ "address": 7, "type": "u32" }""", "modbus.blocks")]
    [InlineData("""{ "address": 4, "function": 4 }""", "modbus.blocks")]
    [InlineData("""{ "address": 4, "functoin": 4 }""", "fields[0].register.functoin")]
    public void A_mistake_is_told_with_its_place(string register, string place)
    {
        Assert.Null(Read(Profile(register), out var problems));
        Assert.Contains(problems, p => p.Place == place);
    }

    [Fact]
    public void The_example_of_a_machine_of_its_own_reads_without_a_problem()
    {
        string format = Encoding.UTF8.GetString(Repository.Read("src/Gateway.Service/profiles/FORMAT.md"));
        int from = format.IndexOf("    {\n      \"id\": \"piling-modbus\"", StringComparison.Ordinal), to = format.IndexOf("\n    }\n", from, StringComparison.Ordinal);
        var profile = Read(format[from..(to + 6)], out var problems);
        Assert.Empty(problems);
        Assert.Equal(18, profile!.Modbus!.Fields.Count);
    }

    [Fact]
    public void The_station_of_the_standard_frame_reads_as_its_manual_says()
    {
        var problems = new Problems();
        var catalog = ProfileCatalog.Load(Repository.ReadAll("src/Gateway.Service/profiles", ".json"), problems);
        byte[] registers = Convert.FromHexString("00F0000200030087023A008E027B0029005C03FA00002EE000780000");
        foreach (var (id, first) in new[] { ("renke-fsxcs-n01", 500), ("renke-weather-501", 501) })
        {
            var message = new DecodedMessage();
            Assert.Equal(DecodeOutcome.Decoded, ModbusDecoder.Decode(Route(catalog[id]), new ModbusReadBlock(3, (ushort)first, 14), registers, message));
            Assert.Equal([2.4, 135, 57, 14.2, 63.5, 41, 92, 101.8, 12_000, 0], message.Samples.ToArray().Select(s => s.Value));
        }
    }

    [Fact]
    public void Advice_is_read_by_rung_and_a_word_that_is_none_is_a_problem()
    {
        var profile = Read(Profile("""{ "address": 4 }""", """ "advice": { "answering": { "zh": "看", "en": "look" } }, """), out _)!;
        Assert.Equal("look", profile.Device.Advice["answering"].En);
        Read(Profile("""{ "address": 4 }""", """ "advice": { "answring": { "zh": "看", "en": "look" } }, """), out var problems);
        Assert.Contains(problems, p => p.Place == "advice.answring");
    }

    private static string Profile(string register, string more = "") =>
        $$"""{ "id": "p", "kind": "k", "title": "t", {{more}} "modbus": { "blocks": [ { "function": 3, "address": 4, "count": 4 } ] }, "fields": [ { "field": "v", "register": {{register}} } ] }""";

    private static WireProfile? Read(string json, out IReadOnlyList<Problem> problems)
    {
        var all = new Problems();
        var profile = WireProfileReader.Read("p.json", Encoding.UTF8.GetBytes(json), all);
        problems = all.Items;
        return profile;
    }

    private static DeviceRoute Route(WireProfile profile) => new(0, "d", "s", null, profile);

    private static IEnumerable<double> Values(string register, string hex) => Decode(register, hex).Select(s => s.Value);

    private static Sample[] Decode(string register, string hex)
    {
        var profile = Read(Profile(register), out var problems);
        Assert.Empty(problems);
        byte[] registers = new byte[8];
        Convert.FromHexString(hex).CopyTo(registers, 0);
        var message = new DecodedMessage();
        ModbusDecoder.Decode(Route(profile!), new ModbusReadBlock(3, 4, 4), registers, message);
        return message.Samples.ToArray();
    }
}
