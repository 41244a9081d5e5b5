#!/usr/bin/env bash
# Builds and tests the package for Java in bindings/java:
#
#   scripts/java.sh smoke     what fits into a minute, with a debug build of the library
#   scripts/java.sh test      everything but Spark, with a release build: a million calls, and the
#                             jar in an empty folder
#   scripts/java.sh spark     the function of SQL, on Spark with two executors that are killed
#   scripts/java.sh pack [PLATFORM=LIBRARY...]      makes the jar with the library in it, or with these for
#                             these platforms, those of the guards and of Spark, in target/java/dist
#   scripts/java.sh fetch     fetches what pack needs, which asks no network after it
#   scripts/java.sh bench     measures beside auth0, jjwt, Nimbus and fusionauth in JMH, with a release
#                             build; arguments behind the library are those of JMH
#   scripts/java.sh example PROGRAM     makes a program that starts examples/api-spring
#
# Behind these may stand a library that is there already, which is then taken instead of a build,
# with the cases of C of the run before.
set -euo pipefail
cd "$(dirname "$0")/.."

root=$PWD
what=${1:-test}
given=${2:-}
libraries=()
case $what in
smoke | spark) profile=debug arguments=(--profile dev) ;;
test | pack | bench) profile=release arguments=(--release) ;;
example) profile=debug arguments=(--profile dev) given=${3:-} ;;
fetch) ;;
*)
    echo "java: smoke, test, spark, pack, fetch, bench or example, not $what" >&2
    exit 2
    ;;
esac
say() { printf '\n-- %s\n' "$*"; }

if ! JAVA_HOME=$(scripts/setup-java.sh maven); then
    [[ " ${JOT_ALLOW_MISSING:-} " == *[\ ,]java[\ ,]* ]] || exit 1
    echo "java: skipped, because JOT_ALLOW_MISSING names java" >&2
    exit 0
fi
export JAVA_HOME
target=$(realpath "$(scripts/target-dir.sh)")
if [[ $given == *=* ]]; then
    libraries=("${@:2}")
elif [ "$what" = fetch ]; then
    :
elif [ -n "$given" ]; then
    library=$(realpath "$given")
else
    scripts/lib.sh --fetch "${arguments[@]}"
    library=$target/$profile/libjot_fetch.so
fi
project=$root/bindings/java
made=$target/java
mkdir -p "$made"
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
# Of methods that call C users are told by Java itself; jars of others name jars that are not there.
lint=(-Xlint:all,-restricted,-path -Werror -encoding UTF-8 --release 22)

# Fetches what a pom names into target/java/NAME, once, and compares it with the digests.
fetch() {
    local name=$1 pom=$project/$1-pom.xml to=$made/$1
    if ! [ "$to/done" -nt "$pom" ]; then
        rm -rf "$to"
        mkdir -p "$to"
        mvn -q -B -f "$pom" org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies \
            -DoutputDirectory="$to" >/dev/null
        touch "$to/done"
    fi
    (cd "$to" && sha256sum --check --quiet "$project/$name.sha256")
    [ "$(find "$to" -name '*.jar' | wc -l)" -eq "$(wc -l <"$project/$name.sha256")" ] ||
        { echo "java: $project/$name.sha256 does not name every file of $to" >&2; exit 1; }
}

# The jars of Spark are those that pyspark brings, which scripts/engines.sh installs as well.
find_spark() {
    scripts/venv.sh bindings/python/.venv-engines bindings/python/requirements-engines.txt
    SPARK_HOME=$(dirname "$(bindings/python/.venv-engines/bin/python -c 'import pyspark; print(pyspark.__file__)')")
    export SPARK_HOME
}

compile() {
    local to=$1 path=$2
    shift 2
    rm -rf "$to"
    mkdir -p "$to"
    find "$@" -name '*.java' -print0 | xargs -0 "$JAVA_HOME/bin/javac" "${lint[@]}" -cp "$path" -d "$to"
}

if [ "$what" = fetch ]; then
    fetch spring
    find_spark
    exit
fi

say "the declarations"
bindings/java/declarations.py --check
bindings/java/declarations.py --c >"$made/declarations.c"
"${CC:-cc}" -fsyntax-only -Iinclude "$made/declarations.c"
say "compiling"
compile "$made/main" "" "$project/src/main/java"

