"""Several things at a time: in order, with their errors, and never deaf to a signal."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator

import pytest

from agentslint.parallel import each


class Asked(BaseException):
    """What a handler raises."""


@pytest.fixture
def asked() -> Iterator[None]:
    def stop(number: int, frame: object) -> None:
        raise Asked

    before = signal.signal(signal.SIGUSR1, stop)
    yield
    signal.signal(signal.SIGUSR1, before)


def never() -> None:
    raise AssertionError("nobody asked to stop")


def test_outcomes_come_in_the_order_of_the_items() -> None:
    gate = threading.Event()

    def work(number: int) -> int:
        if number == 0:
            gate.wait()
        elif number == 5:
            gate.set()
        return number * 2

    assert list(each(work, range(200), 3, never)) == [number * 2 for number in range(200)]


def test_an_error_of_the_work_is_raised_at_its_place_and_stops_nothing_else() -> None:
    outcomes = each(lambda number: 1 // number, [2, 1, 0, 1], 2, never)
    assert [next(outcomes), next(outcomes)] == [0, 1]
    with pytest.raises(ZeroDivisionError):
        next(outcomes)


def test_who_asks_for_no_more_leaves_what_has_not_begun() -> None:
    begun: list[int] = []
    outcomes = each(begun.append, range(10_000), 1, never)
    next(outcomes)
    outcomes.close()
    assert len(begun) < 10_000


def test_a_signal_is_heard_whenever_it_comes(asked: None) -> None:
    """Also right before the wait begins, where a lock would be waited for to the end."""
    main = threading.main_thread().ident
    assert main is not None
    for number in range(60):
        ended = threading.Event()

        def work(number: int, ended: threading.Event = ended) -> None:
            signal.pthread_kill(main, signal.SIGUSR1)
            time.sleep(number % 3 / 10_000)
            ended.wait()

        with pytest.raises(Asked):
            list(each(work, [number], 1, ended.set))
