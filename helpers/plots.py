"""Figures of the course: units on the axes, colours that survive colour blindness and grey print, and alt text.

Room: `helpers`; called by every lesson. Each function takes ``ax=None`` (a new figure is made), returns the Axes it
drew on, and notes in words what one should see, made from the data. `show` displays the figure with these words as
alt text; `alt` returns them. Nothing here changes matplotlib's settings outside its own calls.
"""

from collections.abc import Mapping
from functools import wraps
from html import escape

import numpy as np

from helpers import _html
from helpers._names import as_names

# Chosen like those of Okabe & Ito ("Color universal design", 2008): apart under each kind of colour blindness (a test
# measures it), 3 : 1 against white, and the first three apart in grey. Markers and dashes differ as well.
COLOURS = ("#00508F", "#E06A10", "#1A1A1A", "#3A95CF", "#8C1D5E", "#008560")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", "*", ">")
DASHES = ("-", "--", "-.", ":", (0, (6, 1, 1, 1, 1, 1)), (0, (8, 3)), (0, (1, 2.5)))
LEVELS = "magma"  # brightness rises with the value, so it reads in grey
VALUES = "cividis"

_STYLE = {
    "figure.figsize": (7.5, 3.6),
    "figure.dpi": 100,
    "figure.constrained_layout.use": True,
    "font.size": 11,
    "axes.titlesize": 12,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "axes.axisbelow": True,
    "grid.color": "#D9D9D9",
    "lines.linewidth": 2.0,
    "lines.markersize": 6,
    "legend.frameon": False,
    "legend.fontsize": 10,
}


def style():
    """The style of the course as a context: ``with plots.style(): ...``; settings are as before when it ends."""
    import matplotlib.pyplot as plt

    return plt.rc_context(_STYLE)


def _styled(draw):
    """Draw inside the style, whatever the caller's settings are."""

    @wraps(draw)
    def wrapper(*args, **kwargs):
        with style():
            return draw(*args, **kwargs)

    return wrapper


@_styled
def panels(n_rows=1, n_cols=1, size=(7.5, 3.6), **kwargs):
    """Make an empty figure in the style of the course.

    Parameters
    ----------
    n_rows, n_cols : int
    size : (float, float)
        Width and height of ONE panel row and of the whole width, in inches: the figure is `n_rows` times as high.
    **kwargs
        Passed to `matplotlib.pyplot.subplots` (``sharex=True``).

    Returns
    -------
    figure, axes
        As from `matplotlib.pyplot.subplots`.
    """
    import matplotlib.pyplot as plt

    return plt.subplots(n_rows, n_cols, figsize=(size[0], size[1] * n_rows), **kwargs)


# --------------------------------------------------------------------------------------------- words and display


def _say(ax, *sentences):
    """Note on the Axes what one should see."""
    ax.course_alt = (*getattr(ax, "course_alt", ()), *sentences)
    return ax


def alt(fig_or_ax=None):
    """What one should see in a figure, in words made from its data.

    Parameters
    ----------
    fig_or_ax : Figure or Axes, optional
        By default the current figure. Axes that the functions of this module did not draw are described by their
        title, labels and lines.

    Returns
    -------
    str
    """
    import matplotlib.pyplot as plt

    return _words(plt.gcf() if fig_or_ax is None else fig_or_ax)


def _words(drawn):
    """The words on a Figure or on Axes; scales of colour are no panels of their own."""
    is_figure = hasattr(drawn, "savefig")
    axes = [ax for ax in drawn.axes if not hasattr(ax, "_colorbar")] if is_figure else [drawn]
    texts = [" ".join(getattr(ax, "course_alt", None) or _describe(ax)) for ax in axes]
    if len(texts) == 1:
        return texts[0]
    return " ".join(f"Panel {i} of {len(texts)}: {text}" for i, text in enumerate(texts, 1))


def _describe(ax):
    """Sentences on Axes that were drawn by hand."""
    label = {name: getattr(ax, f"get_{name}label")() or "no label" for name in "xy"}
    scale = {name: " (logarithmic)" if getattr(ax, f"get_{name}scale")() == "log" else "" for name in "xy"}
    sentences = [f"{title}." for title in [ax.get_title()] if title]
    sentences.append(f"Horizontal axis: {label['x']}{scale['x']}; vertical axis: {label['y']}{scale['y']}.")
    curves = [line for line in ax.get_lines() if len(line.get_xdata()) > 1]
    for i, line in enumerate(curves, 1):
        name = line.get_label()
        name = f"line {i}" if name.startswith("_") else name
        y = np.asarray(line.get_ydata(), dtype=float)
        sentences.append(_curve(name, y))
    if ax.patches:
        sentences.append(f"{len(ax.patches)} bars.")
    if ax.images:
        sentences.append("An image.")
    if ax.collections:
        points = sum(len(c.get_offsets()) for c in ax.collections)
        sentences.append(f"{points:,} points.")
    return sentences


def _curve(name, y):
    """One sentence on a curve: where it starts and ends, and its extremes where they lie in between."""
    y = np.asarray(y, dtype=float)
    finite = y[np.isfinite(y)]
    if not len(finite):
        return f"{name}: no finite value."
    text = f"{name}: from {_num(finite[0])} to {_num(finite[-1])}"
    if finite.min() < min(finite[0], finite[-1]):
        text += f", lowest {_num(finite.min())}"
    if finite.max() > max(finite[0], finite[-1]):
        text += f", highest {_num(finite.max())}"
    if lost := len(y) - len(finite):
        text += f", {lost} of {len(y)} values not finite"
    return f"{text}."


