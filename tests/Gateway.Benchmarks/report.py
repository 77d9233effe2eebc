#!/usr/bin/env python3
"""report.py GATEWAY FOLDER: what `gateway report` of March 2026 costs with 5 000 devices and 620 000 intervals; process start included. Prints wall and CPU seconds of five runs and their medians."""
import datetime, json, os, random, resource, shutil, signal, sqlite3, statistics, subprocess, sys, time

DEVICES, EACH = 5000, 124
gateway, folder = sys.argv[1], sys.argv[2]
shutil.rmtree(folder, ignore_errors=True)
os.makedirs(folder)
os.chdir(folder)

device = lambda i: {"id": f"device-{i:04}", "name": f"设备 {i}", "kind": "crane", "profile": "crane-json", "link": "mqtt", "safety": True, "inService": "2026-01-01"}
json.dump({"version": 1, "site": {"id": "big", "name": "大工地", "timeZone": "Asia/Shanghai"}, "devices": [device(i) for i in range(DEVICES)]}, open("ledger.json", "w"))
off = {"Enabled": False}
json.dump({"Gateway": {"Id": "gw-big"}, "Store": {"Directory": "store"}, "Console": {"Port": 0}, "Mqtt": off, "Hj212": off, "History": off, "Patrol": off}, open("gateway.json", "w"))

# The gateway makes its own store; the month is put into it.
run = subprocess.Popen([gateway, "run", "--config", "gateway.json"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
while "Console" not in run.stdout.readline():
    assert run.poll() is None, "the gateway ended at its start"
run.send_signal(signal.SIGINT)
run.wait(30)

random.seed(1)
zone = datetime.timezone(datetime.timedelta(hours=8))
first, last = (int(datetime.datetime(2026, m, 1, tzinfo=zone).timestamp() * 1000) for m in (3, 4))
length = (last - first) // (EACH // 2)
intervals = []
for i in range(DEVICES):
    for at in range(first, first + length * (EACH // 2), length):
        gap = 60_000 + random.randrange(600_000)
        intervals.append((f"device-{i:04}", at, at + length - gap, 1, ""))
        intervals.append((f"device-{i:04}", at + length - gap, at + length, random.choice((0, 2)), random.choice(("silent", "bus"))))
intervals.sort(key=lambda row: row[2])
db = sqlite3.connect("store/state.db")
seq, head = db.execute("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
db.execute("DELETE FROM presence")
db.execute("DELETE FROM presence_interval")
db.executemany("INSERT INTO presence_interval(device, from_ms, to_ms, state, cause, seq) VALUES(?,?,?,?,?,?)", ((*row, seq + n) for n, row in enumerate(intervals, 1)))
db.executemany("INSERT INTO presence VALUES(?, 1, '', ?)", ((f"device-{i:04}", last) for i in range(DEVICES)))
# A head behind them; their own rows of the chain are not read by a report.
db.execute("INSERT INTO journal VALUES(?, ?, 'checkpoint', x'7b7d', ?)", (seq + len(intervals) + 1, last + 1, head))
db.execute("UPDATE meta SET value = ? WHERE key = 'heartbeat_ms'", (str(last + 1),))
db.commit()
db.close()

runs = []
for _ in range(5):
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run([gateway, "report", "2026-03", "--config", "gateway.json", "--out", "report.json"], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    runs.append((time.monotonic() - began, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime))
    print(f"{runs[-1][0]:.2f} s wall, {runs[-1][1]:.2f} s CPU", flush=True)
print(f"median {statistics.median(r[0] for r in runs):.2f} s wall, {statistics.median(r[1] for r in runs):.2f} s CPU, {len(intervals)} intervals, {os.path.getsize('report.json') / 1e6:.0f} MB")
