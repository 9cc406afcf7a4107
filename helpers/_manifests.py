"""Data sheets: read and check the YAML files of `data_manifests`; the private room behind `helpers.data.manifest`.

A data sheet says what a data set is, where it lies, what it weighs, who may use it and how it is known to be broken.
A sheet without a licence or a citation, or with a key that nobody knows, is refused: a typing error must not pass as
"no checksum".
"""

from dataclasses import MISSING, dataclass, fields
from functools import cache
from importlib import resources

ACCESS = ("download", "placed", "rendered")


class ManifestError(ValueError):
    """A data sheet is wrong: the message names the sheet, the place and what is expected there."""


@dataclass(frozen=True)
class License:
    """Who may do what: a short name, the page with the text (or None), and the terms in one sentence."""

    name: str
    terms: str
    url: str | None = None


@dataclass(frozen=True)
class ClassSheet:
    """One class: its name, the code that the source uses for it, how many items, groups and so on it has per split."""

    name: str
    code: str | None = None
    counts: dict = None


@dataclass(frozen=True)
class RemoteFile:
    """One file that can be fetched.

    `name` is its path under the folder of the data set. `addresses` are tried in order. `bytes` and `checksum`
    ("md5:..." or "sha256:...") are None where no source publishes them. An archive has `into`, the folder it is
    unpacked to ("." for the data set's own), and `holds`, the first parts of the paths that it brings.
    `n_files` and `unpacked_bytes` are what it brings, where known. An `optional` file comes only when asked for.
    """

    name: str
    addresses: tuple
    bytes: int | None = None
    checksum: str | None = None
    into: str | None = None
    holds: tuple = ()
    n_files: int | None = None
    unpacked_bytes: int | None = None
    optional: bool = False
    note: str | None = None

    @property
    def is_archive(self):
        """Whether the file is unpacked after it came."""
        return self.into is not None


@dataclass(frozen=True)
class PlacedFile:
    """One file that the learner puts in place: its name and, for arrays, the shape and the kind of numbers in it."""

    name: str
    shape: tuple = ()
    kind: str | None = None


@dataclass(frozen=True)
class Placing:
    """How a learner gets a data set that cannot be fetched unattended: where it is, the steps, and the files."""

    source: str
    steps: tuple
    files: tuple = ()


@dataclass(frozen=True)
class Manifest:
    """The data sheet of one data set; see `data_manifests/*.yaml`.

    `loader` names the module of `helpers._loaders` that reads it; `writer`, "<module>.<function>" of
    `helpers.orchestra`, renders it, as in ``write_notes(folder, size=..., seed=...)``; `rendered_bytes` says what each size takes on the disk. `noise` names clips that are
    known to be noise: instrument -> [lowest, highest pitch]. `collections` says which collection the clips of a subset
    were cut from: "<subset>" or "<subset>/<class>" -> name.
    """

    name: str
    title: str
    description: str
    lessons: tuple
    provenance: str
    access: str
    licence: License
    citation: str
    home: str
    version: str | None = None
    doi: str | None = None
    loader: str | None = None
    writer: str | None = None
    audio: dict = None
    n_items: int | None = None
    classes: tuple = ()
    splits: dict = None
    groups: str | None = None
    sizes: tuple = ()
    rendered_bytes: dict = None
    recordings: dict = None
    noise: dict = None
    source: dict = None
    collections: dict = None
    files: tuple = ()
    place: Placing | None = None
    defects: tuple = ()
    unconfirmed: tuple = ()

    @property
    def download_bytes(self):
        """Bytes of the files that `fetch` brings unasked, or None where the size of one of them is not known."""
        sizes = [file.bytes for file in self.files if not file.optional]
        return None if not sizes or None in sizes else sum(sizes)


def names():
    """Names of all data sets that have a data sheet, sorted."""
    found = (entry.name for entry in resources.files("data_manifests").iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in found if name.endswith(".yaml")))


@cache
def manifest(name):
    """Read and check one data sheet.

    Parameters
    ----------
    name : str
        One of `names()`.

    Returns
    -------
    Manifest

    Raises
    ------
    ManifestError
        For an unknown name (the message lists the known ones) and for a sheet that breaks the rules.
    """
    if name not in names():
        raise ManifestError(f"there is no data set {name!r}. Known: {', '.join(names())}")
    text = resources.files("data_manifests").joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    return parse(text, f"{name}.yaml")


def parse(text, where):
    """Turn the text of a data sheet into a `Manifest`; `where` is the file name that errors carry."""
    import yaml

    try:
        raw = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ManifestError(f"{where}: not readable as YAML: {error}") from error
    sheet = _build(Manifest, raw, where)
    if f"{sheet.name}.yaml" != where:
        raise ManifestError(f"{where}: `name` is {sheet.name!r}; it must be the name of the file")
    _check(sheet, where)
    return sheet


