using System.Text;
using Gateway.Decoding.Boxes;
using Gateway.Decoding.Forms;
using Gateway.Domain.Configuration;
using Gateway.Domain.Readings;

namespace Gateway.Decoding;

/// <summary>Reads one profile file (format: <c>profiles/FORMAT.md</c>), or says everything that is wrong with it.</summary>
public static class WireProfileReader
{
    private static readonly Dictionary<string, FieldType> Types = new(StringComparer.Ordinal)
    {
        ["number"] = FieldType.Number, ["integer"] = FieldType.Integer, ["text"] = FieldType.Text,
    };

    private static readonly Dictionary<string, ReadingKind> Lives = new(StringComparer.Ordinal)
    {
        ["measurement"] = ReadingKind.Measurement, ["heartbeat"] = ReadingKind.Heartbeat,
    };

    public static WireProfile? Read(string file, ReadOnlyMemory<byte> utf8, Problems problems)
    {
        int before = problems.Items.Count;
        var root = JsonObjectReader.Parse(file, utf8, problems);
        if (root is null) return null;
        string id = root.Identifier("id"), kind = root.Identifier("kind");
        var title = root.LocalText("title");
        var notes = root.Has("notes") ? root.LocalText("notes") : null;
        int version = root.IntegerOrNull("version", 1, int.MaxValue) ?? 1;
        var life = root.OneOf("life", Lives, ReadingKind.Measurement, required: false);
        string measurement = root.TextOrNull("measurement") ?? kind, deviceTag = root.TextOrNull("deviceTag") ?? "device";
        var fields = new List<FieldSpec>();
        var json = new JsonMappingReader(kind);
        var modbus = new ModbusMappingReader();
        var hj212 = new List<Hj212Field>();
        var sparkplug = new List<SparkplugField>();
        var boxes = new BoxMappingReader(root, kind);
        foreach (var o in root.Objects("fields", required: true)) ReadField(o, fields, json, modbus, hj212, sparkplug, boxes);
        var registers = modbus.Read(root, fields);
        var advice = AdviceReader.Read(root);
        var mapping = json.Read(root, fields);
        var box = boxes.Read(fields);
        int @operator = SlotOf(root, "operator", root.TextOrNull("operator"), fields);
        var working = WorkingReader.Read(root, fields);
        var checks = CheckReader.Read(root, fields);
        int skewMsMax = CheckReader.ReadSkewMsMax(root);
        int slotSeconds = QualityReader.Read(root);
        RecordSeries? record = null;
        if (root.ObjectOrNull("record") is { } r)
        {
            record = new RecordSeries("_" + r.Identifier("series"), (ushort)Math.Max(0, SlotOf(r, "field", r.Text("field"), fields)));
            r.Done();
        }
        root.Done();
        if (fields.Count == 0) root.Report("fields", "expected at least one field");
        if (problems.Items.Count > before) return null;
        var device = new DeviceProfile(id, version, kind, title, life, measurement, deviceTag, fields, @operator, working) { Advice = advice, Checks = checks, ClockSkewMsMax = skewMsMax, QualitySlotSeconds = slotSeconds };
        return new WireProfile(device,
            mapping,
            registers,
            hj212.Count == 0 ? null : new Hj212Mapping(hj212))
        {
            Sparkplug = sparkplug.Count == 0 ? null : new SparkplugMapping(sparkplug),
            Notes = notes,
            Box = box,
            Record = record,
        };
    }

    private static void ReadField(JsonObjectReader o, List<FieldSpec> fields, JsonMappingReader json, ModbusMappingReader modbus, List<Hj212Field> hj212, List<SparkplugField> sparkplug, BoxMappingReader boxes)
    {
        string name = o.Identifier("field");
        if (fields.Exists(f => f.Name == name)) o.Report("field", $"field \"{name}\" stands here twice");
        ushort slot = (ushort)fields.Count;
        fields.Add(new FieldSpec(name, o.TextOrNull("unit") ?? "", o.OneOf("type", Types, FieldType.Number, required: false), o.Number("min", -1e300, 1e300, -1e300), o.Number("max", -1e300, 1e300, 1e300)));
        double scale = o.Number("scale", -1e9, 1e9, 1), offset = o.Number("offset", -1e9, 1e9, 0);
        if (!boxes.ReadField(o, fields[slot], slot, scale, offset)) json.ReadField(o, fields[slot], slot, scale, offset);
        foreach (string factor in o.TextOrNull("hj212")?.Split('|') ?? []) hj212.Add(new Hj212Field(Encoding.UTF8.GetBytes(factor), slot, scale, offset));
        if (o.TextOrNull("sparkplug") is { } metric) sparkplug.Add(new SparkplugField(Encoding.UTF8.GetBytes(metric), slot, scale, offset));
        modbus.ReadField(o, fields[slot], slot, scale, offset);
        o.Done();
    }

    private static int SlotOf(JsonObjectReader o, string member, string? field, List<FieldSpec> fields)
    {
        if (field is null) return -1;
        int slot = fields.FindIndex(f => f.Name == field);
        if (slot < 0) o.Report(member, $"expected one of this profile's fields, saw \"{field}\"");
        return slot;
    }
}
