#!/usr/bin/env python3
"""Figures that the shared harness does not take: figures.py alarms|devices

alarms   frame -> alarm on the event stream, while 500 connections send 20 000 messages a second: 200 cranes, each over its moment once
devices  memory with 5 000 devices, each on a connection of its own: idle, and at 5 000 messages a second

Needs BENCH_BIN (mqttblast, lpsink) and the gateway as `start` finds it; ./run alarms devices sets both.
"""
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
BIN, WORK = os.environ['BENCH_BIN'], os.environ['BENCH_WORK']
MQTT, SINK, CTL, CONSOLE = 18500, 18501, 18502, 18503
CRANES, RATE, SECONDS = 200, 20_000, 25


def start(name, argv, **env):
    return subprocess.Popen(argv, env={**os.environ, **env}, stdin=subprocess.DEVNULL, stdout=open(f'{WORK}/{name}.log', 'ab'), stderr=subprocess.STDOUT)


def connected(port, seconds=20):
    end = time.monotonic() + seconds
    while True:
        try:
            return socket.create_connection(('127.0.0.1', port), 5)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def resident_mb(pid):
    with open(f'/proc/{pid}/status') as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith('VmRSS'))


def text(value):
    value = value.encode()
    return len(value).to_bytes(2, 'big') + value


def packet(first, body):
    length, head = len(body), b''
    while True:
        head += bytes([length % 128 | (0x80 if length >= 128 else 0)])
        length //= 128
        if length == 0:
            return bytes([first]) + head + body


def sign_in(client):
    link = connected(MQTT)
    link.sendall(packet(0x10, text('MQTT') + b'\x04\x02' + (600).to_bytes(2, 'big') + text(client)))
    assert link.recv(4)[:1] == b'\x20', 'no CONNACK'
    return link


def listen(seen, ready):
    """Reads the event stream; notes when each crane's alarm came."""
    stream = connected(CONSOLE)
    stream.sendall(b'GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n')
    stream.settimeout(60)
    rest = b''
    while True:
        try:
            piece = stream.recv(1 << 16)
        except OSError:
            return
        now = time.monotonic_ns()
        if not piece:
            return
        ready.set()
        rest += piece
        *lines, rest = rest.split(b'\n')
        for line in lines:
            # A snapshot holds none of these alarms: nobody has raised them yet.
            if line.startswith(b'data:') and b'"crane-moment-alarm"' in line and b'"state":"unacked"' in line:
                seen.setdefault(json.loads(line[5:])['subject']['id'], now)


def alarms():
    seen, sent, ready = {}, {}, threading.Event()
    threading.Thread(target=listen, args=(seen, ready), daemon=True).start()
    assert ready.wait(20), 'no event stream'
    load = start('blast', [f'{BIN}/mqttblast', 'pub', '--port', str(MQTT), '--rate', str(RATE), '--secs', str(SECONDS)])
    time.sleep(3)
    cranes = sign_in('cranes-of-the-benchmark')
    for n in range(CRANES):
        name = f'alarm-{n}'
        body = json.dumps({'ts': int(time.time() * 1000), 'seq': n, 'load_t': 2.0, 'moment_pct': 112.0})
        sent[name] = time.monotonic_ns()
        cranes.sendall(packet(0x32, text(f'site/bench/crane/{name}/telemetry') + (n + 1).to_bytes(2, 'big') + body.encode()))
        time.sleep(0.1)
    load.wait()
    time.sleep(1)
    took = sorted((seen[name] - at) / 1e6 for name, at in sent.items() if name in seen)
    return {'scenario': 'alarms', 'rate': RATE, 'sent': CRANES, 'seen': len(took), 'p50_ms': statistics.median(took), 'p99_ms': took[int(len(took) * 0.99) - 1], 'max_ms': took[-1]}


def devices(gateway):
    time.sleep(3)
    idle = resident_mb(gateway.pid)
    load = start('blast', [f'{BIN}/mqttblast', 'pub', '--port', str(MQTT), '--conns', '5000', '--rate', '5000', '--secs', '20'])
    peak = 0.0
    while load.poll() is None:
        peak = max(peak, resident_mb(gateway.pid))
        time.sleep(0.2)
    return {'scenario': 'devices', 'rate': 5000, 'idle_mb': idle, 'peak_mb': peak}


def main(scenario):
    shutil.rmtree(WORK, ignore_errors=True)
    os.makedirs(f'{WORK}/peer')
    sink = start('lpsink', [f'{BIN}/lpsink', '--port', str(SINK), '--ctl', str(CTL)])
    connected(SINK).close()
    gateway = start('gateway', [f'{HERE}/start', str(MQTT), str(SINK), f'{WORK}/peer'], CONSOLE_PORT=str(CONSOLE), DEVICES='5000' if scenario == 'devices' else '500', CRANES=str(CRANES if scenario == 'alarms' else 0))
    try:
        connected(CONSOLE).close()
        print(json.dumps(alarms() if scenario == 'alarms' else devices(gateway)), flush=True)
    finally:
        gateway.terminate()
        gateway.wait(20)
        sink.terminate()
        sink.wait(5)


main(sys.argv[1])
