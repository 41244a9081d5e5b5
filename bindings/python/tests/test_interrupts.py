"""Batches that are watched, stopped or interrupted. No test here looks at a clock:
each says itself when the interruption comes."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from typing import Any, Callable

import jot
import jot.batch
import pytest
from conftest import NOW

ROWS = 16_000


@pytest.fixture(scope="module")
def slow() -> tuple[jot.Verifier, list[str]]:
    """A batch that takes a second or more: slow signatures, all wrong, all different."""
    key = jot.SigningKey.generate("ES512", kid="k")
    verifier = jot.Verifier(key.public_keys(), algorithms=["ES512"])
    _, claims, signature = jot.encode({"exp": NOW + 1}, key).split(".")
    # The signature is that of another header, so that none of these can hold.
    head = jot.encode({"exp": NOW + 1}, key, headers={"typ": "other"}).split(".")[0]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    ends = (f"{a}{b}{c}" for a in alphabet for b in alphabet for c in alphabet)
    made = [f"{head}.{claims}.{signature[:40]}{end}{signature[43:]}" for end, _ in zip(ends, range(ROWS))]
    return verifier, made


@pytest.fixture
def works(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the batches of a test worked with, to look at afterwards."""
    made: list[Any] = []

    class Seen(jot.batch._Work):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given)
            made.append(self)

    monkeypatch.setattr(jot.batch, "_Work", Seen)
    monkeypatch.setattr(jot.batch, "_PULSE", 0.001)
    return made


@pytest.fixture
def ctrl_c() -> Iterator[Callable[[], None]]:
    """Sends what Ctrl-C sends."""
    # What is started in the background ignores the signal from the beginning.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield lambda: signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    signal.signal(signal.SIGINT, before)


def was_cancelled(work: Any) -> bool:
    """Whether the batch was stopped before its end, and runs no longer."""
    running = [thread for thread in threading.enumerate() if thread.name == "jot-batch"]
    codes = jot.batch.Verdicts(work.output.buffers, ROWS, 0, 0).codes
    return not running and jot.Code.BATCH_CANCELLED in set(codes)


@pytest.mark.usefixtures("works")
def test_progress_is_told_and_ends_whole(slow: tuple[jot.Verifier, list[str]]) -> None:
    verifier, tokens = slow
    told: list[tuple[int, int]] = []
    out = verifier.verify_batch(tokens, now=NOW, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (ROWS, ROWS) and told == sorted(set(told))
    # Python had its turn in the middle: its lock is free while a batch runs.
    assert any(0 < done < ROWS for done, _ in told)
    assert out.accepted == 0 and set(out.codes) == {500}


def test_part_that_ends_meanwhile_is_not_counted_twice() -> None:
    befores = iter([0, 5])

    class Ending(jot.batch._Work):
        """Whose part ends between two looks."""

        before = property(lambda _: next(befores))  # type: ignore[assignment]

    work = object.__new__(Ending)
    work.watch = jot.batch.Watch()
    work.watch.done = work.watch.total = 5
    told: list[tuple[int, int]] = []
    assert work.tell(lambda *now: told.append(now), (4, 5)) == (4, 5)
    assert not told


def test_other_threads_go_on_while_a_batch_runs(
    slow: tuple[jot.Verifier, list[str]], works: list[Any]
) -> None:
    verifier, tokens = slow
    worker = threading.Thread(target=verifier.verify_batch, args=(tokens,), kwargs={"now": NOW, "threads": 1})
    worker.start()
    seen = set()
    while worker.is_alive():
        seen.update(work.watch.done for work in works)
    assert any(0 < done < ROWS for done in seen)


def test_progress_that_raises_stops_the_batch(slow: tuple[jot.Verifier, list[str]], works: list[Any]) -> None:
    verifier, tokens = slow

    def stop(done: int, total: int) -> None:
        raise RuntimeError(f"{done} of {total} are enough")

    with pytest.raises(RuntimeError, match="are enough"):
        verifier.verify_batch(tokens, now=NOW, progress=stop)
    assert was_cancelled(works[0])
    assert verifier.verify_batch(tokens[:3], now=NOW).distinct == 3


def test_ctrl_c_stops_the_batch(
    slow: tuple[jot.Verifier, list[str]],
    works: list[Any],
    ctrl_c: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    verifier, tokens = slow
    calls = jot.batch._Work.calls

    def interrupted(work: Any) -> None:
        # The signal comes when the batch has begun.
        threading.Timer(0.01, ctrl_c).start()
        calls(work)

    monkeypatch.setattr(jot.batch._Work, "calls", interrupted)
    with pytest.raises(KeyboardInterrupt):
        verifier.verify_batch(tokens, now=NOW)
    assert was_cancelled(works[0])


@pytest.mark.parametrize("begins", ["before", "after", "never"])
def test_ctrl_c_while_the_thread_starts(
    begins: str, slow: tuple[jot.Verifier, list[str]], works: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    verifier, tokens = slow
    start, late = threading.Thread.start, []

    def interrupted(thread: threading.Thread) -> None:
        if begins == "before":
            start(thread)
            while not works[0].watch.total:
                pass
        late.append(thread)
        raise KeyboardInterrupt

    monkeypatch.setattr(threading.Thread, "start", interrupted)
    with pytest.raises(KeyboardInterrupt):
        verifier.verify_batch(tokens, now=NOW)
    monkeypatch.undo()
    if begins == "before":
        assert was_cancelled(works[0])
        return
    if begins == "after":
        start(late[0])
        late[0].join()
    # Nothing was verified, and nobody waits for a thread that does not come.
    assert works[0].watch.total == 0 and works[0].distinct == 0
