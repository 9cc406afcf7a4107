"""The ``course`` command. Each subcommand reads ``course.toml``, calls one function of this package, and prints."""

import json
from dataclasses import asdict
from pathlib import Path
from textwrap import shorten

import click

from grading.course import CourseError, find_root, load_course

_NAMED = 10  # how many marks the last line names


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="instrument-course")
def main():
    """Build, run and grade the lessons of the course, and manage its data."""


def _course():
    try:
        return load_course(find_root())
    except CourseError as error:
        raise click.ClickException(str(error)) from None


@main.command()
@click.option("--check", is_flag=True, help="Write nothing; fail if a committed file differs from what its source gives.")
def build(check):
    """Derive the student notebooks and the released maps from solutions/."""
    from grading import build as builder

    course = _course()
    try:
        found = builder.differences(course) if check else builder.build(course)
    except CourseError as error:
        raise click.ClickException(str(error)) from None
    for line in found:
        click.echo(line)
    if check and found:
        raise click.ClickException(f"{len(found)} derived files are out of date: run `course build` and commit them")
    click.echo("up to date" if not found else f"{len(found)} files written")


@main.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def publish(folder):
    """Write what students need, and nothing else, to FOLDER: ready to push to the student repository."""
    from grading import publish as publisher

    course = _course()
    try:
        written = publisher.publish(course, folder)
    except CourseError as error:
        raise click.ClickException(str(error)) from None
    for path in written:
        click.echo(path)
    if "SET_YOUR_ACCOUNT" in course.student_repository:
        click.echo("note: course.toml still has no address of your own; the Colab badges lead nowhere until it has")


@main.command()
@click.argument("lesson")
@click.option("--data", type=click.Choice(["practice", "real"]), default="practice", show_default=True)
@click.option("--long", "long_", is_flag=True, help="Also train the models as written; the result goes to helpers/results/.")
@click.option("--json", "json_path", type=click.Path(dir_okay=False, path_type=Path), help="Write the result here.")
def run(lesson, data, long_, json_path):
    """Execute the reference of LESSON from start to end; print its scores, marks and times."""
    from grading import build as builder
    from grading import run as runner

    course = _course()
    try:
        result = runner.run_lesson(course, course.lesson(lesson), real=data == "real", long=long_)
    except CourseError as error:
        raise click.ClickException(str(error)) from None
    if json_path:
        values = {**result.__dict__, "total": result.total}
        builder.write_atomically(json_path, (json.dumps(values, indent=1, ensure_ascii=False) + "\n").encode())
    click.echo(run_text(result))
    click.echo(f"executed notebook: {course.build_dir / 'run' / lesson}.ipynb (and .html)")


@main.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--lesson", required=True, help="For example 02_dense_mlp.")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Where results go.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1), help="Submissions graded at once.")
@click.option("--scheduler", help="Address of a Dask scheduler whose workers grade instead.")
@click.option("--roster", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="CSV of everybody.")
@click.option("--no-sandbox", is_flag=True, help="Let student code run unwalled on this machine.")
def grade(path, lesson, out, workers, scheduler, roster, no_sandbox):
    """Grade one notebook, a folder or a zip of them; a mark with a reason for every question of every student."""
    from grading import grade as grader
    from grading import roster as rosters

    course = _course()
    if no_sandbox:
        click.echo("WITHOUT SANDBOX: student code can read your files, use the network, and stop this machine")
    try:
        people = rosters.read_roster(roster) if roster else ()
        graded = grader.grade_class(
            course, course.lesson(lesson), path, out,
            workers=workers, scheduler=scheduler, walls=not no_sandbox, roster=people,
        )
    except ValueError as error:  # CourseError and the errors of rosters, overrides and submissions
        raise click.ClickException(str(error)) from None
    click.echo(class_text(graded, out))


@main.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("student")
def forget(folder, student):
    """Delete everything about STUDENT from the results in FOLDER."""
    from grading import results

    try:
        removed = results.forget(folder, student)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    click.echo("\n".join(map(str, removed)))


