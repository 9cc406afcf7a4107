"""Reading the data sets: one module per layout; `helpers.data` calls `read`, `table`, `placed` and `problems`.

A data sheet names its reader in ``loader``: ``loader: tinysol`` is the module ``tinysol`` in here (a dash in the name is
an underscore in the module's), with a function ``read(sheet, folder, sr) -> Dataset``. It may also have

* ``table(sheet, folder) -> dict`` of columns: all that the source says of its items, whether their sound is there or not;
* ``testing(sheet, folder, sr) -> Dataset``: the testing part, where it is a set of its own, as IRMAS's is;
* ``duets(sheet, folder, sr) -> list of Played``: recordings of which it is known who plays when;
* ``notes(sheet, folder, recording) -> (n_notes, 4) array``: who plays what when in one recording;
* ``problems(sheet, folder) -> list`` of lines: what `helpers.data.validate` should say of its files;
* ``elsewhere(folder) -> set`` of the archives that are not needed, since what they bring is here in another form;
* ``CHOICES``, ``chooser`` and ``taken``: how some items are brought straight out of an archive (see `nsynth`).

What a reader must know of its source (how names are built, which items are broken, which items are near copies of each
other) stands there in code and in the data sheet in words.
"""

from dataclasses import replace
from importlib import import_module

import numpy as np

from .._dataset import DataError, Dataset
from .._paths import writing
from ..data import _is_excerpt, _visible


def _reader(sheet):
    """The module that reads a data set; a clear error where this release has none."""
    if sheet.loader is None:
        from .._manifests import manifest, names

        known = ", ".join(name for name in names() if manifest(name).loader is not None)
        raise DataError(f"{sheet.name}: this release fetches and validates it but has no loader for it. "
                        f"Loaders: {known}; a folder of recordings by class: data.from_folder(path)")
    return import_module(f".{sheet.loader.replace('-', '_')}", __name__)


def read(sheet, folder, sr, part="read", detail=""):
    """Read a data set that lies in `folder`.

    Parameters
    ----------
    sheet : Manifest
    folder : Path
    sr : int
        Sample rate in Hz at which audio is delivered.
    part : {"read", "testing", "duets"}
        Which of the reader's functions.
    detail : str
        What a reader of a score must know of these data, besides what the reader itself says.

    Returns
    -------
    Dataset or tuple of Played

    Raises
    ------
    DataError
        There is no reader for it in this release, it has no such part, or the data are not there or damaged.
    """
    look = getattr(_reader(sheet), part, None)
    if look is None:
        raise DataError(f"{sheet.name} has no {part} part: data.load({sheet.name!r}) gives all of it")
    if not _visible(folder):
        raise DataError(_how_to_get(sheet, folder))
    found = look(sheet, folder, sr)
    if isinstance(found, Dataset):
        return _with_detail(found, detail)
    return tuple(_with_detail(one, detail) for one in found)


def _with_detail(found, detail):
    """A data set with what the reader says of it and what else is known, in its title."""
    return replace(found, detail=", ".join(part for part in (found.detail, detail) if part))


def table(sheet, folder):
    """All that a source says of its items, as columns; `DataError` where it has no table of its own."""
    look = getattr(_reader(sheet), "table", None)
    if look is None:
        raise DataError(f"{sheet.name} comes without a table of its own; data.load({sheet.name!r}).table has what is "
                        "known of each item")
    if not _visible(folder):
        raise DataError(_how_to_get(sheet, folder))
    return look(sheet, folder)


