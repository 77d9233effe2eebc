/* A Modbus slave by libmodbus; not our code on the other side of the wire.
 *
 * Usage: libmodbus_slave rtu PORT BAUD UNIT | libmodbus_slave tcp PORT
 * Holding register n holds 1000 + n, input register n 2000 + n, coil n is on for every third n, input n for every second; n = 0..199.
 * Prints "ready" when it listens; ends when it is killed. */
#include <errno.h>
#include <modbus.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    int tcp = argc == 3 && strcmp(argv[1], "tcp") == 0, listener = -1;
    if (!tcp && argc != 5)
        return 2;
    modbus_t *bus = tcp ? modbus_new_tcp("127.0.0.1", atoi(argv[2])) : modbus_new_rtu(argv[2], atoi(argv[3]), 'N', 8, 1);
    modbus_mapping_t *map = modbus_mapping_new(200, 200, 200, 200);
    if (bus == NULL || map == NULL)
        return 1;
    for (int n = 0; n < 200; n++) {
        map->tab_registers[n] = 1000 + n;
        map->tab_input_registers[n] = 2000 + n;
        map->tab_bits[n] = n % 3 == 0;
        map->tab_input_bits[n] = n % 2 == 0;
    }
    if (tcp)
        listener = modbus_tcp_listen(bus, 1);
    else if (modbus_set_slave(bus, atoi(argv[4])) != 0 || modbus_connect(bus) != 0)
        return 1;
    printf("ready\n");
    fflush(stdout);
    do {
        unsigned char query[MODBUS_TCP_MAX_ADU_LENGTH];
        int length = 0;
        if (tcp && modbus_tcp_accept(bus, &listener) < 0)
            return 1;
        while (length >= 0 || (!tcp && errno != EIO && errno != ENXIO)) {
            length = modbus_receive(bus, query);
            if (length > 0)
                modbus_reply(bus, query, length, map);
        }
        if (tcp)
            close(modbus_get_socket(bus));
    } while (tcp);
    return 0;
}
