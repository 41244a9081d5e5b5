#!/usr/bin/env bash
# Sends the login service whatever its OpenAPI document allows, and much that it does not;
# fails if any answer is a 5xx, or is none that the document describes:
#
#   scripts/schemathesis.sh [examples of each operation]
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/venv.sh .venv-schemathesis server/tests/schemathesis/requirements.txt
target=$(scripts/target-dir.sh)
(cd server && "${CARGO:-cargo}" build --quiet --locked --target-dir "$target" --bin jotd)
folder=$(mktemp -d)
service=
end() {
    [ -z "$service" ] || kill "$service" 2>/dev/null || true
    rm -rf "$folder"
}
trap end EXIT
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
url=http://127.0.0.1:$port
cat >"$folder/jotd.toml" <<END
issuer = "$url"
data = "db"
master_key_file = "master.key"
audit = "audit.ndjson"
[listen]
address = "127.0.0.1:$port"
[passwords]
allow_weak_cost = true
memory_kib = 8
passes = 1
[tokens]
audiences = ["api"]
access_seconds = 86400
[guard]
address_free = 86400
everyone_free = 86400
[[resources]]
url = "https://api.example/v1"
END
"$target/debug/jotd" new-master-key >"$folder/master.key"
printf 'correct horse\n' | "$target/debug/jotd" --config "$folder/jotd.toml" user add root \
    --scope jotd:admin --audience "$url" --audience api >/dev/null
"$target/debug/jotd" --config "$folder/jotd.toml" serve 2>"$folder/log" &
service=$!
for _ in $(seq 100); do curl -s -o /dev/null "$url/readyz" && break || sleep 0.1; done

token=$(curl -s -d username=root -d 'password=correct horse' "$url/login" | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
checks=not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance
run() {
    .venv-schemathesis/bin/schemathesis run "$url/openapi.json" --checks "$checks" \
        --max-examples "$examples" --request-timeout 30 --generation-database none "$@"
}
examples=${1:-50}
# A logout would end the administrator's session.
run --header "Authorization: Bearer $token" --exclude-path /logout
run
curl -sf -H "Authorization: Bearer $token" "$url/admin/accounts" >/dev/null || { echo "schemathesis: the token is gone" >&2; exit 1; }
! grep -q 'panicked\|a request was refused' "$folder/log" || { cat "$folder/log" >&2; exit 1; }
