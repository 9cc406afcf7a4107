"""The practice orchestra: notes and phrases of a General MIDI soundfont, rendered in numpy.

Called by `helpers.data`, which keeps what is rendered here and reads it like any other data set, by the lessons'
hidden tests (:func:`phrase`), and by nobody for "real" sound: every score that comes of it carries the word practice.

* `sf2` reads the file and computes what in it is independent: :func:`components`, :func:`zones`.
* `sampler` plays one dry note: :func:`render`.
* `rooms` records it: room, microphone, noise, one low-pass for all.
* `notes` says what is played and writes it down: :func:`notes_plan`, :func:`write_notes`, :func:`write_solo`.
"""

from .notes import (
    FAMILIES,
    METADATA,
    SIZES,
    SOLO_NAME,
    Instrument,
    Leaks,
    Note,
    instruments,
    notes_plan,
    phrase,
    render_note,
    write_notes,
    write_solo,
)
from .rooms import LOWPASS_HZ, Room, record
from .sampler import key_name, key_to_hz, render, sample_bandwidth
from .sf2 import components, read_soundfont, soundfont, soundfont_path, zones

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
    "notes_plan",
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
