"""Answers that do nothing earn nothing: None, empty, zeros, ones, the argument handed back.

Zeros and ones take the form of what the reference returns: the right shapes, keys and types, and no work in them.
"""

import pytest

from grading import build
from grading.course import load_course
from tests.conftest import ROOT
from tests.lessons.test_answers import _reference, _score

# What comes after the reference solution in a degenerate answer's cell. `like` keeps the form and drops the content.
AFTER = '''

_reference_answer = {name}


def _like(value, fill):
    import numbers

    import numpy

    if isinstance(value, dict):
        return {{key: _like(part, fill) for key, part in value.items()}}
    if isinstance(value, (list, tuple)):
        return type(value)(_like(part, fill) for part in value)
    if isinstance(value, numpy.ndarray):
        return numpy.full_like(value, fill) if value.dtype.kind in "biufc" else numpy.zeros_like(value)
    if isinstance(value, numbers.Number) or isinstance(value, numpy.generic):
        return type(value)(fill)
    if isinstance(value, str):
        return ""
    if hasattr(value, "get_lines"):
        from matplotlib.figure import Figure

        return Figure().subplots()
    if hasattr(value, "count_params"):
        import keras

        ends = value.input_shape[1:], value.output_shape[1:]
        size = int(numpy.prod(ends[1]))
        layers = [keras.Input(ends[0]), keras.layers.Flatten(), keras.layers.Dense(size, kernel_initializer="zeros")]
        return keras.Sequential([*layers, keras.layers.Reshape(ends[1])])
    return None


def _empty(value):
    import numpy

    if isinstance(value, tuple):
        return tuple(_empty(part) for part in value)
    if isinstance(value, numpy.ndarray):
        return value[:0] if value.ndim else numpy.array([])
    return type(value)() if isinstance(value, (list, dict, str)) else _like(value, 0)


def {name}(*args, **kwargs):
    return {result}
'''

RESULTS = {
    "none": "None",
    "one": "1.0",
    "empty list": "[]",
    "first argument": "(*args, *kwargs.values())[0]",
    "all arguments": "(*args, *kwargs.values())",
    "empty": "_empty(_reference_answer(*args, **kwargs))",
    "zeros": "_like(_reference_answer(*args, **kwargs), 0)",
    "ones": "_like(_reference_answer(*args, **kwargs), 1)",
}

# (question, result): why it may earn something.
EXCEPTIONS = {}


def _questions():
    for lesson in load_course(ROOT).lessons:
        answers, _ = build._question_cells(_reference(lesson.name))
        yield from ((lesson.name, name, cell.source) for name, cell in answers.items())


CASES = [
    pytest.param(lesson, name, source, result, id=f"{name}-{result.replace(' ', '-')}")
    for lesson, name, source in _questions()
    for result in RESULTS
]


@pytest.mark.parametrize(("lesson", "name", "source", "result"), CASES)
def test_an_answer_without_work_earns_nothing(lesson, name, source, result, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    answer = source + AFTER.format(name=name, result=RESULTS[result])
    score, _ = _score(lesson, name, answer, tmp_path / "answer.py")
    printed = capsys.readouterr().out
    if (name, result) in EXCEPTIONS:
        assert score > 0, f"earns nothing any more: take it off the list ({EXCEPTIONS[name, result]})"
    else:
        assert score == 0, printed
