#!/usr/bin/env bash
# Starts the login service and a guarded API on this machine, and walks a user through the
# seven steps of JWT authentication, with the requests printed. Fails unless every answer is
# as it should be. Leaves its files in ./demo/login.
set -euo pipefail
cd "$(dirname "$0")/.."

target=$(scripts/target-dir.sh)
folder=demo/login

say() { printf '\n== %s\n' "$*"; }

say "Building jotd and the guarded API"
(cd server && cargo build --quiet --locked --target-dir "$target" --bin jotd --example api)
jotd=$target/debug/jotd

rm -rf "$folder"
mkdir -p "$folder"
started=()
end() { for process in "${started[@]}"; do kill "$process" 2>/dev/null || true; done; }
trap end EXIT

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
login_port=$(free_port)
api_port=$(free_port)
login=http://127.0.0.1:$login_port
api=http://127.0.0.1:$api_port

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
"$target/debug/examples/api" "$api_port" "$login" api >"$folder/api.log" 2>&1 &
started+=($!)
for _ in $(seq 100); do curl -s -o /dev/null "$api/orders" && break || sleep 0.1; done

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

say "7. The API verified it: by the issuer's keys, its own audience and the clock. A forged one is refused:"
answer_is "two orders of alice"
signature=${access##*.}
forged="${access%.*}.$(printf '%s' "${signature:0:40}" | tr 'A-Za-z' 'N-ZA-Mn-za-m')${signature:40}"
request 401 GET "$api/orders" -- "Authorization: Bearer $forged"
answer_is signature_invalid

say "After 8 seconds it has expired, and the client renews it"
sleep 9
request 401 GET "$api/orders" -- "Authorization: Bearer $access"
answer_is expired
request 200 POST "$login/token" grant_type=refresh_token "refresh_token=$refresh"
access=$(member access_token)
request 200 GET "$api/orders" -- "Authorization: Bearer $access"

say "The user logs out. The token would live for some seconds more, but the API follows the list of revocations"
request 200 POST "$login/token" grant_type=refresh_token "refresh_token=$refresh"
access=$(member access_token)
refresh=$(member refresh_token)
request 204 POST "$login/logout" "refresh_token=$refresh"
sleep 3
request 401 GET "$api/orders" -- "Authorization: Bearer $access"
answer_is sid_revoked
request 400 POST "$login/token" grant_type=refresh_token "refresh_token=$refresh"

say "All answers were as they should be. The audit trail is $folder/audit.ndjson."
