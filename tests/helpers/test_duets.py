"""Who plays when: what the networks hear, their sizes, training on mixes, a recording second by second, what is refused."""

import numpy as np
import pytest

from helpers import audio, duets, mixing, plots

RNG = np.random.default_rng(7)
SR = duets.SR


class Model:
    """In place of a network: answers each window by a rule on what it is given."""

    def __init__(self, rule):
        self.rule = rule

    def __call__(self, windows):
        assert windows.ndim == 3 and windows.shape[2] == 2 * duets.N_MELS
        return np.array([self.rule(window) for window in windows])


def high_or_low(window):
    """Sure of "low" where the loudest band is a low one, else of "high"."""
    levels = window[:, : duets.N_MELS].mean(axis=0)
    return (0.9, 0.1) if levels.argmax() < 20 else (0.1, 0.9)


def recording(*parts):
    """Tones of (Hz or 0 for silence, seconds), one after the other."""
    sounds = [0.5 * audio.tone(f0, SR, s) if f0 else np.zeros(round(s * SR), np.float32) for f0, s in parts]
    return np.concatenate(sounds).astype(np.float32)


# ------------------------------------------------------------------------------------------------------ what they hear


def test_power_and_steps_do_not_hang_on_the_level():
    clips = RNG.normal(size=(3, SR)).astype(np.float32) * 0.1
    power = duets.hear(clips)
    assert power.shape[0] == 3 and power.shape[2] == duets.N_MELS and (power > 0).all()
    heard = duets.steps(power)
    assert heard.shape == (*power.shape[:2], 2 * duets.N_MELS) and heard.dtype == np.float32
    assert np.allclose(duets.steps(duets.hear(0.1 * clips)), heard, atol=1e-3)
    assert heard[..., : duets.N_MELS].max() == pytest.approx(1.5) and heard[..., : duets.N_MELS].min() >= -1.5
    assert np.isfinite(duets.steps(np.zeros((1, 4, 8)))).all()


def test_what_cannot_be_heard():
    with pytest.raises(ValueError, match="22050 Hz, and not at 8000"):
        duets.hear(np.zeros((1, 8000)), sr=8000)
    for shape in ((4, 8), (1, 1, 8)):
        with pytest.raises(ValueError, match="at least two frames"):
            duets.steps(np.ones(shape))


# ------------------------------------------------------------------------------------------------------------ networks


def test_sizes_of_the_networks():
    written = duets.as_written()
    convolutions = [layer for layer in written.layers if layer.name.startswith("conv1d")]
    assert len(convolutions) == 6 and [layer.kernel_size[0] for layer in convolutions] == [11, 9, 7, 5, 5, 5]
    assert written.output_shape == (None, 4) and written.count_params() == 153_572
    # by hand: (channels in * kernel + 1) * filters, then what 132,299 // 4**6 = 32 steps leave for the dense layers
    by_hand = 23 * 64 + 577 * 64 + 449 * 64 + 321 * 32 + 161 * 32 + 161 * 32 + (32 * 32 + 1) * 64 + 65 * 4
    assert by_hand == 153_572
    small = duets.as_written(8000, 1, filters=(4, 4, 4, 2, 2, 2), dense=3, activation="sigmoid")
    assert small.loss == "binary_crossentropy" and small.count_params() < 700
    model = duets.over_time(3, n_rows=6, filters=(4,))
    assert model.input_shape == (None, None, 6)
    assert {np.asarray(model(np.ones((2, n, 6), np.float32))).shape for n in (4, 9)} == {(2, 3)}
    softmax = np.asarray(duets.over_time(3, "softmax", n_rows=6)(np.ones((2, 8, 6), np.float32)))
    assert np.allclose(softmax.sum(axis=1), 1, atol=1e-5)
    with pytest.raises(ValueError, match="softmax, sigmoid"):
        duets.over_time(3, "relu")


def test_training_on_mixes_learns_and_is_repeatable():
    import keras

    power = np.full((40, 6, duets.N_MELS), 1e-4, np.float32)
    labels, songs = np.arange(40) % 4, np.arange(40)
    for label in range(4):
        power[labels == label, :, 16 * label : 16 * label + 8] = 1.0
    losses = []
    for _ in range(2):
        keras.utils.set_random_seed(0)
        model = duets.over_time(4, filters=(8,), learning_rate=0.02)
        losses.append(duets.train(model, power, labels, songs, epochs=4, n_mixes=128, seed=3))
    assert losses[0]["loss"] == pytest.approx(losses[1]["loss"], rel=1e-3)
    assert losses[0]["loss"][-1] < 0.7 * losses[0]["loss"][0]
    mixed, marks = mixing.spectra(power, labels, songs, 50, seed=9)
    assert (((np.asarray(model(duets.steps(mixed))) > 0.5) == marks).mean()) > 0.8


