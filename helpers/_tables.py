"""Reading tables that people wrote: a CSV from a text editor or from any spreadsheet, in any country.

Excel writes commas or semicolons by the country it runs in, cp1252 as "CSV" and UTF-16 with tabs as "Unicode text"; it
adds empty rows and columns at the end. All of that is read here, for the tables of recordings and for rosters alike.
"""

import csv
import io
import unicodedata
from pathlib import Path, PurePosixPath


class TableError(ValueError):
    """A table cannot be read: the message names the file, the line and what to do."""


def read(path):
    """Read a table of texts.

    Commas, semicolons or tabs; UTF-8, UTF-16 or western European (cp1252). Blanks around the cells, empty rows and empty
    columns without a name are dropped; a row with too few cells has empty ones. Letters with accents are of one form
    (NFC).

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    header : tuple of str
        The names of the columns, as they are written; "" for one without a name.
    rows : list of (int, tuple of str)
        The line on which each row ends, and its cells, as many as there are columns.

    Raises
    ------
    TableError
        It is not text, two columns have one name, or a row has more cells than there are columns.
    """
    path = Path(path)
    text = _text(path)
    skip = 1 if text.startswith("sep=") else 0  # a line with which Excel tells itself the delimiter
    first = next((line for line in text.splitlines()[skip:] if line.strip()), "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    header, rows = (), []
    try:
        for cells in reader:
            cells = [unicodedata.normalize("NFC", cell).strip() for cell in cells]
            if not any(cells) or (reader.line_num == 1 and skip):
                continue
            while cells and not cells[-1] and (not header or len(cells) > len(header)):
                cells.pop()
            if not header:
                header = tuple(cells)
                _check_names(path, header)
            elif len(cells) > len(header):
                raise TableError(f"{path}, line {reader.line_num}: {len(cells)} cells, but {len(header)} columns. Put a "
                                 "cell that contains the delimiter in double quotes")
            else:
                rows.append((reader.line_num, (*cells, *[""] * (len(header) - len(cells)))))
    except csv.Error as error:
        raise TableError(f"{path}, line {reader.line_num}: {error}") from None
    return header, rows


def as_dicts(path):
    """The rows of a table as dicts by the names of its columns; see `read`."""
    header, rows = read(path)
    return [dict(zip(header, cells, strict=True)) for _, cells in rows]


def path_key(text):
    """The form in which paths of a table and of a folder are compared: with slashes, without ``./``, accents in NFC."""
    return PurePosixPath(unicodedata.normalize("NFC", str(text)).replace("\\", "/")).as_posix()


def _check_names(path, header):
    seen = set()
    for name in header:
        if name and name.casefold() in seen:
            raise TableError(f"{path}: two columns are called {name}")
        seen.add(name.casefold())


def _text(path):
    """The text of a file, whatever its encoding."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TableError(f"{path} cannot be opened: {error.strerror}") from error
    if data[:4] == b"PK\x03\x04" or data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise TableError(f"{path} is a spreadsheet, not a CSV: save it as CSV (UTF-8)")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    else:
        try:
            data.decode("utf-8-sig")
            encoding = "utf-8-sig"
        except UnicodeDecodeError:
            encoding = "cp1252"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise TableError(f"{path} is not text ({error}): save it as CSV (UTF-8)") from None
    if "\0" in text:
        raise TableError(f"{path} is not text: save it as CSV (UTF-8)")
    return text
