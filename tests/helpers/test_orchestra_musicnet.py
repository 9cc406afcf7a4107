"""Practice recordings: the table of made-up works, what is chosen and composed, what sounds when, the shortcuts."""

import csv
from collections import Counter

import numpy as np
import pytest
import soundfile

from helpers import data, orchestra
from helpers.orchestra import musicnet
from helpers.orchestra.midi import ScoreNote
from helpers.orchestra.rooms import LOWPASS_HZ

SR = musicnet.SR
OFF = musicnet.MusicnetLeaks(sessions=False, ensembles=False)


def shortcut(keys, labels, groups):
    """Most frequent label among rows of the same key in other groups (ties: the first by alphabet), else of all others."""
    right = 0
    for key, label, group in zip(keys, labels, groups, strict=True):
        out = [(k, one) for k, one, g in zip(keys, labels, groups, strict=True) if g != group]
        counts = Counter(one for k, one in out if k == key) or Counter(one for _, one in out)
        right += min(counts, key=lambda one: (-counts[one], one)) == label
    return right / len(labels)


def columns(rows):
    """(composer, ensemble, ensemble and performer, number, work) of every row."""
    return ([row["composer"] for row in rows], [row["ensemble"] for row in rows],
            [(row["ensemble"], row["source"]) for row in rows], [row["id"] for row in rows],
            [(row["composer"], row["composition"]) for row in rows])  # fmt: skip


# ----------------------------------------------------------------------------------------------------------- table


def test_the_made_up_table_is_like_the_real_one():
    rows = musicnet.composed_table()
    sheet = data.manifest("musicnet")
    assert len(rows) == sheet.n_items == 330 and all(tuple(row) == musicnet.COLUMNS for row in rows)
    counts = Counter(row["composer"] for row in rows)
    assert counts == {entry.name: entry.counts["recordings"] for entry in sheet.classes}
    assert [entry.name for entry in data.manifest("practice-musicnet").classes] == [entry.name for entry in sheet.classes]
    assert len({row["id"] for row in rows}) == 330 and not {int(row["id"]) for row in rows} & set(musicnet.TEST_IDS)
    assert 110 < len(set(columns(rows)[4])) < 135 and {row["ensemble"] for row in rows} == set(musicnet.ENSEMBLES)
    assert sorted(sheet.splits["test ids"]) == sorted(musicnet.TEST_IDS)
    assert rows == musicnet.composed_table(0) != musicnet.composed_table(1)


def test_the_shortcuts_exist_and_can_be_switched_off():
    composer, ensemble, both, number, work = columns(musicnet.composed_table())
    found = [shortcut(key, composer, group) for group in (number, work) for key in (ensemble, both)]
    assert np.allclose(found, [0.664, 0.912, 0.582, 0.733], atol=0.05), found  # what the real table gives
    composer, ensemble, both, number, work = columns(musicnet.composed_table(leaks=OFF))
    found = [shortcut(key, composer, work) for key in (ensemble, both)]
    assert max(found) < 0.5, found  # the most frequent composer has 0.476


def test_the_shortcuts_of_the_real_table(realdata):
    composer, ensemble, both, number, work = columns(musicnet.official_table(realdata / "musicnet/musicnet_metadata.csv"))
    found = [round(shortcut(key, composer, group), 3) for group in (number, work) for key in (ensemble, both)]
    assert found == [0.664, 0.912, 0.582, 0.733]
    back = [text[::-1] for text in composer]  # another order of the names breaks ties in another way
    assert shortcut(ensemble, back, number) == pytest.approx(0.652, abs=0.013)


@pytest.mark.parametrize("size", musicnet.SIZES)
def test_what_a_size_has(size):
    rows, spec = musicnet.composed_table(), musicnet.SIZES[size]
    picked = musicnet.chosen(rows, size)
    counts = Counter(row["composer"] for row, _ in picked)
    assert tuple(counts[name] for name in musicnet.STYLES) == spec.recordings
    assert Counter(row["composer"] for row, test in picked if test) == Counter(
        {name: n for name, n in zip(musicnet.STYLES, spec.test, strict=True) if n})
    assert [row["id"] for row, _ in picked] == sorted(row["id"] for row, _ in picked)
    works = {name: len({row["composition"] for row, _ in picked if row["composer"] == name}) for name in musicnet.STYLES}
    assert all(n >= min(2, len({r["composition"] for r in rows if r["composer"] == name})) for name, n in works.items())
    if size == "practice":
        assert max(Counter(row["composition"] for row, _ in picked).values()) >= 2, "several recordings of a work"


