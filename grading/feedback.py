"""A page for each student: marks, reasons, what to look at next, and their own work. Called by ``course grade``.

The page stands alone (one file, no script, nothing loaded) and is safe to open: what comes from a submission is escaped
text (predictions as Markdown without links and pictures), or a PNG or JPEG whose header was looked at. HTML, SVG and scripts of a submission are never copied. No test and no
expected answer is on it: of a check it tells the name, the message and the hint.
"""

import base64
import binascii
import html
import json
import re
from dataclasses import dataclass
from pathlib import Path

import mistune
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from grading.build import write_atomically
from grading.submissions import printable
from helpers import match, submit

MAX_IMAGE_BYTES, MAX_IMAGE_PIXELS = 2 * 2**20, 12_000_000
MAX_IMAGES, MAX_IMAGES_BYTES = 40, 8 * 2**20
MAX_MARKDOWN = 4_000
MAX_SOURCE, MAX_TEXT, MAX_TEXT_LINES, MAX_TEXTS = 20_000, 3_000, 40, 100_000

_OUTCOMES = {
    "passed": ("✓", "Passed"),
    "partial": ("~", "Partly right"),
    "failed": ("✗", "Not right yet"),
    "error": ("✗", "Stopped with an error"),
    "syntax_error": ("✗", "Not Python: it cannot run"),
    "not_attempted": ("–", "Not answered"),
    "missing": ("–", "No answer found"),
    "timeout": ("✗", "Took too long"),
    "crash": ("✗", "Ended Python"),
    "memory": ("✗", "Took too much memory"),
    "grader_error": ("?", "Waits for a person"),
}
_ANSI = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|[@-Z\\-_])")
# The figures of this course are HTML images with alt text. Each pattern looks at a character once: no parser is slow here.
_IMG = re.compile(r"<img\s[^<>]*>")
_SRC = re.compile(r'\ssrc="data:image/(png|jpeg);base64,([A-Za-z0-9+/=\s]+)"')
_ALT = re.compile(r'\salt="([^"]*)"')


@dataclass(frozen=True)
class Output:
    """One thing that a cell showed: text, or an image (``source`` is then its data URI, ``text`` says what it shows)."""

    text: str
    source: str = ""


@dataclass(frozen=True)
class Work:
    """What a page shows of a submission: sources and outputs by question, written answers (headings and Markdown), outputs
    of other cells.
    """

    sources: dict
    outputs: dict
    written: tuple
    others: tuple


def write(folder, result, data, released):
    """Write a student's page.

    Parameters
    ----------
    folder : Path
        The page becomes ``feedback/STUDENT/LESSON.html`` there.
    result : dict
        As in ``results.jsonl``.
    data : bytes or None
        The submission; None where it cannot be had.
    released : helpers.match.Released

    Returns
    -------
    Path
    """
    path = Path(folder) / "feedback" / result["student"] / f"{result['lesson']}.html"
    write_atomically(path, render(result, data, released).encode("utf-8", "replace"))
    return path