def _num(value):
    """A number as one would say it: three digits, thousands separated."""
    value = float(value)
    if not np.isfinite(value):
        return "not a number" if np.isnan(value) else ("minus infinity" if value < 0 else "infinity")
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    if value and abs(value) < 1e-3:
        return f"{value:.1e}"
    return f"{value:.3g}"


def show(fig_or_ax=None, alt=None):
    """Display a figure as an image with alt text, and close it.

    Parameters
    ----------
    fig_or_ax : Figure or Axes, optional
        By default the current figure.
    alt : str, optional
        What one should see. By default the words made from the data: see `helpers.plots.alt`.
    """
    from IPython.display import display

    display(image(fig_or_ax, alt))


def image(fig_or_ax=None, alt=None):
    """The display object of `show`; closes the figure.

    Returns
    -------
    object
        With ``html`` (an ``<img alt=...>`` that holds the picture) and ``text`` (the alt text).

    Raises
    ------
    ValueError
        If the figure is empty.
    """
    import base64
    from io import BytesIO

    import matplotlib.pyplot as plt

    figure = plt.gcf() if fig_or_ax is None else fig_or_ax
    figure = figure if hasattr(figure, "savefig") else figure.figure
    if not figure.axes:
        plt.close(figure)
        raise ValueError("the figure is empty: nothing was drawn on it, or it was shown and closed before")
    text = _words(figure) if alt is None else str(alt)
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=144, bbox_inches="tight", facecolor="white")
    plt.close(figure)
    width = int.from_bytes(buffer.getvalue()[16:20], "big") * 2 // 3  # PNG header; 144 dpi shown at 96
    source = base64.b64encode(buffer.getvalue()).decode("ascii")
    html = (
        f'<img alt="{escape(text)}" src="data:image/png;base64,{source}" '
        f'style="width:{width}px;max-width:100%;height:auto">'
    )
    return _html.Shown(html, text)


def _new(ax, size=None):
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=size)[1] if ax is None else ax


def _thousands(axis):
    """Write 10,000 for 10000, and leave small numbers as they are."""
    from matplotlib.ticker import ScalarFormatter

    class Formatter(ScalarFormatter):
        def __call__(self, x, pos=None):
            return f"{x:,.0f}" if abs(x) >= 1000 and x == round(x) else super().__call__(x, pos)

    axis.set_major_formatter(Formatter(useOffset=False))


def _log_axis(ax):
    """A logarithmic vertical axis with plain numbers, and enough of them."""
    from matplotlib.ticker import LogLocator, NullFormatter

    ax.set_yscale("log")
    low, high = ax.get_ylim()
    ax.yaxis.set_major_locator(LogLocator(subs=(1.0,) if high / low > 1000 else (1.0, 2.0, 5.0)))
    ax.yaxis.set_major_formatter("{x:g}")
    ax.yaxis.set_minor_formatter(NullFormatter())


def _label(ax, x, y, title=None):
    ax.set_xlabel(x)
    ax.set_ylabel(y)
    if title:
        ax.set_title(title, loc="left")


def _legend_outside(ax, **kwargs):
    """A legend beside the axes: it never lies over data."""
    ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), borderaxespad=0, handlelength=3.2, **kwargs)


def _list(names, limit=6):
    names = [str(name) for name in names]
    more = f" and {len(names) - limit} more" if len(names) > limit else ""
    return ", ".join(names[:limit]) + more


# --------------------------------------------------------------------------------------------------------- sound


