"""What a learner has tried and reached, kept between visits. Called by `helpers.checks`.

One small file per lesson under ``data_dir()/progress``. It is kept only where somebody works in the notebook; what a
grader runs leaves nothing. In Colab it lasts as long as the machine, unless ``COURSE_DATA_DIR`` is on a mounted drive.
"""

import hashlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass, replace

from helpers import data, match


@dataclass(frozen=True)
class Reached:
    """What was reached in one question.

    Attributes
    ----------
    tries : tuple of str
        Digests of the different answers that were tried (comments and blank lines do not make an answer different).
    passed, n_checks : int
        Visible checks passed by the last answer, of how many.
    best : int
        Most visible checks passed so far.
    """

    tries: tuple = ()
    passed: int = 0
    n_checks: int = 0
    best: int = 0


def read(lesson):
    """What was reached in a lesson.

    Parameters
    ----------
    lesson : str

    Returns
    -------
    dict of str to Reached
        By question; empty where nothing was kept, or the file is damaged (the next answer replaces it).
    """
    try:
        kept = json.loads(_file(lesson).read_text(encoding="utf-8"))
        return {name: Reached(**{**row, "tries": tuple(row["tries"])}) for name, row in kept.items()}
    except (FileNotFoundError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def tried(lesson, question, answer):
    """Keep that an answer was tried; returns how many different ones there were, this one included.

    Parameters
    ----------
    lesson : str
    question : helpers.match.ReleasedQuestion
    answer : str
        Source of the answer cell. The released stub, and what is not Python, is no try.

    Returns
    -------
    int
    """
    kept = read(lesson)
    reached = kept.get(question.id, Reached())
    normal = match.normalised(answer)
    honest = not match.syntax_fault(answer) and normal not in ("", match.normalised(question.source))
    digest = hashlib.sha256(normal.encode()).hexdigest()[:12]
    if honest and digest not in reached.tries:
        reached = replace(reached, tries=(*reached.tries, digest))
        _write(lesson, kept | {question.id: reached})
    return len(reached.tries)


def scored(lesson, question, passed, n_checks):
    """Keep how many visible checks an answer passed."""
    kept = read(lesson)
    reached = kept.get(question, Reached())
    best = max(passed, reached.best)
    _write(lesson, kept | {question: replace(reached, passed=passed, n_checks=n_checks, best=best)})


def _file(lesson):
    return data.data_dir() / "progress" / f"{lesson}.json"


def _write(lesson, kept):
    path = _file(lesson)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({name: asdict(reached) for name, reached in kept.items()}, indent=1)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=".progress-", delete=False, encoding="utf-8") as file:
        file.write(text)
    os.replace(file.name, path)
