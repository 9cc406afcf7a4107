"""The reader of IRMAS: names of both kinds, label files, damage, excerpts, duets, the real clip and excerpt."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from helpers import _loaders, data
from helpers._loaders import irmas
from helpers.data import DataError

SR = 22050


def write(path, seconds=0.2, sr=44100, channels=2, f0=440.0):
    path.parent.mkdir(parents=True, exist_ok=True)
    y = 0.3 * np.sin(2 * np.pi * f0 * np.arange(round(seconds * sr)) / sr)
    soundfile.write(path, np.stack([y] * channels, axis=1), sr, subtype="PCM_16")
    return path


def label(path, text):
    path.with_suffix(".txt").write_bytes(text)


@pytest.fixture
def folder(tmp_path):
    """Training clips with names of both kinds; two songs have two clips."""
    for name in ("cla/[cla][cla]0189__2", "cla/[cla][cla]0189__1", "cel/008__[cel][nod][cla]0058__1",
                 "pia/107__[pia][dru][pop_roc]1352__1", "voi/[voi][jaz_blu]2360__2", "gac/[gac]0568__1",
                 "cel/008__[cel][nod][cla]0058__12"):  # fmt: skip
        write(tmp_path / "irmas" / "IRMAS-TrainingData" / f"{name}.wav")
    return tmp_path / "irmas"


def read(folder, part="read"):
    return _loaders.read(data.manifest("irmas"), folder, SR, part)


@pytest.mark.parametrize("stem, code, song, clip, drums, genre", [
    ("[cla][cla]0189__2", "cla", "[cla][cla]0189", 2, "", "cla"),
    ("008__[cel][nod][cla]0058__1", "cel", "008__[cel][nod][cla]0058", 1, "nod", "cla"),
    ("107__[pia][dru][pop_roc]1352__12", "pia", "107__[pia][dru][pop_roc]1352", 12, "dru", "pop_roc"),
    ("[voi][jaz_blu]2360__3", "voi", "[voi][jaz_blu]2360", 3, "", "jaz_blu"),
    ("[gac]0568__1", "gac", "[gac]0568", 1, "", ""),
])  # fmt: skip
def test_names_of_both_kinds(stem, code, song, clip, drums, genre):
    assert irmas.parse(stem) == {"code": code, "song": song, "clip": clip, "drums": drums, "genre": genre}


@pytest.mark.parametrize("stem", ["cla0189__2", "[cla][cla]0189", "[cla][cla]__2", "[cla][cla]0189__2 copy", ""])
def test_other_names_are_not_understood(stem):
    assert irmas.parse(stem) is None


def test_training_clips(folder, capsys):
    clips = read(folder)
    assert clips.classes == ("cel", "cla", "flu", "gac", "gel", "org", "pia", "sax", "tru", "vio", "voi")
    assert [clips.classes[label] for label in clips.labels] == ["cel", "cel", "cla", "cla", "gac", "pia", "voi"]
    assert clips.groups.tolist() == clips.table["song"].tolist() and len(set(clips.groups)) == 5
    assert clips.table["clip"].tolist() == [1, 12, 1, 2, 1, 1, 2] and clips.split is None and clips.targets is None
    assert clips.table["drums"].tolist() == ["nod", "nod", "", "", "", "dru", ""]
    assert clips.table["genre"].tolist() == ["cla", "cla", "cla", "cla", "", "pop_roc", "jaz_blu"]
    assert clips.table["instrument"][5] == "piano" and np.allclose(clips.table["seconds"], 0.2)
    said = [line for line in capsys.readouterr().out.splitlines() if line and not line.startswith("reading:")]
    assert said == [] and clips.audio[0].shape == (round(0.2 * SR),)  # on a loaded machine there is a progress bar


def test_clips_that_are_not_right_are_named_and_left_out(folder, capsys):
    place = folder / "IRMAS-TrainingData"
    write(place / "cla" / "clarinet 1.wav")
    write(place / "gel" / "[cla][pop_roc]0001__1.wav")
    write(place / "xyz" / "[xyz][cla]0001__1.wav")
    (place / "cla" / "[cla][cla]0002__1.wav").write_bytes(b"<!DOCTYPE html>")
    (place / "cla" / "[cla][cla]0003__1.wav").write_bytes(b"")
    write(place / "cla" / "[cla][cla]0004__1.wav", channels=1)
    clips = read(folder)
    assert len(clips) == 8 and clips.audio[4].ndim == 1, "a mono file is as good as a stereo one"
    assert dict(clips.left_out) == {"the name is not [instrument][genre]number__clip": 2,
                                    "the folder and the first bracket of the name differ": 1, "not readable as audio": 2}
    said = capsys.readouterr().out
    for name in ("clarinet 1", "[cla][pop_roc]0001", "[xyz]", "0002", "0003"):
        assert sum(name in line for line in said.splitlines()) == 1, name


def test_a_folder_without_clips(folder):
    shutil.rmtree(folder / "IRMAS-TrainingData")
    with pytest.raises(DataError, match="holds no clip of irmas.*data.fetch"):
        (folder / "IRMAS-TestingData-Part1").mkdir()
        read(folder)


def test_testing_excerpts(tmp_path):
    for part, inner, name, codes in ((1, "Part1", "02 - And The Body Will Die-8", b"gel\t\nvoi\t\n"),
                                     (2, "IRTestingData-Part2", "(02) dont kill the whale-1", b"pia\r\n\r\n"),
                                     (3, "Part3", "Song-12", b"\xef\xbb\xbfvio"),
                                     (3, "Part3", "Song-2", b"tru\t\nvio\t\ntru\t\n")):  # fmt: skip
        label(write(tmp_path / f"IRMAS-TestingData-Part{part}" / inner / f"{name}.wav", seconds=part / 10), codes)
    test = read(tmp_path, "testing")
    named = [[test.target_names[i] for i in np.flatnonzero(row)] for row in test.targets]
    assert named == [["gel", "voi"], ["pia"], ["vio"], ["tru", "vio"]]
    assert [test.classes[i] for i in test.labels] == ["gel", "pia", "vio", "tru"]
    assert test.groups.tolist() == ["02 - And The Body Will Die", "(02) dont kill the whale", "Song", "Song"]
    assert test.table["part"].tolist() == [1, 2, 3, 3] and [len(y) for y in test.audio] == [2205, 4410, 6615, 6615]
    assert test.targets.dtype == np.uint8 and test.title == "irmas (real, testing excerpts)"
    assert set(test.split) == {"test"} and test.subset([3]).targets.tolist() == [test.targets[3].tolist()]


@pytest.mark.parametrize("text, reason", [
    (b"", "an empty label file"), (b"\t\n \n", "an empty label file"),
    (b"pia\t\nkazoo\t\n", "a label file with an unknown code"), (None, "an excerpt without its label file"),
    (b"\xff\xfe\x00p", "a label file with an unknown code"),
])  # fmt: skip
def test_label_files_that_are_not_right(tmp_path, capsys, text, reason):
    place = tmp_path / "IRMAS-TestingData-Part1" / "Part1"
    label(write(place / "good-1.wav"), b"pia\t\n")
    path = write(place / "bad-1.wav")
    if text is not None:
        label(path, text)
    test = read(tmp_path, "testing")
    assert len(test) == 1 and dict(test.left_out) == {reason: 1} and "bad-1" in capsys.readouterr().out
    if text is not None and b"kazoo" in text:
        path.with_name("good-1.txt").unlink()
        with pytest.raises(DataError, match="no testing excerpt"):
            read(tmp_path, "testing")


def test_what_a_data_set_does_not_have_is_said(folder, tmp_path):
    with pytest.raises(DataError, match="practice-irmas has"):
        read(folder, "duets")
    with pytest.raises(DataError, match="has no testing part"):
        _loaders.read(data.manifest("tinysol"), folder, SR, "testing")


def test_clips_of_another_length_are_reported(folder):
    sheet = replace(data.manifest("irmas"), audio={"sr": 44100, "samples": 8820})
    write(folder / "IRMAS-TrainingData" / "gac" / "[gac][cla]0001__1.wav", seconds=0.3)
    (line,) = irmas.problems(sheet, folder)
    assert "[gac][cla]0001__1.wav lasts 0.3000 s; expected 0.2000" in line


def test_the_practice_set_is_read(monkeypatch, capsys):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    clips, test, duets = data.load("practice-irmas"), data.testing("practice-irmas"), data.duets("practice-irmas")
    assert capsys.readouterr().out.count("so the tiny size") == 3
    assert clips.title == "practice-irmas (practice, rendered, tiny)" and clips.classes == ("gac", "pia", "tru", "vio")
    assert np.bincount(clips.labels).tolist() == [14, 16, 13, 13] and not clips.left_out
    assert set(np.unique(clips.table["drums"])) == {"", "dru", "nod"} and (clips.table["seconds"] == 3.0).all()
    assert all(y.shape == (3 * SR,) and 0.01 < np.abs(y).max() <= 1 for y in clips.audio[::9])
    assert test.title == "practice-irmas (practice, rendered, testing excerpts, tiny)" and (test.targets.any(axis=0)).all()
    assert len({len(y) for y in test.audio}) > 5
    assert [duet.recording for duet in duets] == ["01-tru-vio", "02-gac-pia"]
    for duet in duets:
        assert duet.duration == 16.0 and duet.title == "practice-irmas (practice, rendered, duets, tiny)"
        assert {duet.classes[int(code)] for *_, code in duet.timeline} == set(duet.recording.split("-")[1:])
        assert (np.diff(duet.timeline[:, 0]) >= 0).all() and not duet.y.flags.writeable
        assert "16.0 s at 22050 Hz" in repr(duet)
    assert data.validate("practice-irmas") == []


@pytest.mark.parametrize("timeline", [[[1.0, 0.5, 0]], [[0.0, 1.0, 4]], [[0.0, 1.0, 0.5]]])
def test_a_timeline_that_cannot_be(timeline):
    with pytest.raises(DataError, match="start < stop"):
        data.Played("x", "practice", "one", ("a", "b"), 100, np.zeros(200), timeline)


@pytest.mark.parametrize("change", [
    {"targets": np.ones((3, 2)), "target_names": ("a",)}, {"targets": np.ones((2, 1)), "target_names": ("a",)},
    {"targets": np.full((3, 1), 2), "target_names": ("a",)}, {"targets": np.ones(3), "target_names": ("a",)},
    {"target_names": ("a",)}, {"targets": np.ones((3, 1))},
])  # fmt: skip
def test_targets_that_cannot_be(change):
    with pytest.raises(DataError):
        data.Dataset("x", "real", ("a",), np.zeros(3, int), **change)


def test_the_real_clip_and_excerpt(realdata, monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("COURSE_REALDATA", str(realdata))
    clips = data.load("irmas", sr=44100)
    assert clips.title == "irmas (real, excerpt)" and clips.classes[clips.labels[0]] == "cla"
    assert clips.groups.tolist() == ["[cla][cla]0189"] and clips.table["instrument"][0] == "clarinet"
    assert len(clips.audio[0]) == 132299 and clips.table["seconds"][0] == pytest.approx(132299 / 44100)
    test = data.testing("irmas", sr=44100)
    assert [test.target_names[i] for i in np.flatnonzero(test.targets[0])] == ["gel", "voi"]
    assert test.groups.tolist() == ["02 - And The Body Will Die"] and len(test.audio[0]) == 88200
    assert not any("lasts" in line for line in data.validate("irmas"))
