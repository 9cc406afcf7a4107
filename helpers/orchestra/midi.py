"""Reading scores: the notes of a MIDI file with their instruments. The practice set of lesson 07 plays them.

Public score files are often damaged: the length of a track does not fit, a byte was changed on the way, tempo changes
stand in the wrong track. Whoever follows the events instead of the stated lengths can read all of MusicNet's 330 files;
``mido`` refuses seven of them.

Reference: MIDI Manufacturers Association, *Standard MIDI Files 1.0* (1988).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

__all__ = ["PIZZICATO", "ScoreError", "ScoreNote", "read_score"]

#: General MIDI program, from 0, of plucked strings: a way of playing, not an instrument.
PIZZICATO = 45
_BOWED = {40: 72, 41: 62, 42: 50, 43: 38}  # violin, viola, cello, contrabass: a key in the middle of what they play
_DATA_BYTES = {0x8: 2, 0x9: 2, 0xA: 2, 0xB: 2, 0xC: 1, 0xD: 1, 0xE: 2}


class ScoreError(ValueError):
    """A score cannot be read: the message names the file and says why."""


@dataclass(frozen=True)
class ScoreNote:
    """One note of a score: `start`, `stop` in seconds and in beats, MIDI `key` and `velocity`.

    `program` is the General MIDI program, from 0; plucked strings have the program of their bowed instrument.
    """

    start: float
    stop: float
    start_beat: float
    stop_beat: float
    program: int
    key: int
    velocity: int
    plucked: bool = False


def read_score(path) -> list[ScoreNote]:
    """The notes of a MIDI file, by time; the first note begins at 0 s.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    list of ScoreNote

    Raises
    ------
    ScoreError
        Not a MIDI file, one without notes, or one whose tempo is 0.
    """
    path = Path(path)
    data = path.read_bytes()
    if data[:4] != b"MThd" or len(data) < 14:
        raise ScoreError(f"{path} is not a MIDI file (it starts with {data[:8]!r}).")
    division = int.from_bytes(data[12:14], "big")
    if division == 0 or division & 0x8000:
        raise ScoreError(f"{path}: its clock counts frames of film, not parts of a beat; such scores are not read here.")
    tempos, raw = [(0, 500000)], []
    begin = data.find(b"MTrk", 14)
    for number in range(int.from_bytes(data[10:12], "big")):  # behind them some files hold leavings of an editor
        if begin < 0:
            break
        begin = _read_track(data, begin + 8, number, tempos, raw)
        begin = data.find(b"MTrk", begin)
    if not raw:
        raise ScoreError(f"{path} has no notes.")
    tempos.sort(key=lambda change: change[0])  # of those at one tick the last one counts, as it stands in the file
    last = max(note[1] for note in raw)
    if stopped := [tick for tick, tempo in dict(tempos).items() if tempo == 0 and tick < last]:
        raise ScoreError(f"{path}: its tempo is 0 at beat {stopped[0] / division:g}, so no time passes there and notes have "
                         "no length. The file is damaged: get it again.")
    return _timed(_without_pizzicato(raw), tempos, division)


def _read_track(data, at, number, tempos, raw):
    """Follow the events of one track up to its end mark; the place behind it. Adds to `tempos` and `raw`."""
    tick, running, programs, held = 0, 0, {}, {}
    try:
        while True:
            delta, at = _variable(data, at)
            tick += delta
            status = data[at] if data[at] & 0x80 else running
            at += data[at] >> 7
            if status < 0xF0:
                running = status
            if status == 0xFF:
                kind = data[at]
                length, at = _variable(data, at + 1)
                if kind == 0x2F:
                    return at + length
                if kind == 0x51 and length == 3:
                    tempos.append((tick, int.from_bytes(data[at : at + 3], "big")))
                at += length
            elif status in (0xF0, 0xF7):
                length, at = _variable(data, at)
                at += length
            elif status >> 4 in _DATA_BYTES:
                one, two = data[at], data[at + 1]
                at += _DATA_BYTES[status >> 4]
                channel = status & 15
                if status >> 4 == 0xC:
                    programs[channel] = one & 127
                elif status >> 4 == 0x9 and two:
                    held.setdefault((channel, one & 127), []).append((tick, two & 127, programs.get(channel, 0)))
                elif status >> 4 in (0x8, 0x9) and held.get((channel, one & 127)):
                    began, velocity, program = held[channel, one & 127].pop(0)
                    if tick > began:
                        raw.append((began, tick, program, one & 127, velocity, number))
            else:  # no event begins like this: the track is damaged from here on
                return at
    except IndexError:  # the file ends inside a track: what was read before is good
        return len(data)


def _variable(data, at):
    """A number in seven bits a byte, and the place behind it."""
    value = 0
    for _ in range(4):
        value = value << 7 | data[at] & 0x7F
        at += 1
        if not data[at - 1] & 0x80:
            break
    return value, at


def _without_pizzicato(raw):
    """The notes with plucked strings given to a bowed instrument: of their track, else the nearest in pitch."""
    everywhere = sorted({note[2] for note in raw} & set(_BOWED)) or [40]
    by_track = {}
    for note in raw:
        if note[2] in _BOWED:
            by_track.setdefault(note[5], set()).add(note[2])
    out = []
    for note in raw:
        plucked = note[2] == PIZZICATO
        if plucked:
            choices = sorted(by_track.get(note[5], everywhere))
            note = (*note[:2], min(choices, key=lambda program: abs(_BOWED[program] - note[3])), *note[3:])
        out.append((*note, plucked))
    return out


def _timed(raw, tempos, division):
    """Notes in seconds, from ticks and the tempo changes of all tracks."""
    ticks = np.array([tick for tick, _ in tempos], dtype=float)
    beat = np.array([tempo for _, tempo in tempos], dtype=float) * 1e-6
    seconds = np.concatenate([[0.0], np.cumsum(np.diff(ticks) / division * beat[:-1])])
    edges = np.array([note[:2] for note in raw], dtype=float)
    which = np.searchsorted(ticks, edges, side="right") - 1
    times = seconds[which] + (edges - ticks[which]) / division * beat[which]
    times -= times.min()
    notes = [
        ScoreNote(float(start), float(stop), begin / division, end / division, program, key, velocity, plucked)
        for (start, stop), (begin, end, program, key, velocity, _, plucked) in zip(times, raw, strict=True)
        if stop > start
    ]
    return sorted(notes, key=lambda note: (note.start, note.key, note.program))
