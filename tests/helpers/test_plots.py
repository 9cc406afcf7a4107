"""Figures: units, words that tell the facts, colours that can be told apart, and no traces left behind."""

import base64
import io
import itertools
import re

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest

from helpers import duets, plots
from helpers import evaluate as ev

CLASSES = ["cello", "flute", "horn", "sax"]
HISTORY = {
    "loss": [2.0, 1.0, 0.5, 0.25],
    "val_loss": [2.1, 1.2, 0.9, 1.1],
    "accuracy": [0.2, 0.5, 0.7, 0.9],
    "val_accuracy": [0.2, 0.6, 0.5, 0.55],
}
SR = 22050


@pytest.fixture(autouse=True)
def fresh():
    matplotlib.rcdefaults()  # or settings that one test left behind would hide what the next one changes
    yield
    plt.close("all")


def made_report():
    y = np.repeat(np.arange(4), 50)
    pred = y.copy()
    pred[50:67] = 3  # flute taken for sax
    return ev.report(y, pred, "practice-notes (practice, rendered)", CLASSES, np.arange(200) // 10, group_name="song")


def made_scores():
    return [
        ev.Score.of(made_report(), model="Dense 256", split="by song", kind="repaired"),
        ev.Score("Convnet", "IRMAS", "official", 0.6, source="Han et al. 2017", kind="best published"),
    ]


def made_calibration():
    rng = np.random.default_rng(0)
    proba = rng.dirichlet(np.full(4, 0.2), 500)
    return ev.calibration([rng.choice(4, p=0.5 * p + 0.125) for p in proba], proba)


def made_spectrogram(bins=129, frames=60):
    S = np.full((bins, frames), -60.0)
    S[32] = 12.0
    return S


def made_heard(n=7):
    proba = np.random.default_rng(0).uniform(size=(n, 3))
    return duets.Heard(("piano", "trumpet", "violin"), n - 0.4, np.r_[np.arange(n), n - 0.4], proba, np.arange(n) == 3, 0.5)


EVERY = {
    "waveform": lambda ax: plots.waveform(np.sin(np.arange(9000) / 9), SR, ax=ax),
    "spectrogram": lambda ax: plots.spectrogram(made_spectrogram(), SR, 64, ax=ax),
    "mel spectrogram": lambda ax: plots.spectrogram(made_spectrogram(64), SR, 64, scale="mel", ax=ax),
    "mel_filters": lambda ax: plots.mel_filters(np.maximum(0, np.eye(12, 65)), SR, ax=ax),
    "lines": lambda ax: plots.lines({"a": [1, 2], "b": ([0, 3], [2, 1])}, "Time (s)", "Level (dB)", ax=ax),
    "feature_heatmap": lambda ax: plots.feature_heatmap(np.arange(12.0).reshape(3, 4), ax=ax),
    "class_counts": lambda ax: plots.class_counts([0, 0, 1, 3], CLASSES, [5, 6, 5, 5], ax=ax),
    "scatter": lambda ax: plots.scatter([1, 2, 3], [4, 5, 6], [0, 1, 1], CLASSES, "Pitch (Hz)", "Level (dB)", ax=ax),
    "histogram": lambda ax: plots.histogram({"a": [1, 2, 3], "b": [4, 5]}, "Distance (no unit)", ax=ax),
    "learning_curves": lambda ax: plots.learning_curves(HISTORY, ax=ax),
    "sweep": lambda ax: plots.sweep({0.1: HISTORY, 0.001: HISTORY}, ax=ax),
    "confusion": lambda ax: plots.confusion(made_report(), ax=ax),
    "reliability": lambda ax: plots.reliability(made_calibration(), ax=ax),
    "timeline": lambda ax: plots.timeline(made_heard(), [(0.2, 3.1, 0), (2.0, 6.0, 2)], ax=ax, title="A duet"),
    "score_intervals": lambda ax: plots.score_intervals(made_scores(), ax=ax),
}


@pytest.mark.parametrize("name", EVERY)
def test_every_figure_draws_where_it_is_told_labels_its_axes_and_speaks(name):
    figure, (left, right) = plt.subplots(1, 2)
    assert EVERY[name](left) is left
    assert left.has_data() and not right.has_data()
    assert left.get_xlabel() and left.get_ylabel()
    assert re.search(r"\d", plots.alt(left)) and "nan" not in plots.alt(left)
    new = EVERY[name](None)
    assert new.figure is not figure


@pytest.mark.parametrize("name", EVERY)
def test_no_figure_changes_the_settings_of_matplotlib(name):
    before = dict(matplotlib.rcParams)
    EVERY[name](None)
    plots.panels(1, 2)
    assert dict(matplotlib.rcParams) == before


def test_the_style_ends_with_its_context():
    before = dict(matplotlib.rcParams)
    with plots.style():
        assert matplotlib.rcParams["axes.spines.top"] is False
    assert dict(matplotlib.rcParams) == before


@pytest.mark.parametrize("name", EVERY)
def test_no_text_of_a_figure_lies_over_another_or_outside(name):
    ax = EVERY[name](None)
    figure = ax.figure
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    ticks = [*ax.get_xticklabels(), *ax.get_yticklabels()]
    low, high = sorted(ax.get_xlim()), sorted(ax.get_ylim())
    inside = [t for t in ax.get_xticklabels() if low[0] <= t.get_position()[0] <= low[1]]
    inside += [t for t in ax.get_yticklabels() if high[0] <= t.get_position()[1] <= high[1]]
    boxes = [t.get_window_extent(renderer) for t in inside if t.get_text()]
    assert len(ticks) and len(boxes) >= 2
    assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))
    if ax.get_legend():  # beside the data, never over them
        assert ax.get_legend().get_window_extent(renderer).x0 >= ax.get_window_extent(renderer).x1


