"""Calls in a process that can be ended: results and errors come through, and neither time nor memory is without end."""

import os
import time

import pytest

from grading.bounded import Bounded, TooMuch
from helpers import match


def busy():
    while True:
        pass


def hungry():
    return len(bytearray(2**32))


def deep(n):
    return [] if n == 0 else [deep(n - 1)]


@pytest.fixture(scope="module")
def bounded():
    with Bounded(cpu_seconds=1, wall_seconds=5, memory_bytes=2**30) as one:
        yield one


def test_results_and_errors_come_through(bounded):
    assert bounded.call(sorted, [3, 1, 2]) == [1, 2, 3]
    with pytest.raises(match.NotebookError, match="the file is empty"):
        bounded.call(match.read_notebook, b"")
    with pytest.raises(RecursionError):
        bounded.call(deep, 100_000)


@pytest.mark.parametrize("call", [busy, hungry, os.abort, (time.sleep, 600)])
def test_what_would_not_end_or_takes_too_much_is_ended_and_the_next_call_works(bounded, call):
    began = time.monotonic()
    with pytest.raises(TooMuch):
        bounded.call(*call) if isinstance(call, tuple) else bounded.call(call)
    assert time.monotonic() - began < 60
    assert bounded.call(sorted, [2, 1]) == [1, 2]


def test_what_earlier_calls_used_is_not_held_against_a_later_one(bounded):
    for _ in range(4):
        assert bounded.call(sum, range(20_000_000)) > 0
