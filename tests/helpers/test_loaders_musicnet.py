"""The reader of MusicNet: tables, labels, notes, windows out of long recordings, damage, the real table and scores."""

import shutil

import numpy as np
import pytest
import soundfile

from helpers import _loaders, audio, data
from helpers._loaders import musicnet
from helpers.data import DataError

HEAD = "start_time,end_time,instrument,note,start_beat,end_beat,note_value\n"
RNG = np.random.default_rng(8)


def row(start, stop, code, key=60):
    """A line of a label table; times in seconds."""
    return f"{round(start * 44100)},{round(stop * 44100)},{code},{key},0.0,1.0,Quarter\n"


def record(folder, number, lines, seconds=4.0, part="train", sr=44100, channels=1, subtype="FLOAT"):
    """A recording of noise with its labels; `lines` None: no label table."""
    (folder / f"{part}_data").mkdir(parents=True, exist_ok=True)
    (folder / f"{part}_labels").mkdir(exist_ok=True)
    y = 0.1 * RNG.standard_normal((round(seconds * sr), channels))
    soundfile.write(folder / f"{part}_data" / f"{number}.wav", y, sr, subtype=subtype)
    if lines is not None:
        (folder / f"{part}_labels" / f"{number}.csv").write_text(HEAD + "".join(lines))


def table(folder, *rows):
    """A metadata table of (id, composer, composition)."""
    folder.mkdir(parents=True, exist_ok=True)
    head = ",".join(f'"{name}"' for name in musicnet.COLUMNS)
    body = [f'{i},"{who}","{what}","1. Allegro","Duo","Somebody","x","K{i}",{100 + i}' for i, who, what in rows]
    (folder / "musicnet_metadata.csv").write_text("\n".join([head, *body]) + "\n")


@pytest.fixture
def folder(tmp_path):
    """Three recordings of two works, one of them for testing; a fourth is only in the table."""
    place = tmp_path / "musicnet"
    table(place, (11, "Bach", "Sonata"), (12, "Bach", "Sonata"), (13, "Ravel", "Quartet, \u00e9tude"), (14, "Haydn", "Trio"))
    record(place, 11, [row(2, 4, 41), row(0, 1, 1), row(0.5, 2.5, 1)])
    record(place, 12, [row(0, 4, 1)], seconds=4.5, sr=22050, channels=2, subtype="PCM_16")
    record(place, 13, [row(1, 3, 43)], part="test")
    return place


def read(folder, sr=11025):
    return _loaders.read(data.manifest("musicnet"), folder, sr)


# ------------------------------------------------------------------------------------------------------- recordings


def test_recordings(folder, capsys):
    found = read(folder)
    assert [found.classes[label] for label in found.labels] == ["Bach", "Bach", "Ravel"] and len(found.classes) == 10
    assert found.groups.tolist() == ["Bach: Sonata", "Bach: Sonata", "Ravel: Quartet, \u00e9tude"]
    assert found.split.tolist() == ["train", "train", "test"] and found.title == "musicnet (real)"
    named = [[found.target_names[i] for i in np.flatnonzero(one)] for one in found.targets]
    assert named == [["piano", "violin"], ["piano"], ["cello"]] and found.targets.shape == (3, 11)
    assert found.table["id"].tolist() == [11, 12, 13] and found.table["seconds"].tolist() == [4.0, 4.5, 4.0]
    assert found.table["movement"][0] == "1. Allegro" and found.table["path"][2] == "test_data/13.wav"
    assert dict(found.left_out) == {"a row of the table without its recording": 1}
    assert "such as 14" in capsys.readouterr().out
    assert [len(y) for y in found.audio] == [44100, 49613, 44100], "a stereo file becomes mono"


def test_the_folder_that_the_archive_brings(folder):
    place = folder / "musicnet"
    place.mkdir()
    for name in ("train_data", "train_labels", "test_data", "test_labels"):
        shutil.move(folder / name, place / name)
    assert read(folder).table["path"].tolist() == [f"musicnet/{name}" for name in (
        "train_data/11.wav", "train_data/12.wav", "test_data/13.wav")]  # fmt: skip
    assert len(_loaders.notes(data.manifest("musicnet"), folder, 11)) == 3