@_styled
def waveform(y, sr, ax=None, title=None):
    """Draw samples against time.

    Parameters
    ----------
    y : (n_samples,)
        Sound in [-1, 1].
    sr : float
        Sample rate in Hz.
    ax : Axes, optional
    title : str, optional

    Returns
    -------
    Axes
    """
    y = _one_sound(y)
    ax = _new(ax, (7.5, 2.7))
    # More samples than pixels: the highest and the lowest of each stretch are what one sees anyway.
    step = max(1, len(y) // 4000)
    if step > 1:
        n = len(y) // step * step
        part = y[:n].reshape(-1, step)
        t = (np.arange(len(part)) + 0.5) * step / sr
        ax.fill_between(t, part.min(axis=1), part.max(axis=1), color=COLOURS[0], linewidth=0.6)
    else:
        ax.plot(np.arange(len(y)) / sr, y, color=COLOURS[0], linewidth=1)
    ax.axhline(0, color="#777777", linewidth=0.6)
    ax.set_xlim(0, len(y) / sr)
    _label(ax, "Time (s)", "Amplitude (1 = full scale)", title)
    if not y.any():
        return _say(ax, f"Waveform of {_num(len(y) / sr)} s at {_num(sr)} Hz: silent, a flat line at 0.")
    rms = np.sqrt(np.mean(y.astype(np.float64) ** 2))
    peak = np.argmax(np.abs(y)) / sr
    quiet = np.mean(np.abs(y) < 0.01 * np.abs(y).max())
    return _say(
        ax,
        f"Waveform of {_num(len(y) / sr)} s at {_num(sr)} Hz, between {_num(y.min())} and {_num(y.max())}; "
        f"the peak is at {_num(peak)} s, the RMS {_num(rms)}; {100 * quiet:.0f} % of the samples lie below a hundredth "
        "of the peak.",
    )


def _one_sound(y):
    y = np.asarray(y)
    if y.ndim != 1 or not len(y):
        raise ValueError(f"one mono sound is needed, (n_samples,) and not empty; the shape is {y.shape}")
    if not np.isfinite(y).all():
        raise ValueError(f"sample {int(np.argmin(np.isfinite(y)))} of {len(y):,} is not finite (NaN or infinite)")
    return y


@_styled
def spectrogram(S_db, sr, hop_length, scale="hz", ax=None, fmax=None, title=None):
    """Draw a spectrogram in dB.

    Parameters
    ----------
    S_db : (n_bins, n_frames)
        Levels in dB: the bins of a Fourier transform from 0 to sr / 2, or bands of a mel filter bank over this range.
    sr : float
        Sample rate in Hz.
    hop_length : int
        Samples from one frame to the next.
    scale : "hz" or "mel"
        What the rows are: equally spaced in Hz, or in mel (Slaney's scale, as librosa has it). The axis is in Hz.
    ax : Axes, optional
    fmax : float, optional
        Upper end of the picture in Hz.
    title : str, optional

    Returns
    -------
    Axes
    """
    S_db = np.asarray(S_db)
    if S_db.ndim != 2 or not S_db.size:
        raise ValueError(f"a spectrogram is (n_bins, n_frames) and not empty; the shape is {S_db.shape}")
    if not np.isfinite(S_db).all():
        raise ValueError("the spectrogram holds values that are not finite: the level of silence is minus infinity "
                         "unless the power is limited from below, 10 * log10(max(power, 1e-10))")  # fmt: skip
    if scale not in ("hz", "mel"):
        raise ValueError(f"scale is 'hz' or 'mel', and not {scale!r}")
    ax = _new(ax)
    n_bins, n_frames = S_db.shape
    left, right = -0.5 * hop_length / sr, (n_frames - 0.5) * hop_length / sr
    if scale == "hz":
        half = 0.5 * (sr / 2) / max(n_bins - 1, 1)
        picture = ax.imshow(
            S_db, origin="lower", aspect="auto", cmap=LEVELS, extent=(left, right, -half, sr / 2 + half)
        )  # fmt: skip
        peak = (sr / 2) * S_db.mean(axis=1).argmax() / max(n_bins - 1, 1)
    else:
        from librosa import hz_to_mel, mel_to_hz

        edges = mel_to_hz(np.linspace(0, hz_to_mel(sr / 2), n_bins + 2))
        times = np.linspace(left, right, n_frames + 1)
        limits = np.concatenate([edges[:1], (edges[1:-2] + edges[2:-1]) / 2, edges[-1:]])
        picture = ax.pcolormesh(times, limits, S_db, cmap=LEVELS, shading="flat", rasterized=True)
        ax.set_yscale("function", functions=(hz_to_mel, mel_to_hz))
        ticks = [tick for tick in (0, 250, 500, 1000, 2000, 4000, 8000, 16000, 32000) if tick <= (fmax or sr / 2)]
        ax.set_yticks(ticks, [f"{tick:,}" for tick in ticks])
        ax.minorticks_off()
        peak = edges[1:-1][S_db.mean(axis=1).argmax()]
    ax.set_xlim(max(left, 0), right)
    ax.set_ylim(0, fmax or sr / 2)
    ax.figure.colorbar(picture, ax=ax, label="Level (dB)", pad=0.015)
    _label(ax, "Time (s)", "Frequency (Hz)" if scale == "hz" else "Frequency (Hz, mel scale)", title)
    if scale == "hz":
        ax.yaxis.set_major_formatter("{x:,.0f}")
    kind = "Spectrogram" if scale == "hz" else f"Mel spectrogram with {n_bins} bands"
    return _say(
        ax,
        f"{kind}: time from 0 to {_num(n_frames * hop_length / sr)} s, frequency from 0 to {_num(fmax or sr / 2)} Hz, "
        f"levels from {S_db.min():.0f} to {S_db.max():.0f} dB. On average the level is highest near {_num(peak)} Hz.",
    )


@_styled
def harmonics(ax, f0, start=None, end=None, n_harmonics=10):
    """Draw the harmonic series of a note over a spectrogram: lines at f0, 2 f0, 3 f0 and so on.

    Parameters
    ----------
    ax : Axes
        Of `spectrogram`, with time in s and frequency in Hz.
    f0 : float
        Fundamental frequency in Hz.
    start, end : float, optional
        Seconds over which the note lasts; by default the whole picture.
    n_harmonics : int
        How many lines; those above the picture are left out.

    Returns
    -------
    Axes
    """
    left, right = ax.get_xlim()
    low, high = ax.get_ylim()
    start, end = left if start is None else start, right if end is None else end
    lines = [k * f0 for k in range(1, n_harmonics + 1) if low < k * f0 < high]
    if not lines:
        raise ValueError(f"no harmonic of {_num(f0)} Hz lies between {_num(low)} and {_num(high)} Hz: is f0 in Hz?")
    # Long gaps: what lies on a line has to be seen through it.
    ax.hlines(lines, start, end, colors="white", linestyles=(0, (2, 6)), linewidth=1.5)
    return _say(
        ax,
        f"Dotted lines from {_num(start)} to {_num(end)} s mark {len(lines)} harmonics of {_num(f0)} Hz, "
        f"up to {_num(lines[-1])} Hz.",
    )


@_styled
def onsets(ax, times, label="onset"):
    """Draw vertical lines where notes start, over a waveform or a spectrogram.

    Parameters
    ----------
    ax : Axes
        With time in s along the horizontal axis.
    times : (n_notes,)
        Seconds.
    label : str
        What the lines mark, in the singular.

    Returns
    -------
    Axes
    """
    from matplotlib.collections import QuadMesh

    times = np.atleast_1d(np.asarray(times, dtype=float))
    on_picture = ax.images or any(isinstance(part, QuadMesh) for part in ax.collections)
    for time in times:
        ax.axvline(time, color="white" if on_picture else COLOURS[1], linestyle=(0, (2, 1)), linewidth=2)
    if not len(times):
        return _say(ax, f"No {label} is marked.")
    marks = _list([f"{_num(time)} s" for time in times], 12)
    return _say(ax, f"Dashed vertical lines mark {len(times)} {label}{'s' if len(times) > 1 else ''}: {marks}.")


@_styled
def mel_filters(bank, sr, ax=None, title=None):
    """Draw a mel filter bank: one triangle a band.

    Parameters
    ----------
    bank : (n_mels, 1 + n_fft // 2)
        Weights, as from `librosa.filters.mel`.
    sr : float
        Sample rate in Hz.
    ax : Axes, optional
    title : str, optional

    Returns
    -------
    Axes
    """
    bank = np.asarray(bank)
    ax = _new(ax)
    freq = np.linspace(0, sr / 2, bank.shape[1])
    for i, row in enumerate(bank):
        ax.plot(freq, row, color=COLOURS[i % 3], linestyle=DASHES[i % 3 if len(bank) <= 40 else 0], linewidth=1.2)
    ax.set_xlim(0, sr / 2)
    ax.set_ylim(0)
    ax.xaxis.set_major_formatter("{x:,.0f}")
    _label(ax, "Frequency (Hz)", "Weight (per Hz)", title)
    peaks = freq[bank.argmax(axis=1)]
    empty = int((bank.max(axis=1) <= 0).sum())
    text = (
        f"{len(bank)} triangular filters from 0 to {_num(sr / 2)} Hz: narrow and close together at low frequencies, "
        f"wide at high ones. The lowest peaks at {_num(peaks[0])} Hz, the highest at {_num(peaks[-1])} Hz."
    )
    return _say(ax, text + (f" {empty} of them are empty: too narrow to hold a bin." if empty else ""))


@_styled
def lines(curves, x_label, y_label, log_y=False, ax=None, title=None):
    """Draw curves that differ in colour, dashes and markers, with a legend beside them.

    Parameters
    ----------
    curves : dict
        name -> (x, y), or name -> y (against 0, 1, 2, ...).
    x_label, y_label : str
        With units: "Frequency (Hz)".
    log_y : bool
        Logarithmic vertical axis.
    ax : Axes, optional
    title : str, optional

    Returns
    -------
    Axes
    """
    if not curves:
        raise ValueError("there is no curve to draw")
    ax = _new(ax)
    sentences = []
    for i, (name, curve) in enumerate(curves.items()):
        x, y = curve if isinstance(curve, tuple) else (np.arange(len(curve)), curve)
        x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
        if len(x) != len(y):
            raise ValueError(f"curve {name!r} has {len(x)} places but {len(y)} values")
        few = len(x) <= 40
        ax.plot(
            x, y, label=str(name), color=COLOURS[i % len(COLOURS)], linestyle=DASHES[i % len(DASHES)],
            marker=MARKERS[i % len(MARKERS)] if few or len(curves) > 1 else None, markevery=1 if few else len(x) // 12,
            markersize=5, linewidth=1.8 if few else 1.3,
        )  # fmt: skip
        sentences.append(_curve(str(name), y))
    if log_y:
        _log_axis(ax)
    ax.grid(True, axis="y")
    _thousands(ax.xaxis)
    _label(ax, x_label, y_label, title)
    if len(curves) > 1:
        _legend_outside(ax)
    return _say(ax, f"{y_label}{', logarithmic,' if log_y else ''} against {x_label}.", *sentences)


# ---------------------------------------------------------------------------------------------------------- data


@_styled
def feature_heatmap(X, row_names=None, frame_step=None, x_label="Frame", y_label="Feature", value_label="Value",
                    ax=None, title=None):  # fmt: skip
    """Draw a table of features as an image.

    Parameters
    ----------
    X : (n_rows, n_columns)
        Features over frames, or clips over features: rows from top to bottom.
    row_names : sequence of str, optional
    frame_step : float, optional
        Seconds from column to column; the axis is then time in s.
    x_label, y_label, value_label : str
        With units.
    ax : Axes, optional
    title : str, optional

    Returns
    -------
    Axes
    """
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or not X.size:
        raise ValueError(f"a heat map needs a table (n_rows, n_columns); the shape is {X.shape}")
    if row_names is not None and len(row_names) != len(X):
        raise ValueError(f"{len(row_names)} names for {len(X)} rows")
    ax = _new(ax, (7.5, np.clip(0.22 * len(X) + 1.2, 2.6, 7)))
    n_rows, n_columns = X.shape
    step = 1 if frame_step is None else frame_step
    picture = ax.imshow(
        np.ma.masked_invalid(X), aspect="auto", cmap=VALUES, interpolation="nearest",
        extent=(-step / 2, (n_columns - 0.5) * step, n_rows - 0.5, -0.5),
    )  # fmt: skip
    ax.figure.colorbar(picture, ax=ax, label=value_label, pad=0.015)
    if row_names is not None:
        every = int(np.ceil(n_rows / 40))
        ax.set_yticks(range(0, n_rows, every), list(row_names)[::every], fontsize=11 if n_rows <= 14 else 9)
    x_label = x_label if frame_step is None else "Time (s)"
    _label(ax, x_label, y_label, title)
    finite = X[np.isfinite(X)]
    if not len(finite):
        return _say(ax, f"Table of {n_rows} rows and {n_columns} columns without a finite value.")
    names = [f"row {i}" for i in range(n_rows)] if row_names is None else [str(name) for name in row_names]
    spread = np.nan_to_num(np.nanstd(np.where(np.isfinite(X), X, np.nan), axis=1)) if n_columns > 1 else None
    text = (
        f"{y_label} against {x_label}: {n_rows} rows, {n_columns} columns, from {_num(finite.min())} to "
        f"{_num(finite.max())}."
    )
    more = [] if spread is None else [f"{names[int(spread.argmax())]} varies most."]
    if lost := X.size - len(finite):
        more.append(f"{lost} cells are not finite and left white.")
    return _say(ax, text, *more)


@_styled
def class_counts(labels, classes, groups=None, group_name="group", ax=None, title=None):
    """Draw how many items, and how many groups, each class has.

    Parameters
    ----------
    labels : (n_items,) int
        Classes 0 .. len(classes) - 1.
    classes : sequence of str
    groups : (n_items,) array, optional
        What each item belongs to; their number stands at the end of each bar.
    group_name : str
        What a group is, in the singular: "recording".
    ax : Axes, optional
    title : str, optional

    Returns
    -------
    Axes
    """
    labels = np.asarray(labels)
    classes = as_names(classes)
    counts = np.bincount(labels, minlength=len(classes))
    if len(counts) > len(classes):
        raise ValueError(f"a label is {len(counts) - 1}, but there are {len(classes)} class names (0 and up)")
    ax = _new(ax, (7.5, 0.28 * len(classes) + 1.1))
    places = np.arange(len(classes))
    ax.barh(places, counts, color=COLOURS[0], height=0.72)
    for c, count in enumerate(counts):
        text = f" {count:,}"
        if groups is not None:
            n = len(np.unique(np.asarray(groups)[labels == c]))
            text += f" in {_html.count(n, group_name)}"
        ax.text(count, c, text, va="center", fontsize=9.5)
    ax.set_yticks(places, classes)
    ax.set_xlim(0, max(counts.max(), 1) * (1.32 if groups is not None else 1.14))
    ax.xaxis.set_major_formatter("{x:,.0f}")
    ax.set_ylim(len(classes) - 0.4, -0.6)
    _label(ax, "Number of items", "Class", title)
    big, small = int(counts.argmax()), int(counts.argmin())
    text = f"{counts.sum():,} items in {len(classes)} classes: "
    if counts[big] == counts[small]:
        text += f"{counts[big]:,} in each"
    else:
        text += f"most in {classes[big]} ({counts[big]:,}), fewest in {classes[small]} ({counts[small]:,})"
    if groups is not None:
        text += f"; {_html.count(len(np.unique(np.asarray(groups))), group_name)} in all"
    return _say(ax, f"{text}.")


@_styled
def scatter(x, y, labels, classes, x_label, y_label, ax=None, title=None):
    """Draw items as points, each class with its own colour and marker.

    Parameters
    ----------
    x, y : (n_items,)
    labels : (n_items,) int
        Classes 0 .. len(classes) - 1.
    classes : sequence of str
    x_label, y_label : str
        With units.
    ax : Axes, optional
    title : str, optional

    Returns
    -------
    Axes
    """
    x, y, labels, classes = np.asarray(x, dtype=float), np.asarray(y, dtype=float), np.asarray(labels), as_names(classes)
    if not len(x) == len(y) == len(labels):
        raise ValueError(f"{len(x)} and {len(y)} values for {len(labels)} labels: each item needs all three")
    ax = _new(ax, (7.5, 4.6))
    for c in np.unique(labels):
        ax.plot(
            x[labels == c], y[labels == c], linestyle="none", label=str(classes[c]), alpha=0.75,
            marker=MARKERS[c % len(MARKERS)], color=COLOURS[c % len(COLOURS)], markersize=5.5,
            markerfacecolor=COLOURS[c % len(COLOURS)] if c // len(MARKERS) % 2 == 0 else "none", markeredgewidth=0.8,
        )  # fmt: skip
    _thousands(ax.xaxis)
    _thousands(ax.yaxis)
    _label(ax, x_label, y_label, title)
    _legend_outside(ax)
    middle = {str(classes[c]): (np.nanmedian(x[labels == c]), np.nanmedian(y[labels == c])) for c in np.unique(labels)}
    low, high = (f(middle, key=lambda name: middle[name][0]) for f in (min, max))
    text = (
        f"{len(x):,} points in {len(middle)} classes: {x_label} from {_num(np.nanmin(x))} to {_num(np.nanmax(x))}, "
        f"{y_label} from {_num(np.nanmin(y))} to {_num(np.nanmax(y))}."
    )
    if len(middle) == 1:
        return _say(ax, text)
    return _say(
        ax, text,
        f"By the median of {x_label}, {low} lies lowest ({_num(middle[low][0])}) and {high} highest "
        f"({_num(middle[high][0])}).",
    )  # fmt: skip


@_styled
def histogram(values, x_label, bins=40, ax=None, title=None):
    """Draw one or several distributions on the same bins.

    Parameters
    ----------
    values : (n,) array, or dict of name -> (n,) array
    x_label : str
        With unit.
    bins : int
    ax : Axes, optional
    title : str, optional

    Returns
    -------
    Axes
    """
    sets = values if isinstance(values, Mapping) else {"": values}
    sets = {name: np.asarray(v, dtype=float).ravel() for name, v in sets.items()}
    for name, v in sets.items():
        if not len(v) or not np.isfinite(v).all():
            raise ValueError(f"a histogram needs finite values, at least one{f'; look at {name!r}' if name else ''}")
    ax = _new(ax)
    edges = np.histogram_bin_edges(np.concatenate(list(sets.values())), bins=bins)
    sentences = []
    for i, (name, v) in enumerate(sets.items()):
        colour = COLOURS[i % len(COLOURS)]
        # Shares, not counts, as soon as two sets of different size are compared.
        weights = np.full(len(v), 1 / len(v)) if len(sets) > 1 else None
        if len(sets) == 1:
            ax.hist(v, edges, color=colour, edgecolor="white", linewidth=0.5)
        else:
            ax.hist(v, edges, weights=weights, histtype="stepfilled", facecolor=colour, alpha=0.22)
            ax.hist(v, edges, weights=weights, histtype="step", edgecolor=colour, linewidth=1.8,
                    linestyle=DASHES[i % len(DASHES)])  # fmt: skip
        quarter = np.quantile(v, [0.05, 0.5, 0.95])
        sentences.append(
            f"{f'{name}: ' if name else ''}{len(v):,} values, median {_num(quarter[1])}, nine tenths between "
            f"{_num(quarter[0])} and {_num(quarter[2])}, smallest {_num(v.min())}."
        )
    if len(sets) > 1:
        from matplotlib.lines import Line2D

        handles = [
            Line2D([], [], color=COLOURS[i % len(COLOURS)], linestyle=DASHES[i % len(DASHES)], label=str(name))
            for i, name in enumerate(sets)
        ]
        _legend_outside(ax, handles=handles)
    _label(ax, x_label, "Number of items" if len(sets) == 1 else "Share of the items", title)
    return _say(ax, f"Distribution of {x_label}.", *sentences)


# ------------------------------------------------------------------------------------------------------ training


def _series(history, key):
    history = getattr(history, "history", history)
    if key not in history:
        raise KeyError(f"the history has no {key!r}; it has {', '.join(map(repr, history)) or 'nothing'}")
    return np.asarray(history[key], dtype=float)


@_styled
def learning_curves(history, metric="loss", ax=None, title=None):
    """Draw a metric on training and, if there is one, validation data against the epoch.

    A loss stands on a logarithmic axis: a small loss that doubles is as visible as a large one.

    Parameters
    ----------
    history : keras History, or dict of lists
    metric : str
        "loss", "accuracy", or any other name in the history; "val_" + metric is drawn too if it is there.
    ax : Axes, optional
    title : str, optional

    Returns
    -------
    Axes

    Raises
    ------
    KeyError
        If the history has no such metric; says which it has.
    """
    train = _series(history, metric)
    epochs = np.arange(1, len(train) + 1)
    curves = {"training": (epochs, train)}
    has_val = f"val_{metric}" in getattr(history, "history", history)
    if has_val:
        curves["validation"] = (epochs, _series(history, f"val_{metric}"))
    is_loss = "loss" in metric
    ax = lines.__wrapped__(curves, "Epoch", _metric_label(metric), log_y=is_loss, ax=ax, title=title)
    _whole_epochs(ax, len(train))
    if has_val and np.isfinite(curves["validation"][1]).any():
        val = curves["validation"][1]
        best = int(np.nanargmin(val) if is_loss else np.nanargmax(val))
        _say(ax, f"Validation is best in epoch {best + 1} of {len(train)}, at {_num(val[best])}.")
    return ax


def _metric_label(metric):
    return {"loss": "Loss (mean per item)", "acc": "Accuracy"}.get(metric, metric.replace("_", " ").capitalize())


def _whole_epochs(ax, n):
    from matplotlib.ticker import MaxNLocator

    ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=10))
    margin = max(0.5, 0.02 * n)
    ax.set_xlim(1 - margin, n + margin)


