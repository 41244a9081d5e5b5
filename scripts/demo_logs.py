#!/usr/bin/env python3
"""Writes a part of a log in the formats of other programs, some of them compressed.

    scripts/demo_logs.py access.ndjson folder same.ndjson

`folder` gets a file for each format; `same.ndjson` the same uses, as they were. An audit
of either comes to the same totals. Needs nothing beside Python.
"""

import bz2
import csv
import datetime
import gzip
import io
import json
import lzma
import pathlib
import sys

# Every so many lines are one of the part.
STEP = 16


def local(use):
    """Return the time as Common Log Format has it."""
    return use["at"].strftime("%d/%b/%Y:%H:%M:%S +0000")


def combined(use):
    return (
        f'{use["address"]} - - [{local(use)}] "{use["method"]} {use["path"]} HTTP/1.1" {use["status"]} 17 '
        f'"-" "curl" "{use["authorization"]}"'
    )


def envoy(use):
    return (
        f'[{use["time"]}] "{use["method"]} {use["path"]} HTTP/2" {use["status"]} - 154 0 226 100 '
        f'"{use["address"]}" "curl" "cc21d9b0" "host" "tcp://10.0.2.1:80" "{use["authorization"]}"'
    )


def traefik(use):
    return json.dumps(
        {
            "ClientHost": use["address"],
            "DownstreamStatus": use["status"],
            "RequestPath": use["path"],
            "StartUTC": use["time"],
            "request_Authorization": use["authorization"],
        }
    )


def caddy(use):
    request = {"client_ip": use["address"], "method": use["method"], "uri": use["path"]}
    request["headers"] = {"Authorization": [use["authorization"]]}
    return json.dumps({"level": "info", "ts": use["at"].timestamp(), "request": request, "status": use["status"]})


def docker(use):
    inner = {"msec": f'{use["at"].timestamp():.3f}', "remote_addr": use["address"], "status": str(use["status"])}
    inner["http_authorization"] = use["authorization"]
    return json.dumps({"log": json.dumps(inner) + "\n", "stream": "stdout", "time": use["time"]})


def containerd(use):
    return f'{use["time"]} stdout F {combined(use)}'


def journald(use):
    stamp = str(int(use["at"].timestamp() * 1e6))
    return json.dumps({"__REALTIME_TIMESTAMP": stamp, "MESSAGE": combined(use)})


def syslog(use):
    inner = {"time": use["time"], "client_ip": use["address"], "status": use["status"]}
    inner["authorization"] = use["authorization"]
    return f'<190>1 {use["time"]} host app 1234 - - {json.dumps(inner)}'


def iis(use):
    words = [use["at"].strftime("%Y-%m-%d %H:%M:%S"), use["address"], use["method"], use["path"], str(use["status"])]
    return " ".join([*words, use["authorization"].replace(" ", "+")])


def table(use):
    line = io.StringIO()
    csv.writer(line, delimiter=";", lineterminator="").writerow(
        [use["time"], use["address"], use["status"], use["authorization"]]
    )
    return line.getvalue()


FORMATS = [
    ("nginx.log.gz", combined, "", gzip.compress),
    ("envoy.log", envoy, "", bytes),
    ("traefik.json", traefik, "", bytes),
    ("caddy.json.bz2", caddy, "", bz2.compress),
    ("docker.log.xz", docker, "", lzma.compress),
    ("containerd.log", containerd, "", bytes),
    ("journald.json", journald, "", bytes),
    ("syslog.log", syslog, "", bytes),
    (
        "iis.log",
        iis,
        "#Software: Microsoft Internet Information Services 10.0\n"
        "#Fields: date time c-ip cs-method cs-uri-stem sc-status cs(Authorization)\n",
        bytes,
    ),
    ("export.csv", table, "time;client_ip;status;authorization\n", bytes),
]


def uses(path):
    """Yield every so manyth use that has a token."""
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % STEP == 0 and line.endswith("}\n") and '"Bearer ' in line:
                use = json.loads(line)
                use["at"] = datetime.datetime.fromisoformat(use["time"].replace("Z", "+00:00"))
                yield line, use


def main():
    log, folder, same = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    texts = [[head] for _, _, head, _ in FORMATS]
    lines = []
    for number, (line, use) in enumerate(uses(log)):
        texts[number % len(FORMATS)].append(FORMATS[number % len(FORMATS)][1](use) + "\n")
        lines.append(line)
    same.write_text("".join(lines), encoding="utf-8")
    for (name, _, _, pack), text in zip(FORMATS, texts):
        (folder / name).write_bytes(pack("".join(text).encode()))


main()
