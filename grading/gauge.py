"""How good are the tests? Grades answers whose worth is known, behind the walls, and says where a test errs.

Four kinds of answer go to each question: the right and the wrong ones listed in ``tests/answers``, mutants of the
solution, and degenerate ones (nothing, zeros, the argument itself). Seven questions are graded at a time, as one
submission, so that what is gauged is the grader that students meet. Called by ``course gauge`` and by tests.
"""

import ast
import dataclasses
import hashlib
import re
import statistics
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import zip_longest

import nbformat
import yaml
from tqdm.auto import tqdm

from grading import build, crew, demo, engine, grade, mutants, sandbox
from grading.course import CourseError

RIGHT, WRONG, MUTANT, DEGENERATE = "right", "wrong", "mutant", "degenerate"
GOAL_MUTANTS = 0.95
EQUIVALENT = "equivalent.yaml"  # in a lesson's folder of the bank: mutants that change nothing, each with the reason


@dataclass(frozen=True)
class Answer:
    """An answer whose worth is known; ``pattern`` is the message that a listed wrong one must get."""

    question: str
    kind: str
    name: str
    source: str
    pattern: str = ""


@dataclass(frozen=True)
class Gauged:
    """What the tests of one question did.

    Attributes
    ----------
    lesson, question : str
    answers : dict of str to int
        How many there were of each kind.
    refused : list of str
        Right answers that got less than full marks.
    slipped : list of str
        Wrong, mutated or degenerate answers that got full marks.
    unexplained : list of str
        Listed wrong answers that lost marks without the message that they name.
    changing : list of str
        Answers whose mark differs from seed to seed, with the checks that fail only sometimes.
    reviewed : list of str
        Answers whose mark is left to a person, with the reason: they prove nothing on this machine, either way.
    equivalent : int
        Mutants known to change nothing; they were not graded.
    earned_by_nothing : float
        The largest share of the points that a degenerate answer got.
    seconds : float
        Median CPU seconds of a right answer, its calls by the tests included.
    """

    lesson: str
    question: str
    answers: dict
    refused: list
    slipped: list
    unexplained: list
    changing: list
    reviewed: list
    equivalent: int
    earned_by_nothing: float
    seconds: float

    def caught(self, kind):
        """Share of the answers of a kind that got less than full marks; None where there is none."""
        n = self.answers.get(kind, 0)
        return 1 - sum(name.startswith(f"{kind}: ") for name in self.slipped) / n if n else None

    @property
    def good(self):
        """Whether the question meets the goals; mutants are judged over all questions together."""
        slipped = [name for name in self.slipped if not name.startswith(f"{MUTANT}: ")]
        return not (self.refused or slipped or self.unexplained or self.changing)


def gauge(course, lessons, *, listed_only=False, n_seeds=20, workers=2, walls=True, progress=True):
    """Grade every answer to every question of some lessons.

    Parameters
    ----------
    course : Course
    lessons : list of Lesson
    listed_only : bool
        Leave mutants and degenerate answers out.
    n_seeds : int
        With how many secrets, and so random inputs, the listed answers are graded.
    workers : int
    walls : bool
    progress : bool

    Returns
    -------
    list of Gauged
        One for each question, in order.

    Raises
    ------
    CourseError
        If the sandbox cannot be had, or a listed answer lacks its two lines.
    """
    if walls and (reason := sandbox.why_not()):
        raise CourseError(f"answers would not be walled in: {reason}")
    found = []
    for lesson in lessons:
        reference = build.reference_notebook(course, lesson)
        student = build.student_notebook(reference, lesson)
        answers = listed(course, lesson)
        equivalent = Counter()
        if not listed_only:
            extra = [*_mutants(reference), *_degenerate(student)]
            known = _equivalent(course, lesson)
            equivalent.update(answer.question for answer in extra if answer.name in known[answer.question])
            answers += [answer for answer in extra if answer.name not in known[answer.question]]
        results = grade_answers(
            course, lesson, answers, n_seeds=n_seeds, workers=workers, walls=walls, progress=progress
        )
        for question in build.released_map(student, reference, lesson)["questions"]:
            own = [answer for answer in answers if answer.question == question["id"]]
            found.append(_judged(lesson, question, own, results, equivalent[question["id"]]))
    return found


def good(gauged):
    """Whether the goals are met: every listed answer gets what it deserves, with its message, whatever the seed, and
    at least 95 % of the mutants lose marks."""
    n = sum(one.answers.get(MUTANT, 0) for one in gauged)
    survived = sum(name.startswith(f"{MUTANT}: ") for one in gauged for name in one.slipped)
    return all(one.good for one in gauged) and survived <= (1 - GOAL_MUTANTS) * n


# --- the answers ------------------------------------------------------------------------------------------------------