@_styled
def sweep(results, key="loss", ax=None, title=None):
    """Draw one curve for each learning rate, the loss on a logarithmic axis.

    Parameters
    ----------
    results : dict
        rate -> dict of lists ("loss", "val_loss", ...), or rate -> keras History.
    key : str
        What to draw.
    ax : Axes, optional
    title : str, optional

    Returns
    -------
    Axes
    """
    rates = sorted(results, key=float, reverse=True)
    curves = {}
    for rate in rates:
        y = _series(results[rate], key)
        curves[f"rate {float(rate):g}"] = (np.arange(1, len(y) + 1), y)
    is_loss = "loss" in key
    where = "validation" if key.startswith("val_") else "training"
    label = f"{_metric_label(key.removeprefix('val_'))}, {where} data"
    ax = lines.__wrapped__(curves, "Epoch", label, log_y=is_loss, ax=ax, title=title)
    _whole_epochs(ax, max(len(y) for _, y in curves.values()))
    best = {name: (np.nanmin if is_loss else np.nanmax)(y) for name, (_, y) in curves.items() if np.isfinite(y).any()}
    if best:
        name = (min if is_loss else max)(best, key=best.get)
        _say(ax, f"{'Lowest' if is_loss else 'Highest'} of all: {_num(best[name])}, with {name}.")
    return ax


