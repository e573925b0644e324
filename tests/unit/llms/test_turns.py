"""One at a time uses a model, few wait, and the others learn how long the line is."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from chat.errors import LanguageModelError
from chat.llms.turns import Turns


def test_one_at_a_time_has_its_turn() -> None:
    turns, at_once, most = Turns(most_waiting=20), 0, 0

    def work(_: int) -> None:
        nonlocal at_once, most
        with turns.one("model"):
            at_once += 1
            most = max(most, at_once)
            at_once -= 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(40)))
    assert most == 1


def test_who_comes_when_enough_wait_is_told_at_once_how_many_wait_and_how_long() -> None:
    turns, finish, has_turn = Turns(most_waiting=2), threading.Event(), threading.Semaphore(0)

    def work() -> None:
        with turns.one("model"):
            has_turn.release()
            finish.wait(10)

    with turns.one("model"):
        pass  # a first turn, by which the next are estimated
    with ThreadPoolExecutor(3) as pool:
        working = [pool.submit(work) for _ in range(3)]
        assert has_turn.acquire(timeout=10)
        while turns._waiting < 2:
            threading.Event().wait(0.001)
        with pytest.raises(LanguageModelError, match=r"model is busy: 2 answers wait for it already, about 1 s"):
            work()
        finish.set()
        for one in working:
            one.result()
    work()  # the line is empty again


def test_a_turn_that_fails_is_over() -> None:
    turns = Turns(most_waiting=1)
    with pytest.raises(ValueError, match="broken"), turns.one("model"):
        raise ValueError("broken")
    with turns.one("model"):
        pass