def take(sheet, folder, wanted, drawn, archives=None):
    """Bring what is wanted out of the archives of a data set into its folder; see `helpers.data.take`."""
    import tempfile
    from pathlib import Path

    from .. import download

    reader = _reader(sheet)
    if not hasattr(reader, "chooser"):
        raise DataError(f"{sheet.name} cannot be taken in parts: data.fetch({sheet.name!r}) brings all of it")
    if unknown := sorted(set(wanted) - set(reader.CHOICES)):
        raise DataError(f"{sheet.name} has no column {unknown[0]!r} to choose by; it has {', '.join(reader.CHOICES)}")
    names, is_wanted = reader.chooser(sheet, folder, wanted, drawn)
    files = {file.name: file for file in sheet.files if file.is_archive}
    with writing(folder, f"{sheet.name} was not taken", DataError):
        folder.mkdir(parents=True, exist_ok=True)
    if archives is None:
        archives = [download.fetch_archive(files[name], folder) for name in names]
    n_taken = 0
    for archive in map(Path, archives):
        if archive.name not in files:
            raise DataError(f"{archive} is not an archive of {sheet.name}; these are {', '.join(files)}")
        if not archive.is_file():
            raise DataError(f"there is no archive {archive} (seen from {Path.cwd()})")
        file = files[archive.name]
        with (writing(folder, f"{sheet.name} was not taken", DataError),
              tempfile.TemporaryDirectory(prefix=".taking-", dir=folder) as draft):
            paths, damage = download.pick(archive, Path(draft), is_wanted, into=file.into,
                                          max_bytes=download.most_bytes(file))
            n_clips = sum(path.suffix == ".wav" for path in paths)
            for line in [damage] * bool(damage) + reader.taken(sheet, Path(draft), folder, is_wanted):
                print(f"{sheet.name}: {line}")
            download.move_in(Path(draft), folder)
        print(f"{sheet.name}: took {n_clips:,} clips out of {archive.name}")
        n_taken += n_clips
    if not n_taken:
        raise DataError(f"{sheet.name}: nothing in {', '.join(Path(a).name for a in archives)} is what is wanted")
    return folder


def notes(sheet, folder, recording):
    """The notes of one recording: start s, stop s, code of the instrument, key; `DataError` where there are none."""
    look = getattr(_reader(sheet), "notes", None)
    if look is None:
        raise DataError(f"{sheet.name} comes without notes: what is known of each item is in data.load(...).table")
    if not _visible(folder):
        raise DataError(_how_to_get(sheet, folder))
    return look(sheet, folder, recording)


def placed(sheet, folder):
    """The folder of a data set that the learner places by hand; `DataError` with the steps while it is incomplete."""
    if not _visible(folder):
        raise DataError(_how_to_get(sheet, folder))
    found = problems(sheet, folder)
    if found:
        raise DataError("\n".join([_how_to_get(sheet, folder), "What is there now is not right:", *found]))
    return folder


def problems(sheet, folder):
    """What is missing or damaged in a data set: one line each; no line when all is well."""
    if not _visible(folder):
        return [f"{sheet.name} is not on this machine: nothing at {folder}"]
    if sheet.access == "rendered":
        return _practice_problems(sheet, folder)
    found = []
    if _is_excerpt(folder):
        found.append(f"{folder} is an excerpt for tests, not the whole data set")
    own = _own_problems(sheet, folder)
    if sheet.access == "download":
        from ..download import problems as download_problems

        elsewhere = getattr(_reader(sheet), "elsewhere", None) if sheet.loader is not None else None
        return found + download_problems(sheet, folder, elsewhere(folder) if elsewhere else frozenset()) + own
    if own:
        return found + own
    try:
        left_out = read(sheet, folder, sr=22050).left_out
    except DataError as error:
        return [*found, str(error)]
    return found + [f"{count} x {reason}" for reason, count in left_out.items()]


def _own_problems(sheet, folder):
    """What the reader of a data set, if it has one, knows to look for in its files."""
    look = getattr(_reader(sheet), "problems", None) if sheet.loader is not None else None
    return look(sheet, folder) if look else []


def _practice_problems(sheet, folder):
    """Rendered folders whose recordings and table do not match."""
    found = []
    look = getattr(_reader(sheet), "problems", None)
    for rendering in _visible(folder):
        if look:
            found += [f"{rendering.name}: {line}" for line in look(sheet, rendering)]
            continue
        try:
            left_out = _reader(sheet).read(sheet, rendering, 22050).left_out
        except DataError as error:
            found.append(str(error))
            continue
        found += [f"{rendering.name}: {count} x {reason}" for reason, count in left_out.items()]
    return found


def _how_to_get(sheet, folder):
    """In words: where a data set that is not there comes from and where it goes."""
    if sheet.access == "download":
        return f"{sheet.name} is not on this machine (looked in {folder}). Fetch it with data.fetch({sheet.name!r})"
    steps = [f"  {i}. {step.format(folder=folder)}" for i, step in enumerate(sheet.place.steps, 1)]
    files = [f"     {folder / file.name}" for file in sheet.place.files]
    return "\n".join([f"{sheet.name} cannot be fetched unattended; you place it once, by hand:",
                      f"  from {sheet.place.source}", *steps, *files,
                      f"  Terms: {sheet.licence.terms}"])


def used_classes(dataset):
    """Drop the classes that no item has."""
    used, labels = np.unique(dataset.labels, return_inverse=True)
    return replace(dataset, classes=tuple(dataset.classes[label] for label in used), labels=labels)
