"""Studies: the order of the jobs, what is kept and found again, and what is refused."""

import json
import os

import numpy as np
import pytest

from helpers import study

calls = []


def mean_of_some(data, *, rows, seed, factor=1.0):
    calls.append(seed)
    if seed < 0:
        raise ArithmeticError("this one fails")
    noise = np.random.default_rng(seed).normal()
    return {"mean": factor * float(np.mean(data["X"][rows])) + noise, "rows": list(rows)}


@pytest.fixture
def data():
    calls.clear()
    return {"X": np.arange(12.0), "names": np.array(["a", "bb"])}


JOBS = [{"rows": [0, 1], "seed": 3}, {"rows": [4], "seed": 1, "factor": 2.0}, {"rows": [7, 8], "seed": 2}]


def test_results_come_in_the_order_of_the_jobs(data):
    here = study.run(mean_of_some, JOBS, data, n_jobs=1)
    assert [result["rows"].tolist() for result in here] == [[0, 1], [4], [7, 8]]


def test_processes_give_what_this_process_gives(data):
    here = study.run(mean_of_some, JOBS, data, n_jobs=1)
    apart = study.run(mean_of_some, JOBS, data, n_jobs=2)
    assert [r["mean"] for r in here] == [r["mean"] for r in apart]


def noisy(data, *, fails):
    os.write(2, b"greetings from C++\n")
    if fails:
        raise ArithmeticError("this one fails")
    return {"x": 1.0}


def test_what_a_worker_says_is_shown_only_if_it_fails(data, monkeypatch, capfd):
    for name in ("TF_CPP_MIN_LOG_LEVEL", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
        monkeypatch.setenv(name, "1")
    study._one(noisy, 0, {"fails": False}, data, None, alone=True)
    assert capfd.readouterr().err == ""
    with pytest.raises(ArithmeticError):
        study._one(noisy, 0, {"fails": True}, data, None, alone=True)
    assert "greetings" in capfd.readouterr().err


def test_a_stopped_study_goes_on_where_it_was(data, tmp_path):
    with pytest.raises(ArithmeticError, match="this one fails"):
        study.run(mean_of_some, [*JOBS[:2], {"rows": [1], "seed": -1}], data, keep=tmp_path, n_jobs=1)
    assert calls == [3, 1, -1]
    results = study.run(mean_of_some, JOBS, data, keep=tmp_path, n_jobs=1)
    assert calls == [3, 1, -1, 2], "what was done before the stop was done again"
    assert [float(r["mean"]) for r in results] == [float(r["mean"]) for r in study.run(mean_of_some, JOBS, data, n_jobs=1)]


def test_another_job_and_other_data_are_trained(data, tmp_path):
    study.run(mean_of_some, JOBS, data, keep=tmp_path, n_jobs=1)
    study.run(mean_of_some, [{**JOBS[0], "factor": 3.0}], data, keep=tmp_path, n_jobs=1)
    study.run(mean_of_some, JOBS[:1], {**data, "X": data["X"] + 1}, keep=tmp_path, n_jobs=1)
    study.run(mean_of_some, JOBS[:1], {**data, "names": np.array(["a", "cc"])}, keep=tmp_path, n_jobs=1)
    assert calls == [3, 1, 2, 3, 3, 3]


def test_a_damaged_result_is_made_again(data, tmp_path, capsys):
    [before] = study.run(mean_of_some, JOBS[:1], data, keep=tmp_path, n_jobs=1)
    [path] = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:50])
    [after] = study.run(mean_of_some, JOBS[:1], data, keep=tmp_path, n_jobs=1)
    assert after["mean"] == before["mean"] and calls == [3, 3]
    assert "damaged" in capsys.readouterr().out


def test_a_job_that_cannot_be_named_is_refused(data, tmp_path):
    with pytest.raises(TypeError, match="a job holds numbers"):
        study.run(mean_of_some, [{"rows": [1], "seed": 0, "factor": object()}], data, keep=tmp_path, n_jobs=1)


def test_numpy_rows_name_a_job_as_lists_do(data, tmp_path):
    study.run(mean_of_some, [{"rows": np.array([0, 1]), "seed": np.int64(3)}], data, keep=tmp_path, n_jobs=1)
    study.run(mean_of_some, [{"rows": [0, 1], "seed": 3}], data, keep=tmp_path, n_jobs=1)
    assert len(calls) == 1


def test_no_long_run_is_none_and_one_is_read(tmp_path, monkeypatch):
    assert study.stored("99_nothing") is None
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "01_some.json").write_text(json.dumps({"scores": []}), encoding="utf-8")
    monkeypatch.setattr(study.resources, "files", lambda package: tmp_path)
    assert study.stored("01_some") == {"scores": []}


def test_the_interval_over_seeds_is_students():
    mean, (low, high) = study.over_seeds([0.5, 0.6, 0.7])
    assert mean == pytest.approx(0.6) and high - mean == pytest.approx(4.302653 * 0.1 / 3**0.5)
    assert low == pytest.approx(2 * mean - high)
    assert study.over_seeds([0.4]) == (0.4, None)
    assert study.over_seeds([0.0, 1.0])[1] == (0.0, 1.0)


def test_a_gain_in_every_song_lies_clear_of_zero_and_one_in_few_songs_does_not():
    songs = np.repeat(np.arange(20), 5)
    before = np.zeros((3, 100), dtype=bool)
    everywhere = np.tile(np.arange(100) % 5 < 2, (2, 1))
    mean, low, high = study.gain(before, everywhere, songs)
    assert mean == pytest.approx(0.4) and low == pytest.approx(0.4) and high == pytest.approx(0.4)
    in_two_songs = np.tile(songs < 2, (2, 1))
    mean, low, high = study.gain(before, in_two_songs, songs)
    assert mean == pytest.approx(0.1) and low == 0.0 and high > 0.15
    assert np.isnan(study.gain(before, everywhere, np.zeros(100))[1:]).all()
    with pytest.raises(ValueError, match="one group an item"):
        study.gain(before, everywhere, songs[:50])


def test_the_figure_says_in_words_which_setting_is_best():
    from helpers import evaluate, plots

    rows = [
        evaluate.Score(name, "toy (practice)", part, value, interval, over="3 seeds" if interval else "none: one seed")
        for part, shift in (("validation", 0.0), ("test", -0.2))
        for name, value, interval in (("base", 0.7 + shift, (0.65 + shift, 0.75 + shift)), ("other", 0.8 + shift, None))
    ]
    words = plots.alt(study.draw(rows, "Toy"))
    assert "from 0.700 (base) to 0.800 (other)" in words and "from 0.500 (base)" in words
