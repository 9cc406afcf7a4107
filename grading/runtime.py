"""Does the student's Python, or a package there, differ from the grader's, and does that explain why an answer fails here?

What ran is taken from the notebook (the versions that ``helpers.submit`` notes, else what Jupyter noted), and, where it
says nothing, from Colab's newest list. An answer that only the difference fails ends as ``needs_review``: no mark until a
person decides. All that a notebook says of itself can be made up; that wins nothing, since ``needs_review`` earns nothing.
Called by the engine, and behind the walls by ``grading.student``.
"""

import ast
import functools
import json
import platform
import re
import sys
import types
from collections import Counter
from dataclasses import dataclass
from importlib.metadata import distributions

from helpers import match

_VERSION = re.compile(r"\d{1,4}(\.\d{1,4}){1,3}[A-Za-z0-9.]{0,12}")
_DISTRIBUTIONS = {"sklearn": "scikit-learn", "skimage": "scikit-image", "PIL": "pillow", "IPython": "ipython", "cv2": "opencv-python"}
# Modules that left Python: with 3.12 (its "What's New", Removed), and with 3.13 (PEP 594).
_LEFT_PYTHON = frozenset(
    """asynchat asyncore distutils imp smtpd
    aifc audioop cgi cgitb chunk crypt imghdr lib2to3 mailcap msilib nis nntplib ossaudiodev pipes sndhdr spwd sunau
    telnetlib uu xdrlib""".split()
)
_PYTHON = "Python"
_TO_NUMBER = "int() or float() of an array"  # numpy 2.4 refuses arrays of one that have a dimension; 2.1 warned
_LACKING = ("AttributeError", "ImportError", "ModuleNotFoundError")


@dataclass(frozen=True)
class Runtime:
    """Python and packages that a notebook ran on; ``told`` where the notebook itself says so, at least in part."""

    python: str
    packages: dict
    told: bool = True


@functools.cache
def own():
    """What this process runs on.

    Returns
    -------
    Runtime
    """
    packages = {re.sub(r"[-_.]+", "-", one.name).lower(): one.version for one in distributions() if one.name}
    return Runtime(platform.python_version(), packages)


def of_notebook(notebook, lists=()):
    """What a notebook ran on: what it says itself, and for the rest Colab's newest list of that Python.

    Parameters
    ----------
    notebook : dict
        As ``helpers.match.load_notebook`` gives it.
    lists : sequence of grading.colab.Listed
        Oldest first; without any, the rest is taken to be as here.

    Returns
    -------
    Runtime
    """
    metadata = _dict(notebook.get("metadata"))
    told = {
        name: version
        for name, version in _dict(_dict(metadata.get("course")).get("versions")).items()
        if isinstance(version, str) and _VERSION.fullmatch(version)
    }
    python = told.pop("python", None) or _dict(metadata.get("language_info")).get("version")
    if not (isinstance(python, str) and _VERSION.fullmatch(python)):
        python = None
    same = [one for one in lists if python and one.python == _release(python)]
    listed = (same or list(lists))[-1:]
    if not listed:
        return Runtime(python or own().python, own().packages | told, bool(python or told))
    return Runtime(python or listed[0].python, listed[0].packages | told, bool(python or told))


def of_list(listed):
    """What a dated list says that Colab has."""
    return Runtime(listed.python, listed.packages, False)


def lines(results, lists, names):
    """What to say once of a run: where Colab's newest list, and the notebooks, differ from what grades them.

    Parameters
    ----------
    results : iterable of dict
        With ``runtime``, as the engine gives them.
    lists : sequence of grading.colab.Listed
    names : iterable of str
        Packages to compare.

    Returns
    -------
    list of str
        A line each; empty if nothing differs.
    """
    said = []
    if lists and (colab := differences(of_list(lists[-1]), names)):
        said.append(f"Colab ({lists[-1].date}) has {colab}")
    notebooks = Counter(result["runtime"] for result in results if result.get("runtime"))
    said += [f"{n} notebook{'s'[: n > 1]} ran on {text}" for text, n in notebooks.most_common()]
    return said


def _dict(value):
    return value if isinstance(value, dict) else {}


def _release(version):
    """The part of a version in which functions come and go: 3.13.1 is of 3.13."""
    return ".".join(version.split(".")[:2])