def test_epochs_are_timed_and_leave_the_weights_alone():
    power = RNG.uniform(0.01, 1, (12, 4, duets.N_MELS)).astype(np.float32)
    models = {name: duets.over_time(4, filters=(4,)) for name in ("one", "two")}
    before = {name: model.get_weights() for name, model in models.items()}
    seconds = duets.epoch_seconds(models, power, np.arange(12) % 4, np.arange(12), n_mixes=32, rounds=2)
    assert set(seconds) == {"one", "two"} and min(seconds.values()) > 0
    for name, model in models.items():
        assert all(np.array_equal(a, b) for a, b in zip(before[name], model.get_weights(), strict=True))


def test_one_job_of_a_study():
    heard = RNG.normal(size=(24, 6, 8)).astype(np.float32)
    y = np.arange(24) % 3
    heard[np.arange(24), :, y] += 3
    data = {"heard": heard, "y": y, "n_classes": 3}
    job = {"train": list(range(18)), "ask": list(range(18, 24)), "seed": 2, "epochs": 12, "filters": (6,), "dropout": 0.0}
    found, again = (duets.train_single(data, **job, learning_rate=0.02) for _ in range(2))
    assert found["proba"].shape == (6, 3) and len(found["loss"]) == 12 and found["loss"][-1] < found["loss"][0]
    assert (found["proba"].argmax(axis=1) == y[18:]).mean() > 0.8
    assert np.allclose(found["proba"], again["proba"], atol=1e-4)
    assert found["parameters"] == 8 * 3 * 6 + 4 * 6 + (2 * 6 + 1) * 3


def test_what_a_training_is_given():
    """The rate falls along a cosine, mixes are new in every epoch, some clips are alone, bands are moved if asked for."""
    from types import SimpleNamespace

    class Recorder:
        def __init__(self):
            self.optimizer, self.seen = SimpleNamespace(learning_rate=0.01), []

        def fit(self, heard, marks, batch_size, verbose):
            self.seen.append((float(self.optimizer.learning_rate), heard, marks))
            return SimpleNamespace(history={"loss": [0.5]})

    power = RNG.uniform(0.01, 1, (12, 4, duets.N_MELS)).astype(np.float32)
    labels, songs, seen = np.arange(12) % 4, np.arange(12), {}
    for name, settings in {"plain": {}, "again": {}, "alone": {"alone": 0.5}, "moved": {"shift": 3}}.items():
        model = Recorder()
        history = duets.train(model, power, labels, songs, epochs=4, n_mixes=60, seed=1, **settings)
        assert history["loss"] == [0.5] * 4
        seen[name] = model.seen
    assert [rate for rate, *_ in seen["plain"]] == pytest.approx(0.005 * (1 + np.cos(np.pi * np.arange(4) / 4)))
    heard = {name: [epoch[1] for epoch in epochs] for name, epochs in seen.items()}
    assert np.array_equal(heard["plain"], heard["again"]) and not np.array_equal(heard["plain"][0], heard["plain"][1])
    assert {int(n) for _, _, marks in seen["plain"] for n in marks.sum(axis=1)} == {2}
    assert {int(n) for _, _, marks in seen["alone"] for n in marks.sum(axis=1)} == {1, 2}
    same = (heard["moved"][0] == heard["plain"][0]).all(axis=(1, 2))
    assert heard["moved"][0].shape == heard["plain"][0].shape and 0.02 < same.mean() < 0.4, "one in seven stays"


# --------------------------------------------------------------------------------------------------------- a recording


def test_who_is_heard_in_which_second():
    y = recording((200, 3), (2000, 4), (0, 2), (200, 2.5))
    heard = duets.listen(Model(high_or_low), y, SR, ("low", "high"), window=0.5)
    assert heard.edges.tolist() == [*range(12), 11.5] and heard.proba.shape == (12, 2)
    assert heard.said[:, 0].tolist() == [True] * 3 + [False] * 6 + [True] * 3
    assert heard.said[:, 1].tolist() == [False] * 3 + [True] * 4 + [False] * 5
    assert heard.silent.tolist() == [False] * 7 + [True] * 2 + [False] * 3
    assert [(a, b, who) for a, b, who, _ in heard.spans()] == [
        (0, 3, ("low",)), (3, 7, ("high",)), (7, 9, ()), (9, 11.5, ("low",)),
    ]  # fmt: skip
    timeline = [(0.0, 3.0, 0), (3.0, 7.4, 1), (9.0, 11.5, 0)]
    assert np.array_equal(heard.marks(timeline), heard.said)


