"""Modbus RTU units with pymodbus's codec and data store on a serial port; not our code on the other side of the wire.

Usage: modbus_rtu_units.py PORT BAUD
Units 1 and 2: holding register n holds (unit * 1000 + n), input register n holds (unit * 2000 + n), n = 0..199.
Prints "ready" when it listens; ends with its standard input.
"""
import select
import sys

import serial
from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.factory import ServerDecoder
from pymodbus.framer.rtu_framer import ModbusRtuFramer

UNITS = (1, 2)


def block(base):
    return ModbusSequentialDataBlock(0, [base + n for n in range(200)])


def main(path, baud):
    units = {u: ModbusSlaveContext(hr=block(u * 1000), ir=block(u * 2000), zero_mode=True) for u in UNITS}
    context = ModbusServerContext(slaves=units, single=False)
    port = serial.Serial(path, baud, timeout=0)
    framer = ModbusRtuFramer(ServerDecoder())

    def answer(request):
        response = request.execute(context[request.unit_id])
        response.unit_id = request.unit_id
        response.transaction_id = request.transaction_id
        port.write(framer.buildPacket(response))

    print("ready", flush=True)
    while True:
        readable, _, _ = select.select([port, sys.stdin], [], [])
        if sys.stdin in readable:
            return
        framer.processIncomingPacket(port.read(256), answer, list(UNITS))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
