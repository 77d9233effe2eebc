using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;

namespace Gateway.Domain.Readings;

/// <summary>What the crew should try when a rung of the presence ladder fails: the profile's own words, else those for the kind of link.</summary>
/// <remarks>In the order in which it pays to look: what is seen from the ground first, what needs a ladder or a laptop last.</remarks>
public static class DefaultAdvice
{
    /// <summary>The ladder, lowest first.</summary>
    public static IReadOnlyList<string> Rungs { get; } = ["link", "answering", "fresh", "plausible", "clock"];

    private static readonly LocalText SerialLink = new(
        "看 USB 转 485 适配器是否插好、指示灯是否亮；换一个 USB 口；用 gateway check 核对端口名（优先用 /dev/serial/by-id）；确认没有别的程序占用串口。若经网络转换器：查它的电源、网线和 IP。",
        "Is the RS-485 adapter plugged in and its lamp on? Try another USB socket; compare the port's name by gateway check (best below /dev/serial/by-id); make sure no other program holds it. Behind a network converter: its power, cable and address.");

    private static readonly LocalText ModbusAnswering = new(
        "1) 传感器电源：量端子上有没有 12–24 V。2) A/B 线是否接反：对调再试。3) 站号和波特率：用 gateway bus scan 查实际值。4) 同一总线其他设备也不回：查主干线断点、两端 120 Ω 终端电阻（只在两端各一个）、公共地线。5) 雨后才坏：打开接线盒看有没有进水。6) 报文校验错多：两台设备站号相同，或线太长、离变频器太近。",
        "1) Supply: are there 12–24 V at the sensor's terminals? 2) A and B swapped? Exchange them and try. 3) Address and rate: gateway bus scan shows what they really are. 4) Neighbours mute too: a break in the trunk, 120 Ω terminators (one at each end, no more), the common ground. 5) Only after rain: open the junction box and look for water. 6) Many damaged replies: two units with one address, or a long cable beside a frequency converter.");

    private static readonly LocalText ListenedAnswering = new(
        "1) 设备电源和显示屏是否正常。2) A/B 线是否接反、地线是否相连。3) 波特率和协议是否与台账一致：用 gateway bus scan 被动监听。4) 设备里的上传通道是否打开、站号是否与台账一致。5) 接线盒有无进水、松动。",
        "1) Is the device powered and its display normal? 2) A and B swapped, grounds joined? 3) Rate and protocol as in the ledger: gateway bus scan listens. 4) Is the upload channel switched on in the device, and its number that of the ledger? 5) Water or a loose wire in the junction box.");

    private static readonly LocalText NetworkLink = new(
        "1) 设备和 4G 路由器（DTU）有没有电、信号灯是否正常。2) SIM 卡是否欠费、天线是否拧紧。3) 设备里填的服务器地址和端口是不是网关的。4) 同一路由器下的其他设备是否也断：查路由器和交换机。5) 用户名、密码、证书是否被改过。",
        "1) Power and signal lamps of the device and of its 4G router (DTU). 2) SIM card paid, aerial tight? 3) Is the server address and port in the device the gateway's? 4) Are others behind the same router gone too: look at router and switch. 5) Were user, password or certificate changed?");

    private static readonly LocalText NetworkAnswering = new(
        "连接在，但没有消息：1) 设备是否停在设置菜单或报警画面。2) 设备编号（主题、MN 号）是否与台账一致，看“未登记设备”里有没有它。3) 重启设备的通信模块。",
        "Connected, but no message: 1) Does the device stand in a set-up menu or alarm screen? 2) Is its number (topic, MN) that of the ledger? Look for it among the unregistered devices. 3) Restart the device's communication module.");

    private static readonly LocalText Fresh = new(
        "设备有回应，但没有有效测量值：1) 看设备屏幕上有没有数值，有没有“传感器故障”。2) 探头插头是否松动、线是否被压断。3) 设备是否在标定、自检或检修状态。4) 上报间隔是否被改大：与台账的间隔核对。",
        "It answers, but sends no valid measurement: 1) Does its display show a value, or a sensor fault? 2) Plug and cable of the probe: loose, crushed? 3) Is it in calibration, self-test or service? 4) Was its interval made longer than the ledger's?");

    private static readonly LocalText Plausible = new(
        "数值不可信（长时间不变或超出物理范围）：1) 机械卡住：风杯、风向标、幅度或高度限位器的齿轮。2) 探头脏、被遮挡或结冰：清洁。3) 与手持仪表比对，差得多就重新标定或更换。4) 单位或倍率不对：核对设备模板的 scale（风速常差 10 倍）。5) 查是否有人短接或屏蔽了传感器。",
        "The value cannot be believed (never changes, or out of physical range): 1) Something is jammed: wind cups, vane, the gear of a limit switch. 2) The probe is dirty, covered or iced: clean it. 3) Compare with a hand instrument; recalibrate or replace. 4) Wrong unit or factor: compare the profile's scale (wind is often off by ten). 5) Has somebody bridged or covered the sensor?");

    private static readonly LocalText Clock = new(
        "设备时钟不准：1) 在设备菜单里校时（北京时间）。2) 断电后又不准：换时钟电池。3) 让设备用网关或路由器的 NTP 校时。4) 所有设备同时偏差：查网关自己的时间。",
        "The device's clock is off: 1) Set it in its menu (Beijing time). 2) Off again after a power cut: replace the clock battery. 3) Let it take time by NTP from the gateway or router. 4) All devices off at once: look at the gateway's own time.");

    /// <returns>What to try; for a word that is no rung null.</returns>
    public static LocalText? For(DeviceProfile profile, Device device, string rung) => profile.Advice.TryGetValue(rung, out var own) ? own : For(device, rung);

    private static LocalText? For(Device device, string rung) => rung switch
    {
        "link" => OnWires(device) ? SerialLink : NetworkLink,
        "answering" => device.Link == LinkKind.Modbus ? ModbusAnswering : OnWires(device) ? ListenedAnswering : NetworkAnswering,
        "fresh" => Fresh,
        "plausible" => Plausible,
        "clock" => Clock,
        _ => null,
    };

    /// <summary>It speaks on a bus; an MQTT device that names one only says where its converter hangs.</summary>
    private static bool OnWires(Device device) => device.Bus is not null && device.Link is not (LinkKind.Mqtt or LinkKind.Sparkplug);
}
