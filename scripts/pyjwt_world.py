#!/usr/bin/env python3
"""Runs the tests of PyJWT and of programs that use it on jot.pyjwt:

    scripts/pyjwt_world.py [--checkouts FOLDER] [program...]

Each program has a virtual environment of its own under target/pyjwt-world and is
tested twice in it: with PyJWT, and with jot.pyjwt in its place. What passes with
PyJWT must pass with jot.pyjwt, but for what tests/pyjwt/failures.txt lists, and
everything that is listed must fail.

Where the source distribution of a program has its tests, they are taken from there.
Those of the others are looked for in FOLDER (or JOT_CHECKOUTS), in a folder of the
name of their repository; a program that is not there is left out and named.
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import textwrap
import venv
import xml.etree.ElementTree as xml
from dataclasses import dataclass, field

ROOT = pathlib.Path(__file__).resolve().parents[1]
WORLD = ROOT / "target" / "pyjwt-world"
LISTED = ROOT / "tests" / "pyjwt" / "failures.txt"
PYJWT = ["PyJWT==2.15.1", "cryptography==50.0.2", "pytest==9.2.0"]
#: A secret of secrets.token_urlsafe() in the name of a test; it is another one each time.
RANDOM = re.compile(r"\[[\w-]{43}(?=[]-])")


@dataclass
class Program:
    """What a program's tests need."""

    name: str
    #: A source distribution that has the tests, or "".
    sdist: str = ""
    #: The repository that has them otherwise, "owner/name".
    repository: str = ""
    #: Packages beside PYJWT.
    needs: str = ""
    #: What is not tested in place of the installed package of that name.
    without: list = field(default_factory=list)
    #: Further arguments of pytest.
    tests: list = field(default_factory=lambda: ["tests"])


PROGRAMS = [
    Program("pyjwt", sdist="PyJWT==2.15.1", without=["jwt"]),
    Program("oauthlib", sdist="oauthlib==4.0.1", needs="oauthlib==4.0.1 blinker==1.9.0"),
    Program(
        "social-auth-core",
        sdist="social-auth-core==7.0.0",
        needs="social-auth-core==7.0.0 responses==0.26.3 httpretty==1.1.4 lxml==6.1.3",
        tests=["social_core/tests", "--ignore-glob=*test_shopify*"],
    ),
    Program(
        "flask-jwt-extended",
        repository="vimalloc/flask-jwt-extended",
        needs="Flask-JWT-Extended==4.7.4 Flask==3.1.3 python-dateutil==4.0.0",
    ),
    Program(
        "djangorestframework-simplejwt",
        repository="jazzband/djangorestframework-simplejwt",
        needs="djangorestframework-simplejwt==5.5.1 Django==5.2.19 djangorestframework==3.18.3 "
        "pytest-django==4.14.0 freezegun==1.5.5 python-jose==3.5.0 python-dateutil==4.0.0 setuptools<81",
    ),
    Program(
        "fastapi-users",
        repository="fastapi-users/fastapi-users",
        needs="fastapi-users[sqlalchemy,oauth,redis]==15.0.5 fastapi==0.165.0 pytest-asyncio==1.5.0 "
        "pytest-mock==3.17.0 httpx==0.28.1 httpx-oauth==0.17.0 asgi_lifespan==2.1.0 aiosqlite==0.22.1",
    ),
    Program(
        "PyGithub",
        repository="PyGithub/PyGithub",
        needs="PyGithub==2.10.0 responses==0.26.3 pytest-subtests==0.15.0 more-itertools==11.2.1 parameterized==0.9.0",
        tests=["tests/Authentication.py", "tests/GithubIntegration.py"],
    ),
    Program(
        "twilio",
        repository="twilio/twilio-python",
        needs="twilio==9.13.0 multidict==7.2.1 Django==5.2.19 mock==5.2.0 aiounittest==1.5.0",
        tests=["tests/unit/jwt"],
    ),
    Program(
        "django-graphql-jwt",
        repository="flavors/django-graphql-jwt",
        needs="django-graphql-jwt==0.4.0 Django==5.2.19 graphene-django==3.2.3 pytest-django==4.14.0 setuptools<81",
    ),
    Program(
        "msal",
        repository="AzureAD/microsoft-authentication-library-for-python",
        needs="msal==1.39.0 requests==2.34.2 python-dotenv==1.2.4",
        tests=["tests/test_assertion.py", "tests/test_application.py"],
    ),
]

#: A package `jwt` that is jot.pyjwt, its modules included.
ALIAS = """
import importlib, pkgutil, sys
import jot.pyjwt
for module in pkgutil.iter_modules(jot.pyjwt.__path__):
    if not module.name.startswith("_"):
        sys.modules["jwt." + module.name] = importlib.import_module("jot.pyjwt." + module.name)
sys.modules["jwt"] = jot.pyjwt
"""


def run(*command, **named):
    named.setdefault("check", True)
    return subprocess.run([str(word) for word in command], **named)