def test_names_of_twenty_classes_stay_apart():
    names = [f"bass clarinet {i}" for i in range(20)]
    for ax in (plots.confusion(np.eye(20, dtype=int) * 1234, names), plots.class_counts(np.arange(20), names)):
        ax.figure.canvas.draw()
        for labels in (ax.get_yticklabels(), ax.get_xticklabels()):
            boxes = [label.get_window_extent() for label in labels]
            assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))
            assert all(label.get_fontsize() >= 9 for label in labels)


# ---- what the words say


def test_waveform_words():
    y = np.zeros(SR, np.float32)
    y[SR // 2] = -0.75
    text = plots.alt(plots.waveform(y, SR))
    assert "1 s at 22,050 Hz" in text and "between -0.75 and 0" in text and "peak is at 0.5 s" in text
    assert "silent" in plots.alt(plots.waveform(np.zeros(500), SR))


def test_waveform_shows_a_single_sample_in_a_long_sound():
    y = np.zeros(200_000)
    y[123_456] = 0.9
    ax = plots.waveform(y, SR)
    assert ax.collections[0].get_paths()[0].vertices[:, 1].max() == pytest.approx(0.9)


def test_spectrogram_words_give_the_range_of_db_and_the_strongest_frequency():
    text = plots.alt(plots.spectrogram(made_spectrogram(), 8000, 64))
    assert "levels from -60 to 12 dB" in text and "highest near 1,000 Hz" in text  # bin 32 of 128 up to 4,000 Hz
    assert "0 to 0.48 s" in text and "0 to 4,000 Hz" in text
    text = plots.alt(plots.spectrogram(made_spectrogram(64), 8000, 64, scale="mel"))
    assert "64 bands" in text and "levels from -60 to 12 dB" in text


def test_mel_spectrogram_stands_at_the_frequencies_of_librosa():
    import librosa

    S = np.full((40, 10), -60.0)
    S[17] = 0
    text = plots.alt(plots.spectrogram(S, SR, 512, scale="mel"))
    centre = librosa.mel_frequencies(42, fmin=0, fmax=SR / 2)[18]
    assert f"highest near {centre:,.0f} Hz" in text


def test_a_tone_lies_at_its_frequency_in_the_picture():
    ax = plots.spectrogram(made_spectrogram(), 8000, 64)
    ax.figure.canvas.draw()
    picture = ax.images[0]
    left, right, bottom, top = picture.get_extent()
    row = picture.get_array()[:, 5].argmax()
    assert bottom + (row + 0.5) * (top - bottom) / 129 == pytest.approx(1000)


def test_overlays_add_their_words_and_their_lines():
    ax = plots.spectrogram(made_spectrogram(), 8000, 64, fmax=3500)
    plots.harmonics(ax, 500, 0.1, 0.3)
    plots.onsets(ax, [0.1, 0.25])
    text = plots.alt(ax)
    assert "6 harmonics of 500 Hz, up to 3,000 Hz" in text and "from 0.1 to 0.3 s" in text
    assert "2 onsets: 0.1 s, 0.25 s" in text
    heights = [seg[0][1] for part in ax.collections for seg in getattr(part, "get_segments", list)()]
    assert heights == [500, 1000, 1500, 2000, 2500, 3000]
    assert [line.get_xdata()[0] for line in ax.lines] == [0.1, 0.25]
    with pytest.raises(ValueError, match="is f0 in Hz"):
        plots.harmonics(ax, 5000)
    assert "No onset is marked" in plots.alt(plots.onsets(plots.waveform(np.ones(9), SR), []))


def test_mel_filter_words_count_empty_filters():
    bank = np.zeros((3, 65))
    bank[0, 4] = bank[2, 32] = 1
    text = plots.alt(plots.mel_filters(bank, 8000))
    assert "3 triangular filters from 0 to 4,000 Hz" in text and "highest at 2,000 Hz" in text and "1 of them" in text


def test_learning_curve_words_give_final_losses_and_the_best_epoch():
    ax = plots.learning_curves(HISTORY)
    text = plots.alt(ax)
    assert "training: from 2 to 0.25" in text and "validation: from 2.1 to 1.1, lowest 0.9" in text
    assert "best in epoch 3 of 4, at 0.9" in text
    assert ax.get_yscale() == "log" and list(ax.lines[0].get_xdata()) == [1, 2, 3, 4]
    ax = plots.learning_curves(HISTORY, "accuracy")
    assert "best in epoch 2 of 4, at 0.6" in plots.alt(ax) and ax.get_yscale() == "linear"


def test_learning_curves_without_validation_with_nan_and_with_an_old_name():
    assert "alidation" not in plots.alt(plots.learning_curves({"loss": [1, 2]}))
    assert "1 of 3 values not finite" in plots.alt(plots.learning_curves({"loss": [1, np.nan, 2]}))
    assert "no finite value" in plots.alt(plots.learning_curves({"loss": [np.nan], "val_loss": [np.nan]}))
    with pytest.raises(KeyError, match="no 'acc'; it has 'loss', 'val_loss', 'accuracy'"):
        plots.learning_curves(HISTORY, "acc")


def test_learning_curves_take_what_keras_returns():
    class History:
        history = HISTORY

    assert plots.alt(plots.learning_curves(History())) == plots.alt(plots.learning_curves(HISTORY))


def test_sweep_names_each_line_by_its_own_rate():
    results = {0.001: {"loss": [3, 2], "val_loss": [4, 1.5]}, 0.1: {"loss": [1, 0.5], "val_loss": [2, 3]}}
    ax = plots.sweep(results)
    named = {line.get_label(): list(line.get_ydata()) for line in ax.lines}
    assert named == {"rate 0.1": [1, 0.5], "rate 0.001": [3, 2]}
    assert ax.get_yscale() == "log" and "Lowest of all: 0.5, with rate 0.1" in plots.alt(ax)
    assert "Lowest of all: 1.5, with rate 0.001" in plots.alt(plots.sweep(results, "val_loss"))


def test_confusion_words_name_the_largest_confusion():
    text = plots.alt(plots.confusion(made_report()))
    assert "200 items in 4 classes" in text and "183 on the diagonal (91.5%)" in text
    assert "flute taken for sax, 17 of 50" in text and "least: flute (66%)" in text
    text = plots.alt(plots.confusion(np.eye(2, dtype=int) * 3, ["a", "b"]))
    assert "No item was confused" in text


def test_confusion_writes_every_count_into_its_cell():
    ax = plots.confusion(np.array([[5, 2], [0, 1234]]), ["a", "b"])
    cells = {(t.get_position()): t.get_text() for t in ax.texts}
    assert cells == {(0, 0): "5", (1, 0): "2", (1, 1): "1,234"}  # (predicted, true): a column is a prediction
    assert ax.get_title(loc="left") == ""
    with pytest.raises(ValueError, match="2 class names are needed, one a row; there are 0"):
        plots.confusion(np.eye(2))
    with pytest.raises(ValueError, match="n_classes, n_classes"):
        plots.confusion(np.zeros((2, 3)), ["a", "b"])


def test_class_count_words():
    equal = plots.alt(plots.class_counts([0, 1, 2, 3] * 3, CLASSES, list("aabbccddeeff"), "pitch"))
    assert "3 in each" in equal and "most in" not in equal and "6 pitches in all" in equal
    ax = plots.class_counts([0] * 5 + [1] * 2 + [3], CLASSES, ["x", "y", "y", "y", "y", "z", "z", "z"], "recording")
    assert "8 items in 4 classes: most in cello (5), fewest in horn (0); 3 recordings in all" in plots.alt(ax)
    assert [t.get_text().strip() for t in ax.texts] == [
        "5 in 2 recordings", "2 in 1 recording", "0 in 0 recordings", "1 in 1 recording",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="a label is 4"):
        plots.class_counts([4], CLASSES)


def test_histogram_words_and_its_left_tail():
    ax = plots.histogram({"by item": np.arange(100.0), "by recording": np.arange(50.0) + 7}, "Distance (no unit)")
    text = plots.alt(ax)
    assert "by item: 100 values, median 49.5" in text and "by recording: 50 values" in text and "smallest 7" in text
    assert ax.get_ylabel() == "Share of the items"
    assert plots.histogram([1, 2], "Level (dB)").get_ylabel() == "Number of items"
    with pytest.raises(ValueError, match="finite values.*'b'"):
        plots.histogram({"a": [1], "b": [np.nan]}, "x")


def test_heatmap_scatter_reliability_and_score_words():
    X = np.array([[1.0, 1, 1], [0, 5, 9]])
    text = plots.alt(plots.feature_heatmap(X, ["flat", "steep"], frame_step=0.02))
    assert "2 rows, 3 columns, from 0 to 9" in text and "steep varies most" in text and "Time (s)" in text
    X[0, 0] = np.nan
    assert "1 cells are not finite" in plots.alt(plots.feature_heatmap(X))
    text = plots.alt(plots.scatter([1, 2, 9], [4, 5, 6], [0, 0, 2], CLASSES, "Pitch (Hz)", "Level (dB)"))
    assert "3 points in 2 classes: Pitch (Hz) from 1 to 9" in text and "horn highest (9)" in text
    assert "too sure" in plots.alt(plots.reliability(made_calibration()))
    text = plots.alt(plots.score_intervals(made_scores()))
    assert "repaired: Dense 256: 0.915" in text and "over 20 songs" in text and "Han et al. 2017" in text


@pytest.mark.parametrize(
    "draw, says",
    [
        (lambda: plots.waveform([0.0, np.nan], SR), "sample 1 of 2"),
        (lambda: plots.waveform(np.zeros((2, 9)), SR), "mono"),
        (lambda: plots.waveform([], SR), "not empty"),
        (lambda: plots.spectrogram(np.full((3, 3), -np.inf), SR, 64), "minus infinity"),
        (lambda: plots.spectrogram(np.zeros(3), SR, 64), "n_bins, n_frames"),
        (lambda: plots.spectrogram(np.zeros((3, 3)), SR, 64, scale="log"), "'hz' or 'mel'"),
        (lambda: plots.feature_heatmap(np.zeros((2, 2)), ["a"]), "1 names for 2 rows"),
        (lambda: plots.lines({}, "x", "y"), "no curve"),
        (lambda: plots.lines({"a": ([1], [1, 2])}, "x", "y"), "1 places but 2 values"),
        (lambda: plots.scatter([1], [1], [0, 1], CLASSES, "x", "y"), "for 2 labels"),
        (lambda: plots.score_intervals([]), "no scores"),
    ],
)
def test_what_cannot_be_drawn_is_refused(draw, says):
    with pytest.raises(ValueError, match=says):
        draw()


# ---- show


def test_show_puts_the_words_into_the_picture_and_closes_it():
    ax = plots.confusion(np.array([[5, 2], [0, 3]]), ["<a>", "b & c"])
    words = plots.alt(ax)
    shown = plots.image(ax)
    assert not plt.get_fignums()
    bundle = shown._repr_mimebundle_()
    assert bundle["text/plain"] == words and "<a> taken for b & c, 2 of 7" in words
    assert "&lt;a&gt; taken for b &amp; c, 2 of 7" in bundle["text/html"] and "<a>" not in bundle["text/html"]
    png = base64.b64decode(re.search(r"base64,([^\"]+)", bundle["text/html"])[1])
    pixels = plt.imread(io.BytesIO(png))
    assert pixels.std() > 0.05  # something is on it
    width = int(re.search(r"width:(\d+)px", bundle["text/html"])[1])
    assert width == pixels.shape[1] * 2 // 3


def test_show_takes_the_current_figure_or_given_words():
    plt.plot([1, 2])
    assert plots.image(alt="two points").text == "two points"
    plots.waveform(np.ones(9), SR)
    assert "Waveform" in plots.image().text
    with pytest.raises(ValueError, match="figure is empty"):
        plots.image()
    assert not plt.get_fignums()


def test_panels_are_told_one_by_one():
    figure, axes = plots.panels(1, 2)
    plots.learning_curves(HISTORY, ax=axes[0])
    plots.spectrogram(made_spectrogram(), SR, 64, ax=axes[1])
    text = plots.alt(figure)
    assert text.startswith("Panel 1 of 2: Loss") and "Panel 2 of 2: Spectrogram" in text and "Panel 3" not in text


def test_a_figure_drawn_by_hand_is_described_from_its_data():
    figure, ax = plt.subplots()
    ax.semilogy([1, 2, 3], [2.0, 0.5, 1.0], label="rate 0.1")
    ax.plot([1, 2], [1, 1])
    ax.set(xlabel="epoch", ylabel="loss", title="Sweep")
    text = plots.alt(figure)
    assert "Sweep." in text and "epoch" in text and "loss (logarithmic)" in text
    assert "rate 0.1: from 2 to 1, lowest 0.5." in text and "line 2: from 1 to 1." in text
    figure, ax = plt.subplots()
    ax.bar([1, 2, 3], [1, 2, 3])
    ax.scatter([1, 2], [1, 2])
    assert "3 bars" in plots.alt() and "2 points" in plots.alt() and "no label" in plots.alt()


def test_show_in_an_executed_notebook_leaves_one_image_with_alt_text():
    from nbclient import NotebookClient
    from nbformat import v4

    code = "%matplotlib inline\nfrom helpers import plots\nplots.show(plots.learning_curves({'loss': [2.0, 0.5]}))"
    nb = v4.new_notebook(cells=[v4.new_code_cell(code)])
    NotebookClient(nb, timeout=60, kernel_name="python3").execute()
    (output,) = [output for output in nb.cells[0].outputs if output.output_type == "display_data"]
    assert output["data"]["text/html"].startswith('<img alt="Loss') and "from 2 to 0.5" in output["data"]["text/plain"]
    assert "image/png" not in output["data"]  # the inline backend did not show it a second time


# ---- colours

_VISION = {  # Machado, Oliveira & Fernandes, "A physiologically-based model for simulation of CVD", 2009, severity 1
    "normal": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear(colour):
    c = np.array(matplotlib.colors.to_rgb(colour))
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def cielab(rgb):
    x = _XYZ @ np.clip(rgb, 0, 1) / [0.9505, 1, 1.089]
    f = np.where(x > 0.008856, np.cbrt(x), 7.787 * x + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def nearest_pair(colours, vision):
    seen = [cielab(np.array(_VISION[vision]) @ linear(c)) for c in colours]
    return min(np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2))


@pytest.mark.parametrize("vision", _VISION)
def test_colours_are_apart_for_every_kind_of_eye(vision):
    assert nearest_pair(plots.COLOURS, vision) > 14
    if vision == "deuteranopia":
        assert nearest_pair(["#C74E00", "#8A6A00"], vision) < 14  # orange and olive, which the measure must refuse


def test_colours_stand_out_from_white_and_the_first_three_differ_in_grey():
    luminance = [_XYZ[1] @ linear(c) for c in plots.COLOURS]
    assert min(1.05 / (y + 0.05) for y in luminance) > 3
    lightness = sorted(cielab(linear(c))[0] for c in plots.COLOURS[:3])
    assert np.diff(lightness).min() > 20


@pytest.mark.parametrize("name", [plots.LEVELS, plots.VALUES])
def test_colour_scales_rise_in_brightness(name):
    steps = [cielab(linear(c))[0] for c in matplotlib.colormaps[name](np.linspace(0, 1, 64))]
    assert (np.diff(steps) > 0).all()


def test_twenty_classes_never_look_alike():
    n = 20
    ax = plots.scatter(
        np.arange(n), np.arange(n), np.arange(n), [f"c{i}" for i in range(n)], "Pitch (Hz)", "Level (dB)"
    )
    looks = [(p.get_marker(), p.get_color(), p.get_markerfacecolor() == "none") for p in ax.lines]
    in_grey = [(marker, hollow) for marker, _, hollow in looks]
    assert len(set(in_grey)) == n


def test_many_curves_differ_in_more_than_colour():
    ax = plots.lines({f"curve {i}": [i, i + 1] for i in range(7)}, "Time (s)", "Level (dB)")
    assert len({line.get_marker() for line in ax.lines}) == 7
    assert len({str(line._dash_pattern) for line in ax.lines}) == 7


def test_a_single_class_name_is_a_name():
    assert "in 1 classes" in plots.alt(plots.class_counts([0, 0], "flute"))
    assert plots.scatter([1, 2], [1, 2], [0, 0], "flute", "x", "y").get_legend_handles_labels()[1] == ["flute"]
    with pytest.raises(ValueError, match="3 class names are needed, one a row; there are 1"):
        plots.confusion(np.eye(3, dtype=int), "abc")
