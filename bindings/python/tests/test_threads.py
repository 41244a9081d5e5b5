"""Many threads, signal handlers and forks share a verifier."""

from __future__ import annotations

import concurrent.futures
import gc
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from typing import Any

import jot
import pytest
from conftest import NOW, claims


def test_threads_share_a_verifier_while_keys_change() -> None:
    keys = [jot.SigningKey.generate("ES256", kid="k") for _ in range(2)]
    tokens = [jot.encode({"exp": NOW + 1, "who": who}, key) for who, key in enumerate(keys)]
    sets = [key.public_keys() for key in keys]
    verifier = jot.Verifier(sets[0], algorithms=["ES256"], cache_entries=10)
    ended, accepted = threading.Event(), [0] * 8

    def work(number: int) -> set[str]:
        who, names = number % 2, set()
        while not ended.is_set():
            try:
                assert verifier.verify(tokens[who], NOW)["who"] == who
                accepted[number] += 1
            except jot.Rejected as refused:
                names.add(refused.name)
        return names

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        runs = [pool.submit(work, number) for number in range(8)]
        turn, begun = 0, time.monotonic()
        # On a busy machine a thread may not run for long while its key is in force.
        while turn < 100 or (not all(accepted) and time.monotonic() < begun + 60):
            verifier.replace_keys(sets[turn % 2])
            time.sleep(0.001 if turn < 100 else 0.05)
            turn += 1
        ended.set()
        for run in runs:
            assert run.result() <= {"signature_invalid"}
    assert all(accepted), accepted
    verifier.replace_keys(sets[1])
    assert verifier.judge(tokens[0], NOW).name == "signature_invalid"


def test_claims_are_those_of_the_caller_in_every_thread(key: jot.SigningKey, verifier: jot.Verifier) -> None:
    tokens = [jot.encode(claims(n=n), key) for n in range(64)]

    def work(first: int) -> bool:
        return all(
            verifier.verify(tokens[(first + n) % 64], NOW)["n"] == (first + n) % 64 for n in range(300)
        )

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(16)))


def test_signal_handler_may_verify_within_a_verification(key: jot.SigningKey, verifier: jot.Verifier) -> None:
    mine, other = jot.encode(claims(n="mine"), key), jot.encode(claims(n="other"), key)
    seen: list[Any] = []

    def handler(*_: object) -> None:
        seen.append(verifier.verify(other, NOW)["n"])
        try:
            verifier.verify(mine[:-4] + "AAAA", NOW)
        except jot.Rejected as refused:
            seen.append(refused.name)

    before = signal.signal(signal.SIGALRM, handler)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
        for _ in range(3000):
            assert verifier.verify(mine, NOW)["n"] == "mine"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert len(seen) > 10 and set(seen) == {"other", "signature_invalid"}


def test_objects_are_freed() -> None:
    def resident() -> int:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")

    key = jot.SigningKey.generate("ES256")

    def work() -> None:
        verifier = jot.Verifier(key.public_keys(), algorithms=["ES256"], cache_entries=1000)
        verifier.verify(jot.encode({"exp": NOW + 1}, key), NOW)
        verifier.verify_batch([jot.encode({"exp": NOW + 1}, key)], now=NOW)
        verifier.set_revocations(jot.Revocations())

    for _ in range(50):
        work()
    gc.collect()
    before = resident()
    for _ in range(300):
        work()
    gc.collect()
    assert resident() - before < 4 << 20


def child(verifier: jot.Verifier, token: str, out: Any) -> None:
    alone = verifier.judge(token, NOW).name
    many = verifier.verify_batch([token] * 1000 + ["a.b.c"], now=NOW)
    out.put((alone, many.accepted, verifier.verify(token, NOW)["sub"]))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_verifier_works_on_both_sides_of_a_fork(method: str, key: jot.SigningKey) -> None:
    verifier = jot.Verifier(
        key.public_keys(), algorithms=["ES256"], issuer="https://issuer", audience="api", cache_entries=100
    )
    token = jot.encode(claims(), key)
    # So that threads, scratches and a cache are there before the fork.
    verifier.verify_batch([token] * 2000, now=NOW)
    verifier.verify(token, NOW)
    context = multiprocessing.get_context(method)
    out = context.Queue()
    children = [context.Process(target=child, args=(verifier, token, out)) for _ in range(2)]
    for one in children:
        one.start()
    assert [out.get(timeout=60) for _ in children] == [("accepted", 1000, "alice")] * 2
    for one in children:
        one.join(60)
        assert one.exitcode == 0
    assert verifier.verify_batch([token] * 2000, now=NOW).accepted == 2000


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_fork_while_other_threads_verify(key: jot.SigningKey, verifier: jot.Verifier) -> None:
    token, ended = jot.encode(claims(), key), threading.Event()

    def work() -> None:
        while not ended.is_set():
            verifier.verify(token, NOW)
            verifier.verify_batch([token] * 50, now=NOW)

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    try:
        for _ in range(20):
            pid = os.fork()
            if pid == 0:
                good = verifier.judge(token, NOW).accepted
                good = good and verifier.verify_batch([token] * 50, now=NOW).accepted == 50
                os._exit(0 if good else 1)
            assert os.waitpid(pid, 0)[1] == 0
    finally:
        ended.set()
        for worker in workers:
            worker.join()
    assert sys.getrefcount(verifier) > 0


def test_interpreter_ends_while_a_daemon_thread_verifies() -> None:
    program = (
        "import jot, threading\n"
        "k = jot.SigningKey.generate('ES256')\n"
        "v = jot.Verifier(k.public_keys(), algorithms=['ES256'])\n"
        "t = [jot.encode({'n': n}, k) for n in range(2000)]\n"
        "threading.Thread(target=lambda: [v.verify_batch(t) for _ in range(99)], daemon=True).start()\n"
    )
    assert subprocess.run([sys.executable, "-c", program], timeout=60).returncode == 0