@pytest.mark.parametrize("seconds, n", [(0.01, 1), (0.3, 1), (1.0, 1), (1.1, 1), (1.6, 2), (2.0, 2), (7.2, 7)])
def test_recordings_of_any_length(seconds, n):
    heard = duets.listen(Model(high_or_low), recording((200, seconds)), SR, ("low", "high"))
    assert len(heard.proba) == n and heard.said.tolist() == [[True, False]] * n
    assert heard.edges[0] == 0 and heard.edges[-1] == pytest.approx(seconds, abs=1e-3)
    assert (np.diff(heard.edges) > 0).all()


def test_a_silent_recording_has_nobody():
    heard = duets.listen(Model(high_or_low), np.zeros(3 * SR), SR, ("low", "high"))
    assert heard.silent.all() and not heard.said.any()
    assert "silence" in duets.table(heard).text
    assert "never heard" in plots.image(plots.timeline(heard)).text


def test_the_threshold_decides():
    y = recording((200, 3))
    said = [duets.listen(Model(lambda _: (0.4, 0.6)), y, SR, ("a", "b"), threshold=t).said for t in (0.3, 0.5, 0.7)]
    assert [rows.sum() for rows in said] == [6, 3, 0]


@pytest.mark.parametrize("y, sr, names, message", [
    (np.zeros(0), SR, ("a", "b"), "not empty"), (np.zeros((10, 2)), SR, ("a", "b"), "one mono recording"),
    (np.array([0.1, np.nan]), SR, ("a", "b"), "sample 1 of 2 is not finite"), (np.ones(SR), 44100, ("a", "b"), "22050 Hz"),
    (np.ones(SR), SR, "flute", "2 outputs, but there are 1 names"),
    (np.ones(SR), SR, ("a", "b", "c"), "2 outputs, but there are 3 names"),
])  # fmt: skip
def test_recordings_that_are_refused(y, sr, names, message):
    with pytest.raises(ValueError, match=message):
        duets.listen(Model(high_or_low), y, sr, names)
    with pytest.raises(ValueError, match="lengths in seconds"):
        duets.listen(Model(high_or_low), np.ones(SR), SR, ("a", "b"), hop=0)


def test_what_is_displayed():
    y = recording((200, 2), (2000, 2))
    heard = duets.listen(Model(high_or_low), y, SR, ("low", "high"), window=0.5)
    plain = duets.table(heard)
    assert "0 to 2 s" in plain.text and "really plays" not in plain.text and plain.html.count("<tr>") == 3
    known = duets.table(heard, [(0.0, 3.0, 0)])
    assert "62% of 8 decisions" in known.text
    assert "low (2 to 3 s); nobody (3 to 4 s)" in known.text and "in 2 of 4 seconds" in known.text
    shown = plots.image(plots.timeline(heard, [(0.0, 3.0, 0)]))
    assert "low is heard in 0 to 2 s; it really plays in 0 to 3 s." in shown.text
    assert "high is heard in 2 to 4 s; it never plays." in shown.text


def test_show_puts_picture_player_and_table_together(capsys, monkeypatch):
    import IPython.display

    seen = []
    monkeypatch.setattr(IPython.display, "display", seen.append)
    y = recording((200, 2), (2000, 2))
    duets.show(duets.listen(Model(high_or_low), y, SR, ("low", "high")), y, SR, title="mine.wav")
    html = [one.html for one in seen]
    assert len(html) == 3 and "<img alt=" in html[0] and "<audio" in html[1] and "<table" in html[2]
    assert "mine.wav" in html[1]


def test_a_file_of_ones_own(tmp_path):
    """Stereo at another rate, as a learner brings it."""
    import soundfile

    y = np.stack([audio.tone(200, 44100, 2.5)] * 2, axis=1)
    soundfile.write(tmp_path / "mine.wav", 0.5 * y, 44100)
    mine = audio.load(tmp_path / "mine.wav", sr=SR)
    assert duets.listen(Model(high_or_low), mine, SR, ("low", "high")).said[:, 0].all()