_TYPES = {str: "a text", int: "a whole number", bool: "true or false", tuple: "a list", dict: "a table of keys"}
_NESTED = {"licence": License, "place": Placing}
_LISTS = {(Manifest, "classes"): ClassSheet, (Manifest, "files"): RemoteFile, (Placing, "files"): PlacedFile}


def _build(kind, raw, where):
    """Make a `kind` from a mapping: no key missing, none unknown, each of its declared type, nested sheets likewise."""
    if not isinstance(raw, dict):
        raise ManifestError(f"{where}: expected a table of keys, found {type(raw).__name__}")
    known = {field.name: field for field in fields(kind)}
    if unknown := sorted(set(raw) - set(known)):
        raise ManifestError(f"{where}: unknown key {unknown[0]!r}. Known: {', '.join(known)}")
    missing = [name for name, field in known.items() if field.default is MISSING and raw.get(name) in (None, "", [])]
    if missing:
        raise ManifestError(f"{where}: {missing[0]!r} is missing; a data sheet must have it")
    return kind(**{name: _value(kind, field, raw[name], f"{where}: {name}") for name, field in known.items()
                   if raw.get(name) is not None})


def _value(kind, field, value, where):
    """One value of a data sheet, checked against the type that its field declares."""
    if field.name in _NESTED:
        return _build(_NESTED[field.name], value, where)
    expected = next(choice for choice in (bool, int, tuple, dict, str) if choice in _declared(field.type))
    if expected is tuple and isinstance(value, list):
        inner = _LISTS.get((kind, field.name))
        if inner:
            return tuple(_build(inner, item, f"{where}[{i}]") for i, item in enumerate(value))
        return tuple(value)
    # bool is a subclass of int: `bytes: true` must not pass as 1
    if not isinstance(value, expected) or (expected is int and isinstance(value, bool)):
        raise ManifestError(f"{where} must be {_TYPES[expected]}, found {value!r}")
    return value


def _declared(annotation):
    """The types that an annotation names: `int | None` gives (int, NoneType), `int` gives (int,)."""
    return getattr(annotation, "__args__", (annotation,))


def _check(sheet, where):
    """Rules that tie several keys of a data sheet together."""

    def refuse(problem):
        raise ManifestError(f"{where}: {problem}")

    if sheet.provenance not in ("practice", "real"):
        refuse(f"`provenance` must be practice or real, found {sheet.provenance!r}")
    if sheet.access not in ACCESS:
        refuse(f"`access` must be one of {', '.join(ACCESS)}, found {sheet.access!r}")
    if (sheet.access == "rendered") != (sheet.provenance == "practice"):
        refuse("practice data are rendered, and only they")
    if (sheet.access == "rendered") != bool(sheet.sizes):
        refuse("`sizes` stands with rendered data, and only with them")
    if set(sheet.rendered_bytes or ()) != set(sheet.sizes):
        refuse("`rendered_bytes` has one number per size")
    if (sheet.access == "rendered") != (sheet.writer is not None) or (sheet.writer and not sheet.loader):
        refuse("`writer` (who renders them) stands with rendered data, together with `loader` (who reads them)")
    if sheet.writer is not None and sheet.writer.count(".") != 1:
        refuse(f"`writer` is <module of helpers.orchestra>.<function>, found {sheet.writer!r}")
    if sheet.source is not None and (sheet.access != "rendered" or set(sheet.source) != {"data", "needs"}):
        refuse("`source` (data, needs) stands with rendered data")
    if (sheet.access == "placed") != (sheet.place is not None):
        refuse("`place` (source, steps, files) stands with placed data, and only with them")
    if (sheet.access == "download") != bool(sheet.files):
        refuse("`files` stands with data to be downloaded, and only with them")
    for file in sheet.files:
        _check_file(file, refuse)
    seen = [file.name for file in sheet.files]
    if len(set(seen)) != len(seen):
        refuse("two files have one name")


def _check_file(file, refuse):
    """Rules for one file to be fetched: real addresses, a checksum of a known kind, an archive that says what it has."""
    if not file.addresses:
        refuse(f"{file.name} has no address")
    for address in file.addresses:
        if not str(address).startswith(("https://", "http://")) or any(c in str(address) for c in " \t\n"):
            refuse(f"{file.name}: {address!r} is not a web address (a blank in it is written %20)")
    digits = {"md5": 32, "sha256": 64}
    if file.checksum is not None:
        kind, _, value = file.checksum.partition(":")
        if len(value) != digits.get(kind) or set(value) - set("0123456789abcdef"):
            refuse(f"{file.name}: a checksum is md5: and 32 or sha256: and 64 digits 0-9a-f, found {file.checksum!r}")
    if file.is_archive != bool(file.holds):
        refuse(f"{file.name}: `into` and `holds` stand together (the paths that the archive brings)")
