"""What ``course.toml`` says, checked. Read by every command; knows nothing of notebooks."""

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Lesson(_Strict):
    """One lesson: its name (also its file name), its title, what takes the place of its parameters on real data."""

    name: str = Field(pattern=r"^\d\d_[a-z0-9_]+$")
    title: str
    real: dict[str, str] = {}
    excerpts: dict[str, str] = {}


class Limits(_Strict):
    """What one question (CPU) and one submission (memory, wall clock) may use."""

    cpu_seconds: float = Field(gt=0)
    memory_gb: float = Field(gt=0)
    wall_seconds: float = Field(default=300, gt=0)


class Submissions(_Strict):
    """How files are named that come from elsewhere than Canvas, Moodle or nbgrader: a regular expression with the group
    ``student``."""

    pattern: str | None = None


class SelfLearning(_Strict):
    """Whether solutions are published for those who learn alone."""

    open: bool = False


class Course(_Strict):
    """The course: title, addresses, limits, lessons in order; ``root`` is the folder it was read from."""

    root: Path
    title: str
    source_repository: str
    student_repository: str
    branch: str
    self_learning: SelfLearning
    submissions: Submissions = Submissions()
    limits: Limits
    lessons: tuple[Lesson, ...]

    def lesson(self, name):
        """The lesson of that name.

        Raises
        ------
        CourseError
            If there is none; the message lists those that there are.
        """
        for lesson in self.lessons:
            if lesson.name == name:
                return lesson
        raise CourseError(f"no lesson {name!r}; there are: {', '.join(lesson.name for lesson in self.lessons)}")

    def source(self, lesson):
        """The hand-written form of a lesson."""
        return self.root / "solutions" / lesson.name / f"{lesson.name}.py"

    @property
    def build_dir(self):
        """Where derived files that are not committed lie."""
        return self.root / ".build"


class CourseError(ValueError):
    """Something in the course's own files is wrong; the message says what, where and what to do."""


def find_root(start=None):
    """The nearest folder at or above ``start`` that holds a ``course.toml``.

    Parameters
    ----------
    start : Path, optional
        The current folder by default; then the folder of this package.

    Raises
    ------
    CourseError
        If there is none.
    """
    start = Path(start or Path.cwd()).resolve()
    for folder in (start, *start.parents, Path(__file__).resolve().parent.parent):
        if (folder / "course.toml").is_file():
            return folder
    raise CourseError(f"no course.toml in {start} or above it: run `course` inside the course's folder")


def load_course(root):
    """Read and check ``course.toml``.

    Parameters
    ----------
    root : Path
        Folder of the course.

    Returns
    -------
    Course

    Raises
    ------
    CourseError
        Naming the file and each entry that is wrong.
    """
    path = Path(root) / "course.toml"
    try:
        return Course(root=Path(root), **tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise CourseError(f"{path} is not there") from None
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{path} is not TOML: {error}") from None
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise CourseError(f"{path}: {faults}") from None
