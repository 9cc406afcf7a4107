"""The practice orchestra: notes and phrases of a General MIDI soundfont, rendered in numpy.

Called by `helpers.data`, which keeps what is rendered here and reads it like any other data set, by the lessons'
hidden tests (:func:`phrase`), and by nobody for "real" sound: every score that comes of it carries the word practice.

* `sf2` reads the file and computes what in it is independent: :func:`components`, :func:`zones`.
* `sampler` plays one dry note: :func:`render`.
* `rooms` records it: room, microphone, noise, one low-pass for all.
* `phrases` plays notes one after the other: :func:`phrase`.
* `notes`, `solo`, ... each say what one practice set consists of and write it down. A data sheet names its writer; what
  the modules that the writer is built of have in them decides whether a rendering is still good. What only one set needs
  stands in that set's module, so that a change of it leaves the others as they are.
"""

from . import medley, nsynth
from .notes import (
    FAMILIES,
    METADATA,
    SIZES,
    Instrument,
    Leaks,
    Note,
    instruments,
    notes_plan,
    render_note,
    write_notes,
)
from .phrases import phrase
from .rooms import LOWPASS_HZ, Room, record
from .sampler import key_name, key_to_hz, render, sample_bandwidth
from .sf2 import components, read_soundfont, soundfont, soundfont_path, zones
from .solo import SOLO_NAME, write_solo

__all__ = [
    "FAMILIES",
    "LOWPASS_HZ",
    "METADATA",
    "SIZES",
    "SOLO_NAME",
    "Instrument",
    "Leaks",
    "Note",
    "Room",
    "components",
    "instruments",
    "key_name",
    "key_to_hz",
    "medley",
    "notes_plan",
    "nsynth",
    "phrase",
    "read_soundfont",
    "record",
    "render",
    "render_note",
    "sample_bandwidth",
    "soundfont",
    "soundfont_path",
    "write_notes",
    "write_solo",
    "zones",
]