def differences(ran, names):
    """In which of Python and some packages a runtime differs from this one, in words; patch releases do not count.

    Parameters
    ----------
    ran : Runtime
    names : iterable of str
        Packages to compare, by canonical name.

    Returns
    -------
    str
        Empty if there are none.
    """
    pairs = [(_PYTHON, _release(ran.python), _release(own().python))]
    pairs += [(name, ran.packages.get(name), own().packages.get(name)) for name in names]
    return ", ".join(
        f"{name} {theirs} (here {ours or 'none'})"
        for name, theirs, ours in pairs
        if theirs is not None and (ours is None or _release(theirs) != _release(ours))
    )


# --- what only another Python reads -----------------------------------------------------------------------------------


def newer_syntax(source, ran):
    """Whether a cell is Python where it ran, though not here: an older grammar here is all that is in its way.

    The other way round there is nothing to ask: what Python 3.8 to 3.12 read, 3.13 reads.

    Parameters
    ----------
    source : str
    ran : Runtime

    Returns
    -------
    bool
    """
    theirs, ours = (tuple(map(int, _release(one.python).split("."))) for one in (ran, own()))
    return theirs > ours and bool(match.syntax_fault(source)) and _is_python(source, theirs)


def _is_python(source, python):
    """Whether a cell is Python once what is new in the grammar up to ``python`` is written in old words."""
    try:
        return not match.syntax_fault(_in_old_words(match._without_magics(source), python))
    except (_StaysWrong, RecursionError):
        return False


class _StaysWrong(Exception):
    """No Python reads this."""


def _in_old_words(source, python):
    """A cell with f-strings, type parameters and the like taken out, after a look at what is in them."""
    if "\0" in source:
        raise _StaysWrong
    scan = _Scan(source, python)
    code = scan.code()
    if python >= (3, 12):  # PEP 695; defaults of type parameters (PEP 696) came with 3.13
        group = r"\[((?:[^\[\]]|\[[^\[\]]*\]){0,500})\]"
        code = re.sub(rf"(\b(?:def|class)[ \t]+\w+[ \t]*){group}(?=[ \t]*[(:])", scan.without_parameters, code)
        code = re.sub(rf"(?m)^([ \t]*)type([ \t]+\w+[ \t]*)(?:{group})?[ \t]*=(?!=)", scan.without_type, code)
    if python >= (3, 14):  # PEP 758
        code = re.sub(r"(?m)^([ \t]*except\*?[ \t]+)([\w.]+(?:[ \t]*,[ \t]*[\w.]+)+)[ \t]*:", r"\1(\2):", code)
    return scan.with_strings(code)


class _Scan:
    """One pass over a cell that takes its strings out; what is in an f-string is read by the rules since 3.12 (PEP 701)."""

    _TOKEN = re.compile(r"#[^\n]*|((?<!\w)(?:rb|br|fr|rf|tr|rt|[rbuft]))?('''|\"\"\"|'|\")", re.IGNORECASE)

    def __init__(self, source, python):
        self._source, self._python, self._at, self._strings = source, python, 0, []

    def code(self, field=False):
        """The code from here on, with a placeholder for each string; in a field of an f-string, up to its end."""
        source, parts, depth = self._source, [], 0
        while self._at < len(source):
            letter = source[self._at]
            if found := self._TOKEN.match(source, self._at):
                if found[2] is not None:
                    parts.append(self._string(found))
                else:
                    self._at = found.end()
                continue
            if field and depth == 0 and (letter in ":}" or letter == "!" and source[self._at + 1 : self._at + 2] != "="):
                break
            depth += (letter in "([{") - (letter in ")]}")
            step = 2 if source.startswith("!=", self._at) else 1
            parts.append(source[self._at : self._at + step])
            self._at += step
        return "".join(parts)

    def with_strings(self, code):
        """Code with its strings in their places again; f-strings, which were looked at, are empty ones."""
        return re.sub("\0(\\d+)\0", lambda found: self._strings[int(found[1])], code)

    def without_parameters(self, found):
        """What stands before a list of type parameters, if that can be one: it reads like parameters of a function."""
        try:
            listed = ast.parse(self.with_strings(f"def _({found[2]}): pass")).body[0].args
        except SyntaxError:
            raise _StaysWrong from None
        if not found[2].strip() or self._python < (3, 13) and (listed.defaults or any(listed.kw_defaults)):
            raise _StaysWrong
        return found[1]

    def without_type(self, found):
        """A ``type`` statement as an assignment."""
        if found[3] is not None:
            self.without_parameters((found[0], found[1], found[3]))
        return f"{found[1]}{found[2].strip()} ="

    def _string(self, found):
        """Go past a string; returns its placeholder."""
        begin, prefix, quote = self._at, (found[1] or "").lower(), found[2]
        self._at = found.end()
        if "t" in prefix and self._python < (3, 14):
            raise _StaysWrong
        if set(prefix) & {"f", "t"}:
            self._text_of_f_string(quote, "r" in prefix)
            self._at += len(quote)
            self._strings.append("''")
        else:
            inside = r"(?:[^\\]|\\.)*?" if len(quote) == 3 else r"(?:[^\\\n]|\\.)*?"
            end = re.compile(inside + quote, re.DOTALL).match(self._source, self._at)
            if end is None:
                raise _StaysWrong
            self._at = end.end()
            self._strings.append(self._source[begin : self._at])
        return f"\0{len(self._strings) - 1}\0"

    def _text_of_f_string(self, quote, raw, in_format=False):
        """Go to the quote that ends an f-string, or to the bracket that ends a format specification."""
        source, named = self._source, re.compile(r"\\N\{[^{}\n]+\}")
        while self._at < len(source):
            letter, pair = source[self._at], source[self._at : self._at + 2]
            if source.startswith(quote, self._at) or in_format and letter == "}":
                if in_format == (letter == "}"):
                    return
                break
            if letter == "\\" and pair[1:] not in ("{", "}"):
                found = None if raw else named.match(source, self._at)
                self._at = found.end() if found else self._at + 2
            elif letter == "\n" and len(quote) == 1:
                break
            elif pair in ("{{", "}}") and not in_format:
                self._at += 2
            elif letter == "{":
                self._field(quote, raw)
            elif letter == "}":
                break
            else:
                self._at += 1
        raise _StaysWrong

    def _field(self, quote, raw):
        """Go past a replacement field, if what is in it is an expression."""
        self._at += 1
        expression = re.sub(r"(?<![=!<>:])=\s*$", "", self.code(field=True))
        if not expression.strip() or match.syntax_fault(self.with_strings(f"({expression}\n)")):
            raise _StaysWrong
        if conversion := re.compile(r"![rsa]\s*").match(self._source, self._at):
            self._at = conversion.end()
        if self._source.startswith(":", self._at):
            self._at += 1
            self._text_of_f_string(quote, raw, in_format=True)
        if not self._source.startswith("}", self._at):
            raise _StaysWrong
        self._at += 1


