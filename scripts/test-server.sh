#!/usr/bin/env bash
# Asks the example server over HTTP: test-server.sh SERVER ISSUE FOLDER
set -euo pipefail

server=$1 issue=$2 folder=$3
issuer=https://issuer.example
fail() {
    echo "test-server: $*" >&2
    exit 1
}
claims() { printf '{"iss":"%s","aud":"%s","sub":"alice","scope":"%s","exp":%s}' "$1" "$2" "${4:-}" "$3"; }
make() { # keys, and tokens: good, expired, of another audience, of another issuer
    "$issue" "$folder/server.json" "$(claims $issuer api 9999999999)" "$(claims $issuer api 1)" \
        "$(claims $issuer other 9999999999)" "$(claims https://other api 9999999999)" \
        "$(claims $issuer api 9999999999 "list orders:read")"
}

mapfile -t tokens < <(make)
log=$folder/server.log
for port in $(seq 18080 18099); do
    : >"$log"
    "$server" "$port" "$folder/server.json" $issuer api >"$log" 2>&1 &
    pid=$!
    for _ in $(seq 100); do
        if grep -q listening "$log" || ! kill -0 $pid 2>/dev/null; then break; fi
        sleep 0.05
    done
    if grep -q listening "$log"; then break; fi
    wait $pid 2>/dev/null || pid=
done
[ -n "$pid" ] || fail "the server does not start: $(cat "$log")"
trap 'kill "$pid" 2>/dev/null || true' EXIT

path=/
ask() { # expected status and body, then the arguments of curl
    local wanted=$1 got
    shift
    got=$(curl -s --max-time 10 -w ' %{http_code}' "$@" "http://127.0.0.1:$port$path")
    [ "$got" = "$wanted" ] || fail "$* gives '$got', not '$wanted'"
}
with() { ask "$1" -H "Authorization: Bearer $2"; }

with 'alice 200' "${tokens[0]}"
with $'expired\n 401' "${tokens[1]}"
with $'aud_mismatch\n 401' "${tokens[2]}"
with $'iss_mismatch\n 401' "${tokens[3]}"
with $'signature_invalid\n 401' "${tokens[0]%????????}AAAAAAAA"
with $'token_segments\n 401' garbage
ask $'token_null\n 401'
ask $'token_null\n 401' -H "Authorization: Basic dTpw"
ask $'token_null\n 401' -H "Authorization: Bearer ${tokens[0]}" -H "Authorization: Bearer ${tokens[0]}"
ask 'alice 200' -H "authorization:   bEaReR   ${tokens[0]}"

# What the log says, and a route with a scope of its own.
grep -qx 'server: expired (692) exp=1' "$log" || fail "the log does not say what was at fault"
grep -qx 'server: aud_mismatch (622) aud="other"' "$log" || fail "the log does not say which audience"
grep -q "${tokens[1]}" "$log" && fail "the log has a token"
path=/orders
with 'alice 200' "${tokens[4]}"
with $'scope_insufficient\n 403' "${tokens[0]}"
curl -s -D - -o /dev/null -H "Authorization: Bearer ${tokens[0]}" "http://127.0.0.1:$port/orders" |
    grep -q '^WWW-Authenticate: Bearer error="insufficient_scope"' || fail "no insufficient_scope"
path=/

# Many at once, from many connections.
seq 200 | xargs -P 16 -I{} curl -s --max-time 20 -o /dev/null -w '%{http_code}\n' \
    -H "Authorization: Bearer ${tokens[0]}" "http://127.0.0.1:$port/" | sort | uniq -c | grep -qx ' *200 200' ||
    fail "not every request was answered"

# Other keys: the old token is refused, a new one taken. No keys: the last stay.
old=${tokens[0]}
reload() {
    kill -HUP "$pid"
    for _ in $(seq 100); do
        if grep -q "$1" "$log"; then return; fi
        sleep 0.05
    done
    fail "not $1: $(cat "$log")"
}
mapfile -t tokens < <(make)
reload reloaded
with $'signature_invalid\n 401' "$old"
with 'alice 200' "${tokens[0]}"
echo '<html>' >"$folder/server.json"
reload kept
with 'alice 200' "${tokens[0]}"

curl -s --max-time 10 "http://127.0.0.1:$port/metrics" | grep -q '^jot_verdicts_total{code="expired"} 1$' ||
    fail "the metrics do not tell"
kill -TERM "$pid"
wait "$pid" || fail "the server ends with $?: $(cat "$log")"
trap - EXIT
echo "server: all requests were answered as they should be"