def listed(course, lesson):
    """The answers of a lesson's bank.

    Returns
    -------
    list of Answer

    Raises
    ------
    CourseError
        Naming the file whose name or first lines are not as they must be.
    """
    answers = []
    for path in sorted((course.root / "tests" / "answers" / lesson.name).glob("*/*.py")):
        source = path.read_text(encoding="utf-8")
        kind, lines = path.stem.split("_")[0], source.splitlines()
        if kind not in (RIGHT, WRONG):
            raise CourseError(f"{path}: an answer's file is named right_*.py or wrong_*.py")
        pattern = ""
        if kind == WRONG:
            if len(lines) < 2 or not lines[0].startswith("# wrong: ") or not lines[1].startswith("# message: "):
                raise CourseError(f"{path}: begins with `# wrong: misconception` and `# message: regular expression`")
            pattern = lines[1].removeprefix("# message: ")
        answers.append(Answer(path.parent.name, kind, f"{kind}: {path.stem}", source, pattern))
    return answers


def _solutions(reference):
    for cell in reference.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            yield cell.id, cell.source


def _mutants(reference):
    namespace = {}
    exec(build.import_lines(reference), namespace)  # the lesson's own imports
    for question, source in _solutions(reference):
        for mutant in mutants.mutants(source, namespace):
            yield Answer(question, MUTANT, f"{MUTANT}: {mutant.was} -> {mutant.now}", mutant.source)


def _degenerate(student):
    """Answers of somebody who did nothing: the first argument, a constant, an empty thing of the asked kind."""
    for question, source in _solutions(student):
        function = next(node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef))
        first = function.args.args[0].arg if function.args.args else "None"
        bodies = {
            "nothing": "None", "zero": "0", "one": "1.0", "empty list": "[]", "empty dict": "{}", "text": "'x'",
            "its first argument": first, "its first argument twice": f"({first}, {first})",
            "zeros": f"np.zeros_like(np.asarray({first}, dtype=float))", "empty array": "np.array([])",
            "nan": "float('nan')",
        }  # fmt: skip
        head = f"import numpy as np\n\n\ndef {function.name}({ast.unparse(function.args)}):\n    return "
        for name, body in bodies.items():
            yield Answer(question, DEGENERATE, f"{DEGENERATE}: {name}", head + body + "\n")


def _equivalent(course, lesson):
    """Names of the mutants that are known to change nothing, by question."""
    path = course.root / "tests" / "answers" / lesson.name / EQUIVALENT
    known = defaultdict(set)
    for question, rows in (yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}).items():
        for row in rows:
            if set(row) != {"was", "now", "why"}:
                raise CourseError(f"{path}: {question}: each entry has `was`, `now` and `why`, not {sorted(row)}")
            known[question].add(f"{MUTANT}: {row['was']} -> {row['now']}")
    return known


# --- grading them -----------------------------------------------------------------------------------------------------


def submissions(student, answers):
    """Submissions that hold all the answers between them, at most one to a question in each.

    Parameters
    ----------
    student : nbformat.NotebookNode
        The student version of the lesson.
    answers : iterable of Answer

    Returns
    -------
    list of (list of Answer, bytes)
        What each submission answers, and its notebook.
    """
    by_question = defaultdict(list)
    for answer in answers:
        by_question[answer.question].append(answer)
    made = []
    for row in zip_longest(*by_question.values()):
        row = [answer for answer in row if answer]
        cells = {answer.question: f"# question: {answer.question}\n{answer.source}" for answer in row}
        made.append((row, nbformat.writes(demo.fill(student, student, [], cells)).encode()))
    return made


def grade_answers(course, lesson, answers, *, n_seeds=1, workers=2, walls=True, progress=True):
    """Grade answers to a lesson's questions.

    Parameters
    ----------
    course : Course
    lesson : Lesson
    answers : list of Answer
    n_seeds : int
        With how many secrets the listed ones among them are graded; the others with one.
    workers : int
    walls : bool
    progress : bool

    Returns
    -------
    dict of (str, str) to list of dict
        Question and name of each answer -> the question's result (see ``engine.grade``), one a seed.
    """
    student = build.student_notebook(build.reference_notebook(course, lesson), lesson)
    bundle = crew.bundle(course, lesson)
    data_dir, caches = course.build_dir / "grading" / "data", course.build_dir / "grading" / "caches"
    crew.prepare(bundle, course.root, data_dir, caches)
    jobs = []
    for seed in range(n_seeds):
        with_secret = dataclasses.replace(bundle, secret=hashlib.sha256(f"gauge {seed}".encode()).digest())
        wanted = [answer for answer in answers if seed == 0 or answer.kind in (RIGHT, WRONG)]
        jobs += [(with_secret, *submission) for submission in submissions(student, wanted)]
    results = defaultdict(list)
    with (
        crew.Crew(course.root, data_dir, caches, int(bundle.memory_gb * 2**30), walls) as one,
        ThreadPoolExecutor(workers) as pool,
    ):

        def graded(job):
            with_secret, row, data = job
            return row, grade.one_submission(engine.opened(data, with_secret), with_secret, one, {})

        rows = tqdm(
            pool.map(graded, jobs), total=len(jobs), desc=lesson.name, unit="submission", disable=not progress or None
        )
        for row, result in rows:
            questions = {question["id"]: question for question in result["questions"]}
            for answer in row:
                results[answer.question, answer.name].append(questions[answer.question])
    return results


