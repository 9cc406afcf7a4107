"""Loaders: what they return, what they leave out, where they look, and what they refuse."""

import dataclasses
import os
import pickle
import shutil
import subprocess
import sys
import unicodedata
import zipfile
from pathlib import Path

import numpy as np
import pytest
import soundfile

from helpers import _loaders, _manifests, data, download
from helpers.data import DataError

SR = 22050
PAGE = b"<!DOCTYPE html><html><body>Log in</body></html>"


def write(path, seconds=0.3, sr=SR, f0=440.0, **how):
    """A short tone in a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    t = np.arange(round(seconds * sr)) / sr
    soundfile.write(path, 0.3 * np.sin(2 * np.pi * f0 * t), sr, **how)
    return path


@pytest.fixture
def own(monkeypatch, tmp_path):
    """A data folder of the test's own, and no excerpts."""
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("COURSE_REALDATA", raising=False)
    return tmp_path / "data"


@pytest.fixture
def folder(tmp_path):
    """Two classes with sub-folders, and all kinds of files."""
    path = tmp_path / "band"
    write(path / "flute" / "monday" / "a.wav")
    write(path / "flute" / "monday" / "b.flac", f0=500)
    write(path / "flute" / "tuesday" / "c.ogg", f0=600)
    write(path / "cello" / "hall" / "d.aiff", sr=44100, f0=100)
    write(path / "cello" / "room" / "e.wav", f0=110, subtype="FLOAT")
    return path


# --------------------------------------------------------------------------------------------------- from a folder


def test_a_folder_of_recordings(folder, capsys):
    band = data.from_folder(folder)
    assert band.title == "band (real)" and band.classes == ("cello", "flute") and band.sr == SR
    assert band.labels.tolist() == [0, 0, 1, 1, 1] and band.split is None and band.features is None
    assert band.table["path"].tolist() == ["cello/hall/d.aiff", "cello/room/e.wav", "flute/monday/a.wav",
                                           "flute/monday/b.flac", "flute/tuesday/c.ogg"]
    assert band.groups.tolist() == ["cello/hall", "cello/room", "flute/monday", "flute/monday", "flute/tuesday"]
    assert dict(band.left_out) == {} and capsys.readouterr().out == ""
    for y in band.audio:
        assert y.dtype == np.float32 and y.ndim == 1 and abs(len(y) - 0.3 * SR) < 2 and 0.2 < np.abs(y).max() < 0.4


@pytest.mark.parametrize("suffix, how", [
    (".wav", {"subtype": "PCM_16"}), (".wav", {"subtype": "PCM_24"}), (".wav", {"subtype": "FLOAT"}), (".aiff", {}),
    (".flac", {}), (".mp3", {}), (".ogg", {}),
])  # fmt: skip
def test_every_format(tmp_path, suffix, how):
    write(tmp_path / "x" / f"a{suffix}", sr=44100, **how)
    write(tmp_path / "x" / "b.wav")
    (y, _) = data.from_folder(tmp_path).audio
    assert len(y) == pytest.approx(0.3 * SR, rel=0.2)


def test_a_stereo_file_becomes_mono(tmp_path):
    (tmp_path / "x").mkdir()
    soundfile.write(tmp_path / "x" / "a.wav", np.stack([np.full(SR, 0.5), np.full(SR, -0.1)], axis=1), SR)
    write(tmp_path / "x" / "b.wav")
    y = data.from_folder(tmp_path).audio[0]
    assert y.shape == (SR,) and np.allclose(y, 0.2, atol=1e-4)


def test_without_sub_folders_there_are_no_groups(tmp_path):
    for name in ("x/a.wav", "x/b.wav", "y/a.wav", "y/b.wav"):
        write(tmp_path / name)
    assert data.from_folder(tmp_path).groups is None


