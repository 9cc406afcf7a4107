"""Medley-solos-DB: its table, its two namings and two formats, damage, clips straight out of the archive."""

import csv
import io
import shutil
import tarfile

import numpy as np
import pytest
import soundfile

from helpers import data, features, orchestra
from helpers.data import DataError

SR, N = 44100, 131072
TABLE = "annotation/Medley-solos-DB_metadata.csv"


@pytest.fixture(scope="module")
def songs(tmp_path_factory):
    """Practice songs in Medley's layout: one song of each class in two subsets, rendered once."""
    folder = tmp_path_factory.mktemp("rendered") / "medley"
    some = [song for song in orchestra.medley.medley_plan("tiny", 0) if song.subset != "validation"][::2]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(orchestra.medley, "medley_plan", lambda *a: some)
        orchestra.medley.write_medley(folder, "tiny")
    return folder


@pytest.fixture
def own(monkeypatch, tmp_path, songs):
    """A data folder of the test's own in which Medley-solos-DB lies."""
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("COURSE_REALDATA", raising=False)
    shutil.copytree(songs, tmp_path / "data" / "medley-solos-db")
    return tmp_path / "data" / "medley-solos-db"


def rows_of(folder):
    with open(folder / TABLE, newline="") as file:
        return list(csv.DictReader(file))


