using Gateway.Domain.Configuration;

namespace Gateway.Domain.Readings;

/// <summary>What a failed check is called and what the crew should try, where the profile has no words of its own.</summary>
public static class CheckWords
{
    public static LocalText TitleOf(CheckKind kind) => kind switch
    {
        CheckKind.Range => new("数值超出物理范围", "Value out of physical range"),
        CheckKind.Frozen => new("数值长时间不变", "Values stand still"),
        CheckKind.Rate => new("数值变化快于机械极限", "Value changes faster than the machine can"),
        CheckKind.SelfTest => new("设备自检报告故障", "The device reports itself broken"),
        CheckKind.Regularity => new("报文节奏过于规整", "Messages too regular to be true"),
        CheckKind.Identical => new("报文内容完全重复", "The same message again and again"),
        _ => new("设备时钟偏差过大", "The device's clock is off"),
    };

    public static LocalText AdviceOf(CheckKind kind) => kind switch
    {
        CheckKind.Range => new(
            "查传感器插头和线路（断线常读满量程），核对设备模板的单位和倍率，再与手持仪表比对。",
            "Look at plug and cable (a broken wire reads full scale), compare unit and factor of the profile, then compare with a hand instrument."),
        CheckKind.Frozen => new(
            "转动或加载被测机构看数值是否变化；查风杯、齿轮是否卡住，传感器是否被短接；重启设备。",
            "Move or load what is measured and watch the value; look for jammed cups or gears and a bridged sensor; restart the device."),
        CheckKind.Rate => new(
            "查传感器接线松动和电磁干扰（屏蔽层接地），编码器打滑或重新标定后跳变；核对倍率。",
            "Look for loose wires and interference (is the screen grounded?), a slipping encoder or a step after calibration; compare the factor."),
        CheckKind.SelfTest => new(
            "在设备屏幕上读故障码，按厂家手册处理；更换故障传感器后重新标定。",
            "Read the fault on the device's own display and follow its manual; replace the broken sensor and calibrate."),
        CheckKind.Regularity => new(
            "到现场核对：数据是否由真实设备发出，是否有人用程序代发。",
            "Go and see: does the device itself send this, or does a program send in its name?"),
        CheckKind.Identical => new(
            "到现场转动或加载被测机构，看数值是否变化；不变则更换或重新标定设备。",
            "Go and move or load what is measured: if nothing changes, replace or recalibrate the device."),
        _ => new(
            "在设备菜单里校时（北京时间）；断电后又不准就换时钟电池；所有设备同时偏差则查网关时间。",
            "Set the clock in the device's menu; off again after a power cut: replace its battery; all devices at once: look at the gateway's own time."),
    };
}
