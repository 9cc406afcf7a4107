"""The page of a student: everything that helps them, nothing that runs, no test and no expected answer."""

import base64
import io
import json
import time
from html.parser import HTMLParser

import pytest

from grading import feedback
from helpers import match

ANSWER = "# question: standardise\ndef standardise(A, B):\n    return A, B  # </code><script>alert(1)</script>\n"
RELEASED = match.released_from(
    {
        "lesson": "02_small",
        "release": "abc",
        "answers": "",
        "title": "Small & <i>lesson</i>",
        "cells": ["intro", "standardise", "standardise-test"],
        "questions": [
            {"id": "standardise", "points": 3, "n_checks": 2, "names": ["standardise"], "answer_cell": "standardise",
             "test_cell": "standardise-test", "test_grade_id": "standardise-test", "source": "# question: standardise\n",
             "checks": ""}
        ],
    }
)  # fmt: skip


def png(width=4, height=3, color="white"):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    buffer = io.BytesIO()
    figure = plt.figure(figsize=(width, height), dpi=1 if width > 100 else 50)
    figure.savefig(buffer, format="png")
    plt.close(figure)
    return buffer.getvalue()


def b64(data):
    return base64.b64encode(data).decode()


def jpeg(width, height):
    """The head of a JPEG: markers, a comment, and the frame that tells its size."""
    comment = b"\xff\xfe\x00\x06hide"
    frame = b"\xff\xc0\x00\x11\x08" + height.to_bytes(2, "big") + width.to_bytes(2, "big") + b"\x03" + b"\0" * 9
    return b"\xff\xd8" + comment + frame + b"\xff\xd9"


def code(source, *outputs, grade_id="", tags=(), id=""):
    nbgrader = {"nbgrader": {"grade_id": grade_id}} if grade_id else {}
    return {"cell_type": "code", "source": source, "id": id, "metadata": {**nbgrader, "tags": list(tags)}, "outputs": outputs}


def markdown(source, *tags):
    return {"cell_type": "markdown", "source": source, "metadata": {"tags": list(tags)}}


def display(**bundle):
    return {"output_type": "display_data", "data": {key.replace("_", "/"): value for key, value in bundle.items()}}


def stream(text):
    return {"output_type": "stream", "name": "stdout", "text": text}


def notebook(*cells):
    return json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}).encode()


def check(name, passed, message="", hint=""):
    return {"name": name, "passed": passed, "weight": 1, "message": message, "hint": hint}


def result(**changes):
    question = {"id": "standardise", "score": 1.5, "max_score": 3.0, "outcome": "partial", "seconds": 0.1,
                "message": "each feature should have mean 0", "found_by": "grade id",
                "checks": [check("shape", True), check("train-statistics", False, "each feature should have mean 0",
                                                      "compute the mean over the rows, axis 0")]}  # fmt: skip
    question |= changes.pop("question", {})
    return {"student": "ada", "name": "Ada", "lesson": "02_small", "release": "abc", "score": question["score"],
            "max_score": 3.0, "error": "", "notes": [], "questions": [question], "environment": {}} | changes  # fmt: skip