def test_the_official_test_recordings_are_for_testing(realdata):
    rows = musicnet.official_table(realdata / "musicnet" / "musicnet_metadata.csv")
    for size in ("practice", "large"):
        assert {int(row["id"]) for row, test in musicnet.chosen(rows, size) if test} == set(musicnet.TEST_IDS)
    assert {int(row["id"]) for row, test in musicnet.chosen(rows, "tiny") if test} < set(musicnet.TEST_IDS)
    assert len(musicnet.scores_in(realdata / "musicnet")) == 330
    with pytest.raises(ValueError, match="tiny, practice, large"):
        musicnet.chosen(rows, "huge")


# ----------------------------------------------------------------------------------------------------------- music


@pytest.mark.parametrize("ensemble", musicnet.ENSEMBLES)
def test_an_ensemble_plays_what_it_can(ensemble):
    row = {"id": "3001", "composer": "Haydn", "ensemble": ensemble}
    score = musicnet.compose(row, 40.0, seed=1)
    codes = musicnet.ENSEMBLES[ensemble]
    assert {note.program + 1 for note in score} == set(codes) <= set(data.MUSICNET_CODES)
    for note in score:
        low, high = musicnet._RANGES[note.program + 1]
        assert low <= note.key <= high and 0 <= note.start < note.stop < 42 and 1 <= note.velocity <= 127
    assert [note.start for note in score] == sorted(note.start for note in score)


def test_players_rest():
    silent = []
    for number, ensemble in enumerate(("String Quartet", "Wind Quintet", "Piano Trio", "Piano Quartet")):
        score = musicnet.compose({"id": str(number), "composer": "Brahms", "ensemble": ensemble}, 60.0)
        for program in {note.program for note in score} - {40}:
            heard = {int(t) for note in score if note.program == program for t in np.arange(note.start, note.stop, 0.5)}
            silent.append(1 - len(heard) / 60)
    assert 0.05 < np.mean(silent) < 0.35 and max(silent) > 0.15, silent


def beside_the_scale(score):
    """Share of the notes that lie beside the major scale that fits best."""
    pitches = np.bincount([note.key % 12 for note in score], minlength=12)
    return 1 - max(np.roll(pitches, -tonic)[[0, 2, 4, 5, 7, 9, 11]].sum() for tonic in range(12)) / pitches.sum()


def test_composers_differ():
    rows = {name: [{"id": str(i), "composer": name, "ensemble": "Solo Violin"} for i in range(5)] for name in musicnet.STYLES}
    scores = {name: [musicnet.compose(row, 40.0) for row in of] for name, of in rows.items()}
    speed = {name: np.mean([len(score) / 40 for score in of]) for name, of in scores.items()}
    beside = {name: np.mean([beside_the_scale(score) for score in of]) for name, of in scores.items()}
    assert speed["Bach"] > 1.4 * speed["Schubert"], speed
    assert beside["Ravel"] > beside["Haydn"] + 0.03 and beside["Cambini"] < 0.01, beside


def tone_piece(program, keys, **row):
    """Single notes of a second each."""
    notes = tuple(ScoreNote(2.0 * i, 2.0 * i + 1.0, 2.0 * i, 2.0 * i + 1, program, key, 90) for i, key in enumerate(keys))
    row = {"id": "7", "composer": "Bach", "composition": "x", "source": "one", **row}
    return musicnet.Piece(row, notes, False)


@pytest.mark.parametrize("program, key", [(0, 60), (0, 84), (6, 60), (40, 69), (41, 60), (42, 50), (43, 40), (60, 60),
                                          (68, 72), (70, 50), (71, 67), (73, 76)])  # fmt: skip