@pytest.mark.parametrize("lines, said", [
    ([], "has no notes"),
    ([row(0, 1, 1), row(0, 1, 47)], "names an instrument 47"),
    ([row(0, 1, 0)], "names an instrument 0"),
    ([row(2, 1, 1)], "ends before it begins"),
    ([row(-1, 1, 1)], "begins before 0 s"),
    (["1,2\n"], "cannot be read"),
    (["one,2,3,4,5,6,Quarter\n"], "cannot be read"),
    (None, "without its label table"),
])  # fmt: skip
def test_labels_that_are_not_right(folder, capsys, lines, said):
    table(folder, (11, "Bach", "Sonata"), (15, "Bach", "Suite"))
    record(folder, 15, lines)
    found = read(folder)
    assert found.table["id"].tolist() == [11] and sum(found.left_out.values()) == 1
    assert said in capsys.readouterr().out
    with pytest.raises(DataError, match="is missing" if lines is None else said):
        _loaders.notes(data.manifest("musicnet"), folder, 15)


def test_a_table_of_labels_with_another_head(folder, tmp_path):
    (tmp_path / "x.csv").write_text("a,b,c\n1,2,3\n")
    with pytest.raises(DataError, match="no column 'start_time'"):
        musicnet.read_labels(tmp_path / "x.csv")
    (tmp_path / "x.csv").write_text("")
    with pytest.raises(DataError, match="no column 'start_time'"):
        musicnet.read_labels(tmp_path / "x.csv")


def test_recordings_that_are_not_right(folder, capsys):
    table(folder, (11, "Bach", "Sonata"), (15, "Bach", "Suite"), (16, "Salieri", "Suite"))
    record(folder, 15, [row(0, 1, 1)])
    (folder / "train_data" / "15.wav").write_bytes(b"<!DOCTYPE html>")
    record(folder, 16, [row(0, 1, 1)])
    assert dict(read(folder).left_out) == {"not readable as audio": 1, "a composer that the set does not have": 1}
    assert "Salieri" in capsys.readouterr().out


def test_without_recordings_the_error_says_how_many_and_what_works(folder):
    for name in ("train_data", "test_data"):
        shutil.rmtree(folder / name)
    with pytest.raises(DataError, match=r"none of its 4 recordings.*data.fetch.*data.table and data.notes"):
        read(folder)


@pytest.mark.parametrize("change, said", [
    (lambda path: path.unlink(), "musicnet_metadata.csv is missing"),
    (lambda path: path.write_text("id,composer\n1,Bach\n"), "no column 'composition'"),
    (lambda path: path.write_text(",".join(musicnet.COLUMNS) + "\n"), "no column 'id'"),
    (lambda path: path.write_text(path.read_text().replace("\n12,", "\n11,")), "a whole number of its own"),
])  # fmt: skip
def test_tables_that_are_not_right(folder, change, said):
    change(folder / "musicnet_metadata.csv")
    with pytest.raises(DataError, match=said):
        read(folder)


def test_notes(folder):
    played = _loaders.notes(data.manifest("musicnet"), folder, 11)
    assert np.allclose(played, [[0, 1, 1, 60], [0.5, 2.5, 1, 60], [2, 4, 41, 60]], atol=1e-4)
    with pytest.raises(DataError, match="neither label table nor score of a recording 99"):
        _loaders.notes(data.manifest("musicnet"), folder, 99)
    with pytest.raises(DataError, match="comes without notes"):
        _loaders.notes(data.manifest("tinysol"), folder, 1)
    scores = folder / "musicnet_midis" / "Bach"
    scores.mkdir(parents=True)
    (scores / "20_suite.mid").write_bytes(b"MThd\0\0\0\6\0\1\0\0\1\xe0")
    with pytest.raises(DataError, match="20_suite.mid has no notes"):
        _loaders.notes(data.manifest("musicnet"), folder, 20)


# ----------------------------------------------------------------------------------------------------------- windows


def test_what_sounds_in_a_window_agrees_with_counting_it_out():
    for _ in range(200):
        n = int(RNG.integers(0, 12))
        begin = np.sort(np.round(RNG.uniform(0, 8, n), 2))
        played = np.stack([begin, begin + np.round(RNG.uniform(0, 3, n), 2), RNG.choice([1, 41, 43], n)], axis=1)
        start = round(float(RNG.uniform(0, 6)), 2)
        stop, least = start + round(float(RNG.uniform(0.5, 4)), 2), round(float(RNG.uniform(0, 2)), 2) + 0.005
        t = np.arange(start + 0.005, stop, 0.01)
        sums = {code: 0.01 * sum(any(a <= x < b for a, b, c in played if c == code) for x in t) for code in (1, 41, 43)}
        assert musicnet.sounding(played, start, stop, least) == [c for c, total in sums.items() if total >= least - 1e-6]