class Page(HTMLParser):
    """Tags with their attributes, and the visible text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.text, self._style = [], "", False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._style = tag == "style"

    def handle_endtag(self, tag):
        self._style = False

    def handle_data(self, data):
        self.text += "" if self._style else data

    def of(self, name):
        return [attrs for tag, attrs in self.tags if tag == name]


def page(data, **changes):
    return Page(feedback.render(result(**changes), data, RELEASED))


EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg onload=alert(3)>{{ 7*7 }}{% raw %}"


def assert_harmless(parsed):
    allowed = {"html", "head", "meta", "title", "style", "body", "header", "main", "section", "h1", "h2", "h3", "p", "bdi",
               "span", "div", "strong", "table", "caption", "thead", "tbody", "tr", "th", "td", "a", "ul", "li", "pre",
               "code", "figure", "img", "em", "ol", "br", "blockquote"}  # fmt: skip
    assert {tag for tag, _ in parsed.tags} <= allowed
    for tag, attrs in parsed.tags:
        assert not any(name.startswith("on") for name in attrs), (tag, attrs)
        assert attrs.get("href", "#q").startswith("#q")
        assert attrs.get("src", "data:image/png;base64,").startswith(("data:image/png;base64,", "data:image/jpeg;base64,"))


def test_the_page_says_score_outcome_reason_and_hint():
    parsed = page(notebook(code(ANSWER, stream("a print"), grade_id="standardise")))
    for words in ("1.5 of 3 points", "Partly right", "each feature should have mean 0", "compute the mean over the rows",
                  "passed: shape", "not passed: train-statistics", "def standardise(A, B):", "a print", "Ada"):  # fmt: skip
        assert words in " ".join(parsed.text.split()), words
    assert parsed.text.count("each feature should have mean 0") == 1
    assert parsed.of("html") == [{"lang": "en"}]
    assert "default-src 'none'" in next(meta["content"] for meta in parsed.of("meta") if "http-equiv" in meta)


@pytest.mark.parametrize("outcome", sorted(feedback._OUTCOMES))
def test_every_outcome_has_words_and_not_colour_alone(outcome):
    text = " ".join(page(None, question={"outcome": outcome, "message": ""}).text.split())
    sign, words = feedback._OUTCOMES[outcome]
    assert f"{sign} {words}" in text


def test_marks_have_two_decimals_at_most():
    text = page(None, score=9.1968, max_score=12.0, question={"score": 7.9333, "max_score": 8.0}).text
    assert "9.2 of 12 points" in text and "7.93 of 8 points" in text and ".93333" not in text and "9.1968" not in text
    assert [feedback.number(score) for score in (2.9999, 3.0, 0.004, 2.5, 1 / 3)] == ["2.99", "3", "0", "2.5", "0.33"]


def test_a_line_that_did_not_run_is_told():
    assert "Line 1 did not run" in page(None, question={"note": "Line 1 did not run"}).text


def test_predictions_are_markdown_without_links_pictures_and_html():
    written = "**Your prediction:** about *0.9*, because\n\n- `a`\n- [here](javascript:alert(1)) and [there](https://evil.example)\n"
    written += "\n# Big\n\n![x](https://evil.example/y.png) <b onclick=x>bold</b> <script>alert(1)</script>\n\n    <svg onload=x>\n\n[r]\n\n[r]: https://evil.example"
    html = feedback.render(result(), notebook(markdown(written, "prediction")), RELEASED)
    parsed = Page(html)
    assert_harmless(parsed)
    assert "**" not in parsed.text and "<strong>Your prediction:</strong>" in html and "<em>0.9</em>" in html
    assert "evil.example" not in html and "javascript" not in html and "<b onclick=x>bold</b>" in parsed.text


@pytest.mark.parametrize("text", ["[" * 4000, "*" * 4000, "> " * 2000, "`" * 3999, "*a " * 1300, "- " * 2000, "![" * 2000, "<" * 4000, "[a](" * 1000])
def test_no_prediction_takes_long(text):
    began = time.perf_counter()
    assert_harmless(page(notebook(markdown(text, "prediction"))))
    assert time.perf_counter() - began < 5


def test_hostile_text_everywhere_stays_text():
    data = notebook(
        markdown(f"# {EVIL}"),
        markdown(EVIL, "prediction"),
        code(ANSWER + EVIL, stream(EVIL), display(text_plain=EVIL), grade_id="standardise"),
        code("x", stream(EVIL), {"output_type": "error", "ename": EVIL, "evalue": EVIL, "traceback": [EVIL]}),
        code("x", display(image_png=b64(png()), text_plain=EVIL)),
    )
    evil_checks = [check(EVIL, False, EVIL, EVIL)]
    override = {"reason": EVIL, "origin": "overrides.csv", "auto_score": 1}
    parsed = page(
        data,
        name=EVIL,
        notes=[EVIL],
        question={"message": EVIL + "!", "checks": evil_checks, "found_by": EVIL, "override": override},
    )
    assert_harmless(parsed)
    assert parsed.text.count("<script>alert(1)</script>") >= 14 and "{{ 7*7 }}" in parsed.text and "49" not in parsed.text
    assert_harmless(page(b"broken", error=EVIL, name=EVIL))
    assert "could not be read" in page(b"broken", error="it is empty", questions=[]).text


@pytest.mark.parametrize(
    "bundle",
    [
        {"text/html": "<script>alert(1)</script><b onclick=x>bold-html</b>", "text/plain": "plain"},
        {"image/svg+xml": "<svg onload=alert(1)>bold-html</svg>", "text/plain": "plain"},
        {"application/javascript": "bold-html", "text/plain": "plain"},
        {"text/html": '<img src="https://evil.example/bold-html.png">', "text/plain": "plain"},
        {"text/html": '<img src="data:image/svg+xml;base64,AAAA" alt="bold-html">', "text/plain": "plain"},
        {"text/markdown": "![](https://evil.example) bold-html", "text/plain": "plain"},
    ],
)
def test_html_svg_and_scripts_give_way_to_their_plain_text(bundle):
    html = feedback.render(result(), notebook(code("x", {"output_type": "display_data", "data": bundle})), RELEASED)
    assert "plain" in Page(html).text and "bold-html" not in html and "evil.example" not in html
    assert_harmless(Page(html))


def test_figures_are_shown_with_their_words():
    figure = b64(png())
    course_figure = f'<img alt="A curve that &lt;falls&gt;" src="data:image/png;base64,{figure}" width="3" onerror="x">'
    data = notebook(
        code(ANSWER, display(image_png=figure + "\n", text_plain="<Figure size 640x480 with 1 Axes>"), grade_id="standardise"),
        markdown("## Results"),
        code("x", {"output_type": "display_data", "data": {"text/html": [course_figure], "text/plain": "other"}}),
        code("x", display(image_jpeg=b64(jpeg(30, 20)), text_plain=["a ", "picture"])),
    )
    parsed = page(data)
    assert_harmless(parsed)
    assert [image["alt"] for image in parsed.of("img")] == [
        "Figure from your notebook; it has no description.",
        "A curve that <falls>",
        "a picture",
    ]
    assert all(image["src"].split(",")[1] in (figure, b64(jpeg(30, 20))) for image in parsed.of("img"))
    assert "Results" in parsed.text


def big_png(width, height):
    data = bytearray(png())
    data[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return bytes(data)


@pytest.mark.parametrize(
    ("kind", "encoded", "words"),
    [
        ("png", b64(big_png(50_000, 50_000)), "50000 x 50000 pixels is too large"),
        ("jpeg", b64(jpeg(60_000, 60_000)), "60000 x 60000 pixels is too large"),
        ("png", b64(png() + b"\0" * feedback.MAX_IMAGE_BYTES), "too large"),
        ("png", b64(b"<svg onload=alert(1)>" * 9), "damaged"),
        ("png", b64(jpeg(3, 3)), "damaged"),
        ("jpeg", b64(b"\xff\xd8\xff\xe0\x00\x00" * 9), "damaged"),
        ("jpeg", b64(b"\xff\xd8\xff"), "damaged"),
        ("png", 'AAAA" onerror="alert(1)', "damaged"),
        ("png", "", "damaged"),
    ],
)
def test_images_that_are_none_or_too_large_are_named_instead(kind, encoded, words):
    parsed = page(notebook(code("x", {"output_type": "display_data", "data": {f"image/{kind}": encoded}})))
    assert_harmless(parsed)
    assert not parsed.of("img") and words in parsed.text


def test_a_page_stays_small_whatever_the_notebook_holds():
    figure = display(image_png=b64(png()))
    noisy = code("x", *(stream("line\n" * 50_000) for _ in range(60)))
    html = feedback.render(
        result(), notebook(code(ANSWER + "#" * 10**6, grade_id="standardise"), noisy, code("y", *[figure] * 200)), RELEASED
    )
    assert len(html) < 2 * 10**6 and html.count("<img") == feedback.MAX_IMAGES
    assert "the rest is not shown" in html and "the page has enough" in html


def test_long_messages_and_hostile_html_take_no_time():
    data = notebook(
        *(code("x", {"output_type": "display_data", "data": {"text/html": part * 200_000, "text/plain": "plain"}})
          for part in ("<img ", "<img src=", "<!--", "<![", "&#", '<img alt="', "\x1b]"))
    )  # fmt: skip
    html = feedback.render(result(question={"message": "\x1b[" * 10**6, "checks": [check("x", False, "y" * 10**7)]}), data, RELEASED)
    assert len(html) < 300_000 and html.count("plain") == 7


def test_written_answers_are_shown_and_notes_of_others_are_not():
    data = notebook(
        markdown("## Leaks\nExplanation of ours"), markdown("My prediction: about 0.9", "prediction"), markdown("doodle")
    )
    text = page(data).text
    assert "My prediction: about 0.9" in text and "doodle" not in text and "Explanation of ours" not in text


def test_no_test_source_and_no_detail_of_the_grader_is_on_the_page():
    secret = "q.check('hidden')  # expected 42.125"
    data = notebook(
        code(ANSWER, grade_id="standardise"),
        code(secret, stream("expected 42.125"), grade_id="standardise-test"),
        code(secret, stream("expected 42.125"), id="standardise-test"),
        {"cell_type": "code", "source": secret, "metadata": {"id": "standardise-test"}, "outputs": [stream("42.125")]},
    )
    html = feedback.render(result(question={"outcome": "grader_error", "detail": "expected 42.125"}), data, RELEASED)
    assert "42.125" not in html and "Waits for a person" in html


def test_colour_codes_progress_bars_and_direction_characters():
    assert feedback.clean("\x1b[31mred\x1b[0m\r\n10%\r50%\r100%\n\x1b]0;title\x07a\tb\u202ec\x08") == (
        "red\n100%\na\tb\\u202ec\\u0008"
    )
    html = feedback.render(result(name="\u202eada\x00"), None, RELEASED)
    assert "\u202e" not in html and "\x00" not in html


@pytest.mark.parametrize(
    "cell",
    [
        {"cell_type": "code", "source": "x", "metadata": None, "outputs": None},
        {"cell_type": "code", "source": "x", "outputs": [None, 3, {"output_type": "stream"}, {"data": 3}, {"data": {"text/plain": 3}}]},
        {"cell_type": "markdown", "source": ["a", 3], "metadata": {"tags": {"prediction": 1}}},
        {"cell_type": "markdown", "source": "x", "metadata": {"tags": [["prediction"], 3, "prediction"]}},
        {"cell_type": "code", "source": "x", "outputs": [{"output_type": "stream", "text": "\ud800"}]},
        {"cell_type": "code", "source": "x", "outputs": [{"output_type": "display_data", "data": {"image/png": [3, None]}}]},
    ],
)  # fmt: skip
def test_odd_cells_make_a_page_all_the_same(tmp_path, cell):
    path = feedback.write(tmp_path, result(), json.dumps({"cells": [cell, "no cell", None]}).encode(), RELEASED)
    assert path == tmp_path / "feedback" / "ada" / "02_small.html"
    assert_harmless(Page(path.read_text(encoding="utf-8")))


def test_a_notebook_of_worksheets(tmp_path):
    old = {"worksheets": [{"cells": [{"cell_type": "code", "input": ANSWER, "outputs": []}]}, "odd"]}
    assert "def standardise(A, B):" in page(json.dumps(old).encode()).text


def test_every_tag_is_closed_and_ids_are_one_of_a_kind():
    html = feedback.render(result(), notebook(code(ANSWER, stream("x"), grade_id="standardise")), RELEASED)
    parsed = Page(html)
    for tag in {tag for tag, _ in parsed.tags} - {"meta", "img"}:
        assert html.count(f"<{tag}>") + html.count(f"<{tag} ") == html.count(f"</{tag}>"), tag
    ids = [attrs["id"] for _, attrs in parsed.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    targets = {attrs["href"][1:] for attrs in parsed.of("a")} | {attrs["aria-labelledby"] for attrs in parsed.of("section")}
    assert targets <= set(ids)
    levels = [int(tag[1]) for tag, _ in parsed.tags if tag in ("h1", "h2", "h3")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))