def write_rows(folder, rows, columns=None):
    with open(folder / TABLE, "w", newline="") as file:
        writer = csv.DictWriter(file, columns or list(rows[0]), extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def clip(folder, row):
    return folder / "audio" / f"Medley-solos-DB_{row['subset']}-{row['instrument_id']}_{row['uuid4']}.wav"


def test_what_a_clip_says(own):
    loaded, rows = data.load("medley-solos-db", sr=SR), rows_of(own)
    assert loaded.title == "medley-solos-db (real)" and loaded.licence == "CC BY 4.0" and not loaded.left_out
    assert loaded.classes == ("clarinet", "distorted electric guitar", "female singer", "flute", "piano",
                              "tenor saxophone", "trumpet", "violin")  # fmt: skip
    assert len(loaded) == len(rows) == 28
    for i, row in enumerate(rows):
        assert loaded.classes[loaded.labels[i]] == row["instrument"] == loaded.table["instrument"][i]
        assert loaded.labels[i] == loaded.table["instrument_id"][i] == int(row["instrument_id"])
        assert loaded.groups[i] == loaded.table["song_id"][i] == row["song_id"]
        assert loaded.table["subset"][i] == row["subset"] and loaded.table["uuid4"][i] == row["uuid4"]
        assert loaded.split[i] == {"training": "train"}.get(row["subset"], row["subset"])
        # test is solosDb, but for the guitar and the singer
        solos = row["subset"] == "test" and row["instrument"] not in ("distorted electric guitar", "female singer")
        assert loaded.table["collection"][i] == ("solosDb" if solos else "MedleyDB")
        assert own / loaded.table["path"][i] == clip(own, row)
    assert loaded.audio[3].shape == (N,) and loaded.audio[3].dtype == np.float32
    y, _ = soundfile.read(clip(own, rows[3]), dtype="float32")
    assert np.array_equal(loaded.audio[3], y)
    assert len(data.load("medley-solos-db").audio[3]) == N // 2
    # the table is not the official one, and most clips are missing
    assert [line.split(":")[0] for line in data.validate("medley-solos-db")] == [TABLE, "Medley-solos-DB.tar.gz"]


def test_older_names_and_pcm16_are_read_too(own):
    before = [np.array(y) for y in data.load("medley-solos-db", sr=SR).audio]
    rows = rows_of(own)
    for number, row in enumerate(rows):
        path = clip(own, row)
        if number % 3 == 0:
            path = path.rename(path.with_name(path.name + ".wav"))
        if number % 2 == 0:
            y, _ = soundfile.read(path, dtype="float32")
            soundfile.write(path, y, SR, subtype="PCM_16", format="WAV")
    write_rows(own, [{**row, "track_id": row["song_id"]} for row in rows],
               ["subset", "instrument", "instrument_id", "track_id", "uuid4"])  # fmt: skip
    loaded = data.load("medley-solos-db", sr=SR)
    assert not loaded.left_out and loaded.groups.tolist() == [row["song_id"] for row in rows]
    assert sum(path.endswith(".wav.wav") for path in loaded.table["path"]) == 10
    for was, now in zip(before, loaded.audio, strict=True):
        np.testing.assert_allclose(now, was, atol=1 / 32768)


def test_the_table_alone(own):
    whole = data.table("medley-solos-db")
    shutil.rmtree(own / "audio")
    table = data.table("medley-solos-db")
    assert {key: column.tolist() for key, column in table.items()} == {key: c.tolist() for key, c in whole.items()}
    assert set(table) == {"subset", "instrument", "instrument_id", "song_id", "uuid4", "collection"}
    assert len(table["song_id"]) == 28 and table["instrument_id"].dtype.kind == "i"
    with pytest.raises(DataError, match=r"none of the 28 clips of the table can be read.*data\.table\('medley-solos-db'\)"):
        data.load("medley-solos-db")
    with pytest.raises(DataError, match="comes without a table"):
        data.table("tinysol")
    shutil.rmtree(own / "annotation")
    (own / "audio").mkdir()
    with pytest.raises(DataError, match=r"metadata.csv is missing.*data\.fetch"):
        data.table("medley-solos-db")


def test_a_row_without_its_file_and_a_file_without_its_row(own, capsys):
    rows = rows_of(own)
    clip(own, rows[0]).unlink()
    write_rows(own, rows[:-1])
    loaded = data.load("medley-solos-db", sr=SR)
    said = capsys.readouterr().out
    assert f"a row of the table without its file, such as {clip(own, rows[0]).stem}" in said
    assert f"left out audio/{clip(own, rows[-1]).name}: a file without its row in the table" in said
    assert loaded.left_out == {"a row of the table without its file": 1, "a file without its row in the table": 1}
    assert loaded.table["uuid4"].tolist() == [row["uuid4"] for row in rows[1:-1]]
    assert "1 x a row of the table without its file" in data.validate("medley-solos-db")


@pytest.mark.parametrize("damage, message", [
    (lambda path: soundfile.write(path, np.zeros(N + 1), SR), "131073 samples; expected 131072"),
    (lambda path: soundfile.write(path, np.zeros(N), 22050), "22050 Hz; expected 44100"),
    (lambda path: soundfile.write(path, np.zeros((N, 2)), SR), "2 channels; expected 1"),
    (lambda path: path.write_bytes(path.read_bytes()[:300_000]), "1.70 of 2.97 s of "),
    (lambda path: path.write_bytes(b"<!DOCTYPE html>"), "web page"),
], ids=["length", "rate", "stereo", "cut off", "page"])  # fmt: skip
def test_a_wrong_recording_is_named_and_the_rest_is_loaded(own, capsys, damage, message):
    rows = rows_of(own)
    damage(clip(own, rows[7]))
    loaded = data.load("medley-solos-db", sr=SR)
    said = capsys.readouterr().out
    assert f"left out audio/{clip(own, rows[7]).name}" in said and message in said, said
    assert loaded.left_out == {"not a recording of the right length and rate": 1}
    assert loaded.table["uuid4"].tolist() == [row["uuid4"] for row in rows[:7] + rows[8:]]


def test_nan_in_a_clip_is_an_error_when_it_is_read(own):
    row = rows_of(own)[2]
    y, _ = soundfile.read(clip(own, row), dtype="float32")
    y[1000] = np.nan
    soundfile.write(clip(own, row), y, SR, subtype="FLOAT")
    loaded = data.load("medley-solos-db", sr=SR)
    with pytest.raises(ValueError, match=clip(own, row).stem):
        loaded.audio[2]


@pytest.mark.parametrize("change, message", [
    (lambda row: row.update(subset="train"), "line 5: there is no subset 'train'"),
    (lambda row: row.update(instrument_id="7"), "line 5: 'clarinet' is not class 7"),
    (lambda row: row.update(instrument="drums"), "line 5: 'drums' is not class 0"),
    (lambda row: row.update(song_id=""), "line 5: the column 'song_id' is missing or empty"),
])  # fmt: skip
def test_a_wrong_table_is_an_error_that_names_the_line(own, change, message):
    rows = rows_of(own)
    row = next(row for row in rows if row["instrument"] == "clarinet")
    rows.remove(row)
    rows.insert(3, row)
    change(row)
    write_rows(own, rows)
    with pytest.raises(DataError, match=message):
        data.load("medley-solos-db")
    assert any(message.split(": ")[1] in line for line in data.validate("medley-solos-db"))
    (own / TABLE).write_text("subset,instrument\n")
    with pytest.raises(DataError, match="has no rows"):
        data.load("medley-solos-db")


# -------------------------------------------------------------------------------------------- straight from the archive


@pytest.fixture
def archive(songs, tmp_path):
    """The clips as the real archive packs them."""
    path = tmp_path / "Medley-solos-DB.tar.gz"
    with tarfile.open(path, "w:gz", compresslevel=1) as out:
        for file in sorted((songs / "audio").iterdir()):
            out.add(file, file.name)
    return path


def test_some_clips_are_taken_out_of_the_archive(own, archive, capsys):
    rows = rows_of(own)
    shutil.rmtree(own / "audio")
    song = rows[5]["song_id"]
    data.take("medley-solos-db", {"instrument": ["flute", "piano"], "subset": "test"}, archives=[archive])
    data.take("medley-solos-db", {"song_id": song}, archives=[archive])
    assert "took 4 clips" in capsys.readouterr().out
    loaded = data.load("medley-solos-db", sr=SR)
    assert loaded.table["uuid4"].tolist() == [row["uuid4"] for row in rows if row["song_id"] == song or (
        row["subset"] == "test" and row["instrument"] in ("flute", "piano"))]
    assert loaded.left_out == {"a row of the table without its file": 28 - len(loaded)}
    with pytest.raises(DataError, match="no clip of the table is what is wanted"):
        data.take("medley-solos-db", {"song_id": "999"}, archives=[archive])
    with pytest.raises(DataError, match="no column 'song'.*song_id"):
        data.take("medley-solos-db", {"song": "000"}, archives=[archive])


def test_an_archive_with_one_broken_member_loses_nothing_else(own, archive, songs, capsys):
    rows = rows_of(own)
    shutil.rmtree(own / "audio")
    with tarfile.open(archive, "w:gz", compresslevel=1) as out:
        for number, file in enumerate(sorted((songs / "audio").iterdir())):
            if number == 9:
                entry = tarfile.TarInfo(file.name)
                entry.size = 20_000
                out.addfile(entry, io.BytesIO(file.read_bytes()[:20_000]))
            elif number != 4:
                out.add(file, file.name)
    missing, broken = (sorted((songs / "audio").iterdir())[i].stem for i in (4, 9))
    data.take("medley-solos-db", {}, archives=[archive])
    assert f"1 clips did not come out of the archive: {missing}" in capsys.readouterr().out
    loaded = data.load("medley-solos-db", sr=SR)
    assert broken in capsys.readouterr().out
    stems = [f"Medley-solos-DB_{row['subset']}-{row['instrument_id']}_{row['uuid4']}" for row in rows]
    expected = [stem.split("_")[-1] for stem in stems if stem not in (missing, broken)]
    assert loaded.table["uuid4"].tolist() == expected and len(expected) == 26


def test_an_archive_cut_off_gives_what_came_before(own, archive, capsys):
    shutil.rmtree(own / "audio")
    archive.write_bytes(archive.read_bytes()[: archive.stat().st_size * 2 // 3])
    data.take("medley-solos-db", {}, archives=[archive])
    said = capsys.readouterr().out
    assert "Medley-solos-DB.tar.gz is damaged: " in said and "did not come out" in said
    loaded = data.load("medley-solos-db", sr=SR)
    assert 10 < len(loaded) < 28 and set(loaded.left_out) == {"a row of the table without its file"}


# --------------------------------------------------------------------------------------------------------- real clips


@pytest.fixture
def real(realdata, monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_REALDATA", str(realdata))
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "data"))


def test_the_official_table(real):
    table = data.table("medley-solos-db")
    assert len(table["subset"]) == 21_571 and len(set(table["uuid4"].tolist())) == 21_571
    sheet = data.manifest("medley-solos-db")
    songs = {}
    for subset, split, n_clips, n_songs in (("training", "train", 5841, 61), ("validation", "validation", 3494, 27),
                                            ("test", "test", 12_236, 139)):
        mine = table["subset"] == subset
        songs[subset] = set(table["song_id"][mine].tolist())
        assert mine.sum() == n_clips == sheet.splits[split] and len(songs[subset]) == n_songs
        for entry in sheet.classes:
            its = mine & (table["instrument"] == entry.name)
            assert its.sum() == entry.counts[split]
            assert len(set(table["song_id"][its].tolist())) == entry.counts["songs"][split]
            assert set(table["instrument_id"][its].tolist()) == {int(entry.code)}
    assert not songs["training"] & songs["validation"] | songs["training"] & songs["test"] | songs["validation"] & songs["test"]
    assert len(set.union(*songs.values())) == 227
    # rows of one song are neighbours
    assert np.sum(table["song_id"][1:] != table["song_id"][:-1]) == 226


def test_real_clips_in_both_formats(real, capsys):
    loaded = data.load("medley-solos-db", sr=SR)
    assert loaded.title == "medley-solos-db (real, excerpt)" and len(loaded) >= 70
    assert loaded.left_out == {"a row of the table without its file": 21_571 - len(loaded)}
    said = [line for line in capsys.readouterr().out.splitlines() if "without its file" in line]
    assert len(said) == 1, "one line, not one for each clip that an excerpt lacks"
    assert set(loaded.labels.tolist()) == set(range(8)) and set(loaded.split.tolist()) == {"train", "validation"}
    folder = data.where("medley-solos-db")
    subtypes = [soundfile.info(folder / path).subtype for path in loaded.table["path"]]
    assert set(subtypes) == {"FLOAT", "PCM_16"}
    for number in (subtypes.index("FLOAT"), subtypes.index("PCM_16"), len(loaded) - 1):
        y = loaded.audio[number]
        assert y.shape == (N,) and 0.001 < np.abs(y).max() <= 1.5 and np.isfinite(y).all()
    assert set(loaded.table["collection"].tolist()) == {"MedleyDB"}


def test_features_of_real_clips(real):
    loaded = data.load("medley-solos-db")
    few = loaded.subset(np.arange(0, len(loaded), 6))
    X = features.sequences(few.audio, 22050, ("mfcc", "centroid", "contrast"), n_mfcc=13, cache=data.data_dir() / "cache")
    assert X.shape == (len(few), 129, 21) and np.isfinite(X).all() and X.std(axis=1).min() > 0
    assert features.table(few.audio, 22050).shape == (len(few), 120)
