"""NSynth from json/wav and from TFRecord: the same notes; what is known to be broken; what is damaged on the way."""

import gzip
import io
import json
import re
import shutil
import tarfile
import zlib
from collections import namedtuple

import numpy as np
import pytest
import soundfile

from helpers import data, features, orchestra
from helpers._loaders import tfrecord
from helpers.data import DataError

SR, N = 16000, 64000


@pytest.fixture(scope="module")
def notes(tmp_path_factory):
    """Practice notes in NSynth's layout: a dozen of each split, rendered once."""
    folder = tmp_path_factory.mktemp("rendered") / "nsynth"
    plan = orchestra.nsynth.nsynth_plan("tiny", 0)
    some = [note for split in ("train", "valid", "test") for note in [n for n in plan if n.split == split][:12]]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(orchestra.nsynth, "nsynth_plan", lambda *a: some)
        orchestra.nsynth.write_nsynth(folder)
    return folder


@pytest.fixture
def own(monkeypatch, tmp_path, notes):
    """A data folder of the test's own in which NSynth lies."""
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("COURSE_REALDATA", raising=False)
    shutil.copytree(notes, tmp_path / "data" / "nsynth")
    return tmp_path / "data" / "nsynth"


def rows_of(folder, split="test"):
    return json.loads((folder / f"nsynth-{split}" / "examples.json").read_text())


def write_rows(folder, rows, split="test"):
    (folder / f"nsynth-{split}" / "examples.json").write_text(json.dumps(rows))


def wav(folder, name, split="test"):
    return folder / f"nsynth-{split}" / "audio" / f"{name}.wav"


def copy_note(folder, name, as_name, split="test", **changes):
    """A note again under another name: same sound, another row."""
    shutil.copy(wav(folder, name, split), wav(folder, as_name, split))
    instrument, pitch, velocity = as_name.split("-")
    rows = rows_of(folder, split)
    rows[as_name] = {**rows[name], "note_str": as_name, "instrument_str": instrument, "pitch": int(pitch),
                     "velocity": int(velocity), **changes}  # fmt: skip
    write_rows(folder, rows, split)


def rest_is_the_same(before, after, without=()):
    """Everything but the notes named is as it was, in order and sample by sample."""
    keep = [name not in without for name in before.table["note"]]
    assert after.table["note"].tolist() == before.table["note"][keep].tolist()
    for was, now in zip(before.audio[np.flatnonzero(keep)][::5], after.audio[::5], strict=True):
        assert np.array_equal(was, now)


# ----------------------------------------------------------------------------------------------------------- json/wav


def test_what_a_note_says(own):
    loaded = data.load("nsynth", sr=SR)
    assert loaded.title == "nsynth (real)" and loaded.sr == SR and loaded.licence == "CC BY 4.0"
    assert loaded.classes == ("bass", "brass", "flute", "guitar", "keyboard", "mallet", "organ", "reed", "string",
                              "synth_lead", "vocal")  # fmt: skip
    assert [k for k in dict.fromkeys(loaded.split.tolist())] == ["train", "validation", "test"]
    for split, place in (("train", "train"), ("validation", "valid"), ("test", "test")):
        part = loaded.subset(loaded.split == split)
        assert part.table["note"].tolist() == sorted(part.table["note"].tolist()), "by name, so by family"
        for i, name in enumerate(part.table["note"]):
            row = rows_of(own, place)[name]
            family, source, instrument, pitch, velocity = orchestra_name(name)
            assert part.classes[part.labels[i]] == family == row["instrument_family_str"]
            assert part.groups[i] == instrument == row["instrument_str"]
            assert (part.table["pitch"][i], part.table["velocity"][i], part.table["source"][i]) == (
                pitch, velocity, source)
            assert part.table["qualities"][i].tolist() == row["qualities"]
            assert part.table["path"][i] == f"nsynth-{place}/audio/{name}.wav"
    assert loaded.audio[0].shape == (N,) and loaded.audio[0].dtype == np.float32
    assert len(data.load("nsynth", sr=8000).audio[0]) == N // 2
    y, _ = soundfile.read(own / loaded.table["path"][0], dtype="float32")
    assert np.array_equal(loaded.audio[0], y)


def orchestra_name(name):
    instrument, pitch, velocity = name.split("-")
    family, source, _ = instrument.rsplit("_", 2)
    return family, source, instrument, int(pitch), int(velocity)