# Makes the jar and the pom of an artifact of the classes of a folder.
artifact() {
    local name=$1 classes=$2 dependencies=
    cp LICENSE-MIT LICENSE-APACHE "$classes/META-INF"
    "$project/jar.py" "$made/dist/$name-$version.jar" \
        "io.github.libjot$([ "$name" = jot ] || echo ".${name#jot-}")" "$version" "$classes"
    [ "$name" = jot ] || dependencies="<dependencies><dependency><groupId>io.github.libjot</groupId>\
<artifactId>jot</artifactId><version>$version</version></dependency></dependencies>"
    sed -e "s|@ARTIFACT@|$name|" -e "s|@VERSION@|$version|" -e "s|@DEPENDENCIES@|$dependencies|" \
        "$project/pom.xml.in" >"$made/dist/$name-$version.pom"
}
# The classes that a program may have without the others' dependencies.
collect() {
    rm -rf "$made/jar"
    mkdir -p "$made/jar/META-INF" "$made/dist"
    cp -r "$1/." "$made/jar"
}
pack() {
    local folder platform
    rm -rf "$made/dist"
    collect "$made/main"
    folder=$made/jar/io/github/libjot/native
    if [ ${#libraries[@]} -eq 0 ]; then
        platform=linux-$(uname -m)-gnu
        mkdir -p "$folder/$platform"
        strip --strip-unneeded -o "$folder/$platform/libjot_fetch.so" "$library"
    fi
    for platform in "${libraries[@]}"; do
        mkdir -p "$folder/${platform%%=*}"
        cp "${platform#*=}" "$folder/${platform%%=*}/libjot_fetch.so"
    done
    artifact jot "$made/jar"
    spring
    collect "$made/guards"
    artifact jot-spring "$made/jar"
    spark
    collect "$made/spark"
    artifact jot-spark "$made/jar"
}

spring() {
    fetch spring
    compile "$made/guards" "$made/main:$made/spring/*" "$project/src/servlet/java" "$project/src/spring/java"
    compile "$made/api" "$made/main:$made/guards:$made/spring/*" "$root/examples/api-spring"
}
spark() {
    local lint=("${lint[@]}" -Xlint:-classfile -proc:none)
    find_spark
    compile "$made/spark" "$made/main:$SPARK_HOME/jars/*" "$project/src/spark/java"
    # Spark's oldest Java is to find the class that it asks for, which says what is missing.
    "$JAVA_HOME/bin/javac" -encoding UTF-8 --release 17 -proc:none -cp "$made/spark:$made/main:$SPARK_HOME/jars/*" \
        -d "$made/spark" "$project/src/spark/java/io/github/libjot/spark/JotExtensions.java"
}
if [ "$what" = spark ]; then
    spark
    lint+=(-Xlint:-classfile -proc:none)
    # Without these, Spark looks for the folders of its sources.
    export SPARK_SCALA_VERSION=2.13 SPARK_WORKER_DIR=$made/spark-work
    fetch tests
    compile "$made/test" "$made/main:$made/tests/*" "$project/src/test/java"
    compile "$made/spark-test" "$made/test:$made/main:$made/spark:$made/tests/*:$SPARK_HOME/jars/*" \
        "$project/src/spark-test/java"
    say "the functions of SQL, on Spark"
    options="--enable-native-access=ALL-UNNAMED -Dio.github.libjot.path=$library"
    echo 'public class Options { public static void main(String[] a) {
        System.out.println(org.apache.spark.launcher.JavaModuleOptions.defaultModuleOptions()); } }' >"$made/Options.java"
    read -ra spark < <("$JAVA_HOME/bin/java" -cp "$SPARK_HOME/jars/*" "$made/Options.java")
    log=$made/spark.log
    # shellcheck disable=SC2086 # they are several
    "$JAVA_HOME/bin/java" "${spark[@]}" $options "-Djot.root=$root" "-Djot.spark.path=$made/main:$made/spark" \
        "-Djot.spark.options=$options" \
        -cp "$made/spark-test:$made/test:$made/main:$made/spark:$made/tests/*:$SPARK_HOME/jars/*" \
        org.junit.platform.console.ConsoleLauncher execute --scan-class-path "$made/spark-test" \
        --details=tree --disable-ansi-colors --fail-if-no-tests --disable-banner 2>"$log" ||
        { grep -v ' INFO \| WARN ' "$log" | tail -n 50 >&2; exit 1; }
    exit
fi
if [ "$what" = example ]; then
    spring
    path="$made/api:$made/guards:$made/main:$made/spring/*"
    printf '#!/bin/sh\nexec %q --enable-native-access=ALL-UNNAMED -Dio.github.libjot.path=%q -cp %q example.Api "$@"\n' \
        "$JAVA_HOME/bin/java" "$library" "$path" >"$2"
    chmod +x "$2"
    exit
fi
if [ "$what" = pack ]; then
    pack
    ls -l "$made/dist"
    exit
fi

if [ "$what" = bench ]; then
    fetch bench
    # Since Java 23 the compiler processes annotations only when it is told to.
    lint+=(-Xlint:-processing -proc:full)
    compile "$made/bench-classes" "$made/main:$made/bench/*" "$project/src/bench/java"
    exec "$JAVA_HOME/bin/java" -cp "$made/bench-classes:$made/main:$made/bench/*" org.openjdk.jmh.Main Bench \
        -foe false -prof 'io.github.libjot.Bench$Cpu' \
        -jvmArgs "--enable-native-access=ALL-UNNAMED -Dio.github.libjot.path=$library" "${@:3}"
fi

say "the cases of C"
export JOT_C_CASES=$made/cases.txt
if [ -z "$given" ]; then
    "${CARGO:-cargo}" test --quiet --workspace --exclude jot-proofs --all-features --locked --test c_cases
fi

run() {
    local main=$1
    shift
    "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED "-Dio.github.libjot.path=$library" \
        "-Djot.root=$root" "-Djot.cases=$JOT_C_CASES" "-Djot.classes=$made/main" "$@" \
        -cp "$main:$made/tests/*" org.junit.platform.console.ConsoleLauncher execute --scan-class-path "${main%%:*}" \
        --details=summary --fail-if-no-tests --disable-banner
}
say "the tests"
fetch tests
compile "$made/test" "$made/main:$made/tests/*" "$project/src/test/java"
run "$made/test:$made/main"

say "an older Java"
older=$(scripts/setup-java.sh older)
collect "$made/main"
artifact jot "$made/jar"
"$JAVA_HOME/bin/javac" --release 17 -cp "$made/main" -d "$made/program" \
    "$project/src/installed/java/Installed.java"
installed="$made/program:$made/dist/jot-$version.jar"
said=$("$older/bin/java" -cp "$installed" Installed 2>&1 || true)
[[ $said == *"NoClassDefFoundError: libjot needs Java 22 or later"* ]] || { echo "java: $older says $said" >&2; exit 1; }
said=$("$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED "-Dio.github.libjot.path=$library" -cp "$installed" Installed)
[ "$said" = "accepted token_segments" ] || { echo "java: the jar says $said" >&2; exit 1; }
[ "$what" != smoke ] || exit 0

say "the guards of servlets and Spring, and an application"
spring
compile "$made/spring-test" "$made/test:$made/main:$made/guards:$made/api:$made/tests/*:$made/spring/*" \
    "$project/src/spring-test/java"
run "$made/spring-test:$made/test:$made/main:$made/guards:$made/api:$made/spring/*"

say "a million calls"
compile "$made/long" "$made/main" "$project/src/long/java"
# A heap of fixed size, all of it touched, so that what grows is the library's or ours.
"$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED "-Dio.github.libjot.path=$library" -Xms96m -Xmx96m \
    -XX:+AlwaysPreTouch -XX:+UseSerialGC -cp "$made/long:$made/main" io.github.libjot.Memory

say "the jar, in an empty folder"
pack
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$made/dist/jot-$version.jar" "$work/jot.jar"
cp "$project/src/installed/java/Installed.java" "$work"
cd "$work"
# Nothing of the checkout, and no compiler for C or Rust.
said=$(env -i "PATH=$JAVA_HOME/bin" java --enable-native-access=ALL-UNNAMED -cp jot.jar Installed.java)
[ "$said" = "accepted token_segments" ] || { echo "java: the jar says $said" >&2; exit 1; }
said=$(env -i "PATH=$JAVA_HOME/bin" JOT_LIBRARY=/nowhere java -cp jot.jar Installed.java 2>&1 || true)
case $said in
*"/nowhere, named by io.github.libjot.path or JOT_LIBRARY, cannot be loaded"*) ;;
*) echo "java: a library that is not there is not told: $said" >&2; exit 1 ;;
esac
for name in jot jot-spring jot-spark; do
    mvn -q -B org.apache.maven.plugins:maven-install-plugin:3.1.2:install-file "-DlocalRepositoryPath=$work/repository" \
        "-Dfile=$made/dist/$name-$version.jar" "-DpomFile=$made/dist/$name-$version.pom" >/dev/null
    [ -f "$work/repository/io/github/libjot/$name/$version/$name-$version.jar" ]
done
echo "java: a program that has only the jar runs"
