#!/usr/bin/env bash
# Starts the login service and guarded APIs on this machine, and walks a user through the
# seven steps of JWT authentication, with the requests printed. Fails unless every answer is
# as it should be. Leaves its files in ./demo/login.
#
# The APIs are server/examples/api.rs and those of examples/api-*, as far as their runtime is
# there; the others are named. With JOT_REQUIRE=all they are a failure.
set -euo pipefail
cd "$(dirname "$0")/.."

target=$(scripts/target-dir.sh)
folder=demo/login

say() { printf '\n== %s\n' "$*"; }

say "Building jotd and the guarded API"
(cd server && cargo build --quiet --locked --target-dir "$target" --bin jotd --example api)
jotd=$target/debug/jotd
say "Building the library for the APIs in C and Python"
scripts/lib.sh --fetch --profile dev
library=$target/debug/libjot_fetch.so
python=python3
[ ! -x .venv-apis/bin/python ] || python=.venv-apis/bin/python

rm -rf "$folder"
mkdir -p "$folder"
started=()
end() { for process in "${started[@]}"; do kill "$process" 2>/dev/null || true; done; }
trap end EXIT

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
login_port=$(free_port)
login=http://127.0.0.1:$login_port

say "Settings: access tokens live for 8 seconds here, so that one can be seen to expire"
"$jotd" new-master-key >"$folder/master.key"
tee "$folder/jotd.toml" <<END
issuer = "$login"
data = "db"
master_key_file = "master.key"
audit = "audit.ndjson"
[listen]
address = "127.0.0.1:$login_port"
[tokens]
access_seconds = 8
audiences = ["api"]
[revocations]
poll_seconds = 1
END
echo "\$ jotd user add alice --scope orders"
printf 'correct horse\n' | "$jotd" --config "$folder/jotd.toml" user add alice --scope orders

"$jotd" --config "$folder/jotd.toml" serve 2>"$folder/jotd.log" &
started+=($!)
for _ in $(seq 100); do curl -s -o /dev/null "$login/readyz" && break || sleep 0.1; done

names=() apis=() skipped=()
guarded() { # NAME, then what runs with PORT ISSUER AUDIENCE
    local name=$1 port
    port=$(free_port)
    shift
    "$@" "$port" "$login" api >"$folder/api-$name.log" 2>&1 &
    started+=($!)
    for _ in $(seq 600); do curl -s -o /dev/null "http://127.0.0.1:$port/orders" && break || sleep 0.1; done
    if ! curl -s -o /dev/null "http://127.0.0.1:$port/orders"; then
        cat "$folder/api-$name.log" >&2
        echo "demo: the API in $name does not start" >&2
        exit 1
    fi
    names+=("$name")
    apis+=("http://127.0.0.1:$port")
}
in_python() { exec env JOT_LIBRARY="$library" PYTHONPATH=bindings/python/python "$python" "$@"; }
in_c() { exec env LD_LIBRARY_PATH="$folder" "$folder/api-c" "$@"; }

say "The guarded APIs"
guarded rust "$target/debug/examples/api"
if command -v cc >/dev/null; then
    ln -sf "$(realpath "$library")" "$folder/libjot_fetch.so.0"
    cc -std=c11 -Iinclude examples/api-c/api.c -o "$folder/api-c" "$library" -pthread
    guarded c in_c
else
    skipped+=("C: there is no cc")
fi
if command -v go >/dev/null && command -v pkg-config >/dev/null; then
    scripts/go.sh build "$PWD/$folder/api-go" examples/api-go >/dev/null
    guarded go "$folder/api-go"
else
    skipped+=("Go: there is no go, or no pkg-config; scripts/setup-go.sh installs them")
fi
for framework in flask fastapi; do
    if "$python" -c "import $framework" 2>/dev/null; then
        guarded "$framework" in_python "examples/api-$framework/app.py"
    else
        skipped+=("$framework: scripts/venv.sh .venv-apis examples/requirements.txt installs it")
    fi
done
if command -v node >/dev/null && command -v npm >/dev/null; then
    scripts/node.sh example examples/api-node >/dev/null
    guarded node node examples/api-node/server.mjs
else
    skipped+=("Node: there is no node, or no npm; scripts/setup-node.sh installs them")
fi
if scripts/setup-java.sh maven >/dev/null 2>&1; then
    scripts/java.sh example "$PWD/$folder/api-spring" "$library" >/dev/null
    guarded spring "$folder/api-spring"
else
    skipped+=("Java: there is no JDK 22 or later, or no Maven; scripts/setup-java.sh says what to do")