def test_one_split_alone(own):
    shutil.rmtree(own / "nsynth-train")
    shutil.rmtree(own / "nsynth-valid")
    loaded = data.load("nsynth", sr=SR)
    assert set(loaded.split.tolist()) == {"test"} and len(loaded) == 12 and len(loaded.classes) == 11


def test_known_noise_silence_and_copies_are_left_out_of_training_and_marked_in_test(own):
    before = data.load("nsynth", sr=SR)
    for split in ("train", "valid", "test"):
        first = sorted(rows_of(own, split))[0]
        brass = {"instrument_family": 1, "instrument_family_str": "brass", "instrument_source_str": "acoustic"}
        for name in ("brass_acoustic_046-084-050", "brass_acoustic_046-108-050", "brass_acoustic_046-083-050"):
            copy_note(own, first, name, split, **brass)  # the last of them is no known noise, but a copy
        y = np.full(N, 0.9e-3)
        copy_note(own, first, "vocal_acoustic_999-060-050", split, instrument_family=10, instrument_family_str="vocal")
        soundfile.write(wav(own, "vocal_acoustic_999-060-050", split), y, SR, subtype="PCM_16")
    loaded = data.load("nsynth", sr=SR)
    assert loaded.left_out == {
        f"{what}, in {split}": n for split in ("train", "validation")
        for what, n in (("noise", 2), ("equal to another clip", 1), ("silent", 1))}  # fmt: skip
    test = loaded.subset(loaded.split == "test")
    assert len(test) == 16 and len(loaded) == len(before) + 4
    marked = dict(zip(test.table["note"].tolist(), zip(test.table["noise"], test.table["duplicate"], strict=True), strict=True))
    assert marked["brass_acoustic_046-084-050"] == marked["vocal_acoustic_999-060-050"] == (True, False)
    assert marked["brass_acoustic_046-083-050"] == (False, True)
    assert test.table["noise"].sum() == 3 and test.table["duplicate"].sum() == 1
    assert data.validate("nsynth")[-1].endswith("are here"), "what is known of the source is no problem of this copy"


# ---------------------------------------------------------------------------------------------------------- bad input


def test_a_row_without_its_file_and_a_file_without_its_row(own, capsys):
    before = data.load("nsynth", sr=SR)
    first, second = sorted(rows_of(own))[:2]
    wav(own, first).unlink()
    rows = rows_of(own)
    del rows[second]
    write_rows(own, rows)
    loaded = data.load("nsynth", sr=SR)
    said = capsys.readouterr().out
    assert f"a row of examples.json without its file, such as {first}" in said
    assert f"left out nsynth-test/audio/{second}.wav: a file without its row" in said
    assert loaded.left_out == {"a row of examples.json without its file": 1, "a file without its row in examples.json": 1}
    rest_is_the_same(before, loaded, (first, second))
    assert "1 x a row of examples.json without its file" in data.validate("nsynth")


@pytest.mark.parametrize("damage, message", [
    (lambda path: soundfile.write(path, np.zeros(N - 1), SR), "63999 samples; expected 64000"),
    (lambda path: soundfile.write(path, np.zeros(N), 44100), "44100 Hz; expected 16000"),
    (lambda path: soundfile.write(path, np.zeros((N, 2)), SR), "2 channels; expected 1"),
    (lambda path: path.write_bytes(path.read_bytes()[:50_000]), "1.56 of 4.00 s of "),
    (lambda path: path.write_bytes(b"<!DOCTYPE html>"), "web page"),
    (lambda path: path.write_bytes(b""), "empty"),
], ids=["length", "rate", "stereo", "cut off", "page", "empty"])  # fmt: skip
def test_a_wrong_recording_is_named_and_the_rest_is_loaded(own, capsys, damage, message):
    before = data.load("nsynth", sr=SR)
    name = sorted(rows_of(own))[4]
    damage(wav(own, name))
    loaded = data.load("nsynth", sr=SR)
    said = capsys.readouterr().out
    assert f"left out nsynth-test/audio/{name}.wav" in said and message in said, said
    assert loaded.left_out == {"not a recording of the right length and rate": 1}
    rest_is_the_same(before, loaded, (name,))