# -------------------------------------------------------------------------------------------------------- scores


@_styled
def confusion(report_or_cm, classes=None, ax=None, title=None):
    """Draw a confusion matrix: rows are the truth, columns what they were taken for, shaded by the share of the row.

    Parameters
    ----------
    report_or_cm : helpers.evaluate.Report, or (n_classes, n_classes) int
    classes : sequence of str, optional
        Needed with a plain matrix.
    ax : Axes, optional
    title : str, optional

    Returns
    -------
    Axes
    """
    cm = report_or_cm
    if hasattr(cm, "confusion"):
        cm, classes, title = cm.confusion, cm.classes, title or cm.data
    cm = np.asarray(cm)
    if cm.ndim != 2 or cm.shape[0] != cm.shape[1]:
        raise ValueError(f"a confusion matrix is (n_classes, n_classes); the shape is {cm.shape}")
    classes = None if classes is None else as_names(classes)
    if classes is None or len(classes) != len(cm):
        raise ValueError(
            f"{len(cm)} class names are needed, one a row; there are {0 if classes is None else len(classes)}"
        )
    n = len(cm)
    side = np.clip(0.52 * n + 1.9, 3.6, 9.5)
    ax = _new(ax, (side + 1.0, side))
    totals = cm.sum(axis=1, keepdims=True)
    share = np.divide(cm, totals, out=np.zeros(cm.shape), where=totals > 0)
    picture = ax.imshow(share, cmap="Blues", vmin=0, vmax=1)
    size = np.clip(11.5 - 0.25 * n, 7.5, 11)
    for t in range(n):
        for p in range(n):
            if cm[t, p]:
                ax.text(p, t, f"{cm[t, p]:,}", ha="center", va="center", fontsize=size,
                        color="white" if share[t, p] > 0.55 else "black")  # fmt: skip
    ax.set_xticks(range(n), classes, rotation=45 if n <= 6 else 90, ha="right" if n <= 6 else "center")
    ax.set_yticks(range(n), classes)
    ax.spines[["top", "right"]].set_visible(True)
    ax.figure.colorbar(picture, ax=ax, label="Share of the true class", shrink=0.8, pad=0.02)
    _label(ax, "Predicted class", "True class", title)
    total = int(cm.sum())
    if not total:
        return _say(ax, "An empty confusion matrix: no item was scored.")
    off = np.where(np.eye(n, dtype=bool), 0, cm)
    pairs = [np.unravel_index(i, cm.shape) for i in np.argsort(-off, axis=None, kind="stable")[:3]]
    text = [f"{classes[t]} taken for {classes[p]}, {off[t, p]:,} of {totals[t, 0]:,}" for t, p in pairs if off[t, p]]
    found = np.where(totals[:, 0] > 0, np.diag(share), np.nan)
    best, worst = int(np.nanargmax(found)), int(np.nanargmin(found))
    return _say(
        ax,
        f"Confusion matrix of {total:,} items in {n} classes, rows the truth; {np.trace(cm):,} on the diagonal "
        f"({np.trace(cm) / total:.1%}).",
        f"Largest confusions: {'; '.join(text)}." if text else "No item was confused.",
        f"Found best: {classes[best]} ({found[best]:.0%}); least: {classes[worst]} ({found[worst]:.0%}).",
    )


