"""Tables and display objects that a screen reader, a browser and a terminal can all read.

Room: `helpers`, private. Called by `helpers.evaluate`, `helpers.plots` and `helpers.player`, which also count with it.
"""

from dataclasses import dataclass, field
from html import escape

_CELL = "padding:0.25em 0.7em;vertical-align:middle;text-align:"


class Markup(str):
    """A string that is HTML already; every other cell of a table is escaped."""


@dataclass(frozen=True, repr=False)
class Shown:
    """What a notebook displays: HTML, the same in plain text, and further MIME types if there are any.

    Parameters
    ----------
    html, text : str
        The same content for a browser and for a terminal.
    extra : dict
        MIME type -> data, carried along in the notebook's output and not drawn.
    """

    html: str
    text: str
    extra: dict = field(default_factory=dict)

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/html": self.html, "text/plain": self.text, **self.extra}

    def __repr__(self):
        return self.text


def plural(noun):
    """More than one of it: recordings, pitches, families; "series" stays."""
    if noun.endswith(("ch", "sh", "ss", "x")):
        return f"{noun}es"
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return noun if noun.endswith("s") else f"{noun}s"


def count(n, noun):
    """A number with what is counted: "1 pitch", "1,200 pitches"."""
    return f"{n:,} {noun if n == 1 else plural(noun)}"


def html_table(caption, head, rows, numeric=()):
    """Write an accessible HTML table: a caption, column headers, and the first cell of each row as its header.

    Parameters
    ----------
    caption : str
    head : sequence of str
    rows : sequence of sequences of str
        Each as long as `head`. Cells are escaped unless they are `Markup`.
    numeric : collection of int
        Columns that stand right-aligned.

    Returns
    -------
    str
        No colours are set, so that light and dark themes both stay readable.
    """

    def cell(tag, column, content):
        scope = {"th": ' scope="row"', "thead": ' scope="col"', "td": ""}[tag]
        name = "td" if tag == "td" else "th"
        side = "right" if column in numeric else "left"
        content = content if isinstance(content, Markup) else escape(str(content))
        return f'<{name}{scope} style="{_CELL}{side}">{content}</{name}>'

    top = "".join(cell("thead", i, text) for i, text in enumerate(head))
    body = "\n".join(
        "<tr>" + "".join(cell("td" if i else "th", i, text) for i, text in enumerate(row)) + "</tr>" for row in rows
    )
    return (
        '<div style="overflow-x:auto"><table>\n'
        f'<caption style="caption-side:top;text-align:left;font-weight:bold">{escape(caption)}</caption>\n'
        f"<thead><tr>{top}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table></div>"
    )


def text_table(caption, head, rows, numeric=()):
    """Write the same table in plain text, columns aligned."""
    cells = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    lines = [
        "  ".join(
            text.rjust(width) if i in numeric else text.ljust(width)
            for i, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join([caption, *lines])