def test_what_is_not_audio_is_named_and_left_out_and_the_rest_is_loaded(folder, capsys):
    (folder / "flute" / "monday" / "page.aiff").write_bytes(PAGE)
    (folder / "flute" / "notes.txt").write_text("Tuesday was better.")
    (folder / "flute" / "empty.wav").write_bytes(b"")
    (folder / "stray.wav").write_bytes((folder / "flute" / "monday" / "a.wav").read_bytes())
    (folder / "cello" / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
    (folder / "cello" / "Thumbs.db").write_bytes(b"\xd0\xcf")
    (folder / "drums").mkdir()
    band = data.from_folder(folder)
    assert len(band) == 5 and band.classes == ("cello", "flute")
    assert dict(band.left_out) == {"not readable as audio": 3, "not inside a class folder": 1,
                                   "a class folder without a recording": 1}
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 5
    for name in ("page.aiff", "notes.txt", "empty.wav", "stray.wav", "drums"):
        assert sum(name in line for line in lines) == 1, name
    assert "5 left out" in repr(band)


def test_a_great_many_bad_files_do_not_flood_the_screen(folder, capsys):
    for i in range(30):
        (folder / "flute" / f"{i:02}.wav").write_bytes(PAGE)
    assert data.from_folder(folder).left_out == {"not readable as audio": 30}
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 21 and "10 more" in lines[-1]


@pytest.mark.parametrize("make, message", [
    (lambda path: None, "there is no folder"),
    (lambda path: path.mkdir(), "holds no recording"),
    (lambda path: (path / "flute").mkdir(parents=True), "holds no recording"),
    (lambda path: write(path / "a.wav"), "holds no recording"),
    (lambda path: write(path), "there is no folder"),
])  # fmt: skip
def test_an_empty_folder_is_an_error(tmp_path, make, message):
    path = tmp_path / "band.wav"
    make(path)
    with pytest.raises(DataError, match=message) as error:
        data.from_folder(path)
    assert str(path) in str(error.value) and "<class>" in str(error.value)


def test_a_class_with_one_recording_is_loaded_and_mentioned(tmp_path, capsys):
    for name in ("x/a.wav", "x/b.wav", "y/a.wav"):
        write(tmp_path / "band" / name)
    assert data.from_folder(tmp_path / "band").labels.tolist() == [0, 0, 1]
    assert capsys.readouterr().out == (
        "band: the class 'y' has one recording; it can be on one side of a split only\n")


def test_nan_in_a_recording_is_an_error_when_it_is_read(tmp_path):
    (tmp_path / "x").mkdir()
    soundfile.write(tmp_path / "x" / "bad.wav", np.array([0, np.nan, 0], np.float32), SR, subtype="FLOAT")
    write(tmp_path / "x" / "good.wav")
    band = data.from_folder(tmp_path)
    assert len(band.audio[1]) > 0
    with pytest.raises(ValueError, match="bad.wav.*(NaN|finite)"):
        band.audio[0]


def test_a_silent_clip_and_a_very_short_one_have_windows(tmp_path, own):
    (tmp_path / "band" / "x").mkdir(parents=True)
    soundfile.write(tmp_path / "band" / "x" / "silent.wav", np.zeros(SR), SR)
    soundfile.write(tmp_path / "band" / "x" / "short.wav", np.full(100, 0.1), SR)
    rows = data.windows(data.from_folder(tmp_path / "band"))
    assert rows.table["note"].tolist() == [0, 1, 1, 1] and np.isfinite(rows.features).all()


def table(folder, *lines):
    (folder / "metadata.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_a_table_adds_columns_groups_and_says_what_belongs(folder, capsys):
    table(folder, "path,pitch,level,who,group", "flute/monday/a.wav,69,-3.5,Ann,g1", "cello/hall/d.aiff,43,0,Bob,g2",
          "flute/tuesday/c.ogg,74,1e1,Ann,g1", "flute/lost.wav,1,1,Eve,g3")
    band = data.from_folder(folder)
    assert band.table["path"].tolist() == ["cello/hall/d.aiff", "flute/monday/a.wav", "flute/tuesday/c.ogg"]
    assert band.groups.tolist() == ["g2", "g1", "g1"]
    assert band.table["pitch"].dtype.kind == "i" and band.table["level"].tolist() == [0.0, -3.5, 10.0]
    assert band.table["who"].tolist() == ["Bob", "Ann", "Ann"] and "group" not in band.table
    assert band.left_out == {"not listed in metadata.csv": 2, "listed in metadata.csv, but not there": 1}
    assert "flute/lost.wav" in capsys.readouterr().out


@pytest.mark.parametrize("lines, message", [
    (["file,pitch", "a.wav,1"], "column `path`"), (["path,pitch"], "at least one row"),
    (["path,pitch", "flute/monday/a.wav,1,2"], "line 2: 3 cells, but 2 columns"),
    (["path,pitch", "flute/monday/a.wav,1", ",2"], "line 3: the column `path` is empty"),
    (["path,group", "flute/monday/a.wav,g1", "flute/monday/b.flac,"], "line 3: the column `group` is empty"),
    (["path,group", "flute/monday/a.wav,g1", "flute/monday/b.flac"], "line 3: the column `group` is empty"),
    (["path,group", "flute/monday/a.wav,  "], "line 2: the column `group` is empty"),
    (["path,pitch,Pitch", "flute/monday/a.wav,1,2"], "two columns are called Pitch"),
    (["path", "flute/monday/a.wav", "./flute\\monday\\a.wav"], "line 3: .* is listed twice"),
    (["path", "flute/monday/a.wav", "flute/monday/a.wav"], "'flute/monday/a.wav' is listed twice"),
])  # fmt: skip
def test_a_wrong_table_is_refused(folder, lines, message):
    table(folder, *lines)
    with pytest.raises(DataError, match=message):
        data.from_folder(folder)


ROWS = [["Path", "player", "Group", "pitch"], ["flute/monday/a.wav", "Zoë", "g1", "69"],
        ["cello/hall/d.aiff", "Åse", "g2", "43"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_of_any_spreadsheet_is_read(folder, encoding, delimiter):
    lines = [*ROWS, [""] * 4, [], [""] * 6]  # spreadsheets end with empty rows, some of them too long
    text = "sep=;\r\n" * (delimiter == ";") + "\r\n".join(delimiter.join(line) for line in lines)
    (folder / "metadata.csv").write_bytes(text.encode(encoding))
    band = data.from_folder(folder)
    assert band.table["path"].tolist() == ["cello/hall/d.aiff", "flute/monday/a.wav"]
    assert band.table["player"].tolist() == ["Åse", "Zoë"] and band.table["pitch"].tolist() == [43, 69]
    assert band.groups.tolist() == ["g2", "g1"] and set(band.table) == {"path", "player", "pitch"}


@pytest.mark.parametrize("written", ["flute\\monday\\a.wav", "./flute/monday/a.wav", ".\\flute\\monday\\a.wav",
                                     "flute//monday/a.wav", " flute/monday/a.wav "])
def test_paths_of_any_spelling_are_found(folder, written):
    table(folder, "path,pitch", f"{written},69")
    band = data.from_folder(folder)
    assert band.table["path"].tolist() == ["flute/monday/a.wav"] and band.table["pitch"].tolist() == [69]


@pytest.mark.parametrize("in_table, on_disk", [("NFC", "NFD"), ("NFD", "NFC")])
def test_accents_of_either_form_are_found(tmp_path, in_table, on_disk):
    name = "flûte/été 1.wav"
    write(tmp_path / "band" / unicodedata.normalize(on_disk, name))
    write(tmp_path / "band" / "cello" / "b.wav")
    table(tmp_path / "band", "path,group", unicodedata.normalize(in_table, name) + ",g1", "cello/b.wav,g2")
    band = data.from_folder(tmp_path / "band")
    assert not band.left_out and sorted(band.groups) == ["g1", "g2"]


def test_a_table_lists_an_unreadable_file_without_it_being_called_missing(folder):
    (folder / "flute" / "monday" / "bad.wav").write_bytes(PAGE)
    table(folder, "path", "flute\\monday\\bad.wav", "flute/monday/a.wav")
    assert data.from_folder(folder).left_out == {"not readable as audio": 1, "not listed in metadata.csv": 4}


def test_a_spreadsheet_is_no_table(folder):
    (folder / "metadata.csv").write_bytes(b"PK\x03\x04 xlsx")
    with pytest.raises(DataError, match="metadata.csv is a spreadsheet, not a CSV: save it as CSV"):
        data.from_folder(folder)


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_links_are_followed_once(folder, capsys):
    before = data.from_folder(folder)
    (folder / "flute" / "again").symlink_to(folder / "flute", target_is_directory=True)
    (folder / "flute" / "up").symlink_to(folder, target_is_directory=True)
    (folder / "cello" / "itself").symlink_to("itself")
    (folder / "a second name").symlink_to(folder / "flute", target_is_directory=True)
    (folder / "cello" / "z copy.wav").symlink_to(folder / "cello" / "room" / "e.wav")
    band = data.from_folder(folder)
    assert band.table["path"].tolist() == before.table["path"].tolist() and band.groups.tolist() == before.groups.tolist()
    assert band.left_out == {"a link to what is there already": 4, "not readable as audio": 1}


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_links_to_recordings_elsewhere_are_read(tmp_path):
    for name in ("x/a.wav", "y/b.wav"):
        write(tmp_path / "store" / name)
    (tmp_path / "band" / "flute").mkdir(parents=True)
    (tmp_path / "band" / "flute" / "a.wav").symlink_to(tmp_path / "store" / "x" / "a.wav")
    (tmp_path / "band" / "cello").symlink_to(tmp_path / "store" / "y", target_is_directory=True)
    assert data.from_folder(tmp_path / "band").table["path"].tolist() == ["cello/b.wav", "flute/a.wav"]


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are text there")
def test_a_name_that_is_no_text_is_read(tmp_path, capsys, own):
    write(tmp_path / "band" / "x" / "good.wav")
    for name, content in ((b"\xe9t\xe9.wav", (tmp_path / "band" / "x" / "good.wav").read_bytes()), (b"\xe9.wav", PAGE)):
        with open(os.fsencode(tmp_path / "band" / "x") + b"/" + name, "wb") as out:
            out.write(content)
    band = data.from_folder(tmp_path / "band")
    assert len(band) == 2 and [len(y) for y in band.audio] == [len(band.audio[0])] * 2
    assert data.windows(band).features.shape[1] == 120
    assert "left out x/?.wav" in capsys.readouterr().out


# ------------------------------------------------------------------------------------------------------ the object


def made(n=6, **more):
    return data.Dataset("made", "practice", ("a", "b"), np.arange(n) % 2, **more)


def test_a_data_set_cannot_be_changed(folder):
    labels = np.array([0, 1])
    small = data.Dataset("x", "real", ("a", "b"), labels, features=np.zeros((2, 3)), table={"k": [1, 2]})
    labels[0] = 1
    assert small.labels.tolist() == [0, 1], "it kept an array that others can write to"
    for array in (small.labels, small.features, small.table["k"], data.from_folder(folder).audio[0]):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 5
    with pytest.raises(AttributeError):
        small.name = "y"
    with pytest.raises(TypeError):
        small.table["k"] = 0
    assert small.features.dtype == np.float32


def test_a_subset_carries_everything(folder):
    band = data.from_folder(folder)
    for index in ([4, 0], np.array([4, 0]), [-1, 0]):
        part = band.subset(index)
        assert part.labels.tolist() == [1, 0] and part.classes == band.classes
        assert part.groups.tolist() == ["flute/tuesday", "cello/hall"]
        assert part.table["path"].tolist() == ["flute/tuesday/c.ogg", "cello/hall/d.aiff"]
        assert np.array_equal(part.audio[0], band.audio[4]) and len(part.audio) == 2
    assert len(band.subset(band.labels == 1)) == 3 and len(band.subset(slice(1, 3))) == 2
    assert len(band.subset([])) == 0 and len(band.subset(np.zeros(5, bool))) == 0


@pytest.mark.parametrize("index, message", [
    ([True, False], "mask of 2 for 6"), ([0.0, 1.0], "whole numbers"), ([6], "index 6 to 6 for 6"), ([-7], "index -7"),
    (3, "one-dimensional"), ([[0, 1]], "one-dimensional"),
])  # fmt: skip
def test_a_wrong_index_is_refused(index, message):
    with pytest.raises(DataError, match=message):
        made().subset(index)


@pytest.mark.parametrize("more, message", [
    ({"groups": ["a"]}, "1 entries in 'groups' for 6"), ({"features": np.zeros((5, 2))}, "5 entries in 'features'"),
    ({"table": {"pitch": [1]}}, "1 entries in 'pitch'"), ({"audio": [np.zeros(3)], "sr": 8000}, "1 entries in 'audio'"),
    ({"split": ["train"] * 7}, "7 entries in 'split'"),
])  # fmt: skip
def test_columns_of_another_length_are_refused(more, message):
    with pytest.raises(DataError, match=message):
        made(**more)


def test_labels_without_a_class_and_an_unknown_provenance_are_refused():
    with pytest.raises(DataError, match="labels run from 0 to 2, but there are 2 classes"):
        data.Dataset("x", "real", ("a", "b"), [0, 2])
    with pytest.raises(DataError, match="labels run from -1"):
        data.Dataset("x", "real", ("a", "b"), [-1, 1])
    with pytest.raises(DataError, match="provenance"):
        data.Dataset("x", "really", ("a",), [0])


def test_a_single_class_or_target_is_a_name():
    only = data.Dataset("made", "practice", "flute", [0, 0], targets=[[1], [0]], target_names="flute")
    assert only.classes == only.target_names == ("flute",)


def test_titles_say_where_data_come_from():
    assert made().title == "made (practice, rendered)" and made(detail="tiny").title == "made (practice, rendered, tiny)"
    assert data.Dataset("x", "real", ("a",), [0], detail="excerpt").title == "x (real, excerpt)"
    assert repr(made(features=np.zeros((6, 3)), groups=list("aabbcc"))) == (
        "<made (practice, rendered): 6 items, 2 classes, 3 groups, 3 features>")


def test_samples_may_stand_in_for_files_and_all_of_it_can_be_pickled(folder):
    own = made(2, audio=[np.zeros(5), np.ones(7)], sr=8000, table={"k": ["x", "y"]}, left_out={"bad": 1})
    back = pickle.loads(pickle.dumps(own.subset([1])))
    assert back.audio[0].tolist() == [1] * 7 and back.table["k"].tolist() == ["y"] and back.left_out == {"bad": 1}
    band = pickle.loads(pickle.dumps(data.from_folder(folder)))
    assert len(band.audio[2]) > 0 and not band.labels.flags.writeable


# --------------------------------------------------------------------------------------------------- practice data


def test_practice_notes(capsys):
    notes = data.load("practice-notes", size="tiny")
    assert notes.title == "practice-notes (practice, rendered, tiny)" and notes.sr == SR and len(notes.classes) == 10
    assert notes.licence and notes.citation and not notes.left_out
    assert np.all(np.diff(notes.labels) >= 0), "rows are ordered by class, as in the UIowa set"
    for label in range(10):
        mine = notes.labels == label
        assert len(set(notes.table["instrument"][mine])) >= 2
        assert len(set(notes.groups[mine])) >= 4
    assert len(set(zip(notes.groups.tolist(), notes.labels.tolist(), strict=True))) == len(set(notes.groups.tolist()))
    assert notes.table["velocity"].dtype.kind == "i" and notes.table["family"].tolist() == [
        notes.classes[label] for label in notes.labels]
    assert all(np.abs(y).max() > 0.01 for y in notes.audio)
    half = data.load("practice-notes", size="tiny", sr=11025)
    assert len(half.audio[0]) == pytest.approx(len(notes.audio[0]) / 2, abs=1)


def recipe(name, size):
    return data._recipe(data.manifest(name), size)


def test_practice_notes_are_rendered_once_and_wholly(own, monkeypatch, capsys):
    from helpers.orchestra import notes as writer

    calls = []

    def write_notes(folder, size, seed):
        calls.append((size, seed))
        write(Path(folder) / "flute" / "r1" / "a.wav")
        if len(calls) == 1:
            raise KeyboardInterrupt
        write(Path(folder) / "flute" / "r2" / "b.wav")

    monkeypatch.setattr(writer, "write_notes", write_notes)
    with pytest.raises(KeyboardInterrupt):
        data.load("practice-notes", size="tiny")
    assert list((own / "practice-notes").iterdir()) == [], "an interrupted rendering leaves nothing"
    leftover = own / "practice-notes" / f".tiny-{recipe('practice-notes', 'tiny')}-of-a-killed-process"
    leftover.mkdir()
    assert len(data.load("practice-notes", size="tiny")) == 2 and len(data.load("practice-notes", size="tiny")) == 2
    assert calls == [("tiny", 0)] * 2 and not leftover.exists()
    assert capsys.readouterr().out.count("rendering the tiny size once") == 2
    data.load("practice-notes")
    assert calls[-1] == ("practice", 0)


def test_another_orchestra_renders_anew(own, monkeypatch):
    before = recipe("practice-notes", "tiny")
    assert before == recipe("practice-notes", "tiny")
    assert len({before, recipe("practice-notes", "large"), recipe("practice-solo", "tiny")}) == 3
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda self: read(self) + b"#")
    assert recipe("practice-notes", "tiny") != before


@pytest.mark.parametrize("name, writer, others", [
    ("practice-notes", "notes", {"solo"}), ("practice-solo", "solo", {"notes"}),
])  # fmt: skip
def test_a_set_is_rendered_anew_only_for_the_modules_that_it_is_made_of(name, writer, others):
    sources = {source.stem for source in data._written_in(data.manifest(name))}
    assert {writer, "rooms", "sampler", "sf2"} <= sources and not sources & {"__init__", *others}


def test_an_import_that_hides_what_a_rendering_is_made_of_is_refused(monkeypatch):
    monkeypatch.setattr(Path, "read_text", lambda self, encoding: "from . import rooms\n")
    with pytest.raises(DataError, match=r"notes.py, line 1: .*from .rooms import record"):
        data._written_in(data.manifest("practice-notes"))


def test_while_nbgrader_runs_the_tiny_size_is_taken_and_said(monkeypatch, capsys):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert data.load("practice-notes").detail == "tiny"
    assert capsys.readouterr().out.startswith("practice-notes: nbgrader is running, so the tiny size is used\n")
    assert len(data.load_windows("practice-notes").features) > 300
    assert data.load("practice-solo").detail == "", "the solo comes in one size"


def test_the_solo():
    path = data.file("practice-solo")
    solo = soundfile.info(path)
    assert path.name == "SopSax.Vib.pp.C6Eb6.aiff" and (solo.format, solo.subtype) == ("AIFF", "PCM_16")
    assert solo.samplerate == 44100 and solo.channels == 1 and 14 < solo.duration < 18
    loaded = data.load("practice-solo", sr=44100)
    assert loaded.classes == ("soprano saxophone",) and len(loaded.audio[0]) == solo.frames
    assert loaded.title == "practice-solo (practice, rendered)"


def test_a_file_by_path_or_by_name(own, tmp_path):
    path = write(tmp_path / "mine.wav")
    assert data.file(path) == data.file(str(path)) == path
    with pytest.raises(DataError, match="no file.*seen from.*practice-solo"):
        data.file(tmp_path / "other.wav")
    with pytest.raises(DataError, match="many recordings"):
        data.file("tinysol")
    with pytest.raises(DataError, match=r"data\.fetch\('uiowa-mis'\)"):
        data.file("uiowa-mis")


@pytest.mark.parametrize("name, how, message", [
    ("practise-notes", {}, "no data set 'practise-notes'.*practice-notes.*from_folder"),
    ("practice-notes", {"size": "huge"}, "tiny, practice, large, not 'huge'"),
    ("practice-solo", {"size": "tiny"}, "practice, not 'tiny'"), ("tinysol", {"size": "tiny"}, "one size"),
    ("nsynth", {}, r"data\.fetch\('nsynth'\)"), ("tinysol", {}, r"data\.fetch\('tinysol'\)"),
    ("uiowa-features", {}, "README of.*uiowa_train_data.npy"), ("philharmonia", {}, "philharmonia.co.uk"),
])  # fmt: skip
def test_loading_what_cannot_be_loaded_says_what_to_do(own, name, how, message):
    with pytest.raises(DataError, match=f"(?s){message}"):
        data.load(name, **how)


def test_the_list_of_loaders_in_the_message_is_right():
    with pytest.raises(DataError) as error:
        _loaders.read(dataclasses.replace(data.manifest("nsynth"), loader=None), Path("."), SR)
    said = str(error.value).split("Loaders: ")[1].split(";")[0].split(", ")
    assert said == [name for name in data.names() if data.manifest(name).loader is not None]


# -------------------------------------------------------------------------------------------------- windows of them


def test_windows(own, folder):
    from helpers import audio, features

    y = np.random.default_rng(0).normal(0, 0.1, round(2.6 * SR)).clip(-1, 1)
    soundfile.write(folder / "flute" / "monday" / "long.wav", y, SR, subtype="FLOAT")
    band = data.from_folder(folder)
    rows = data.windows(band)
    # 2.6 s give floor(2.1 / 0.25) + 1 = 9 windows; all others are 0.3 s and give one
    assert rows.table["note"].tolist() == [0, 1, 2, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 5]
    assert rows.features.shape == (14, 120) and rows.audio is None and rows.sr is None
    assert np.allclose(rows.table["start"][4:13], np.arange(9) * 0.25, atol=1e-3)
    assert rows.groups.tolist() == band.groups[rows.table["note"]].tolist()
    assert rows.labels.tolist() == band.labels[rows.table["note"]].tolist() and rows.title == band.title
    sound = audio.load(folder / "flute" / "monday" / "long.wav")
    assert band.table["path"][4].endswith("long.wav")
    third = sound[2 * round(0.25 * SR):][:round(0.5 * SR)]
    assert np.allclose(rows.features[6], features.clip_vector(third, SR), rtol=1e-5, atol=1e-5)
    assert np.allclose(rows.features[0], features.clip_vector(band.audio[0], SR), rtol=1e-5, atol=1e-5)


def test_windows_are_kept_and_made_anew_when_anything_changes(own, folder, monkeypatch):
    from helpers import features

    computed = []
    compute = features._compute
    monkeypatch.setattr(features, "_compute", lambda *args: computed.append(1) or compute(*args))
    band = data.from_folder(folder)
    first = data.windows(band).features
    assert np.array_equal(data.windows(band).features, first) and len(computed) == 1
    data.windows(band, hop=0.1)
    data.windows(band, seconds=0.2)
    data.windows(data.from_folder(folder, sr=16000))
    data.windows(band.subset([0, 1]))
    assert len(computed) == 5
    write(folder / "flute" / "monday" / "a.wav", seconds=0.6, f0=880)
    changed = data.windows(data.from_folder(folder)).features
    assert len(computed) == 6 and not np.array_equal(changed, first)


def test_windows_of_samples_in_memory(own):
    pair = made(2, audio=[np.full(8000, 0.1), np.full(2000, 0.2)], sr=8000)
    rows = data.windows(pair)
    assert rows.table["note"].tolist() == [0, 0, 0, 1]
    other = data.windows(made(2, audio=[np.full(8000, 0.3), np.full(2000, 0.2)], sr=8000))
    assert not np.array_equal(rows.features[0], other.features[0])


@pytest.mark.parametrize("how, message", [({"seconds": 0}, "longer than 0 s"), ({"hop": -1}, "longer than 0 s"),
                                          ({"hop": 1e-6}, "less than one sample")])
def test_windows_that_make_no_sense_are_refused(folder, own, how, message):
    with pytest.raises(DataError, match=message):
        data.windows(data.from_folder(folder), **how)
    with pytest.raises(DataError, match="no audio"):
        data.windows(made())


def test_load_windows():
    rows = data.load_windows("practice-notes", size="tiny")
    notes = data.load("practice-notes", size="tiny")
    assert rows.features.shape[1] == 120 and set(rows.table["note"]) == set(range(len(notes)))
    assert rows.title == notes.title and rows.groups[0] == notes.groups[0]


# ----------------------------------------------------------------------------------------------------- where data lie


def test_where_data_lie(own, monkeypatch, tmp_path):
    assert data.data_dir() == own and data.where("tinysol") == own / "tinysol"
    monkeypatch.setenv("COURSE_REALDATA", str(tmp_path / "excerpts"))
    assert data.where("tinysol") == own / "tinysol", "there is no excerpt"
    (tmp_path / "excerpts" / "tinysol").mkdir(parents=True)
    assert data.where("tinysol") == tmp_path / "excerpts" / "tinysol"
    (own / "tinysol" / ".incoming").mkdir(parents=True)
    assert data.where("tinysol") == tmp_path / "excerpts" / "tinysol", "unfinished work is not data"
    (own / "tinysol" / "audio").mkdir()
    assert data.where("tinysol") == own / "tinysol"
    with pytest.raises(_manifests.ManifestError, match="no data set"):
        data.where("../etc")


def test_the_cache_folder_of_the_user_is_the_default(monkeypatch):
    monkeypatch.delenv("COURSE_DATA_DIR")
    assert data.data_dir().name == "instrument-course" and data.data_dir().is_absolute()


# ---------------------------------------------------------------------------------------------- data that are placed


@pytest.fixture
def arrays(own):
    """The four arrays as they would lie after a learner placed them."""
    rng = np.random.default_rng(0)
    place = own / "uiowa-features"
    place.mkdir(parents=True)
    for name, n in (("train", 66247), ("test", 14904)):
        np.save(place / f"uiowa_{name}_data.npy", rng.random((n, 120)))
        np.save(place / f"uiowa_{name}_labels.npy", np.sort(rng.integers(0, 10, n)))
    return place


def test_placed_arrays(arrays):
    rows = data.load_windows("uiowa-features")
    assert rows.title == "uiowa-features (real)" and rows.features.shape == (81151, 120) and rows.audio is None
    assert rows.features.dtype == np.float32 and len(rows.classes) == 10 and rows.groups is None
    assert (rows.split == "train").sum() == 66247 and rows.split[66247] == "test"
    assert rows.features[66247, 3] == np.float32(np.load(arrays / "uiowa_test_data.npy")[0, 3])
    assert data.validate("uiowa-features") == [] and data.fetch("uiowa-features") == arrays


def damaged(arrays, kind):
    data_file, label_file = arrays / "uiowa_test_data.npy", arrays / "uiowa_test_labels.npy"
    values = np.load(data_file)
    if kind == "missing":
        label_file.unlink()
    elif kind == "html":
        data_file.write_bytes(PAGE)
    elif kind == "cut":
        data_file.write_bytes(data_file.read_bytes()[:1000])
    elif kind == "shape":
        np.save(data_file, values.T)
    elif kind == "nan":
        values[3, 3] = np.nan
        np.save(data_file, values)
    elif kind == "text":
        np.save(label_file, np.full(14904, "violin"))
    elif kind == "halves":
        np.save(label_file, np.full(14904, 0.5))
    elif kind == "pickle":
        np.save(label_file, np.array([None] * 14904), allow_pickle=True)
    elif kind == "range":
        np.save(label_file, np.full(14904, 10))


@pytest.mark.parametrize("kind, message", [
    ("missing", "uiowa_test_labels.npy is missing"), ("html", "web page saved"), ("cut", "cut off"),
    ("shape", r"shape \(120, 14904\); expected \(14904, 120\)"), ("nan", "NaN"), ("text", "expected numbers"),
    ("halves", "whole numbers"), ("pickle", "cannot be read"), ("range", "labels run from 0 to 10"),
])  # fmt: skip
def test_damaged_arrays_are_refused(arrays, kind, message):
    damaged(arrays, kind)
    with pytest.raises(DataError, match=message):
        data.load("uiowa-features")
    assert len(data.validate("uiowa-features")) == 1
    with pytest.raises(DataError, match="(?s)place it once.*not right"):
        data.fetch("uiowa-features")


@pytest.mark.parametrize("name", ["uiowa-features", "philharmonia"])
def test_fetching_what_is_placed_says_where_from_and_where_to(own, name):
    with pytest.raises(DataError) as error:
        data.fetch(name)
    text = str(error.value)
    assert data.manifest(name).place.source in text and str(own / name) in text and "{folder}" not in text
    assert data.manifest(name).licence.terms in text
    assert data.validate(name) == [f"{name} is not on this machine: nothing at {own / name}"]


def test_philharmonia_names(own, capsys):
    place = own / "philharmonia"
    good = ["cello/cello_A2_025_pianissimo_arco-normal.mp3", "cello/cello_A2_1_forte_arco-normal.mp3",
            "french-horn/french-horn_As1_phrase_forte_glissando.mp3"]
    bad = ["percussion/agogo-bells__025_forte_struck-singly.mp3", "cello/my own take.mp3"]
    for name in good + bad:
        write(place / name)
    notes = data.load("philharmonia")
    assert notes.classes == ("cello", "french-horn") and notes.labels.tolist() == [0, 0, 1]
    assert notes.groups.tolist() == ["cello-A2", "cello-A2", "french-horn-As1"]
    assert notes.table["length"].tolist() == ["025", "1", "phrase"]
    assert notes.table["technique"].tolist() == ["arco-normal", "arco-normal", "glissando"]
    assert notes.table["dynamic"][0] == "pianissimo" and notes.provenance == "real"
    assert notes.left_out == {"the name is not instrument_pitch_length_dynamic_technique": 2}
    assert "agogo-bells" in capsys.readouterr().out
    assert data.validate("philharmonia") == ["2 x the name is not instrument_pitch_length_dynamic_technique"]
    for name in good:
        (place / name).unlink()
    with pytest.raises(DataError, match="no Philharmonia note"):
        data.load("philharmonia")


COLUMNS = ("Path,Fold,Family,Instrument (abbr.),Instrument (in full),Technique (abbr.),Technique (in full),Pitch,"
           "Pitch ID,Dynamics,Dynamics ID,Instance ID,String ID (if applicable),Needed digital retuning")


def tinysol(own, *notes):
    """A TinySOL of a few notes: (name, instrument, pitch number, fold, retuned)."""
    lines = [COLUMNS]
    for name, instrument, pitch, fold, retuned in notes:
        path = f"Strings/{instrument}/ordinario/{name}.wav"
        write(own / "tinysol" / "audio" / path, sr=44100)
        lines.append(f"{path},{fold},Strings,{instrument[:2]},{instrument},ord,ordinario,X,{pitch},mf,2,0,,{retuned}")
    (own / "tinysol" / "annotation").mkdir()
    (own / "tinysol" / "annotation" / "TinySOL_metadata.csv").write_text("\n".join(lines) + "\n")


def test_tinysol_keeps_shifted_neighbours_together(own):
    tinysol(own, ("Vn-A3-1c-N", "Violin", 57, 0, "FALSE"), ("Vn-A3-2c-T12u", "Violin", 57, 1, "TRUE"),
            ("Vn-B3-N", "Violin", 59, 2, "FALSE"), ("Vn-Bb3-R100u", "Violin", 58, 3, "TRUE"),
            ("Vn-C4-R100d", "Violin", 60, 4, "TRUE"), ("Vn-C#4-N", "Violin", 61, 0, "FALSE"),
            ("Vc-A3-N", "Cello", 57, 0, "FALSE"), ("Vc-G3-R200d", "Cello", 55, 1, "TRUE"))
    notes = data.load("tinysol")
    assert notes.classes == ("Cello", "Violin") and notes.labels.tolist() == [1] * 6 + [0] * 2
    assert notes.groups.tolist() == ["Vi-57", "Vi-57", "Vi-59", "Vi-57", "Vi-60", "Vi-60", "Ce-55", "Ce-55"]
    assert notes.table["fold"].tolist() == [0, 1, 2, 3, 4, 0, 0, 1] and notes.split is None
    assert notes.table["is_resampled"].tolist() == [False, True, False, True, True, False, False, True]


def test_tinysol_with_missing_and_damaged_files(own, capsys):
    tinysol(own, ("Vn-A3-N", "Violin", 57, 0, "FALSE"), ("Vn-B3-N", "Violin", 59, 2, "FALSE"),
            ("Vn-C4-N", "Violin", 60, 2, "FALSE"))
    audio = own / "tinysol" / "audio" / "Strings" / "Violin" / "ordinario"
    (audio / "Vn-A3-N.wav").unlink()
    (audio / "Vn-B3-N.wav").write_bytes(PAGE)
    assert data.load("tinysol").left_out == {"in the table, but not there": 1, "not readable as audio": 1}
    assert "Vn-B3-N.wav" in capsys.readouterr().out
    shutil.rmtree(audio)
    with pytest.raises(DataError, match="no recording of the table"):
        data.load("tinysol")
    csv = own / "tinysol" / "annotation" / "TinySOL_metadata.csv"
    csv.write_text("Path,Fold\n1,2\n")
    with pytest.raises(DataError, match="no column 'Instrument"):
        data.load("tinysol")
    csv.unlink()
    (own / "tinysol" / "audio").mkdir(exist_ok=True)
    with pytest.raises(DataError, match="TinySOL_metadata.csv is missing"):
        data.load("tinysol")


def test_a_web_page_saved_as_the_solo_is_refused(own, capsys):
    place = own / "uiowa-mis"
    place.mkdir(parents=True)
    (place / "SopSax.Vib.pp.C6Eb6.aiff").write_bytes(PAGE)
    with pytest.raises(DataError, match=r"none of the recordings.*data\.fetch"):
        data.load("uiowa-mis")
    assert "SopSax.Vib.pp.C6Eb6.aiff" in capsys.readouterr().out
    assert data.validate("uiowa-mis") == ["SopSax.Vib.pp.C6Eb6.aiff: a web page in its place"]
    write(place / "SopSax.Vib.pp.C6Eb6.aiff", sr=44100)
    solo = data.load("uiowa-mis")
    assert solo.title == "uiowa-mis (real)" and len(solo.audio[0]) == round(0.3 * SR)
    assert data.file("uiowa-mis") == place / "SopSax.Vib.pp.C6Eb6.aiff"


# ------------------------------------------------------------------------------------------------ fetching, validating


def test_fetching_practice_data_renders_them(own, monkeypatch):
    from helpers.orchestra import solo

    monkeypatch.setattr(solo, "write_solo",
                        lambda folder, size, seed: write(Path(folder) / "SopSax.Vib.pp.C6Eb6.aiff", sr=44100))
    assert data.fetch("practice-solo").is_dir() and data.validate("practice-solo") == []
    with pytest.raises(DataError, match="leave out `members`"):
        data.fetch("practice-solo", ["x"])
    with pytest.raises(DataError, match="leave out `members`"):
        data.fetch("philharmonia", ["x"])
    data.file("practice-solo").write_bytes(PAGE)
    assert any("none of the recordings" in line for line in data.validate("practice-solo"))


def test_fetching_goes_to_the_data_folder(own, monkeypatch):
    asked = []
    monkeypatch.setattr(download, "fetch_all", lambda sheet, folder, members: asked.append((sheet.name, members)) or folder)
    assert data.fetch("musicnet", ["musicnet_metadata.csv"]) == own / "musicnet"
    assert asked == [("musicnet", ["musicnet_metadata.csv"])]


def test_damaged_practice_data_are_found(own, folder):
    rendering = own / "practice-notes" / "tiny-0123"
    shutil.copytree(folder, rendering)
    table(rendering, "path", "flute/monday/a.wav", "flute/gone.wav")
    assert data.validate("practice-notes") == [
        "tiny-0123: 4 x not listed in metadata.csv", "tiny-0123: 1 x listed in metadata.csv, but not there"]


def test_importing_is_light(root):
    light = ("import sys; import helpers.data, helpers.download; "
             "heavy = {'librosa', 'soundfile', 'pandas', 'pooch', 'requests', 'yaml', 'tqdm', 'tensorflow', 'numba'}; "
             "sys.exit(', '.join(heavy & set(sys.modules)) or 0)")
    done = subprocess.run([sys.executable, "-c", light], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_wheel_carries_the_sheets(root, tmp_path):
    """`names` reads through importlib.resources, also where the package is not a folder."""
    with zipfile.ZipFile(tmp_path / "course.zip", "w") as archive:
        for path in [*root.glob("helpers/_*.py"), *root.glob("data_manifests/*"), root / "helpers" / "data.py"]:
            if path.is_file():
                archive.write(path, path.relative_to(root))
    code = "from helpers import data; print(len(data.names()), data.manifest('nsynth').n_items)"
    done = subprocess.run([sys.executable, "-c", f"import sys; sys.path.insert(0, 'course.zip'); {code}"], cwd=tmp_path,
                          capture_output=True, text=True, check=True)
    assert done.stdout == f"{len(data.names())} 305979\n"


# ---------------------------------------------------------------------------------------------------- real recordings


def test_real_philharmonia_notes(realdata, own, monkeypatch):
    monkeypatch.setenv("COURSE_REALDATA", str(realdata))
    notes = data.load("philharmonia")
    assert notes.title == "philharmonia (real, excerpt)" and len(notes) == 600 and not notes.left_out
    assert np.bincount(notes.labels).tolist() == [60] * 10
    assert set(notes.classes) == {entry.name for entry in data.manifest("philharmonia").classes}
    assert len(set(notes.groups.tolist())) < 400, "several notes share a pitch"
    for y in notes.audio[::60]:
        assert y.dtype == np.float32 and len(y) > 0.1 * SR and 0.001 < np.abs(y).max() <= 1
    assert "excerpt" in data.validate("philharmonia")[0] and len(data.validate("philharmonia")) == 1
    plain = data.from_folder(realdata / "philharmonia")
    assert len(plain) == 600 and plain.groups is None and plain.title == "philharmonia (real)"
    few = notes.subset(np.arange(0, 600, 60))
    rows = data.windows(few)
    assert rows.title == "philharmonia (real, excerpt)" and np.isfinite(rows.features).all() and len(rows) > 20
    assert not list((realdata / "philharmonia").glob(".*"))


def test_real_tinysol_notes(realdata, own, monkeypatch):
    monkeypatch.setenv("COURSE_REALDATA", str(realdata))
    notes = data.load("tinysol", sr=44100)
    assert notes.classes == ("Contrabass", "Flute") and notes.groups.tolist() == ["Cb-45", "Fl-60"]
    assert notes.table["fold"].tolist() == [4, 0] and notes.table["is_resampled"].tolist() == [False, True]
    assert all(len(y) > 2 * 44100 for y in notes.audio) and notes.detail == "excerpt"


@pytest.mark.parametrize("name, folder, seconds, sr", [
    ("nsynth", "nsynth-test/audio", 4.0, 16000), ("medley-solos-db", "audio", 2.972, 44100),
    ("irmas", "IRMAS-TrainingData/cla", 3.0, 44100),
])  # fmt: skip
def test_real_files_of_data_sets_without_a_loader_are_read(realdata, name, folder, seconds, sr):
    from helpers import audio

    files = sorted((realdata / name / folder).glob("*.wav"))[:10]
    assert files
    samples = data.manifest(name).audio["samples"]
    for y, path in zip(data.Clips(files, sr), files, strict=True):
        assert len(y) == samples and len(y) / sr == pytest.approx(seconds, abs=0.01) and np.abs(y).max() > 0.001
        assert audio.info(path).sr == sr == data.manifest(name).audio["sr"]


def test_real_excerpts_are_validated(realdata, own, monkeypatch):
    monkeypatch.setenv("COURSE_REALDATA", str(realdata))
    for name in ("medley-solos-db", "musicnet"):
        assert not any("metadata" in line for line in data.validate(name)), "the official table has its checksum"
    assert any("TinySOL_metadata.csv: the checksum is not" in line for line in data.validate("tinysol"))