def render(result, data, released):
    """A student's page as text; see :func:`write`."""
    environment = Environment(
        loader=PackageLoader("grading"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"number": number, "clean": lambda text: clean(str(text)[: 2 * MAX_SOURCE]), "markdown": _markdown}
    template = environment.get_template("feedback.html.j2")
    return template.render(
        result=result,
        name=result.get("name") or result["student"],
        title=released.title,
        outcomes=_OUTCOMES,
        checksum=submit.checksum(data) if data is not None else "",
        work=work(data, released) if data is not None and not result.get("error") else Work({}, {}, (), ()),
    )


def work(data, released):
    """What a page shows of a submission.

    Parameters
    ----------
    data : bytes
    released : helpers.match.Released

    Returns
    -------
    Work
        Empty if the file is no notebook.
    """
    try:
        cells = match.read_notebook(data)
    except match.NotebookError:
        return Work({}, {}, (), ())
    raw, budget = _raw_cells(data), _Budget()
    matches = match.match(cells, released)
    tests = {one.test_grade_id for one in released.questions} | {one.test_cell for one in released.questions}
    taken = {place for one in matches.values() for place in one.cells}
    sources = {name: budget.source(one.source) for name, one in matches.items() if one.source is not None and one.attempted}
    outputs = {name: [out for place in one.cells for out in _outputs(raw[place], budget)] for name, one in matches.items()}
    written, others, heading = [], [], ""
    for place, (cell, whole) in enumerate(zip(cells, raw, strict=True)):
        if cell["type"] == "markdown":
            heading = _heading(cell["source"]) or heading
            if "prediction" in _tags(whole):
                written.append((heading, budget.source(cell["source"])))
        elif place not in taken and cell["grade_id"] not in tests and cell["id"] not in tests:
            shown = _outputs(whole, budget)
            if shown:
                others.append((heading, shown))
    return Work(sources, outputs, tuple(written), tuple(others))


def clean(text):
    """Text for people: without colour codes, with what a progress bar ended on, odd characters as their codes."""
    text = _ANSI.sub("", str(text)).replace("\r\n", "\n")
    lines = [line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n")]
    return "\n".join("\t".join(printable(part) for part in line.split("\t")) for line in lines)


class _Budget:
    """How much of a submission still fits on the page."""

    def __init__(self):
        self.images, self.image_bytes, self.texts = MAX_IMAGES, MAX_IMAGES_BYTES, MAX_TEXTS

    def source(self, text):
        text = text.rstrip()
        return text if len(text) <= MAX_SOURCE else text[:MAX_SOURCE] + "\n[the rest is not shown here]"

    def text(self, text):
        """A text output, cut to a few lines; empty when the page has enough."""
        if self.texts <= 0:
            return ""
        lines = clean(text[: 20 * MAX_TEXT]).rstrip().split("\n")
        short = "\n".join(lines[:MAX_TEXT_LINES])[: min(MAX_TEXT, self.texts)]
        self.texts -= len(short)
        cut = len(text) > 20 * MAX_TEXT or len(short) < len("\n".join(lines))
        return short + ("\n[the rest is not shown here]" if cut and short else "")

    def image(self, kind, encoded, text):
        """An image output, or a sentence that says why it is not shown."""
        try:
            data = base64.b64decode("".join(encoded.split()), validate=True)
        except (binascii.Error, ValueError):
            return Output("[a figure whose data are damaged is not shown]")
        size = _image_size(kind, data)
        if size is None:
            return Output("[a figure whose data are damaged is not shown]")
        if len(data) > MAX_IMAGE_BYTES or size[0] * size[1] > MAX_IMAGE_PIXELS:
            return Output(f"[a figure of {size[0]} x {size[1]} pixels is too large to be shown here]")
        if self.images <= 0 or len(data) > self.image_bytes:
            return Output("[a figure is not shown: the page has enough of them]")
        self.images, self.image_bytes = self.images - 1, self.image_bytes - len(data)
        return Output(text, f"data:image/{kind};base64,{base64.b64encode(data).decode()}")


def _raw_cells(data):
    """Cells with all that is in them, in the order of ``match.read_notebook``."""
    notebook = json.loads(data.decode("utf-8-sig"))
    cells = notebook.get("cells")
    if cells is None:
        sheets = [sheet.get("cells") for sheet in notebook["worksheets"] if isinstance(sheet, dict)]
        cells = [cell for inside in sheets if isinstance(inside, list) for cell in inside]
    return [cell for cell in cells if isinstance(cell, dict)]


def _tags(cell):
    metadata = cell.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    return [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []


def _heading(source):
    found = re.search(r"^#{1,4} +(.{1,120})", source, re.MULTILINE)
    return clean(found.group(1)).strip() if found else ""


def _outputs(cell, budget):
    outputs = cell.get("outputs")
    shown = []
    for output in outputs if isinstance(outputs, list) else []:
        if isinstance(output, dict) and (one := _output(output, budget)) is not None and one.text + one.source:
            shown.append(one)
    return shown


def _output(output, budget):
    if output.get("output_type") == "stream":
        return Output(budget.text(_joined(output.get("text"))))
    if output.get("output_type") == "error":
        return Output(budget.text(f"{_joined(output.get('ename'))}: {_joined(output.get('evalue'))}"))
    bundle = output.get("data") if isinstance(output.get("data"), dict) else {}
    plain = _joined(bundle.get("text/plain"))
    for kind in ("png", "jpeg"):
        if f"image/{kind}" in bundle:
            return budget.image(kind, _joined(bundle[f"image/{kind}"]), _words(plain))
    for tag in _IMG.findall(_joined(bundle.get("text/html"))):
        if source := _SRC.search(tag):
            alt = _ALT.search(tag)
            return budget.image(source[1], source[2], _words(html.unescape(alt[1]) if alt else plain))
    return Output(budget.text(plain)) if plain else None


def _words(text):
    """What an image shows, in words; a repr such as ``<Figure size 640x480>`` says nothing."""
    text = clean(text[:2_000]).strip()
    return text if text and not text.startswith("<") else "Figure from your notebook; it has no description."


def _joined(value):
    if isinstance(value, list):
        return "".join(str(part) for part in value)
    return "" if value is None else str(value)


def _image_size(kind, data):
    """(width, height) from the header of a PNG or JPEG; None if it is not one.

    Read here by hand: a browser is built to decode hostile images, the instructor's Python is not.
    """
    if kind == "png":
        if data[:8] != b"\x89PNG\r\n\x1a\n" or data[12:16] != b"IHDR" or len(data) < 33:
            return None
        return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    if data[:2] != b"\xff\xd8":
        return None
    place = 2
    while place + 9 <= len(data) and data[place] == 0xFF:
        marker, length = data[place + 1], int.from_bytes(data[place + 2 : place + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(data[place + 7 : place + 9], "big"), int.from_bytes(data[place + 5 : place + 7], "big")
        place += 2 + length
    return None


def number(score):
    """A mark as people read it: at most two decimals; one that is rounded up is never rounded to a whole number."""
    short = round(score, 2)
    if short == int(short) and short > score + 1e-6:
        short -= 0.01  # "3 of 3" means all of it
    return f"{short:.2f}".rstrip("0").rstrip(".")


class _Plain(mistune.HTMLRenderer):
    """Markdown of a student's as HTML: their own HTML is text, nothing is loaded, nothing leads away from the page."""

    def link(self, text, url, title=None):
        return text

    def image(self, text, url, title=None):
        return text

    def heading(self, text, level, **attrs):
        return f"<p><strong>{text}</strong></p>\n"

    def thematic_break(self):
        return ""


def _markdown(text):
    text = clean(str(text))
    if len(text) > MAX_MARKDOWN:  # longer than any prediction, and it could be made to take long
        return Markup('<pre dir="auto">{}</pre>').format(text)
    return Markup(mistune.Markdown(_Plain(escape=True))(text))