def _judged(lesson, question, answers, results, equivalent):
    points = float(question["points"])
    refused, slipped, unexplained, changing, reviewed, seconds, nothing = [], [], [], [], [], [], 0.0
    for answer in answers:
        found = results[answer.question, answer.name]
        if left := [one for one in found if one["outcome"] == engine.NEEDS_REVIEW]:
            reviewed.append(f"{answer.name} ({left[0]['message']})")
            continue
        scores = [one["score"] for one in found]
        if len(set(scores)) > 1:
            changing.append(f"{answer.name} ({min(scores):g} to {max(scores):g}; lost by {_losses(found)})")
        if answer.kind == RIGHT:
            seconds += [one["seconds"] for one in found]
            if min(scores) < points:
                said = next(one for one in found if one["score"] < points)
                refused.append(f"{answer.name} ({said['outcome']}: {said['message']})")
        elif max(scores) >= points:
            slipped.append(answer.name)
        elif answer.kind == WRONG and not all(_said(answer.pattern, one) for one in found):
            said = next(one for one in found if not _said(answer.pattern, one))
            unexplained.append(f"{answer.name} (wanted {answer.pattern!r}, got {said['outcome']}: {said['message']})")
        if answer.kind == DEGENERATE:
            nothing = max(nothing, *(score / points for score in scores))
    return Gauged(
        lesson=lesson.name,
        question=question["id"],
        answers=dict(Counter(answer.kind for answer in answers)),
        refused=refused,
        slipped=slipped,
        unexplained=unexplained,
        changing=changing,
        reviewed=reviewed,
        equivalent=equivalent,
        earned_by_nothing=round(nothing, 3),
        seconds=round(statistics.median(seconds), 3) if seconds else 0.0,
    )


def _losses(results):
    """What cost points with some of the seeds but not with all, and how often: a check, or an end before any check."""
    lost_by = [
        [check["name"] for check in one["checks"] if not check["passed"]] if one["checks"] else [one["outcome"]]
        for one in results
    ]
    counts = Counter(name for names in lost_by for name in names)
    return ", ".join(f"{name} in {n} of {len(results)}" for name, n in counts.items() if n < len(results))


def _said(pattern, result):
    """Whether what a student reads of a question names the mistake."""
    failed = [check for check in result["checks"] if not check["passed"]]
    text = "\n".join([result["message"], *(f"{check['name']}: {check['message']} {check['hint']}" for check in failed)])
    return re.search(pattern, text, re.IGNORECASE) is not None


# --- telling ----------------------------------------------------------------------------------------------------------


def table(gauged):
    """What `course gauge` prints: a line a question, then each thing that is not as it should be.

    Parameters
    ----------
    gauged : list of Gauged

    Returns
    -------
    str
    """
    lines = [f"{'question':46} right  wrong  mutants caught  by nothing  seconds"]
    for one in gauged:
        n = one.answers
        share = one.caught(MUTANT)
        mutated = "" if share is None else f"{share:.0%} of {n[MUTANT]}" + (f" (+{one.equivalent} =)" if one.equivalent else "")
        wrong = n.get(WRONG, 0) - sum(name.startswith(f"{WRONG}: ") for name in one.slipped)
        lines.append(
            f"{one.lesson + ' ' + one.question:46} {n.get(RIGHT, 0) - len(one.refused):2}/{n.get(RIGHT, 0):<2}  "
            f"{wrong:2}/{n.get(WRONG, 0):<2}  {mutated:14}  {one.earned_by_nothing:>10.0%}  {one.seconds:7.2f}"
        )
    for one in gauged:
        for what, names in (
            ("refused", one.refused),
            ("slips through", one.slipped),
            ("without its message", one.unexplained),
            ("changes with the seed", one.changing),
            ("left to a person", one.reviewed),
        ):
            lines += [f"  {one.lesson} {one.question}: {what}: {name}" for name in names]
    n = sum(one.answers.get(MUTANT, 0) for one in gauged)
    if n:
        survived = sum(name.startswith(f"{MUTANT}: ") for one in gauged for name in one.slipped)
        lines.append(f"mutants: {n - survived} of {n} caught ({(n - survived) / n:.1%}; goal {GOAL_MUTANTS:.0%})")
    lines.append("the goals are met" if good(gauged) else "the goals are NOT met")
    return "\n".join(lines)
