#!/usr/bin/env python3
"""Medians of a results file as a Markdown table, one row a scenario."""
import json
import statistics
import sys

rows = {}
for line in open(sys.argv[1]):
    r = json.loads(line)
    rows.setdefault((r.get('scenario'), r.get('rate')), []).append(r)


def median(runs, *path, scale=1.0, digits=1):
    values = []
    for run in runs:
        value = run
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        if isinstance(value, (int, float)):
            values.append(value * scale)
    return f'{statistics.median(values):.{digits}f}' if values else '–'


print('| scenario | runs | msg/s acknowledged | msg/s end to end | lost | dup | alarms seen/due | PUBACK µs p50/p99 | end to end ms p50/p99 | CPU s per million | peak RSS MB |')
print('|---|---|---|---|---|---|---|---|---|---|---|')
for (scenario, rate), runs in rows.items():
    bad = [r['error'] for r in runs if 'error' in r]
    if bad:
        print(f'| {scenario} {rate or ""} | {len(runs)} | error: {bad[0]} |')
    elif scenario == 'cold':
        print(f"| cold start | {len(runs)} | first CONNACK {median(runs, 'connack_ms', digits=0)} ms, first point {median(runs, 'first_point_ms', digits=0)} ms, idle RSS {median(runs, 'idle_rss_mb', 'peer')} MB |")
    else:
        print(f"| {scenario} {rate or ''} | {len(runs)} | {median(runs, 'send_rate', digits=0)} | {median(runs, 'e2e_rate', digits=0)} | {median(runs, 'lost', digits=0)} | {median(runs, 'dups', digits=0)} "
              f"| {median(runs, 'alarms', digits=0)}/{median(runs, 'alarms_expected', digits=0)} "
              f"| {median(runs, 'puback_us', 'p50', digits=0)}/{median(runs, 'puback_us', 'p99', digits=0)} "
              f"| {median(runs, 'e2e_us', 'p50', scale=.001)}/{median(runs, 'e2e_us', 'p99', scale=.001)} "
              f"| {median(runs, 'cpu_s_per_1M', 'peer')} | {median(runs, 'rss_peak_mb', 'peer')} |")