def test_labels_say_what_sounds_when(program, key):
    y, notes = musicnet.render_piece(tone_piece(program, [key, key + 7]), 10.0, leaks=OFF)
    assert y.dtype == np.float32 and np.isfinite(y).all() and 0.2 < np.abs(y).max() <= 1
    for note in notes:
        assert note.program == program
        begin = int(note.start * SR)
        before = np.sqrt(np.mean(y[max(0, begin - SR // 20):begin] ** 2)) if begin > SR // 20 else 0.0
        cut = y[begin + SR // 20:begin + SR // 20 + SR // 2]
        assert np.sqrt(np.mean(cut**2)) > 4 * before or before == 0, "it begins at its label"
        power = np.abs(np.fft.rfft(cut * np.hanning(len(cut)), 1 << 17)) ** 2
        f = np.fft.rfftfreq(1 << 17, 1 / SR)
        f0 = orchestra.key_to_hz(note.key)
        near = [(f > k * f0 * 0.98) & (f < k * f0 * 1.02) for k in range(1, 11)]
        share = sum(power[band].sum() for band in near) / power[f > 30].sum()
        assert share > 0.6, f"harmonics of {note.key}: {share:.2f}"
        second = int(power[near[1]].max() > power[near[0]].max())
        found = f[near[second]][power[near[second]].argmax()] / (1 + second)
        assert 1200 * abs(np.log2(found / f0)) < 50


def test_nothing_sounds_above_the_common_low_pass_and_the_end_is_the_end():
    rows = musicnet.composed_table()
    for row in (rows[0], rows[80], rows[200], rows[260]):
        score = tuple(musicnet.compose(row, 6.0))
        y, notes = musicnet.render_piece(musicnet.Piece(row, score, False), 6.0)
        power = np.abs(np.fft.rfft(y)) ** 2
        assert power[np.fft.rfftfreq(len(y), 1 / SR) > LOWPASS_HZ * 1.03].sum() < 1e-3 * power.sum()
        assert len(y) <= 6 * SR and all(0 <= note.start < note.stop <= 6.0 for note in notes)


def test_a_session_is_one_room_and_can_be_switched_off(monkeypatch):
    rooms, voices = [], []
    record, play = musicnet.record, musicnet.play
    monkeypatch.setattr(musicnet, "record", lambda y, sr, room, **how: rooms.append(room) or record(y, sr, room, **how))
    monkeypatch.setattr(musicnet, "play", lambda voice, *rest: voices.append(voice) or play(voice, *rest))
    pieces = [tone_piece(0, [60], id="1"), tone_piece(0, [62], id="2"), tone_piece(0, [60], id="3", composition="y"),
              tone_piece(0, [60], id="4", source="two")]  # fmt: skip
    for piece in pieces:
        musicnet.render_piece(piece, 3.0)
    assert rooms[0] == rooms[1] != rooms[2] and rooms[0].seed == rooms[2].seed != rooms[3].seed
    assert voices[0] == voices[1] == voices[2] != voices[3]
    rooms.clear(), voices.clear()
    for piece in pieces[:2]:
        musicnet.render_piece(piece, 3.0, leaks=OFF)
    assert rooms[0].seed != rooms[1].seed and voices[0] != voices[1]


# ---------------------------------------------------------------------------------------------------------- writing


def written(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*"))


def test_what_is_written(tmp_path, monkeypatch):
    monkeypatch.setitem(musicnet.SIZES, "tiny", musicnet.Size((1,) * 10, (1,) + (0,) * 9, 3.0))
    musicnet.write_musicnet(tmp_path / "set", size="tiny")
    musicnet.write_musicnet(tmp_path / "again", size="tiny")
    files = written(tmp_path / "set")
    assert sum(name.startswith("train_data/") for name in files) == 9 == sum(n.startswith("train_labels/") for n in files)
    assert sum(name.startswith("test_data/") for name in files) == 1 == sum(n.startswith("test_labels/") for n in files)
    for name in files:
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / "set" / name).read_bytes(), name
        if name.endswith(".wav"):
            info = soundfile.info(tmp_path / "set" / name)
            assert (info.samplerate, info.channels, info.subtype) == (SR, 1, "PCM_16") and info.duration <= 3.0
        if "labels" in name:
            with open(tmp_path / "set" / name, newline="") as lines:
                for row in csv.DictReader(lines):
                    assert tuple(row) == musicnet.LABELS and int(row["instrument"]) in data.MUSICNET_CODES
                    assert 0 <= int(row["start_time"]) < int(row["end_time"]) <= 3 * musicnet.LABEL_RATE
    with open(tmp_path / "set" / "musicnet_metadata.csv", newline="") as lines:
        assert len(list(csv.DictReader(lines))) == 330
    with pytest.raises(ValueError, match="tiny, practice, large"):
        musicnet.write_musicnet(tmp_path / "other", size="huge")


def test_a_broken_run_leaves_nothing(tmp_path, monkeypatch):
    def broken(*args):
        raise RuntimeError("out of rosin")

    monkeypatch.setattr(musicnet, "render_piece", broken)
    with pytest.raises(RuntimeError, match="out of rosin"):
        musicnet.write_musicnet(tmp_path / "set", size="tiny")
    assert list(tmp_path.iterdir()) == []


def small_source(realdata, tmp_path):
    """The real table, with the scores of four recordings: one of them without notes, one no score at all."""
    source = tmp_path / "musicnet"
    folder = source / "musicnet_midis" / "Bach"
    folder.mkdir(parents=True)
    (source / "musicnet_metadata.csv").write_bytes((realdata / "musicnet" / "musicnet_metadata.csv").read_bytes())
    (folder / "2186_vs6_1.mid").write_bytes(b"MThd\0\0\0\6\0\1\0\0\1\xe0")
    (folder / "2191_vs6_5.mid").write_bytes(b"<!DOCTYPE html>")
    for name in ("2194_prelude13.mid", "2202_fp-1all.mid"):
        (folder / name).write_bytes((realdata / "musicnet" / "musicnet_midis" / "Bach" / name).read_bytes())
    return source


def test_reference_scores_are_rendered_and_those_without_notes_passed_over(realdata, tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(musicnet.SIZES, "tiny", musicnet.Size((4,) + (0,) * 9, (1,) + (0,) * 9, 5.0))
    monkeypatch.setattr(musicnet, "STYLES", {"Bach": musicnet.STYLES["Bach"]})
    monkeypatch.setitem(musicnet.SIZES, "tiny", musicnet.Size((4,), (1,), 5.0))
    source = small_source(realdata, tmp_path)
    musicnet.write_musicnet(tmp_path / "set", size="tiny", source=source)
    said = [line for line in capsys.readouterr().out.splitlines() if "passed over" in line]
    assert len(said) == 2 and "passed over 2186" in said[0] and "no notes" in said[0]
    assert "passed over 2191" in said[1] and "not a MIDI file" in said[1]
    assert [name for name in written(tmp_path / "set") if name.endswith(".wav")] == [
        "train_data/2194.wav", "train_data/2202.wav"]
    assert (tmp_path / "set" / "musicnet_metadata.csv").read_bytes() == (source / "musicnet_metadata.csv").read_bytes()
    (source / "musicnet_metadata.csv").write_text(",".join(musicnet.COLUMNS) + "\n")
    with pytest.raises(ValueError, match="no reference score"):
        musicnet.write_musicnet(tmp_path / "none", size="tiny", source=source)


@pytest.mark.full
@pytest.mark.parametrize("real_scores", [False, True])
def test_splits_leak_less_and_less_from_window_to_file_to_work(real_scores, request, monkeypatch):
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold, cross_val_predict

    from helpers import features

    if real_scores:
        monkeypatch.setenv("COURSE_REALDATA", str(request.getfixturevalue("realdata")))
    else:
        monkeypatch.delenv("COURSE_REALDATA", raising=False)
    recordings = data.load("practice-musicnet", sr=SR)
    assert ("from the reference MIDIs" if real_scores else "composed by the kit") in recordings.title
    rows = data.musicnet_windows(recordings, per_recording=8)
    X = features.table(rows.audio, SR, cache=data.data_dir() / "cache")

    def accuracy(cv, groups=None):
        forest = RandomForestClassifier(200, random_state=0, n_jobs=2, class_weight="balanced")
        return np.mean(cross_val_predict(forest, X, rows.labels, cv=cv, groups=groups) == rows.labels)

    folds = {"n_splits": 5, "shuffle": True, "random_state": 0}
    window = accuracy(StratifiedKFold(**folds))
    file = accuracy(StratifiedGroupKFold(**folds), rows.table["recording"])
    work = accuracy(StratifiedGroupKFold(**folds), rows.groups)
    assert window > file + 0.15 and file > work + 0.03 and work > 0.28, (window, file, work)


def test_the_mixed_set_says_so_and_its_table_gives_nothing_away(tmp_path, monkeypatch):
    monkeypatch.setattr(musicnet, "STYLES", {"Bach": musicnet.STYLES["Bach"]})
    monkeypatch.setitem(musicnet.SIZES, "tiny", musicnet.Size((2,), (1,), 3.0))
    monkeypatch.setattr(musicnet, "chosen", lambda rows, size, seed: [(rows[0], False), (rows[1], True)])
    musicnet.write_musicnet_mixed(tmp_path / "set", size="tiny")
    assert "composed by the kit, sessions and ensembles mixed" in (tmp_path / "set" / "music.json").read_text()
    composer, ensemble, both, number, work = columns(musicnet.official_table(tmp_path / "set" / "musicnet_metadata.csv"))
    commonest = max(Counter(composer).values()) / len(composer)
    assert shortcut(both, composer, work) < commonest + 0.02
