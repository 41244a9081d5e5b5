#!/usr/bin/env python3
"""Writes the shared table with its keys and lists as texts of JSON, as Lua's libraries would write
them differently: texts.py TOKENS.JSON OUT.JSON"""

import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    rows = json.load(file)
for row in rows:
    row["now"] = str(row["now"])  # a number of Lua's would round the ends of time
    for name in ("keys", "jwk"):
        if name in row:
            row[name] = json.dumps(row[name])
    for issuer in row.get("issuer_keys", ()):
        row["issuer_keys"][issuer] = json.dumps(row["issuer_keys"][issuer])
    for i, claims in enumerate(row.get("status_lists", ())):
        if "absent" not in claims:
            row["status_lists"][i] = json.dumps(claims)
with open(sys.argv[2], "w", encoding="utf-8") as file:
    json.dump(rows, file)