def test_what_sounds_at_the_edges():
    played = np.array([[0.0, 1.0, 1], [1.0, 2.0, 41], [1.5, 1.5, 43]])
    assert musicnet.sounding(played, 1.0, 2.0, 0.0) == [41], "a note that ends where the window begins is not heard"
    assert musicnet.sounding(played, 0.0, 1.0, 1.0) == [1] and musicnet.sounding(played, 2.0, 3.0, 0.0) == []
    assert musicnet.sounding(played, 0.5, 1.5, 0.5) == [1, 41] and musicnet.sounding(played[:0], 0.0, 9.0, 0.0) == []


def test_windows(folder):
    found = read(folder)
    rows = data.musicnet_windows(found, seconds=1.0, per_recording=5, seed=3)
    assert len(rows) == 15 and rows.table["recording"].tolist() == np.repeat([0, 1, 2], 5).tolist()
    assert rows.title == found.title and rows.groups.tolist() == np.repeat(found.groups, 5).tolist()
    assert (rows.table["recording_targets"] == np.repeat(found.targets, 5, axis=0)).all()
    assert (rows.targets <= rows.table["recording_targets"]).all() and (rows.targets[5:10, 0] == 1).all()
    for number in range(15):
        path, start = found.audio.sources[number // 5], rows.table["start"][number]
        assert 0 <= start <= found.table["seconds"][number // 5] - 1.0
        heard = musicnet.sounding(musicnet.read_labels(musicnet.labels_of(path)), start, start + 1.0, 0.2)
        assert [data.MUSICNET_CODES[code] for code in heard] == [
            rows.target_names[i] for i in np.flatnonzero(rows.targets[number])]
        whole = found.audio[number // 5]
        y = rows.audio[number]
        assert y.shape == (11025,) and y.dtype == np.float32
        assert np.abs(y[:10900] - whole[round(start * 11025):][:10900]).max() < 1e-4
    assert (np.diff(rows.table["start"].reshape(3, 5), axis=1) >= 0).all()
    again = data.musicnet_windows(found.subset([2, 0]), seconds=1.0, per_recording=5, seed=3)
    assert again.table["start"].tolist() == [*rows.table["start"][10:], *rows.table["start"][:5]]
    other = data.musicnet_windows(found, seconds=1.0, per_recording=5, seed=4)
    assert other.table["start"].tolist() != rows.table["start"].tolist()


def test_a_recording_shorter_than_a_window(folder):
    table(folder, (11, "Bach", "Sonata"), (15, "Bach", "Suite"), (16, "Bach", "Suite"))
    record(folder, 15, [row(0, 0.5, 1)], seconds=0.6)
    record(folder, 16, [row(0, 3, 1)], seconds=3.0)
    rows = data.musicnet_windows(read(folder), seconds=3.0, per_recording=2)
    assert rows.table["id"].tolist() == [11, 11, 15, 16] and rows.table["start"][2:].tolist() == [0, 0]
    assert all(len(y) == 33075 for y in rows.audio)
    short = rows.audio[2]
    assert np.std(short[:6500]) > 0.01 and not short[round(0.6 * 11025) + 1:].any()
    assert rows.targets[2, 0] == 1


def test_windows_are_told_apart_on_disk_and_read_by_features(folder, monkeypatch, tmp_path):
    from helpers import features

    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "data"))
    rows = data.musicnet_windows(read(folder), seconds=1.0, per_recording=2)
    other = data.musicnet_windows(read(folder), seconds=1.0, per_recording=2, seed=1)
    tables = [features.table(one.audio, one.sr, cache=tmp_path / "cache") for one in (rows, other, rows)]
    assert np.array_equal(tables[0], tables[2]) and not np.array_equal(tables[0], tables[1])
    assert data.windows(rows, seconds=0.5, hop=0.5).features.shape == (12, 120)


def test_windows_that_cannot_be_cut(folder):
    found = read(folder)
    for how in ({"seconds": 0}, {"per_recording": 0}, {"min_seconds": -1}):
        with pytest.raises(DataError, match="longer than 0 s"):
            data.musicnet_windows(found, **how)
    with pytest.raises(DataError, match="files"):
        data.musicnet_windows(data.musicnet_windows(found, seconds=1.0))


def test_a_stretch_is_what_the_whole_has_there(tmp_path):
    y = 0.2 * RNG.standard_normal(44100 * 3).astype(np.float32)
    soundfile.write(tmp_path / "x.wav", y, 44100, subtype="FLOAT")
    whole = audio.load(tmp_path / "x.wav", sr=22050)
    for start in (0.0, 0.02, 1.0, 2.5):
        part = audio.load_part(tmp_path / "x.wav", start, 0.5, sr=22050)
        expected = whole[round(start * 22050):round(start * 22050) + 11025]
        assert part.shape == (11025,) and np.abs(part[:len(expected)] - expected).max() < 1e-4
    end = audio.load_part(tmp_path / "x.wav", 2.75, 0.5, sr=22050)
    assert end.shape == (11025,) and np.abs(end[:5512] - whole[-5512:]).max() < 0.05 and not end[5520:].any()
    for start, seconds, said in ((3.0, 1.0, "lasts 3.000 s"), (-0.1, 1.0, "begins at 0 s"), (0.0, 0.0, "longer than 0"),
                                 (np.nan, 1.0, "begins at 0 s")):  # fmt: skip
        with pytest.raises(audio.AudioError, match=said):
            audio.load_part(tmp_path / "x.wav", start, seconds)


def test_a_stretch_does_not_read_the_whole_file(tmp_path, monkeypatch):
    soundfile.write(tmp_path / "x.wav", np.zeros(44100 * 20), 44100)
    frames, plain = [], soundfile.SoundFile.read
    monkeypatch.setattr(soundfile.SoundFile, "read", lambda self, n=-1, *a, **k: frames.append(n) or plain(self, n, *a, **k))
    audio.load_part(tmp_path / "x.wav", 7.0, 1.0)
    assert 44100 <= sum(frames) < 1.2 * 44100


# ---------------------------------------------------------------------------------------------- practice, real


def test_the_practice_set_is_read(monkeypatch, capsys):
    monkeypatch.delenv("COURSE_REALDATA", raising=False)
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    found = data.load("practice-musicnet", sr=11025)
    assert found.title == "practice-musicnet (practice, rendered, composed by the kit, tiny)"
    assert "tiny size" in capsys.readouterr().out
    assert len(found) == 27 and (np.bincount(found.labels, minlength=10) >= 2).all() and not found.left_out
    assert set(found.split) == {"train", "test"} and len(set(found.groups)) < 27
    assert len(data.table("practice-musicnet")["id"]) == 330
    played = data.notes("practice-musicnet", int(found.table["id"][0]))
    assert set(played[:, 2]) == {code for code, on in zip(data.MUSICNET_CODES, found.targets[0], strict=True) if on}
    assert data.validate("practice-musicnet") == []


def test_the_title_says_whose_music_it_is(realdata, monkeypatch):
    monkeypatch.setenv("COURSE_REALDATA", str(realdata))
    found = data.load("practice-musicnet", sr=11025, size="tiny")
    assert found.title == "practice-musicnet (practice, rendered, from the reference MIDIs, tiny)"
    assert len(found) == 27 and set(found.table["id"]) <= set(data.table("musicnet")["id"])
    assert set(found.table["id"][found.split == "test"]) < {1759, 1819, 2106, 2191, 2298, 2303, 2382, 2416, 2556, 2628}
    monkeypatch.delenv("COURSE_REALDATA")
    assert "composed by the kit" in data.load("practice-musicnet", size="tiny").title


def test_the_real_table_and_scores(realdata, monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("COURSE_REALDATA", str(realdata))
    real = data.table("musicnet")
    assert len(real["id"]) == 330 and len(set(real["composer"])) == 10 and len(set(real["work"])) == 121
    assert real["seconds"].sum() == 122709 and (real["composer"] == "Beethoven").sum() == 157
    played = data.notes("musicnet", 2191)  # solo violin
    assert played.shape[1] == 4 and {41} <= set(played[:, 2]) <= {41, 42} and (played[:, 1] > played[:, 0]).all()
    with pytest.raises(DataError, match="none of its 330 recordings"):
        data.load("musicnet")
