"""Does every listed answer get the same mark under each Python that the course runs on? Called by ``make test-pythons``.

For each Python found here an environment is made from ``requirements.lock``, and in it the answers of ``tests/answers`` are
graded behind walls, with the same inputs. Then marks, outcomes and failed checks are compared, answer by answer, with those of
the newest Python, which is Colab's. A question that a person must look at (``needs_review``) counts as no difference: its reason
is printed.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

from grading import gauge
from grading.course import find_root, load_course
from tests import environments

VERSIONS = ("3.13", "3.12", "3.11")  # Colab's first: the others are held against it
NEEDS_REVIEW = "needs_review"


def environment(version, root, folder):
    """The python of an environment from the lock, made now unless it was made from this lock; None without that Python."""
    if environments.interpreter(version) is None:
        return None
    lock = root / "requirements.lock"
    stamp = folder / "made-from"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != digest:
        print(f"Python {version}: setting up its environment ...", flush=True)
        environments.make(folder, version, "--require-hashes", "-r", str(lock))
        stamp.write_text(digest, encoding="utf-8")
    return folder / "bin" / "python"


def grade(names, out):
    """Grade the listed answers of some lessons with the Python that runs this; write ``{lesson: {answer: result}}``."""
    course = load_course(find_root())
    found = {}
    for name in names:
        lesson = course.lesson(name)
        results = gauge.grade_answers(course, lesson, gauge.listed(course, lesson))
        found[name] = {f"{question}/{answer}": result for (question, answer), (result,) in results.items()}
    out.write_text(json.dumps(found), encoding="utf-8")


def differences(one, other):
    """In what two results of one answer differ, as words; empty if they agree.

    Parameters
    ----------
    one, other : dict
        As ``engine.grade`` gives them for a question.

    Returns
    -------
    list of str
    """
    found = [f"{what} {one[what]} and {other[what]}" for what in ("score", "outcome") if one[what] != other[what]]
    failed = [{check["name"]: check["message"] for check in result["checks"] if not check["passed"]} for result in (one, other)]
    for name in sorted(failed[0].keys() ^ failed[1].keys()):
        told = next(each[name] for each in failed if name in each)
        found.append(f"check {name} fails in the {'first' if name in failed[0] else 'second'} alone ({told})")
    if found and not failed[0] and not failed[1]:
        found.append(f"{one['message']} | {other['message']}")
    return found


def compare(marks):
    """Hold the results of each Python against the first one's.

    Parameters
    ----------
    marks : dict of str to dict
        Python's version -> what :func:`grade` wrote.

    Returns
    -------
    list of str
        Differences that must not be.
    list of str
        Answers that a person is asked to look at under one Python, with the reason.
    """
    wrong, to_review = [], []
    (first, expected), *others = marks.items()
    for version, found in others:
        for lesson, answers in expected.items():
            for name, result in answers.items():
                other = found[lesson][name]
                lines = differences(result, other)
                asked = [one for one in (result, other) if one["outcome"] == NEEDS_REVIEW]
                if lines and asked:
                    to_review.append(f"{lesson}/{name}, Python {first} and {version}: {asked[0]['message']}")
                elif lines:
                    wrong.append(f"{lesson}/{name}, Python {first} and {version}: {'; '.join(lines)}")
    return wrong, to_review


def main():
    """Grade under every Python, print what differs; 1 if anything does, or nothing could be compared."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lesson", action="append", help="only these lessons")
    parser.add_argument("--out", type=Path, help="grade with this Python alone, and write the results to this file")
    arguments = parser.parse_args()
    course = load_course(find_root())
    names = arguments.lesson or [lesson.name for lesson in course.lessons]
    if arguments.out:
        grade(names, arguments.out)
        return 0
    folder = course.build_dir / "pythons"
    marks = {}
    for version in VERSIONS:
        python = environment(version, course.root, folder / version)
        if python is None:
            print(f"Python {version} is not installed here: nothing is known of it")
            continue
        print(f"Python {version}: grading the answers of {len(names)} lessons ...", flush=True)
        out = folder / f"{version}.json"
        command = [str(python), "-m", "tests.pythons.run", "--out", str(out)]
        told = os.environ | {"PYTHONPATH": str(course.root), "TF_CPP_MIN_LOG_LEVEL": "3"}
        subprocess.run([*command, *(f"--lesson={name}" for name in names)], check=True, cwd=course.root, env=told)
        marks[version] = json.loads(out.read_text(encoding="utf-8"))
    if len(marks) < 2:
        print("Fewer than two Pythons: nothing was compared")
        return 1
    wrong, to_review = compare(marks)
    n = sum(len(answers) for answers in next(iter(marks.values())).values())
    for line in [*(f"needs you: {line}" for line in to_review), *wrong]:
        print(line)
    print(f"{n} answers under Python {', '.join(marks)}: {len(wrong)} differences, {len(to_review)} for a person to look at")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