# --- what only another version has ------------------------------------------------------------------------------------


def lacking(error):
    """What could not be found, of an error that an answer raised: in which module, which name, whether one like it is there.

    Runs in the student's process.

    Parameters
    ----------
    error : BaseException

    Returns
    -------
    list of (str, str, bool), or None
        The module is empty for a name that is not defined. None for other errors.
    """
    return checked(_lacking(error))


def _lacking(error):
    if isinstance(error, TypeError) and "only 0-dimensional arrays can be converted" in str(error):
        return ["numpy", _TO_NUMBER, False]
    if isinstance(error, NameError) and isinstance(error.name, str):
        return ["", error.name, False]
    if isinstance(error, ImportError) and isinstance(error.name, str):
        if found := re.match(r"cannot import name '(\w+)' from '([\w.]+)'", str(error)):
            return [found[2], found[1], _slipped(found[1], sys.modules.get(found[2]))]
        parent, _, name = error.name.rpartition(".")
        return [error.name, name, _slipped(name, sys.modules.get(parent))]
    if isinstance(error, AttributeError) and isinstance(error.name, str):
        one = error.obj
        if isinstance(one, types.ModuleType):
            return [one.__name__, error.name, _slipped(error.name, one)]
        module = getattr(one if isinstance(one, type) else type(one), "__module__", None)
        top = module.partition(".")[0] if isinstance(module, str) else "builtins"
        if top != "__main__" and top not in sys.stdlib_module_names:
            return [module, error.name, _slipped(error.name, one)]
    return None


def checked(lacks):
    """What :func:`lacking` said, if it has the form of it; else None. It comes from a process that nobody trusts."""
    if not (isinstance(lacks, list) and len(lacks) == 3 and all(isinstance(text, str) for text in lacks[:2])):
        return None
    module, name, slip = lacks
    good = re.fullmatch(r"[\w.]{0,100}", module) and (name == _TO_NUMBER or re.fullmatch(r"\w{1,100}", name))
    return [module, name, bool(slip)] if good else None


def _slipped(name, where):
    """Whether a name is a slip of one that is there: one letter more, less or other, or two neighbors swapped."""
    return any(_one_slip(name, other) for other in dir(where))


def _one_slip(one, other):
    if abs(len(one) - len(other)) > 1:
        return False
    same = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[same:], other[same:]
    return a != b and (a[1:] == b or a == b[1:] or a[1:] == b[1:] or (a[:2] == b[:2][::-1] and a[2:] == b[2:]))