def source(program, folder, python, checkouts):
    """Put the sources of a program into `folder`; tell whether they are to be had."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if program.sdist:
        run(
            python,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
            "--no-binary",
            ":all:",
            "--dest",
            folder,
            program.sdist,
        )
        (archive,) = folder.glob("*.tar.gz")
        with tarfile.open(archive) as opened:
            opened.extractall(folder)
        (inner,) = (one for one in folder.iterdir() if one.is_dir())
    else:
        name = program.repository.split("/")[1]
        found = checkouts and checkouts / name
        if not found or not found.is_dir():
            return None
        inner = folder / name
        shutil.copytree(found, inner, ignore=shutil.ignore_patterns(".git"))
    for package in program.without:
        shutil.rmtree(inner / package)
    return inner


def passed(program, where, python, env, report, *options):
    """Run the tests; return those that passed."""
    report.unlink(missing_ok=True)
    log = report.with_suffix(".log")
    with log.open("w") as output:
        run(
            python,
            "-B",
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-o",
            "addopts=",
            "--continue-on-collection-errors",
            f"--junitxml={report}",
            *options,
            *program.tests,
            cwd=where,
            env={**os.environ, **env},
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if not report.exists():
        sys.exit(f"pyjwt-world: {program.name}: pytest left no report; see {log}")
    found = set()
    for case in xml.parse(report).iter("testcase"):
        if not any(case.find(outcome) is not None for outcome in ("failure", "error", "skipped")):
            name = RANDOM.sub("[...", case.get("name"))
            found.add(f"{case.get('classname')}::{name}")
    return found


def listed(program):
    """Return the failures that are known of a program: what is written, and what it matches."""
    lines = (line.split(None, 1) for line in LISTED.read_text().splitlines() if line and line[0] not in "#[")
    texts = [text for name, text in lines if name == program.name]
    return {text: re.compile(".*".join(map(re.escape, text.split("*")))) for text in texts}


def judge(program, real, ours):
    """Return what is wrong with the outcome."""
    broken, patterns = real - ours, listed(program)
    known = {name for name in real if any(pattern.fullmatch(name) for pattern in patterns.values())}
    faults = [f"fails: {name}" for name in sorted(broken - known)]
    faults += [f"passes, but is listed: {name}" for name in sorted(known - broken)]
    faults += [
        f"is listed, but is no test: {text}"
        for text, pattern in patterns.items()
        if not any(map(pattern.fullmatch, real))
    ]
    return faults


def main():
    parser = argparse.ArgumentParser(
        description=textwrap.dedent(__doc__), formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--checkouts", type=pathlib.Path, default=os.environ.get("JOT_CHECKOUTS"))
    parser.add_argument(
        "programs", nargs="*", choices=[[], *(one.name for one in PROGRAMS)], metavar="program"
    )
    wanted = parser.parse_args()
    checkouts = wanted.checkouts and pathlib.Path(wanted.checkouts).resolve()
    if "JOT_LIBRARY" not in os.environ:
        run(ROOT / "scripts" / "lib.sh", "--release")
    alias = WORLD / "alias"
    (alias / "jwt").mkdir(parents=True, exist_ok=True)
    (alias / "jwt" / "__init__.py").write_text(ALIAS)
    (alias / "is_jot.py").write_text('import jwt\n\nassert jwt.__name__ == "jot.pyjwt", jwt\n')
    absent, wrong = [], False
    for program in PROGRAMS:
        if wanted.programs and program.name not in wanted.programs:
            continue
        home = WORLD / program.name
        python = home / "venv" / "bin" / "python"
        if not python.exists():
            venv.create(home / "venv", with_pip=True)
        where = source(program, home / "source", python, checkouts)
        if where is None:
            absent.append(program)
            continue
        stamp, needs = home / "needs.txt", "\n".join([*PYJWT, *program.needs.split()])
        if not stamp.exists() or stamp.read_text() != needs:
            run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *needs.split("\n"))
            stamp.write_text(needs)
        real = passed(program, where, python, {"PYTHONPATH": str(where)}, home / "pyjwt.xml")
        path = os.pathsep.join([str(alias), str(ROOT / "bindings/python/python"), str(where)])
        library = os.environ.get("JOT_LIBRARY", str(ROOT / "target/release/libjot.so"))
        env = {"PYTHONPATH": path, "JOT_LIBRARY": library}
        ours = passed(program, where, python, env, home / "jot.xml", "-p", "is_jot")
        faults = judge(program, real, ours)
        wrong = wrong or bool(faults) or not real
        print(
            f"{program.name}: {len(real)} pass with PyJWT, {len(real & ours)} of these with jot.pyjwt, "
            f"{len(faults)} faults",
            flush=True,
        )
        for fault in faults:
            print(f"  {fault}", flush=True)
    for program in absent:
        print(
            f"{program.name}: not run, there is no {program.repository.split('/')[1]} "
            f"(https://github.com/{program.repository}) in --checkouts",
            flush=True,
        )
    return wrong


if __name__ == "__main__":
    sys.exit(main())
