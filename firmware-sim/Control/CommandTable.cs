using FirmwareSim.Devices;

namespace FirmwareSim.Control;

/// <summary>All commands, in the order of CONTRACT.md.</summary>
internal static class CommandTable
{
    public const string Recover = "recover";
    public const string Quit = "quit";

    public static IReadOnlyList<SiteCommand> All { get; } =
    [
        new("silence", "connected, but sends nothing", "在线但不发数据", EffectKind.Silence, IsDevice),
        new("freeze", "the same values again and again", "数值冻结", EffectKind.Freeze, IsDevice),
        new("flap", "silent 12 s, alive 5 s, and again", "时断时续", EffectKind.Flap, IsDevice),
        new("overload", "115 % moment, over rated load", "超载超力矩", EffectKind.Overload, CanLift),
        new("gust", "wind 22-26 m/s", "大风", EffectKind.Gust, FeelsWind),
        new("dust-peak", "PM10 and TSP five times", "扬尘超标", EffectKind.DustPeak, MeasuresDust),
        new("clock-drift", "clock off by value= seconds", "时钟漂移", EffectKind.ClockDrift, HasClock, DefaultValue: 120),
        new("torn", "every third frame cut in half", "残缺帧", EffectKind.Torn, IsDevice),
        new("wrong-crc", "checksums that are not right", "校验错误", EffectKind.WrongCrc, HasFrames),
        new("lying-length", "the length in the frame lies", "长度不符", EffectKind.LyingLength, HasFrames),
        new("foreign-bytes", "bytes of others before each frame", "夹杂其他数据", EffectKind.ForeignBytes, HasFrames),
        new("drip", "frames leave byte by byte", "逐字节慢发", EffectKind.Drip, HasFrames),
        new("late-reply", "answers value= seconds late", "应答迟到", EffectKind.LateReply, Answers, DefaultValue: 0),
        new("address-clash", "two devices with one address", "地址冲突", EffectKind.AddressClash, HasAddress),
        new("echo", "the adapter hears what it sends", "适配器回显", EffectKind.Echo, IsBus),
        new("unplug", "the bus adapter is pulled", "拔掉总线适配器", EffectKind.Unplug, IsBus),
        new("power-cut", "no power: sockets reset, bus mute", "停电", EffectKind.PowerCut, IsDevice),
        new("disconnect", "says goodbye and stays away", "正常断开", EffectKind.Disconnect, IsOnNetwork),
        new("kill", "socket reset, stays away", "异常断开", EffectKind.Kill, IsOnNetwork),
        new(Recover, "back to normal", "恢复正常", null, _ => true),
        new(Quit, "stop the simulator", "退出", null, _ => false),
    ];

    public static SiteCommand? Find(string name) => All.FirstOrDefault(c => c.Name == name);

    private static bool IsDevice(Device device) => device.Kind != DeviceKind.Bus;

    private static bool IsBus(Device device) => device.Kind == DeviceKind.Bus;

    private static bool CanLift(Device device) => device.Kind is DeviceKind.Crane or DeviceKind.Hoist;

    private static bool FeelsWind(Device device) =>
        device.Kind is DeviceKind.Crane or DeviceKind.Hoist or DeviceKind.Dust or DeviceKind.Wind;

    private static bool MeasuresDust(Device device) => device.Kind == DeviceKind.Dust;

    private static bool IsOnNetwork(Device device) => device.Link is LinkKind.Mqtt or LinkKind.Hj212 or LinkKind.Goyo || device.Kind == DeviceKind.Modem;

    private static bool HasClock(Device device) => device.Link is LinkKind.Mqtt or LinkKind.Hj212 || IsBox(device);

    private static bool IsBox(Device device) => device.Link is LinkKind.Goyo or LinkKind.Tx101 && device.Kind != DeviceKind.Modem;

    private static bool HasFrames(Device device) => device.Link is LinkKind.Modbus or LinkKind.Hj212 || IsBox(device);

    /// <summary>GOYO boxes are asked nothing.</summary>
    private static bool Answers(Device device) => HasFrames(device) && device.Link != LinkKind.Goyo;

    private static bool HasAddress(Device device) => device.Link == LinkKind.Modbus || IsBox(device);
}
