#!/usr/bin/env bash
# Finds a JDK 22 or later, or installs Debian's where it has one, and prints its folder, for
# JAVA_HOME. With `maven` it installs Maven, too, which fetches what the tests need:
#
#   JAVA_HOME=$(scripts/setup-java.sh [maven])
set -euo pipefail
cd "$(dirname "$0")/.."

# The first JDK that is new enough, of what is named, on the PATH and installed.
find_jdk() {
    local folder version
    for folder in "${JAVA_HOME:-}" "$(dirname "$(dirname "$(readlink -f "$(command -v javac || true)")")")" \
        /usr/lib/jvm/* /opt/java/*; do
        [ -x "$folder/bin/javac" ] || continue
        version=$("$folder/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p')
        if [ "${version:-0}" -ge 22 ]; then
            realpath "$folder"
            return
        fi
    done
    return 1
}

if [ "${1:-}" = maven ] && ! command -v mvn >/dev/null; then
    scripts/debian.sh maven
fi
if ! find_jdk; then
    # Debian 12 has none that is new enough; later ones have.
    for package in openjdk-25-jdk-headless openjdk-24-jdk-headless openjdk-23-jdk-headless; do
        if apt-cache show "$package" >/dev/null 2>&1; then
            scripts/debian.sh "$package" >&2
            break
        fi
    done
    find_jdk || {
        echo "setup-java: the package needs a JDK 22 or later, and neither JAVA_HOME, the PATH, /usr/lib/jvm" \
            "nor Debian has one: install Temurin 25 (https://adoptium.net) and set JAVA_HOME" >&2
        exit 1
    }
fi