@pytest.mark.parametrize("changes, message", [
    ({"pitch": "sixty"}, "'pitch' is missing or not of the right kind"), ({"qualities": [0] * 9}, "9 qualities"),
    ({"note_str": "other"}, "its field note_str is 'other'"), ({"instrument_family": 10}, "family 10 is not"),
    ({"instrument_family_str": "drums"}, "is not 'drums'"),
])  # fmt: skip
def test_a_wrong_row_is_named_and_the_rest_is_loaded(own, capsys, changes, message):
    before = data.load("nsynth", sr=SR)
    rows = rows_of(own)
    name = sorted(rows)[0]
    rows[name].update(changes)
    write_rows(own, rows)
    loaded = data.load("nsynth", sr=SR)
    assert message in capsys.readouterr().out and loaded.left_out == {"a row of examples.json that is not right": 1}
    rest_is_the_same(before, loaded, (name,))


@pytest.mark.parametrize("text, message", [("{", "cut off"), ("[]", "holds a list"), (None, "is missing")])
def test_a_broken_table_is_an_error(own, text, message):
    path = own / "nsynth-test" / "examples.json"
    path.write_text(text) if text else path.unlink()
    with pytest.raises(DataError, match=message):
        data.load("nsynth", sr=SR)
    assert any(message in line for line in data.validate("nsynth"))


def test_nothing_there_says_what_is_expected(own):
    for split in ("train", "valid", "test"):
        shutil.rmtree(own / f"nsynth-{split}")
    (own / "other").mkdir()
    with pytest.raises(DataError, match=r"holds no note of nsynth; expected nsynth-test/examples.json"):
        data.load("nsynth", sr=SR)


# ----------------------------------------------------------------------------------------------------------- TFRecord


def serialised(row, y):
    """One note as NSynth's TFRecords have it, made by TensorFlow."""
    import tensorflow as tf

    kinds = {int: lambda v: tf.train.Feature(int64_list=tf.train.Int64List(value=v)),
             str: lambda v: tf.train.Feature(bytes_list=tf.train.BytesList(value=[one.encode() for one in v])),
             float: lambda v: tf.train.Feature(float_list=tf.train.FloatList(value=v))}  # fmt: skip
    found = {"audio": kinds[float](y.tolist())}
    for key, value in row.items():
        values = value if isinstance(value, list) else [value]
        found[key] = kinds[str if key.endswith("_str") else int](values)
    return tf.train.Example(features=tf.train.Features(feature=found)).SerializeToString()


@pytest.fixture(scope="module")
def record_file(notes, tmp_path_factory):
    """The practice test split as one TFRecord file, written by TensorFlow."""
    import tensorflow as tf

    path = tmp_path_factory.mktemp("records") / "nsynth-test.tfrecord"
    with tf.io.TFRecordWriter(str(path)) as out:
        for name, row in reversed(rows_of(notes).items()):
            y, _ = soundfile.read(wav(notes, name), dtype="float32")
            out.write(serialised(row, y))
    return path


@pytest.fixture
def own_records(own, record_file):
    """A data folder in which the test split lies as TFRecord, the others as json/wav."""
    shutil.rmtree(own / "nsynth-test")
    shutil.copy(record_file, own)
    return own / record_file.name


