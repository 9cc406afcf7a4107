"""Made-up music: a key, a round of chords, and parts that follow them. The songs and pieces of the practice sets use it.

A *part* is a list of :class:`Sound`: who plays it and how it sounds is the business of `ensemble`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["Sound", "Tune", "arpeggio", "bass_line", "chords", "draw_tune", "drums", "melody", "sounding_spans"]

MAJOR, MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)
# Rounds of chords, by degree of the scale (0 is the tonic).
ROUNDS = ((0, 3, 4, 0), (0, 5, 3, 4), (0, 4, 5, 3), (1, 4, 0, 0), (0, 3, 0, 4), (5, 3, 0, 4), (0, 2, 3, 4), (0, 6, 5, 4))
# Ways to fill two beats, in beats.
_RHYTHMS = (
    (2.0,), (1.5, 0.5), (1.0, 1.0), (1.0, 0.5, 0.5), (0.5, 0.5, 1.0), (0.75, 0.25, 1.0), (0.5, 1.0, 0.5),
    (0.5, 0.5, 0.5, 0.5), (2 / 3, 2 / 3, 2 / 3), (0.5, 0.25, 0.25, 0.5, 0.5), (0.25,) * 8,
)  # fmt: skip


@dataclass(frozen=True)
class Sound:
    """One note of a part: `start` and `duration` in seconds, MIDI `key` and `velocity`."""

    start: float
    duration: float
    key: int
    velocity: int


@dataclass(frozen=True)
class Tune:
    """What the players of a piece share.

    `beat` is the length of a beat in seconds, four beats are a bar; `scale` holds the seven pitch classes (0 is C),
    `degrees` the round of chords, one a bar; `swing` is the share of a beat before its second half.
    """

    beat: float
    scale: tuple[int, ...]
    degrees: tuple[int, ...]
    swing: float = 0.5
    sevenths: bool = False

    def chord(self, time: float) -> tuple[int, ...]:
        """Pitch classes of the chord at a time in seconds, the root first."""
        degree = self.degrees[int(time / (4 * self.beat) + 1e-6) % len(self.degrees)]
        return tuple(self.scale[(degree + third) % 7] for third in ((0, 2, 4, 6) if self.sevenths else (0, 2, 4)))


def draw_tune(rng, tempo=(70.0, 150.0), minor: float = 0.4, swing: float = 0.25, rounds=ROUNDS) -> Tune:
    """Draw key, mode, tempo (in beats a minute) and a round of chords from a numpy random Generator."""
    tonic = int(rng.integers(12))
    mode = MINOR if rng.uniform() < minor else MAJOR
    return Tune(
        beat=60.0 / float(rng.uniform(*tempo)),
        scale=tuple((tonic + step) % 12 for step in mode),
        degrees=rounds[int(rng.integers(len(rounds)))],
        swing=float(rng.uniform(0.58, 0.68)) if rng.uniform() < swing else 0.5,
        sevenths=bool(rng.uniform() < 0.35),
    )


def melody(tune, rng, keys, start, stop, *, busy=0.5, legato=0.9, rest=0.07, leap=0.2, chromatic=0.0, loud=90):
    """A line of single notes: steps along the scale, chord notes on the first of two beats.

    Parameters
    ----------
    tune : Tune
    rng : Generator
    keys : sequence of int
        The MIDI keys that may be played.
    start, stop : float
        Seconds between which notes begin and end.
    busy : float
        0 for long notes, 1 for many short ones.
    legato : float
        Share of its time for which a note is held; above 1 notes overlap.
    rest, leap, chromatic : float
        Chances of leaving a note out, of jumping, of a note beside the scale.
    loud : int
        Mean velocity.

    Returns
    -------
    list of Sound
    """
    pool = _in_scale(keys, tune.scale)
    order = sorted(range(len(_RHYTHMS)), key=lambda i: len(_RHYTHMS[i]))
    weights = np.exp(-((np.linspace(0, 1, len(order)) - busy) ** 2) / 0.08)
    at, out, rested = start, [], False
    place = int(len(pool) * rng.uniform(0.3, 0.7))
    motif = [_RHYTHMS[order[i]] for i in rng.choice(len(order), size=2, p=weights / weights.sum())]
    while at < stop - 0.12:
        pattern = motif[int(rng.integers(2))] if rng.uniform() < 0.7 else _RHYTHMS[
            order[int(rng.choice(len(order), p=weights / weights.sum()))]]
        for number, beats in enumerate(pattern):
            length = min(beats * tune.beat, stop - at)
            if length < 0.06:
                break
            if number == 0:
                place = _nearest_chord(pool, place, tune.chord(at))
            else:
                place += int(rng.choice((-1, 1))) * int(rng.integers(3, 6) if rng.uniform() < leap else
                                                        rng.integers(1, 3))
            if not 0 <= place < len(pool):
                place = min(max(place, 2), len(pool) - 3) if len(pool) > 5 else len(pool) // 2
            key = pool[place]
            if chromatic and rng.uniform() < chromatic and key + 1 in keys:
                key += 1
            rested = not rested and rng.uniform() < rest
            if not rested:
                out.append(_sound(rng, _swung(tune, at, start), length * legato, key, loud))
            at += length
            if at >= stop - 0.06:
                break
    return out


def arpeggio(tune, rng, keys, start, stop, *, notes_a_beat=2, ring=1.5, loud=80):
    """Broken chords, up and down; each note rings on for `ring` times its own length."""
    step, at, out = tune.beat / notes_a_beat, start, []
    width = int(rng.integers(4, 7))
    shape = list(range(width)) + list(range(width - 2, 0, -1)) if rng.uniform() < 0.6 else list(range(width))
    centre = float(rng.uniform(0.25, 0.6))
    number = 0
    while at < stop - 0.06:
        tones = _chord_keys(keys, tune.chord(at))
        low = int(centre * max(0, len(tones) - width))
        key = tones[min(low + shape[number % len(shape)], len(tones) - 1)]
        out.append(_sound(rng, at, min(step * ring, stop - at), key, loud + (8 if number % 4 == 0 else 0)))
        at, number = at + step, number + 1
    return out


def chords(tune, rng, keys, start, stop, *, size=4, hits=None, spread=0.0, hold=0.9, loud=80):
    """Whole chords in a rhythm of one bar.

    Parameters
    ----------
    tune, rng, keys, start, stop, loud
        As for :func:`melody`.
    size : int
        Notes of a chord.
    hits : sequence of float, optional
        Beats of the bar on which a chord is struck; drawn where left out.
    spread : float
        Seconds from one note of a chord to the next (a strum).
    hold : float
        Share of the time until the next chord for which it is held.

    Returns
    -------
    list of Sound
    """
    patterns = ((0,), (0, 2), (0, 1, 2, 3), (0, 1.5, 3), (1, 3), (0, 1, 1.5, 2.5, 3), (0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5))
    hits = patterns[int(rng.integers(len(patterns)))] if hits is None else hits
    bar, out, centre = 4 * tune.beat, [], float(rng.uniform(0.2, 0.6))
    first = int(np.floor(start / bar))
    times = [bar * number + beat * tune.beat for number in range(first, int(np.ceil(stop / bar)) + 1) for beat in hits]
    for at, after in zip(times, [*times[1:], times[-1] + bar], strict=True):
        if at < start - 1e-6 or at >= stop - 0.06:
            continue
        tones = _chord_keys(keys, tune.chord(at))
        low = int(centre * max(0, len(tones) - size))
        length = min((after - at) * hold, stop - at)
        for number, key in enumerate(tones[low : low + size]):
            if (later := number * spread) < length - 0.03:
                out.append(_sound(rng, at + later, length - later, key, loud))
    return out


def bass_line(tune, rng, keys, start, stop, *, loud=85):
    """Roots and fifths below the others, in one of a few rhythms."""
    hits = ((0, 2), (0,), (0, 1, 2, 3), (0, 1.5, 2, 3.5))[int(rng.integers(4))]
    bar, out = 4 * tune.beat, []
    for number in range(int(np.floor(start / bar)), int(np.ceil(stop / bar)) + 1):
        for i, beat in enumerate(hits):
            at = bar * number + beat * tune.beat
            length = ((hits[i + 1] if i + 1 < len(hits) else 4) - beat) * tune.beat * 0.9
            if start - 1e-6 <= at < stop - 0.06:
                chord = tune.chord(at)
                wanted = chord[0] if i % 2 == 0 else chord[2]
                key = next((key for key in keys if key % 12 == wanted), keys[0])
                out.append(_sound(rng, at, min(length, stop - at), key, loud))
    return out


def drums(tune, rng, start, stop, *, loud=90):
    """Kick, snare and cymbal (General MIDI keys of bank 128) in a rhythm of one bar."""
    kick = ((0, 2), (0, 1.5, 2), (0, 2.5), (0, 1, 2, 3), (0, 0.75, 2, 2.75))[int(rng.integers(5))]
    snare = ((1, 3), (2,), (1, 3, 3.5), (1, 2.75))[int(rng.integers(4))]
    cymbal, steps = int(rng.choice((42, 51, 46))), int(rng.choice((1, 2, 2, 4)))
    snare_key = int(rng.choice((38, 40, 37)))
    beats = [(beat, 36) for beat in kick] + [(beat, snare_key) for beat in snare]
    beats += [(i / steps, cymbal) for i in range(4 * steps)]
    bar, out = 4 * tune.beat, []
    for number in range(int(np.floor(start / bar)), int(np.ceil(stop / bar)) + 1):
        for beat, key in sorted(beats):
            at = _swung(tune, bar * number + beat * tune.beat, 0.0)
            if start - 1e-6 <= at < stop - 0.06:
                out.append(_sound(rng, at, 0.4, key, loud - (18 if key == cymbal else 0)))
    return out


def sounding_spans(sounds, gap: float = 0.25):
    """When a part is heard: spans of its notes in seconds, those less than `gap` apart joined.

    Returns
    -------
    (n_spans, 2) float array
        Start and stop of each span, in order.
    """
    spans = []
    for sound in sorted(sounds, key=lambda one: one.start):
        if spans and sound.start - spans[-1][1] < gap:
            spans[-1][1] = max(spans[-1][1], sound.start + sound.duration)
        else:
            spans.append([sound.start, sound.start + sound.duration])
    return np.array(spans, dtype=float).reshape(-1, 2)


def _sound(rng, start, duration, key, loud):
    """A note as a person plays it: not quite on time, not quite as loud as the last."""
    velocity = int(np.clip(loud + rng.normal(0, 8), 20, 127))
    return Sound(max(0.0, start + float(rng.normal(0, 0.006))), max(0.05, duration), int(key), velocity)


def _swung(tune, at, origin):
    """The second half of a beat comes later where the tune swings."""
    beats = (at - origin) / tune.beat
    whole = np.floor(beats + 1e-6)
    part = max(0.0, beats - whole)
    part = part * 2 * tune.swing if part < 0.5 else tune.swing + (part - 0.5) * 2 * (1 - tune.swing)
    return origin + (whole + part) * tune.beat


def _in_scale(keys, scale):
    pool = [int(key) for key in sorted(keys) if key % 12 in scale]
    if not pool:
        raise ValueError(f"None of the keys {list(keys)} is in the scale {scale}: a part needs about an octave of keys.")
    return pool


def _chord_keys(keys, chord):
    tones = [int(key) for key in sorted(keys) if key % 12 in chord]
    if not tones:
        raise ValueError(f"None of the keys {list(keys)} is in the chord {chord}: a part needs about an octave of keys.")
    return tones


def _nearest_chord(pool, place, chord):
    """Index of the chord note nearest to `place`; `place` itself where the pool has none."""
    place = min(max(place, 0), len(pool) - 1)
    found = [i for i, key in enumerate(pool) if key % 12 in chord]
    return min(found, key=lambda i: abs(i - place)) if found else place
