#!/usr/bin/env bash
# Shows how the keys of an issuer are followed while it changes them: an issuer on this
# machine, `jotctl keys watch`, and tokens of an old and a new key, by the second:
#
#   scripts/demo-keys.sh JOTCTL FOLDER
set -euo pipefail

jotctl=$1 folder=$2
rm -rf "$folder"
mkdir -p "$folder/site/.well-known"
cd "$folder"

fail() {
    echo "demo: $*" >&2
    exit 1
}
tell() { printf '%s  %s\n' "$(date +%T)" "$*"; }
running=()
trap '[ ${#running[@]} -eq 0 ] || kill "${running[@]}" 2>/dev/null || true' EXIT

# An issuer of two files, which are moved into place like those of a real one.
python3 -u -c 'import functools, http.server
page = functools.partial(http.server.SimpleHTTPRequestHandler, directory="site")
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), page)
print(server.server_address[1], flush=True)
server.serve_forever()' >port 2>requests.log &
running+=($!)
for _ in $(seq 100); do [ -s port ] || sleep 0.1; done
issuer=http://127.0.0.1:$(cat port)
printf '{"issuer":"%s","jwks_uri":"%s/keys"}' "$issuer" "$issuer" >site/.well-known/openid-configuration
publish() {
    "$jotctl" jwks "$@" --out next.json --force
    mv next.json site/keys
}
for kid in old new; do
    "$jotctl" keygen --alg ES256 --kid $kid --out-private $kid.jwk --out-public $kid.pub.jwk 2>>made.log
    "$jotctl" sign --key $kid.jwk --claims "{\"iss\":\"$issuer\",\"aud\":\"api\",\"sub\":\"alice\"}" \
        --expires-in 1h >$kid.txt
done

publish old.pub.jwk
tell "the issuer publishes the key old"
# A service asks much less often; --max-age makes it quick to watch.
"$jotctl" keys watch --issuer "$issuer" --allow-loopback --max-age 1 --out jwks.json --history past 2>watch.log &
running+=($!)

# Waits until the token of a key gets this verdict with the keys that are followed.
becomes() { # key, accepted or a code
    local said=
    for _ in $(seq 200); do
        if [ -s jwks.json ]; then
            said=$("$jotctl" verify --jwks jwks.json --alg ES256 --iss "$issuer" --aud api --no-summary \
                --format ndjson "@$1.txt" | sed -E 's/.*"name":"([a-z_]+)".*/\1/') || true
            if [ "$said" = "$2" ]; then
                tell "a token of the key $1: $2"
                return
            fi
        fi
        sleep 0.1
    done
    fail "a token of the key $1 is ${said:-not verified}, not $2: $(cat watch.log)"
}
becomes old accepted
becomes new kid_unknown
publish old.pub.jwk new.pub.jwk
tell "the issuer publishes the key new beside it"
becomes new accepted
becomes old accepted
publish new.pub.jwk
tell "the issuer takes the key old away"
becomes old kid_unknown
becomes new accepted

kill "${running[1]}"
wait "${running[1]}" || true
printf 'The keys at each instant, for audits (jotctl audit --keys %s/past):\n' "$folder"
ls past
[ "$(find past -type f | wc -l)" -ge 3 ] || fail "the history lacks a rotation"