fi
echo "  ${names[*]}"
for why in "${skipped[@]}"; do echo "  skipped, $why"; done
[ ${#skipped[@]} = 0 ] || [ "${JOT_REQUIRE:-}" != all ] || exit 1
api=${apis[0]}

# Prints a request, and its answer; fails unless the status is the wanted one.
request() { # STATUS METHOD URL [FORM…] [-- HEADER]
    local wanted=$1 method=$2 url=$3 arguments=() shown
    shift 3
    shown="$method $url"
    while [ $# -gt 0 ]; do
        if [ "$1" = -- ]; then
            shown+=$'\n'"  $(printf '%.60s' "$2")"
            arguments+=(-H "$2")
            shift 2
        else
            shown+=$'\n'"  $(printf '%.60s' "$1")"
            arguments+=(--data-urlencode "$1")
            shift
        fi
    done
    printf '> %s\n' "$shown"
    status=$(curl -s -X "$method" -o "$folder/answer" -w '%{http_code}' "${arguments[@]}" "$url")
    printf '< %s\n' "$status"
    cut -c 1-110 "$folder/answer" | sed 's/^/  /'
    if [ "$status" != "$wanted" ]; then
        echo "demo: the status is $status, not $wanted" >&2
        exit 1
    fi
}
member() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$folder/answer" "$1"; }
answer_is() {
    if ! grep -qF "$1" "$folder/answer"; then
        echo "demo: the answer is not $1" >&2
        exit 1
    fi
}

# Asks every API; fails unless each answers so.
every() { # STATUS ANSWER [TOKEN]
    local at headers=()
    [ $# -lt 3 ] || headers=(-H "Authorization: Bearer $3")
    for at in "${!apis[@]}"; do
        status=$(curl -s -o "$folder/answer" -w '%{http_code}' "${headers[@]}" "${apis[$at]}/orders")
        printf '  %-8s %s %s\n' "${names[$at]}" "$status" "$(head -c 60 "$folder/answer")"
        if [ "$status" != "$1" ]; then
            echo "demo: the status is $status, not $1" >&2
            exit 1
        fi
        answer_is "$2"
    done
}

say "1. The login request. With a wrong password first:"
request 401 POST "$login/login" username=alice "password=wrong horse"
request 200 POST "$login/login" username=alice "password=correct horse"

say "2. The credentials were checked, and the audit trail has both attempts:"
grep -F '"login' "$folder/audit.ndjson" | cut -c 1-140

say "3. A token was made. It says:"
access=$(member access_token)
refresh=$(member refresh_token)
python3 - "$access" <<'END'
import base64, json, sys
for part in sys.argv[1].split(".")[:2]:
    print(" ", json.loads(base64.urlsafe_b64decode(part + "==")))
END

say "4. It was issued, as the answer above, with a refresh token that is good once."

say "5. The client stores it: a program in memory, a page's script too, and the refresh token of a page in a cookie that scripts cannot read."
request 200 POST "$login/login" username=alice "password=correct horse" cookies=true
curl -s -D - -o /dev/null "$login/login" -d username=alice --data-urlencode "password=correct horse" -d cookies=true |
    grep -i '^set-cookie' | cut -c 1-140

say "6. The client sends it as Authorization: Bearer"
request 401 GET "$api/orders"
request 200 GET "$api/orders" -- "Authorization: Bearer $access"
echo "All of them, without a token and with it:"
every 401 token_null
every 200 "two orders of alice" "$access"

say "7. The API verified it: by the issuer's keys, its own audience and the clock. A forged one is refused:"
signature=${access##*.}
forged="${access%.*}.$(printf '%s' "${signature:0:40}" | tr 'A-Za-z' 'N-ZA-Mn-za-m')${signature:40}"
request 401 GET "$api/orders" -- "Authorization: Bearer $forged"
every 401 signature_invalid "$forged"

say "After 8 seconds it has expired, and the client renews it"
sleep 9
request 401 GET "$api/orders" -- "Authorization: Bearer $access"
every 401 expired "$access"
request 200 POST "$login/token" grant_type=refresh_token "refresh_token=$refresh"
access=$(member access_token)
request 200 GET "$api/orders" -- "Authorization: Bearer $access"

say "The user logs out. The token would live for some seconds more, but the APIs follow the list of revocations (that in Node asks jotd)"
request 200 POST "$login/token" grant_type=refresh_token "refresh_token=$refresh"
access=$(member access_token)
refresh=$(member refresh_token)
request 204 POST "$login/logout" "refresh_token=$refresh"
sleep 3
request 401 GET "$api/orders" -- "Authorization: Bearer $access"
every 401 sid_revoked "$access"
request 400 POST "$login/token" grant_type=refresh_token "refresh_token=$refresh"

for why in "${skipped[@]}"; do say "Skipped, $why"; done
say "All answers were as they should be. The audit trail is $folder/audit.ndjson."