@main.command()
@click.option("--lesson", "lessons", multiple=True, help="For example 02_dense_mlp; all lessons by default.")
@click.option("--listed", is_flag=True, help="Only the listed answers: no mutants, no answers that do nothing.")
@click.option("--seeds", default=20, show_default=True, type=click.IntRange(1), help="Seeds for the listed answers.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1), help="Submissions graded at once.")
@click.option("--no-sandbox", is_flag=True, help="Run the answers unwalled: they are the course's own.")
@click.option("--json", "json_path", type=click.Path(dir_okay=False, path_type=Path), help="Write the result here.")
def gauge(lessons, listed, seeds, workers, no_sandbox, json_path):
    """Test the tests: known answers, right and wrong ones, mutants of the solutions, and answers that do nothing."""
    from grading import build as builder
    from grading import gauge as gauging

    course = _course()
    try:
        found = gauging.gauge(
            course, [course.lesson(name) for name in lessons] or list(course.lessons),
            listed_only=listed, n_seeds=seeds, workers=workers, walls=not no_sandbox,
        )
    except CourseError as error:
        raise click.ClickException(str(error)) from None
    if json_path:
        values = {"good": gauging.good(found), "questions": [asdict(one) for one in found]}
        builder.write_atomically(json_path, (json.dumps(values, indent=1, ensure_ascii=False) + "\n").encode())
    click.echo(gauging.table(found))
    if not gauging.good(found):
        raise click.ClickException("tests that err: see above")


def class_text(graded, out):
    """What `course grade` prints: where versions differ, a line a student, what was left aside, which marks changed,
    where the files are, who needs a person."""
    from grading import results

    lines = [f"runtime: {line}: what fails for that ends as needs_review" for line in graded.runtime]
    for result in graded.concluded.results:
        odd = [f"{q['id']} {q['outcome']}" for q in result["questions"] if q["outcome"] not in ("passed", "not_attempted")]
        said = result["error"] or ", ".join(odd)
        score = "   ..." if results.waiting(result) else f"{result['score']:6.2f}"
        lines.append(f"  {result['student']:24} {score} of {result['max_score']:g}  {said}".rstrip())
    lines += [f"left aside: {skipped.source}: {skipped.reason}" for skipped in graded.skipped]
    lines += [f"note: {note}" for note in graded.concluded.notes]
    lines += [f"changed: {change}" for change in graded.concluded.changes]
    lines.append(f"{len(graded.concluded.results)} submissions; results in {out}")
    lines.append(_needs_you(graded.concluded.results))
    return "\n".join(lines)


def _needs_you(results_):
    """The last line: which marks only a person can give; a file that cannot be read counts as one."""
    from grading import results

    waiting = [(result["student"], "unreadable" if result["error"] else name) for result in results_ for name in results.waiting(result)]
    named = [f"{student} {name}" for student, name in dict.fromkeys(waiting)]
    if not named:
        return "nothing needs you"
    more = f", and {len(named) - _NAMED} more (see {results.GRADES})" if len(named) > _NAMED else ""
    return f"{len(named)} need you: {', '.join(named[:_NAMED])}{more}; settle them in {results.OVERRIDES}"


@main.command()
@click.argument("notebook", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--repair", type=click.Path(dir_okay=False, path_type=Path), help="Write the repaired notebook here.")
@click.option("--sandbox", "walls", is_flag=True, help="Try each wall around student code from inside.")
def doctor(notebook, repair, walls):
    """Say what a grader will find in NOTEBOOK: missing, duplicated, renamed, broken answers; repair what is safe.
    With --sandbox: say whether the walls around student code hold on this machine."""
    if (notebook is None) == (not walls):
        raise click.UsageError("give a notebook, or --sandbox")
    if walls:
        _try_walls()
        return
    from grading import build as builder
    from helpers import submit

    try:
        looked = submit.look(notebook.read_bytes())
    except submit.SubmitError as error:
        raise click.ClickException(f"{notebook}: {error}") from None
    click.echo(looked)
    for line in _runtime_of(notebook.read_bytes(), looked):
        click.echo(f"runtime: {line}")
    if repair:
        builder.write_atomically(repair, looked.notebook)
        click.echo(f"repaired: {repair} ({submit.checksum(looked.notebook)})")
    if not looked.complete:
        raise click.ClickException("not every question has an answer")


def _runtime_of(data, looked):
    """Where a notebook ran on other versions than there are here, and which answers only its Python reads."""
    from grading import colab, runtime
    from helpers import match

    notebook, lists = match.load_notebook(data), colab.lists(_course().root)
    ran = runtime.of_notebook(notebook, lists)
    told = [{"runtime": runtime.differences(ran, colab.TOUCHED)}] if ran.told else []
    lines = runtime.lines(told, lists, colab.TOUCHED)
    found = match.match(match.read_notebook(data), match.released_lessons()[looked.lesson])
    for question in looked.questions:
        if question.state == match.NOT_PYTHON and runtime.newer_syntax(found[question.question].source, ran):
            lines.append(f"{question.question} is Python where it was written, though not here: grading leaves it to you")
    return lines


def _try_walls():
    from grading import crew, sandbox
    from grading import doctor as prober

    course = _course()
    if reason := sandbox.why_not():
        raise click.ClickException(reason)
    bundle = crew.bundle(course, course.lessons[0])
    folder = course.build_dir / "grading"
    for name in ("data", "caches"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    with crew.Crew(course.root, folder / "data", folder / "caches", int(bundle.memory_gb * 2**30)) as one:
        findings = prober.sandbox_findings(one, bundle, course.root)
    for finding in findings:
        click.echo(f"{'holds ' if finding.holds else 'BROKEN'}  {finding.wall}: {finding.seen}")
    if not all(finding.holds for finding in findings):
        raise click.ClickException("a wall does not hold: do not grade on this machine")


@main.command()
@click.argument("list_", metavar="LIST", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--date", help="Month of the list, such as 2026-09; else from its name.")
@click.option("--python", help="Colab's Python, such as 3.13; else from its name.")
def colab(list_, date, python):
    """Take LIST (`pip freeze` of Colab) as the newest list of what Colab ships, and lock the grader's packages to it."""
    from grading import colab as lists

    course = _course()
    try:
        changed = lists.take(course.root, list_, date, python)
    except CourseError as error:
        raise click.ClickException(str(error)) from None
    for path in changed:
        click.echo(path.relative_to(course.root))
    click.echo("run `make test-colab`, then commit" if changed else "up to date")


@main.group()
def data():
    """The data sets: what they are, where they come from, whether they are here."""


@data.command("list")
def data_list():
    """One line a data set: how it comes, its size, its licence, whether it is here."""
    from helpers import data as sets

    rows = [("name", "access", "to fetch", "here", "licence")]
    for name in sets.names():
        sheet = sets.manifest(name)
        size = "-" if sheet.download_bytes is None else _bytes(sheet.download_bytes)
        here = "yes" if any(sets.where(name).glob("*")) else "no"
        rows.append((name, sheet.access, size, here, shorten(sheet.licence.name, 40)))
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        click.echo("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())


@data.command("info")
@click.argument("name")
def data_info(name):
    """The data sheet of NAME: what is in it, licence, citation, known defects."""
    from helpers import data as sets

    sheet = _told(sets.manifest, name)
    click.echo(f"{sheet.title}\n{sheet.description}\n")
    facts = {
        "lessons": ", ".join(sheet.lessons),
        "items": sheet.n_items,
        "classes": ", ".join(cls.name for cls in sheet.classes),
        "groups": sheet.groups,
        "licence": f"{sheet.licence.name}: {sheet.licence.terms}",
        "citation": sheet.citation,
        "home": sheet.home,
        "doi": sheet.doi,
    }
    for key, value in facts.items():
        if value:
            click.echo(f"{key:9} {value}")
    for heading, lines in (("known defects", sheet.defects), ("unconfirmed", sheet.unconfirmed)):
        if lines:
            click.echo(f"{heading}:")
            for line in lines:
                click.echo(f"  - {line}")


@data.command("fetch")
@click.argument("name")
@click.argument("members", nargs=-1)
def data_fetch(name, members):
    """Bring NAME to this machine; with MEMBERS (patterns such as 'nsynth-test/*') only those files."""
    from helpers import data as sets

    click.echo(_told(sets.fetch, name, list(members) or None))


@data.command("validate")
@click.argument("name")
def data_validate(name):
    """Say what is missing or damaged in NAME on this machine; fail if anything is."""
    from helpers import data as sets

    found = _told(sets.validate, name)
    for line in found:
        click.echo(line)
    if found:
        raise click.ClickException(f"{name}: {len(found)} problems")
    click.echo(f"{name}: nothing wrong")


@data.command("where")
@click.argument("name")
def data_where(name):
    """Print the folder of NAME, whether or not it is there yet."""
    from helpers import data as sets

    click.echo(_told(sets.where, name))


def _told(call, *args):
    """Call a function of ``helpers``; its own errors (bad name, nothing there, no network) become the command's."""
    try:
        return call(*args)
    except (ValueError, OSError) as error:
        raise click.ClickException(str(error)) from None


def _bytes(n):
    for unit in ("B", "kB", "MB", "GB"):
        if n < 1000 or unit == "GB":
            return f"{n:.0f} {unit}" if n >= 10 or unit == "B" else f"{n:.1f} {unit}"
        n /= 1000


def run_text(result):
    """What `course run` prints: scores with intervals and data, marks, times."""
    settings = ", ".join(f"{name}={value}" for name, value in result.parameters.items())
    lines = [f"{result.lesson} on {settings}"]
    for row in result.scores:
        value = "" if row.get("accuracy") is None else f"{row['accuracy']:.3f}"
        interval = row.get("interval")
        span = f" [{interval[0]:.3f}, {interval[1]:.3f}]" if interval else ""
        first, second = row.get("measures", ("accuracy", "macro recall"))
        named = "" if first == "accuracy" else f"{first} "
        recall = "" if row.get("macro_recall") is None else f"  {second} {row['macro_recall']:.3f}"
        kind = f"{row['kind']}: " if row.get("kind") else ""
        lines.append(f"  {kind}{row['model']}: {named}{value}{span}{recall}  ({row['data']}; {row['split']})")
    earned, points = result.total
    lines.append(f"  questions: {earned:g} of {points:g} points")
    slowest = ", ".join(f"{name} {seconds:g} s" for name, seconds in result.slowest)
    lines.append(f"  {result.seconds:g} s, at most {result.peak_memory_mb:g} MB; slowest cells: {slowest}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