@_styled
def reliability(calibration, ax=None, title=None):
    """Draw how often a model was right against how sure it was; on the diagonal the two agree.

    Parameters
    ----------
    calibration : helpers.evaluate.Calibration
    ax : Axes, optional
    title : str, optional

    Returns
    -------
    Axes
    """
    c = calibration
    ax = _new(ax, (7.0, 4.2))
    width = np.diff(c.edges)
    full = c.count > 0
    ax.bar(c.edges[:-1][full], c.accuracy[full], width[full], align="edge", color=COLOURS[0], alpha=0.35,
           edgecolor=COLOURS[0], label="how often right")  # fmt: skip
    ax.plot(c.confidence[full], c.accuracy[full], linestyle="none", marker="o", color=COLOURS[0],
            label="mean of the bin")  # fmt: skip
    ax.plot([0, 1], [0, 1], linestyle="--", color="#1A1A1A", linewidth=1.3, label="right as often as sure")
    for i in np.flatnonzero(full):
        ax.text((c.edges[i] + c.edges[i + 1]) / 2, 0.015, f"{c.count[i]:,}", ha="center", va="bottom", fontsize=8,
                rotation=90)  # fmt: skip
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1.02)
    _label(ax, "Confidence (largest probability)", "Share that was right", title)
    _legend_outside(ax)
    n = c.count.sum()
    sure = np.nansum(c.confidence * c.count) / n
    right = np.nansum(c.accuracy * c.count) / n
    how = "too sure" if sure > right + 0.005 else "not sure enough" if sure < right - 0.005 else "as sure as right"
    return _say(
        ax,
        f"Reliability of {n:,} predictions: mean confidence {sure:.3f}, right {right:.3f}, so on average {how}; "
        f"expected calibration error {c.error:.3f}, log loss {_num(c.log_loss)}.",
    )