def tar_of(mode, *members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, body in members:
            entry = tarfile.TarInfo(name)
            entry.size = len(body)
            archive.addfile(entry, io.BytesIO(body))
    return out.getvalue()


def halves(body):
    """The two halves of a TFRecord file, cut between two records."""
    middle = [place + length + 4 for place, length, _ in tfrecord.records(io.BytesIO(body), 0, len(body))][5]
    return body[:middle], body[middle:]


PACKINGS = {
    "file": lambda body: {"": body},
    "tar": lambda body: {".tar": tar_of("w", ("nsynth-test.tfrecord", body))},
    "gz under the plain name": lambda body: {"": gzip.compress(body, 1)},
    "gz": lambda body: {".gz": gzip.compress(body, 1)},
    "gz of several streams": lambda body: {".gz": b"".join(gzip.compress(half, 1) for half in halves(body)) + bytes(512)},
    "zlib, as TensorFlow writes": lambda body: {"": zlib.compress(body, 1)},
    "tar.gz": lambda body: {".tar.gz": tar_of("w:gz", ("nsynth-test.tfrecord", body))},
    "tar of gz": lambda body: {".tar": tar_of("w", ("nsynth-test.tfrecord.gz", gzip.compress(body, 1)))},
    "shards": lambda body: dict(zip(("-00000-of-00002", "-00001-of-00002.gz"),
                                    (halves(body)[0], gzip.compress(halves(body)[1])), strict=True)),
}  # fmt: skip


@pytest.mark.parametrize("packing", PACKINGS)
def test_both_formats_give_the_same_notes(own, record_file, packing, notes):
    before = before_of(notes)
    shutil.rmtree(own / "nsynth-test")
    for suffix, body in PACKINGS[packing](record_file.read_bytes()).items():
        (own / f"nsynth-test.tfrecord{suffix}").write_bytes(body)
    for _ in range(2):  # the second time from what was kept
        after = data.load("nsynth", sr=SR)
        assert repr(after) == repr(before)
        for column in ("labels", "groups", "split"):
            assert np.array_equal(getattr(after, column), getattr(before, column)), column
        assert set(after.table) == set(before.table)
        for column in set(after.table) - {"path"}:
            assert np.array_equal(after.table[column], before.table[column]), column
        for was, now in zip(before.audio, after.audio, strict=True):
            assert now.dtype == np.float32 and np.array_equal(was, now)
    eight, test = data.load("nsynth", sr=8000), np.flatnonzero(before.split == "test")
    assert len(eight.audio[test[0]]) == N // 2
    # and so do their features, each kept under a key of its own
    cache = data.data_dir() / "cache"
    X = [features.sequences(one.audio[test], SR, n_mels=20, cache=cache) for one in (before, after)]
    assert np.array_equal(*X)


@pytest.mark.parametrize("damage, message", [
    (lambda body, packed: packed[: len(packed) // 2], "cut off at byte .*the compressed data do not end there"),
    (lambda body, packed: gzip.compress(halves(body)[0])[:-8], "cut off at byte .*the compressed data do not end there"),
    (lambda body, packed: packed[: len(packed) // 2] + bytes(50) + packed[len(packed) // 2 + 50:], "damaged before byte"),
], ids=["cut", "cut between two records", "damaged"])  # fmt: skip
def test_what_came_before_the_damage_of_a_compressed_file_is_loaded(own_records, capsys, damage, message):
    body = own_records.read_bytes()
    own_records.write_bytes(damage(body, gzip.compress(body, 1)))
    for _ in range(2):  # the second time from what was kept
        loaded = data.load("nsynth", sr=SR)
        said = capsys.readouterr().out
        assert re.search(f"nsynth-test.tfrecord: {message}", said), said
        assert 0 < np.sum(loaded.split == "test") < 12 and "a damaged TFRecord" in loaded.left_out
        assert {"nsynth-test.tfrecord"} == set(loaded.table["path"][loaded.split == "test"])


def test_a_cut_archive_gives_what_came_before(own_records, capsys):
    halved = halves(own_records.read_bytes())
    whole = tar_of("w", ("a.tfrecord", halved[0]), ("b.tfrecord", halved[1]))
    own_records.with_name("nsynth-test.tfrecord.tar").write_bytes(whole[: len(halved[0]) + 2000])
    own_records.unlink()
    assert np.sum(data.load("nsynth", sr=SR).split == "test") == 6
    assert "a damaged TFRecord" in " ".join(data.validate("nsynth"))


@pytest.mark.parametrize("second, reason", [
    ("nsynth-test.tfrecord (1)", "second copy"), ("nsynth-test (1).tfrecord", "second copy"),
    ("nsynth-test.tfrecord.crdownload", "part of a download"), ("nsynth-test.tfrecord.tar", "the same notes"),
    ("nsynth-test.tfrecord.gz", "the same notes"), ("nsynth-test.tfrecord-00000-of-00001", "the same notes"),
])  # fmt: skip
def test_a_second_copy_does_not_double_a_split(own_records, capsys, second, reason):
    before = data.load("nsynth", sr=SR)
    shutil.copy(own_records, own_records.with_name(second))
    capsys.readouterr()
    after = data.load("nsynth", sr=SR)
    assert after.table["note"].tolist() == before.table["note"].tolist() and not after.table["duplicate"].any()
    said = capsys.readouterr().out
    assert f"left out {second}" in said and reason in said and after.left_out == {"a file that is not read": 1}


def test_a_note_that_two_shards_hold_is_taken_once(own_records, capsys):
    before = data.load("nsynth", sr=SR)
    shutil.copy(own_records, own_records.with_name("nsynth-test.tfrecord-00001-of-00002"))
    own_records.rename(own_records.with_name("nsynth-test.tfrecord-00000-of-00002"))
    after = data.load("nsynth", sr=SR)
    assert after.table["note"].tolist() == before.table["note"].tolist()
    assert after.left_out == {"a note that is there twice": 12}


def test_a_split_that_is_there_as_tfrecord_is_not_missing_as_wav(own_records):
    found = data.validate("nsynth")
    assert not any("nsynth-test" in line for line in found), found
    n_files = sum(path.is_file() for path in (own_records.parent / "nsynth-valid").rglob("*"))
    assert f"nsynth-valid.jsonwav.tar.gz: {n_files} of 12,679 files are here" in found
    own_records.unlink()
    assert "what nsynth-test.jsonwav.tar.gz brings is missing (nsynth-test)" in data.validate("nsynth")


def test_without_room_a_compressed_file_is_refused_by_name(own_records, monkeypatch, capsys):
    usage = namedtuple("usage", "total used free")
    own_records.write_bytes(gzip.compress(own_records.read_bytes(), 1))
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage(0, 0, 1000))
    with pytest.raises(DataError, match=r"nsynth-test.tfrecord is compressed and was not unpacked: the disk .* is full"):
        data.load("nsynth", sr=SR)
    assert not list((data.data_dir() / "cache").glob("*unpacked*")) and not list((data.data_dir() / "cache").glob("*.tmp"))


def test_notes_of_another_length_are_named_with_the_length_that_they_should_have(own_records, capsys):
    import tensorflow as tf

    row = next(rows_like_nsynth())
    with tf.io.TFRecordWriter(str(own_records)) as out:
        out.write(serialised(row, np.full(30_000, 0.1, np.float32)))
    loaded = data.load("nsynth", sr=SR)
    message = "bass_acoustic_001-040-050 has 30000 samples at 16000 Hz; expected 64000 at 16000"
    assert message in capsys.readouterr().out and np.sum(loaded.split == "test") == 0
    for split in ("train", "valid"):  # now no note is left at all
        shutil.rmtree(own_records.parent / f"nsynth-{split}")
    with pytest.raises(DataError, match=rf"no note of nsynth that can be used \(1 x not a recording of the right length and "
                                        rf"rate\). The first one: .*{message}"):
        data.load("nsynth", sr=SR)


def before_of(notes):
    """The notes from json/wav, whatever lies in the data folder now."""
    from helpers import _loaders

    return _loaders.read(data.manifest("nsynth"), notes, SR)


def test_a_file_cut_off_is_named_and_what_came_before_is_loaded(own_records, capsys):
    before = data.load("nsynth", sr=SR)
    whole = own_records.read_bytes()
    ends = [place + length + 4 for place, length, _ in record_list(own_records)]
    assert len(ends) == 12 and ends[-1] == len(whole)
    for at, kept, message in ((ends[4] + 1000, 5, "inside a record"), (ends[4] + 5, 5, "in the head of a record"),
                              (ends[-1] - 1, 11, "inside a record")):
        own_records.write_bytes(whole[:at])
        loaded = data.load("nsynth", sr=SR)
        said = capsys.readouterr().out
        assert f"nsynth-test.tfrecord: cut off at byte {at:,}" in said or f"byte {ends[4]:,}" in said, said
        assert message in said and loaded.left_out == {"a damaged TFRecord": 1}
        assert np.sum(loaded.split == "test") == kept
    own_records.write_bytes(whole)
    rest_is_the_same(before, data.load("nsynth", sr=SR))


def record_list(path):
    with open(path, "rb") as file:
        return list(tfrecord.records(file, 0, path.stat().st_size))


def test_one_damaged_record_is_passed_over(own_records, capsys):
    before = data.load("nsynth", sr=SR)
    place, length, _ = record_list(own_records)[3]
    whole = bytearray(own_records.read_bytes())
    whole[place + length // 2] ^= 1
    own_records.write_bytes(whole)
    loaded = data.load("nsynth", sr=SR)
    said = capsys.readouterr().out
    assert f"damaged between bytes {place - 12:,} and {place + length + 4:,}" in said and "checksum" in said
    assert len(loaded) == len(before) - 1 and loaded.left_out == {"a damaged TFRecord": 1}
    whole[place + length // 2] ^= 1
    whole[place - 12] ^= 1  # a length that cannot be trusted: nothing behind it can be found
    own_records.write_bytes(whole)
    assert np.sum(data.load("nsynth", sr=SR).split == "test") == 3
    assert "the length of a record does not fit its checksum" in capsys.readouterr().out
    assert any("a damaged TFRecord" in line for line in data.validate("nsynth"))


def test_records_that_are_not_notes_are_named(own_records, capsys):
    import tensorflow as tf

    row, y = next(iter(rows_like_nsynth())), np.zeros(N, np.float32) + 0.1
    wrong = {
        "9 qualities": serialised({**row, "qualities": [0] * 9}, y),
        "63999 samples": serialised(row, y[:-1]),
        "at 8000 Hz": serialised({**row, "sample_rate": 8000}, y),
        "not a tf.train.Example": b"\xff\xff\xff",
        "it holds no feature": b"",
        "without the feature 'audio'": tf.train.Example().SerializeToString() + serialised(row, y).replace(b"audio", b"sound"),
    }
    with tf.io.TFRecordWriter(str(own_records)) as out:
        for record in (*wrong.values(), serialised(row, y)):
            out.write(record)
    loaded = data.load("nsynth", sr=SR)
    said = capsys.readouterr().out
    for message in wrong:
        assert message in said, (message, said)
    assert sum(loaded.left_out.values()) == len(wrong)
    assert loaded.table["note"][loaded.split == "test"].tolist() == ["bass_acoustic_001-040-050"]


def rows_like_nsynth():
    yield {"note": 7, "note_str": "bass_acoustic_001-040-050", "instrument": 1, "instrument_str": "bass_acoustic_001",
           "pitch": 40, "velocity": 50, "sample_rate": SR, "qualities": [0, 1] * 5, "qualities_str": ["dark", "reverb"],
           "instrument_family": 0, "instrument_family_str": "bass", "instrument_source": 0,
           "instrument_source_str": "acoustic"}  # fmt: skip


def test_nan_in_a_record_is_an_error_that_says_where(own_records):
    import tensorflow as tf

    from helpers.audio import AudioError

    y = np.full(N, 0.1, np.float32)
    y[5] = np.nan
    with tf.io.TFRecordWriter(str(own_records)) as out:
        out.write(serialised(next(rows_like_nsynth()), y))
    loaded = data.load("nsynth", sr=SR)
    with pytest.raises(AudioError, match=r"nsynth-test.tfrecord, byte 12: a sample .* NaN"):
        loaded.audio[len(loaded) - 1]


def slow_crc32c(text):
    crc = 0xFFFFFFFF
    for byte in text:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def test_the_checksum_is_crc32c():
    assert tfrecord.crc32c(b"123456789") == 0xE3069283  # the check value of the standard
    rng = np.random.default_rng(0)
    for length in (*range(36), 255, 256, 257, 1000, 4096, 4097):
        text = rng.bytes(length)
        assert tfrecord.crc32c(text) == slow_crc32c(text), length
    assert tfrecord.crc32c(bytes(1000)) == slow_crc32c(bytes(1000)) != tfrecord.crc32c(bytes(999))


def test_examples_are_read_however_their_numbers_are_packed():
    import tensorflow as tf

    values = [0, 1, -1, 127, 128, 300, 2**62, -(2**63)]
    feature = {"n": tf.train.Feature(int64_list=tf.train.Int64List(value=values)),
               "none": tf.train.Feature(bytes_list=tf.train.BytesList(value=[])),
               "text": tf.train.Feature(bytes_list=tf.train.BytesList(value=[b"a", b"", b"bc" * 100]))}  # fmt: skip
    found = tfrecord.example(tf.train.Example(features=tf.train.Features(feature=feature)).SerializeToString())
    assert found["n"] == values and found["text"] == [b"a", b"", b"bc" * 100] and list(found["none"]) == []
    # unpacked lists, as old writers made them: field 1 once per value
    floats = b"".join(b"\x0d" + np.float32(v).tobytes() for v in (0.5, -2.0))
    whole = b"\x08\x05\x08\x07"

    def field(number, body):
        return bytes([number << 3 | 2, len(body)]) + body

    entries = b"".join(field(1, field(1, name) + field(2, field(kind, body)))
                       for name, kind, body in ((b"audio", 2, floats), (b"pitch", 3, whole)))
    found = tfrecord.example(field(1, entries))
    assert found["audio"].tolist() == [0.5, -2.0] and found["pitch"] == [5, 7]
    assert tf.train.Example.FromString(field(1, entries)).features.feature["pitch"].int64_list.value[:] == [5, 7]


# -------------------------------------------------------------------------------------------- straight from an archive


@pytest.fixture
def archive(notes, tmp_path):
    """The training split packed as NSynth packs it: a note, the table, the other notes."""
    path = tmp_path / "nsynth-train.jsonwav.tar.gz"
    pack(notes, path)
    return path


def pack(notes, path, mode="w:gz"):
    files = sorted((notes / "nsynth-train" / "audio").iterdir())
    with tarfile.open(path, mode, compresslevel=1) if mode == "w:gz" else tarfile.open(path, mode) as out:
        for file in [files[0], notes / "nsynth-train" / "examples.json", *files[1:]]:
            out.add(file, file.relative_to(notes).as_posix())


def test_some_notes_are_taken_out_of_an_archive(own, archive, notes, capsys):
    shutil.rmtree(own)
    everything = before_of(notes)
    train = everything.subset(everything.split == "train")
    pitch = int(train.table["pitch"][0])
    folder = data.take("nsynth", {"split": "train", "pitch": range(pitch, pitch + 1)}, archives=[archive])
    assert folder == own and f"took {np.sum(train.table['pitch'] == pitch)} clips" in capsys.readouterr().out
    loaded = data.load("nsynth", sr=SR)
    assert set(loaded.table["pitch"].tolist()) == {pitch} and not loaded.left_out
    assert set(rows_of(own, "train")) == set(loaded.table["note"].tolist()), "the table lists what was taken"
    other = train.groups[train.table["pitch"] != pitch][0]
    data.take("nsynth", {"instrument": other}, archives=[archive])
    assert set(data.load("nsynth", sr=SR).table["note"].tolist()) == set(
        train.table["note"][(train.table["pitch"] == pitch) | (train.groups == other)].tolist()), "what was there stays"
    assert not list(own.glob(".taking*"))
    data.take("nsynth", {}, archives=[archive])
    assert len(data.load("nsynth", sr=SR)) == len(train)


def test_a_share_is_drawn_from_the_names(own, archive, notes):
    shutil.rmtree(own)
    names = []
    for seed in (0, 0, 1):
        data.take("nsynth", {}, share=0.5, seed=seed, archives=[archive])
        names.append(sorted(path.stem for path in (own / "nsynth-train" / "audio").iterdir()))
        shutil.rmtree(own)
    assert names[0] == names[1] != names[2] and 1 < len(names[0]) < 12


@pytest.mark.parametrize("how, message", [
    (({"colour": "red"},), "no column 'colour'.*split, family"), (({"family": "drums"},), "nothing in .* is what is wanted"),
    (({}, 0), "share"), (({}, 1.5), "share"),
])  # fmt: skip
def test_what_cannot_be_taken_is_refused(own, archive, how, message):
    with pytest.raises(DataError, match=message):
        data.take("nsynth", *how, archives=[archive])
    with pytest.raises(DataError, match="there is no archive"):
        data.take("nsynth", {}, archives=[archive.parent / "no" / archive.name])
    with pytest.raises(DataError, match="is not an archive of nsynth; these are nsynth-test"):
        data.take("nsynth", {}, archives=[archive.rename(archive.with_name("other.tar.gz"))])
    with pytest.raises(DataError, match="cannot be taken in parts"):
        data.take("tinysol", {})


def test_an_archive_with_one_broken_member_loses_nothing_else(own, notes, tmp_path, capsys):
    shutil.rmtree(own)
    path = tmp_path / "plain.tar"
    pack(notes, path, mode="w")
    with tarfile.open(path) as entries:
        victim = entries.getmembers()[5]
    whole = bytearray(path.read_bytes())
    head = victim.offset_data - 512
    whole[head + 148] ^= 0xFF  # the checksum of the head of one entry
    packed = tmp_path / "nsynth-train.jsonwav.tar.gz"
    packed.write_bytes(gzip.compress(whole, 1))
    data.take("nsynth", {}, archives=[packed])
    name = victim.name.split("/")[-1].removesuffix(".wav")
    said = capsys.readouterr().out
    assert f"1 notes did not come out of the archive: {name}" in said and "is damaged: " in said
    loaded = data.load("nsynth", sr=SR)
    everything = before_of(notes)
    train = everything.table["note"][everything.split == "train"]
    assert loaded.table["note"].tolist() == [note for note in train if note != name] and not loaded.left_out
    # a member that is no recording comes, is named and left out when it is read
    shutil.rmtree(own)
    whole[head + 148] ^= 0xFF
    whole[head + 512:head + 556] = b"?" * 44
    packed.write_bytes(gzip.compress(whole, 1))
    data.take("nsynth", {}, archives=[packed])
    assert data.load("nsynth", sr=SR).left_out == {"not a recording of the right length and rate": 1}
    assert f"{name}.wav" in capsys.readouterr().out


def test_an_archive_cut_off_gives_what_came_before(own, archive, notes, capsys):
    shutil.rmtree(own)
    archive.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
    data.take("nsynth", {}, archives=[archive])
    said = capsys.readouterr().out
    assert "nsynth-train.jsonwav.tar.gz is damaged: " in said and "Files that came out whole: " in said
    assert "notes did not come out of the archive" in said
    loaded = data.load("nsynth", sr=SR)
    assert 2 < len(loaded) < 11 and not loaded.left_out
    for y in loaded.audio:
        assert y.shape == (N,)


def test_an_archive_that_leads_out_of_its_folder_is_refused(own, tmp_path):
    from helpers.download import DownloadError

    path = tmp_path / "nsynth-train.jsonwav.tar.gz"
    with tarfile.open(path, "w:gz") as out:
        entry = tarfile.TarInfo("../nsynth-train/audio/bass_acoustic_000-040-050.wav")
        entry.size = 3
        out.addfile(entry, io.BytesIO(b"bad"))
    with pytest.raises(DownloadError, match="leads out of the folder"):
        data.take("nsynth", {}, archives=[path])


# --------------------------------------------------------------------------------------------------------- real notes


@pytest.fixture
def real(realdata, monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_REALDATA", str(realdata))
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "data"))
    return data.load("nsynth", sr=SR)


def test_real_notes(real):
    assert real.title == "nsynth (real, excerpt)" and len(real) >= 31 and not real.left_out
    assert set(real.split.tolist()) == {"test"} and "synth_lead" not in {real.classes[label] for label in real.labels}
    for i, name in enumerate(real.table["note"].tolist()):
        family, source, instrument, pitch, velocity = orchestra_name(name)
        assert (real.classes[real.labels[i]], real.table["source"][i], real.groups[i], real.table["pitch"][i],
                real.table["velocity"][i]) == (family, source, instrument, pitch, velocity)  # fmt: skip
        assert real.audio[i].shape == (N,) and 0.001 < np.abs(real.audio[i]).max() <= 1
    assert real.table["qualities"].shape == (len(real), 10) and real.table["qualities"].any(axis=0).sum() > 4
    assert "excerpt" in data.validate("nsynth")[0]


def test_features_of_real_notes(real):
    X = features.sequences(real.audio, SR, n_mels=64, n_fft=1024, hop_length=512, cache=data.data_dir() / "cache")
    assert X.shape == (len(real), 126, 64) and np.isfinite(X).all() and X.std(axis=(1, 2)).min() > 1
    assert np.isfinite(features.table(real.audio, SR)).all()


def test_real_notes_from_a_tfrecord(real, tmp_path, monkeypatch, realdata):
    import tensorflow as tf

    folder = data.data_dir() / "nsynth"
    folder.mkdir(parents=True)
    rows = json.loads((realdata / "nsynth" / "nsynth-test" / "examples.json").read_text())
    with tf.io.TFRecordWriter(str(folder / "nsynth-test.tfrecord")) as out:
        for name, row in rows.items():
            y, _ = soundfile.read(realdata / "nsynth" / "nsynth-test" / "audio" / f"{name}.wav", dtype="float32")
            out.write(serialised(row, y))
    records = data.load("nsynth", sr=SR)
    assert records.title == "nsynth (real)" and records.table["path"].tolist() == ["nsynth-test.tfrecord"] * len(real)
    for column in ("note", "pitch", "velocity", "source", "qualities", "noise", "duplicate"):
        assert np.array_equal(records.table[column], real.table[column]), column
    assert np.array_equal(records.labels, real.labels) and np.array_equal(records.groups, real.groups)
    for was, now in zip(real.audio, records.audio, strict=True):
        assert np.array_equal(was, now)
