#!/usr/bin/env bash
# Finds a JDK 22 or later, or installs Debian's where it has one, and prints its folder, for
# JAVA_HOME. With `maven` it installs Maven, too, which fetches what the tests need. With `older` it
# is a Java of 9 to 21, which only programs need that are refused on it:
#
#   JAVA_HOME=$(scripts/setup-java.sh [maven|older])
set -euo pipefail
cd "$(dirname "$0")/.."

# The first folder with this program, of what is named, on the PATH and installed, whose Java is of
# these versions.
find_java() { # PROGRAM OLDEST NEWEST
    local folder version
    for folder in "${JAVA_HOME:-}" "$(dirname "$(dirname "$(readlink -f "$(command -v "$1" || true)")")")" \
        /usr/lib/jvm/* /opt/java/*; do
        [ -x "$folder/bin/$1" ] || continue
        version=$("$folder/bin/java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p')
        if [ "${version:-0}" -ge "$2" ] && [ "$version" -le "$3" ]; then
            realpath "$folder"
            return
        fi
    done
    return 1
}
# Installs the first of these packages that Debian has.
install_one() {
    local package
    for package in "$@"; do
        if apt-cache show "$package" >/dev/null 2>&1; then
            scripts/debian.sh "$package" >&2
            return
        fi
    done
}

if [ "${1:-}" = older ]; then
    find_java java 9 21 && exit
    install_one openjdk-17-jre-headless openjdk-21-jre-headless
    find_java java 9 21 || {
        echo "setup-java: the test of older versions needs one, and neither the PATH, /usr/lib/jvm nor Debian has it" >&2
        exit 1
    }
    exit
fi
if [ "${1:-}" = maven ] && ! command -v mvn >/dev/null; then
    scripts/debian.sh maven
fi
find_java javac 22 999 && exit
# Debian 12 has none that is new enough; later ones have.
install_one openjdk-25-jdk-headless openjdk-24-jdk-headless openjdk-23-jdk-headless
find_java javac 22 999 || {
    echo "setup-java: the package needs a JDK 22 or later, and neither JAVA_HOME, the PATH, /usr/lib/jvm" \
        "nor Debian has one: install Temurin 25 (https://adoptium.net) and set JAVA_HOME" >&2
    exit 1
}