@_styled
def score_intervals(scores, ax=None, title=None):
    """Draw scores with their intervals, one row each; published scores are hollow and have none.

    Parameters
    ----------
    scores : sequence of helpers.evaluate.Score
    ax : Axes, optional
    title : str, optional

    Returns
    -------
    Axes
    """
    scores = list(scores)
    if not scores:
        raise ValueError("there are no scores to draw")
    from helpers.evaluate import same_measures

    measure, _ = same_measures(scores)
    measure = measure[0].upper() + measure[1:]
    ax = _new(ax, (7.5, 0.5 * len(scores) + 1.2))
    names, sentences = [], []
    for i, s in enumerate(scores):
        model = f"{s.kind}: {s.model}" if s.kind else s.model
        names.append(f"{model}\n{s.data}, {s.split}")
        if s.interval is None:
            ax.plot(s.accuracy, i, marker="D", color=COLOURS[1], markerfacecolor="white", markeredgewidth=1.8)
            sentences.append(f"{model}: {s.accuracy:.3f}, {s.source or s.over}.")
        else:
            ax.plot(s.interval, [i, i], color=COLOURS[0], linewidth=2.2, marker="|", markersize=9)
            ax.plot(s.accuracy, i, marker="o", color=COLOURS[0])
            sentences.append(f"{model}: {s.accuracy:.3f}, {s.interval[0]:.3f} to {s.interval[1]:.3f} over {s.over}.")
    ax.set_yticks(range(len(scores)), names, fontsize=9.5)
    ax.set_ylim(len(scores) - 0.5, -0.5)
    ax.grid(True, axis="x")
    _label(ax, f"{measure} with 95 % interval (hollow: no interval)", "Model, data and split", title)
    return _say(ax, f"{measure} of {len(scores)} models.", *sentences)