@dataclass(frozen=True)
class Review:
    """What of one submission another Python or other packages explain.

    Attributes
    ----------
    ran : Runtime
    sources : tuple of str
        The student's cells: answers, added and edited ones.
    unread : frozenset of str
        Those of them that only a newer Python reads (see :func:`unread`).
    shown : frozenset of str
        Names that were not found where the notebook ran, either (see :func:`shown_lacking`).
    failed, passed_over : tuple of (str, dict)
        Cells that raised when they ran, or of which a line did, with the error; from the student's process, as ``lacks`` of
        checks is.
    """

    ran: Runtime
    sources: tuple
    unread: frozenset = frozenset()
    shown: frozenset = frozenset()
    failed: tuple = ()
    passed_over: tuple = ()

    @functools.cached_property
    def cells(self):
        """Why a cell is not to be blamed for what it does not define, by source."""
        theirs, ours = _release(self.ran.python), _release(own().python)
        found = dict.fromkeys(self.unread, f"is written for Python {theirs}, and the grader's {ours} does not read it")
        for source, error in self.failed:
            if reason := self._other_version(error.get("lacks")):
                found.setdefault(source, reason)
        return found

    def why(self, question, source, error):
        """Why a question that lost marks needs a person.

        Parameters
        ----------
        question : dict
            Its result.
        source : str or None
            Its answer.
        error : dict or None
            Of the answer cell itself.

        Returns
        -------
        str
            A sentence; empty if the mark is the answer's own.
        """
        if source is None:
            reasons = [reason for cell, reason in self.cells.items() if _is_word(question["id"], cell)]
            return f"No answer was found, but a cell that may be one {reasons[0]}: a person will look at it." if reasons else ""
        if source in self.cells:
            return f"This answer {self.cells[source]}: a person will look at it."
        failed = (check.get("lacks") for check in question["checks"] if not check["passed"])
        for lacks in [_dict(error).get("lacks"), *failed]:
            if reason := self._other_version(lacks) or self._other_cell(lacks):
                return f"This answer {reason}: a person will look at it."
        return ""

    def _other_version(self, lacks):
        """What it uses that differs where it ran; empty if nothing does."""
        module, name, slip = checked(lacks) or ("", "", False)
        # A name that no cell has was made up by the student's process, and could tell what a test asked.
        if not module or slip or not (name == _TO_NUMBER or any(_is_word(name, cell) for cell in self.sources)):
            return ""
        package, theirs, ours = _versions_of(module.partition(".")[0], self.ran)
        if theirs is None or (ours is not None and _release(theirs) == _release(ours)) or name in self.shown:
            return ""
        here = f"fails with the grader's {ours}" if ours else "is not installed here"
        return f"uses `{name}` of {package} {theirs}, which {here}"

    def _other_cell(self, lacks):
        module, name, _ = checked(lacks) or ("", "", False)
        if module or not name:
            return ""
        lines = [(cell, self._other_version(error.get("lacks"))) for cell, error in self.passed_over]
        reasons = [reason for cell, reason in [*self.cells.items(), *lines] if reason and _is_word(name, cell)]
        return f"uses `{name}` of a cell that {reasons[0]}" if reasons else ""


def _is_word(name, text):
    return re.search(rf"\b{re.escape(name)}\b", text) is not None


def _versions_of(top, ran):
    if top in sys.stdlib_module_names or top in _LEFT_PYTHON:
        return _PYTHON, _release(ran.python), _release(own().python)
    name = _DISTRIBUTIONS.get(top, re.sub(r"[-_.]+", "-", top).lower())
    return name, ran.packages.get(name), own().packages.get(name)


def unread(sources, ran):
    """The cells that only the newer Python reads on which they ran."""
    return frozenset(source for source in sources if newer_syntax(source, ran))


def shown_lacking(notebook):
    """All words in those lines of a notebook's outputs that tell of a name that was not found.

    Parameters
    ----------
    notebook : dict
        As ``helpers.match.load_notebook`` gives it.

    Returns
    -------
    frozenset of str
    """
    words = set()
    for cell in notebook["cells"]:
        outputs = cell.get("outputs")
        for output in outputs if isinstance(outputs, list) else []:
            error = _dict(output).get("output_type") == "error"
            text = f"{output.get('ename')}: {output.get('evalue')}" if error else json.dumps(output, indent=0)
            for line in re.split(r"\\n|\n", text):
                if any(kind in line for kind in _LACKING):
                    words.update(re.findall(r"\w+", line))
    return frozenset(words)
