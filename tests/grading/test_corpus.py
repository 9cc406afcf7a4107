"""The engine over both corpora: each question of each damaged or hostile submission gets what it deserves, every time.

By default the quick cases run; `make test-full` also runs those that must wait for a wall limit, and all of them again.
"""

import contextlib
import os
import signal
import time

import psutil
import pytest

from grading import engine
from grading.course import load_course
from helpers import submit
from tests.conftest import ROOT
from tests.submissions import damaged, hostile
from tests.submissions.parts import Lesson, agrees, helping_hand

LESSON = "02_dense_mlp"
# In the default run: one of each kind. The others take some minutes in all.
_QUICK = frozenset(
    """nothing_wrong answer_split_between_its_functions helper_in_the_test_cell answer_copied test_cell_copied answer_split_without_metadata answer_turned_to_text
    metadata_ids_and_markers_gone metadata_of_the_wrong_kind schema_version_99 saved_by_colab number_of_5000_digits
    half_a_character blank_lines_without_end errors_in_added_cells ends_in_added_cells exit_at_call endless_at_call
    memory_grows fork_bomb stderr_of_all_kinds returns_a_module tests_edited_to_a_number helper_survives_a_crash
    ast_transformer_empties_checks trace_function import_hook exception_that_passes reads_the_tests_variables
    recorded_answers integer_equal_to_everything layer_that_patches_the_checks lambda_in_the_config
    dense_just_below_a_limit tree_with_a_circle tree_of_29_terabytes forged_frames_at_definition frames_of_no_known_kind replies_nested_700_deep
    source_folder_searched breach_network breach_signals breach_proc breach_capabilities breach_writable
    signals_to_its_group""".split()
)


def _cases(names):
    return [pytest.param(name, marks=[] if name in _QUICK else [pytest.mark.full]) for name in names]


@pytest.fixture(scope="module")
def room(class_room):
    """Warm processes, the bundle with short limits, and all cases by name."""
    one, bundle, reference, student = class_room
    lesson = load_course(ROOT).lesson(LESSON)
    answer = Lesson(LESSON, reference, student).answer("describe_data").encode()
    with helping_hand(answer) as port:
        cases = damaged.damaged(reference, student, lesson) + hostile.hostile(reference, student, lesson, port)
        yield one, bundle, {case.name: case for case in cases}


def _grade(room, name, as_handed_in=lambda data: data):
    one, bundle, cases = room
    if name not in cases:
        pytest.skip("this lesson has no cell that the case needs")
    before = _processes(one)
    with _no_longer_than(400 if cases[name].slow else 150):
        result = engine.grade(as_handed_in(cases[name].data), bundle, one)
    deadline = time.monotonic() + 20  # a killed process takes a moment to go
    while (now := _processes(one)) != before and time.monotonic() < deadline:
        time.sleep(0.05)
    faults = agrees(cases[name], result)
    assert not faults, "\n".join(faults)
    assert now == before, f"left behind: {_described(now - before)}; gone: {before - now}"


@contextlib.contextmanager
def _no_longer_than(seconds):
    """Far above what the limits allow a submission: it only keeps a stalled grader from stalling the tests."""

    def stalled(*_):
        pytest.fail(f"the grader stalled: one submission held it for {seconds} s")

    before = signal.signal(signal.SIGALRM, stalled)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _described(pids):
    """What is known of some processes, for the message of a test."""
    known = []
    for pid in pids:
        with contextlib.suppress(psutil.Error):
            known.append(psutil.Process(pid).as_dict(["pid", "ppid", "status", "cmdline", "cpu_times", "num_threads"]))
    return known


def _processes(one):
    """Everything that the two warm processes consist of.

    Seen in two looks: what a process that just died had started is nobody's child for a moment, and one look misses it.
    """
    return _look(one) | _look(one)


def _look(one):
    found = set()
    for warm in (one.student, one.examiner):
        found |= {warm.process.pid, *(p.pid for p in psutil.Process(warm.process.pid).children(recursive=True))}
    return found


@pytest.mark.parametrize("name", _cases(damaged.names()))
def test_damage_costs_only_what_is_damaged(room, name):
    _grade(room, name)


# What happened to the notebook, not to Python: the check before handing in repairs some of it, and costs nobody a mark.
_FORM = [name for name in damaged.names()[: damaged.names().index("cut_off")] if "cells_that" not in name]
_FORM += ["tests_edited_to_pass", "tests_edited_to_a_number", "imports_deleted", "import_added_to_the_imports"]
_FORM += ["helper_in_an_added_cell", "helper_in_another_answer", "explore_cell_edited"]


@pytest.mark.parametrize("name", _cases(_FORM))
def test_a_damaged_notebook_gets_the_same_from_the_file_that_was_repaired_to_hand_in(room, name):
    _, _, cases = room
    if not cases[name].readable:
        pytest.skip("the check before handing in refuses this file")
    _grade(room, name, lambda data: submit.look(data).notebook)


@pytest.mark.parametrize("name", _cases(hostile.names()))
def test_an_attack_earns_nothing(room, name):
    _grade(room, name)


def test_a_note_left_by_one_is_not_found_by_the_next(room):
    _grade(room, "note_left_for_others")
    _grade(room, "note_of_another_found")


@pytest.mark.full
def test_the_same_marks_every_time_and_nothing_grows(room):
    one, bundle, cases = room
    names = [name for name in cases if name in _QUICK]
    seen, files = [], []
    for _ in range(3):
        results = [engine.grade(cases[name].data, bundle, one) for name in names]
        seen.append([[(q["id"], q["score"], q["outcome"]) for q in result["questions"]] for result in results])
        files.append(len(os.listdir("/proc/self/fd")))
    assert seen[0] == seen[1] == seen[2]
    assert files[0] == files[2], "open files were left behind"