@_styled
def timeline(heard, played=None, ax=None, title=None):
    """Draw who is heard in which second: a row an instrument, filled where it is heard, framed where it really plays.

    Parameters
    ----------
    heard : helpers.duets.Heard
    played : (n_spans, 3) array, optional
        Who really plays: start s, stop s, number of the instrument.
    ax : Axes, optional
    title : str, optional

    Returns
    -------
    Axes
    """
    from matplotlib.patches import Patch

    n = len(heard.names)
    ax = _new(ax, (10.0, 0.62 * n + 1.2))
    low, high = heard.edges[:-1], heard.edges[1:]
    said, numbered = heard.said, len(heard.proba) <= 40
    for k in np.flatnonzero(heard.silent):
        ax.axvspan(low[k], high[k], color="#E6E6E6", zorder=0)
    for c in range(n):
        ax.axhline(c, color="#D9D9D9", linewidth=0.8, zorder=0)
        for k in range(len(low)):
            if said[k, c]:
                ax.barh(c, high[k] - low[k], left=low[k], height=0.56, color=COLOURS[0], linewidth=0)
            if numbered and not heard.silent[k]:
                number = f"{heard.proba[k, c]:.1f}".replace("0.", ".")
                colour = "white" if said[k, c] else "#555555"
                ax.text((low[k] + high[k]) / 2, c, number, ha="center", va="center", fontsize=7.5, color=colour)
    for start, stop, code in [] if played is None else played:
        ax.barh(int(code), stop - start, left=start, height=0.84, fill=False, edgecolor=COLOURS[1], linewidth=2.4)
    keys = [Patch(color=COLOURS[0], label="heard by the network")]
    keys += [] if played is None else [Patch(fill=False, edgecolor=COLOURS[1], linewidth=2.4, label="really plays")]
    keys += [Patch(color="#E6E6E6", label="silence")] if heard.silent.any() else []
    _legend_outside(ax, handles=keys)
    ax.set_yticks(range(n), heard.names)
    ax.set_ylim(n - 0.45, -0.55)
    ax.set_xlim(0, heard.seconds)
    if heard.seconds <= 20:
        ax.set_xticks(np.arange(0, heard.seconds + 1e-9))  # the seconds themselves
    _label(ax, "Time in the recording (s)", "Instrument")
    if title:
        ax.set_title(f"{title} (numbers: how sure the network is)" if numbered else title, loc="left")
    sentences = [f"Timeline of {_num(heard.seconds)} s, a row for each of {_list(heard.names)}."]
    for c, name in enumerate(heard.names):
        spans = [f"{_num(a)} to {_num(b)} s" for a, b, who, _ in _joined(heard, c) if who]
        text = f"{name} is heard in {', '.join(spans)}" if spans else f"{name} is never heard"
        if played is not None:
            truth = [f"{_num(a)} to {_num(b)} s" for a, b, code in played if int(code) == c]
            text += f"; it really plays in {', '.join(truth)}" if truth else "; it never plays"
        sentences.append(f"{text}.")
    return _say(ax, *sentences)


def _joined(heard, c):
    """Stretches of one instrument: (start, stop, heard or not, None), neighbours with one answer joined."""
    said = heard.said[:, c]
    starts = np.flatnonzero(np.r_[True, said[1:] != said[:-1]])
    return [(heard.edges[a], heard.edges[b], said[a], None) for a, b in zip(starts, [*starts[1:], len(said)], strict=True)]
