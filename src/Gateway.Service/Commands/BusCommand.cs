using System.CommandLine;

namespace Gateway.Service.Commands;

/// <summary><c>gateway bus …</c>: what a technician does at a bus.</summary>
internal static class BusCommand
{
    public static Command Create() => new("bus", "Buses and their frames / 总线与报文") { BusListCommand.Create(), BusScanCommand.Create(), BusTailCommand.Create() };
}
