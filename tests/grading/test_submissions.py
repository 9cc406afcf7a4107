"""Submissions as instructors have them: trees, folders, zips of Canvas and Moodle, hostile names, hostile zips."""

import io
import os
import stat
import unicodedata
import zipfile

import pytest

from grading.submissions import MAX_NOTEBOOK_BYTES, SubmissionError, collect, folder_name, printable

LESSON = "02_dense_mlp"


def make_zip(path, members, compression=zipfile.ZIP_DEFLATED):
    """A zip of (name or ZipInfo, bytes) pairs, in that order."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


def canvas_zip(path, uploads):
    """A zip as Canvas makes it: (sortable name, late, user, attachment, file name, bytes) each."""
    members = []
    for name, late, user, attachment, file, data in uploads:
        squashed = "".join(letter for letter in name.lower() if letter.isalnum() or letter == "_")
        members.append((f"{squashed}{'_LATE' if late else ''}_{user}_{attachment}_{file}", data))
    return make_zip(path, members)


def moodle_zip(path, uploads, folders=True):
    """A zip as Moodle makes it: (full name, participant, file name, bytes) each; in folders or flat."""
    joint = "/" if folders else "_"
    return make_zip(
        path,
        [
            (f"{name.replace('_', ' ')}_{number}_assignsubmission_file{joint}{file}", data)
            for name, number, file, data in uploads
        ],
    )


def write(folder, *names, data=b"{}"):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def found(collected):
    """Bytes by the name that people read."""
    return {one.name: one.read() for one in collected.submissions}


def reasons(collected):
    return {one.source: one.reason for one in collected.skipped}


# --- layouts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", ["course", "course/submitted"])
def test_nbgraders_tree(tmp_path, start):
    tree = tmp_path / "course" / "submitted"
    write(tree / "ada" / LESSON, f"{LESSON}.ipynb", data=b"ada")
    write(tree / "ben" / LESSON, f"Copy_of_{LESSON}.ipynb", data=b"ben")
    write(tree / "ben" / "01_feature_extraction", "01_feature_extraction.ipynb")
    write(tree / "ada" / LESSON, "notes.txt", "scratch.ipynb")
    (tree / "ada" / LESSON / "timestamp.txt").write_text("2026-02-02 15:58:23.948203 UTC\n")
    write(tmp_path / "course" / "source" / LESSON, f"{LESSON}.ipynb", data=b"the solution")
    got = collect(tmp_path / start, LESSON)
    assert found(got) == {"ada": b"ada", "ben": b"ben"}
    assert [one.student for one in got.submissions] == ["ada", "ben"]
    assert got.submissions[0].modified == pytest.approx(1770047903.948203)
    assert reasons(got)["ada/02_dense_mlp/notes.txt"] == "not a notebook"
    assert "01_feature_extraction" in reasons(got)["ben/01_feature_extraction/01_feature_extraction.ipynb"]
    assert "another version" in reasons(got)["ada/02_dense_mlp/scratch.ipynb"]


def test_the_projects_own_folder_means_its_nbgrader_tree(tmp_path):
    write(tmp_path / ".build/nbgrader/submitted/ada" / LESSON, f"{LESSON}.ipynb", data=b"ada")
    write(tmp_path / "notebooks", f"{LESSON}.ipynb")
    assert found(collect(tmp_path, LESSON)) == {"ada": b"ada"}


@pytest.mark.parametrize(
    "name",
    [
        "ada_02_dense_mlp.ipynb",
        "02_dense_mlp_ada.ipynb",
        "02_dense_mlp-ada.ipynb",
        "Copy_of_02_dense_mlp_ada.ipynb",
        "Copy of Copy of 02_dense_mlp ada.ipynb",
        "ada_02_dense_mlp (1).ipynb",
        "02-dense-mlp-ada (1) (2).ipynb",
        "ada.ipynb",
        "ada.IPYNB",
        "ada_02_Dense_MLP.ipynb.txt",
    ],
)
def test_a_flat_folder_takes_the_name_from_the_file(tmp_path, name):
    write(tmp_path / LESSON, name, "zoe.ipynb")
    assert set(found(collect(tmp_path / LESSON, LESSON))) == {"ada", "zoe"}


def test_numbers_in_a_flat_name_are_no_naming_of_canvas(tmp_path):
    write(tmp_path, "ada_2024_10_sweep.ipynb", "ben_2024_10_sweep.ipynb")
    assert set(found(collect(tmp_path, "10_sweep"))) == {"ada_2024", "ben_2024"}


def test_one_file_and_one_folder_a_student(tmp_path):
    write(tmp_path, f"{LESSON}.ipynb", f"in/ada/{LESSON}.ipynb", f"in/ben/{LESSON}.ipynb")
    assert set(found(collect(tmp_path / f"{LESSON}.ipynb", LESSON))) == {LESSON}
    assert set(found(collect(tmp_path / "in", LESSON))) == {"ada", "ben"}
    assert set(found(collect(tmp_path / "in" / "ada" / f"{LESSON}.ipynb", LESSON))) == {LESSON}
    write(tmp_path, f"submitted/cleo/{LESSON}/{LESSON}.ipynb")
    for start in ("submitted/cleo", f"submitted/cleo/{LESSON}", f"submitted/cleo/{LESSON}/{LESSON}.ipynb"):
        assert set(found(collect(tmp_path / start, LESSON))) == {"cleo"}


def test_one_file_name_in_many_folders_is_no_person(tmp_path):
    write(tmp_path, "ada/hw.ipynb", "ben/hw.ipynb", "monday/cleo.ipynb", "monday/dan.ipynb")
    assert set(found(collect(tmp_path, LESSON))) == {"ada", "ben", "cleo", "dan"}


def test_canvas(tmp_path):
    zipped = canvas_zip(
        tmp_path / "submissions.zip",
        [
            ("Lovelace, Ada", False, 12345, 678910, f"{LESSON}.ipynb", b"first"),
            ("Lovelace, Ada", False, 12345, 678999, f"{LESSON}-1.ipynb", b"second"),
            ("Li, Jing", True, 777, 700001, f"{LESSON}-10.ipynb", b"tenth"),
            ("Li, Jing", True, 777, 700000, f"{LESSON}-9.ipynb", b"ninth"),
            ("Li, Jing", False, 778, 700002, f"{LESSON}.ipynb", b"another of that name"),
            ("Åström, Zoë", False, 5, 6, f"{LESSON}.ipynb", b"accents"),
            ("Babbage, Charles", False, 9, 20, f"{LESSON}.ipynb", b"the lesson"),
            ("Babbage, Charles", False, 9, 21, "scratch.ipynb", b"later, but something else"),
            ("Babbage, Charles", False, 9, 22, "report.pdf", b"%PDF"),
        ],
    )
    with zipfile.ZipFile(zipped, "a") as archive:
        archive.writestr(f"anon_Xy3Z9_31_{LESSON}.ipynb", b"blind")
    got = collect(zipped, LESSON)
    by_id = {one.id: one for one in got.submissions}
    assert {number: one.read() for number, one in by_id.items()} == {
        "12345": b"second",
        "777": b"tenth",
        "778": b"another of that name",
        "5": b"accents",
        "9": b"the lesson",
        "Xy3Z9": b"blind",
    }
    assert by_id["12345"].name == "lovelaceada" and by_id["777"].name == "lijing"
    assert by_id["12345"].student == "lovelaceada_12345"
    assert {"not a notebook"} < set(reasons(got).values()) and len(got.skipped) == 4


@pytest.mark.parametrize("folders", [True, False])
def test_moodle(tmp_path, folders):
    zipped = moodle_zip(
        tmp_path / "MLP-Exercise 2-4711.zip",
        [
            ("Ada Lovelace", 12345, f"{LESSON}.ipynb", b"ada"),
            ("Zoë Ångström", 12346, f"{LESSON} (1).ipynb", b"newer"),
            ("Zoë Ångström", 12346, f"{LESSON}.ipynb", b"older"),
            ("علي بن أحمد", 12347, "Untitled.ipynb", b"right to left"),
            ("Ada Lovelace", 12348, f"{LESSON}.ipynb", b"another of that name"),
            ("Ben", 12349, "answer.docx", b"PK"),
        ],
        folders,
    )
    got = collect(zipped, LESSON)
    assert sorted((one.name, one.id, one.read()) for one in got.submissions) == [
        ("Ada Lovelace", "12345", b"ada"),
        ("Ada Lovelace", "12348", b"another of that name"),
        ("Zoë Ångström", "12346", b"newer"),
        ("علي بن أحمد", "12347", b"right to left"),
    ]
    assert len(got.skipped) == 2


def test_moodles_older_folders_and_its_online_text(tmp_path):
    zipped = make_zip(
        tmp_path / "a.zip",
        [
            (f"Ada Lovelace_1_assignsubmission_file_/{LESSON}.ipynb", b"ada"),
            ("Ada Lovelace_1_assignsubmission_onlinetext/onlinetext.html", b"<p>"),
            (f"Ben Bit_2_assignsubmission_file/deep/er/{LESSON}.ipynb", b"ben"),
        ],
    )
    assert found(collect(zipped, LESSON)) == {"Ada Lovelace": b"ada", "Ben Bit": b"ben"}


def test_zips_in_a_folder_beside_notebooks(tmp_path):
    make_zip(tmp_path / "ada.zip", [(f"{LESSON}.ipynb", b"ada")])
    (tmp_path / "group").mkdir()
    make_zip(tmp_path / "group" / "ben_02_dense_mlp.zip", [(f"{LESSON}.ipynb", b"ben")])
    make_zip(tmp_path / "cleo.zip", [("hand-in/homework.ipynb", b"cleo")])
    write(tmp_path, "dan.ipynb", data=b"dan")
    assert found(collect(tmp_path, LESSON)) == {"ada": b"ada", "ben": b"ben", "cleo": b"cleo", "dan": b"dan"}


# --- whose it is: the outermost level decides -----------------------------------------------------------------------


def test_zips_of_students_that_hold_the_same_name_are_different_students(tmp_path):
    for name in ("ada", "ben", "cleo"):
        make_zip(tmp_path / f"{name}.zip", [("homework.ipynb", name.encode())])
    assert found(collect(tmp_path, LESSON)) == {"ada": b"ada", "ben": b"ben", "cleo": b"cleo"}


def test_zips_in_a_platforms_folders_and_with_a_platforms_names(tmp_path):
    for number, name in enumerate(("Ada", "Ben"), 7):
        folder = tmp_path / "moodle" / f"{name}_{number}_assignsubmission_file"
        folder.mkdir(parents=True)
        make_zip(folder / "work.zip", [("homework.ipynb", name.encode())])
        (tmp_path / "canvas").mkdir(exist_ok=True)
        make_zip(tmp_path / "canvas" / f"{name.lower()}_{number}_99{number}_work.zip", [("homework.ipynb", name.encode())])
    for platform, names in (("moodle", ("Ada", "Ben")), ("canvas", ("ada", "ben"))):
        got = collect(tmp_path / platform, LESSON)
        assert {(one.name, one.id) for one in got.submissions} == {(names[0], "7"), (names[1], "8")}
        assert [one.read() for one in got.submissions] == [b"Ada", b"Ben"]


@pytest.mark.parametrize("inside", [f"bob/{LESSON}/x.ipynb", "bob_12_34_x.ipynb", "bob.ipynb", f"bob_2_assignsubmission_file/{LESSON}.ipynb"])
def test_what_a_student_packs_into_a_hand_in_makes_nobody_else_its_owner(tmp_path, inside):
    times = (2e9, 2e9)  # later than Bob's own
    # nbgrader's tree
    write(tmp_path, f"submitted/bob/{LESSON}/{LESSON}.ipynb", data=b"bob")
    write(tmp_path, f"submitted/eve/{LESSON}/{inside}", data=b"eve")
    # a folder a student
    write(tmp_path, "folders/bob/homework.ipynb", data=b"bob")
    write(tmp_path, f"folders/eve/{inside}", data=b"eve")
    # a platform's folders
    write(tmp_path, f"moodle/Bob_2_assignsubmission_file/{LESSON}.ipynb", data=b"bob")
    write(tmp_path, f"moodle/Eve_3_assignsubmission_file/{inside}", data=b"eve")
    for path in tmp_path.rglob("*.ipynb"):
        if "eve" in str(path.relative_to(tmp_path)).lower():
            os.utime(path, times)
    for layout, names in (("submitted", ("bob", "eve")), ("folders", ("bob", "eve")), ("moodle", ("Bob", "Eve"))):
        assert found(collect(tmp_path / layout, LESSON)) == dict(zip(names, (b"bob", b"eve"), strict=True)), layout


@pytest.mark.parametrize("inside", [f"bob/{LESSON}/x.ipynb", "bob_12_34_x.ipynb", "bob.ipynb", f"bob_2_assignsubmission_file/{LESSON}.ipynb"])
def test_a_students_zip_is_that_students_whatever_is_in_it(tmp_path, inside):
    write(tmp_path / "flat", "bob.ipynb", data=b"bob")
    make_zip(tmp_path / "flat" / "eve.zip", [(inside, b"eve")])
    (tmp_path / "zips").mkdir()
    make_zip(tmp_path / "zips" / "eve.zip", [(inside, b"eve")])
    make_zip(tmp_path / "zips" / "bob.zip", [(f"{LESSON}.ipynb", b"bob")])
    (tmp_path / f"tree/submitted/eve/{LESSON}").mkdir(parents=True)
    make_zip(tmp_path / f"tree/submitted/eve/{LESSON}/work.zip", [(inside, b"eve")])
    write(tmp_path, f"tree/submitted/bob/{LESSON}/{LESSON}.ipynb", data=b"bob")
    for layout in ("flat", "zips", "tree"):
        assert found(collect(tmp_path / layout, LESSON)) == {"bob": b"bob", "eve": b"eve"}, layout


def test_zips_of_whole_classes_side_by_side(tmp_path):
    moodle_zip(tmp_path / "monday.zip", [("Ada", 1, f"{LESSON}.ipynb", b"ada"), ("Ben", 2, "x.ipynb", b"ben")])
    canvas_zip(tmp_path / "tuesday.zip", [("Li, Jing", False, 777, 700, f"{LESSON}.ipynb", b"li")])
    assert found(collect(tmp_path, LESSON)) == {"Ada": b"ada", "Ben": b"ben", "lijing": b"li"}
    write(tmp_path, "cleo.ipynb", data=b"cleo")  # now they lie among hand-ins, and names inside prove nothing
    got = collect(tmp_path, LESSON)
    assert {"cleo", "monday", "tuesday"} == set(found(got))
    assert "grade it by itself" in reasons(got)["monday.zip"]


def test_a_time_from_inside_a_hand_in_is_not_believed(tmp_path):
    tree = tmp_path / "submitted"
    write(tree / "eve" / LESSON, f"{LESSON}.ipynb", "sub/x.ipynb")
    (tree / "eve" / LESSON / "sub" / "timestamp.txt").write_text("1999-01-01 00:00:00 UTC")
    stamp = tree / "eve" / LESSON / "timestamp.txt"
    os.utime(tree / "eve" / LESSON / f"{LESSON}.ipynb", (1.7e9, 1.7e9))
    for said, seconds in (
        ("2026-02-02 15:58:23 UTC", 1770047903), ("9999-12-31 23:59:59 UTC", 1.7e9), ("0001-01-01 00:00:00", 1.7e9),
        ("x" * 100_000_000, 1.7e9), ("", 1.7e9),
    ):  # fmt: skip
        stamp.write_text(said)
        (eve,) = collect(tmp_path, LESSON).submissions
        assert eve.modified == pytest.approx(seconds), said[:30]
    member = zipfile.ZipInfo("homework.ipynb", (2099, 12, 31, 23, 59, 58))
    (tmp_path / "zips").mkdir()
    for name in ("ada", "eve"):
        zipped = make_zip(tmp_path / "zips" / f"{name}.zip", [(member, b"x"), ("timestamp.txt", b"1999-01-01 00:00:00 UTC")])
        os.utime(zipped, (1.7e9, 1.7e9))
    assert {one.modified for one in collect(tmp_path / "zips", LESSON).submissions} == {1.7e9}


def test_a_damaged_timestamp_in_a_zip_costs_nothing(tmp_path):
    path = make_zip(
        tmp_path / "all.zip",
        [(f"ada/{LESSON}/{LESSON}.ipynb", b"ada"), (f"ada/{LESSON}/timestamp.txt", b"2026-02-02 15:58:23 UTC"),
         (f"ben/{LESSON}/{LESSON}.ipynb", b"ben")],
        zipfile.ZIP_STORED,
    )  # fmt: skip
    whole = collect(path, LESSON)
    assert found(whole) == {"ada": b"ada", "ben": b"ben"} and whole.submissions[0].modified == 1770047903
    data = bytearray(path.read_bytes())
    data[data.index(b"2026-02-02")] ^= 1
    path.write_bytes(data)
    assert found(collect(path, LESSON)) == {"ada": b"ada", "ben": b"ben"}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a child process with another user's rights")
def test_a_folder_that_may_not_be_read_is_said(tmp_path):
    write(tmp_path, "ada/hw.ipynb", "ben/hw.ipynb")
    (tmp_path / "ben").chmod(0)
    for folder in (tmp_path, *list(tmp_path.parents)[:3]):
        folder.chmod(folder.stat().st_mode | 0o055)
    receive, send = os.pipe()
    if os.fork() == 0:
        try:
            if os.getuid() == 0:  # root reads everything
                os.setuid(65534)
            os.write(send, repr(reasons(collect(tmp_path, LESSON))).encode())
        finally:
            os._exit(0)
    os.close(send)
    os.wait()
    with open(receive, encoding="utf-8") as file:
        assert "'ben': 'this folder cannot be read" in file.read()
    (tmp_path / "ben").chmod(0o755)


def test_the_newest_of_several_files_counts_by_time(tmp_path):
    write(tmp_path, "ada_02_dense_mlp.ipynb", data=b"newer")
    write(tmp_path, "02_dense_mlp_ada.ipynb", data=b"older")
    os.utime(tmp_path / "ada_02_dense_mlp.ipynb", (2e9, 2e9))
    os.utime(tmp_path / "02_dense_mlp_ada.ipynb", (1e9, 1e9))
    got = collect(tmp_path, LESSON)
    assert found(got) == {"ada": b"newer"}
    assert "ada_02_dense_mlp.ipynb counts" in reasons(got)["02_dense_mlp_ada.ipynb"]
    os.utime(tmp_path / "02_dense_mlp_ada.ipynb", (2.1e9, 2.1e9))
    assert found(collect(tmp_path, LESSON)) == {"ada": b"older"}


def test_a_pattern_for_other_namings(tmp_path):
    write(tmp_path, "hw2/s001-hand-in.ipynb", "hw2/s002-hand-in.ipynb", "hw2/template.ipynb")
    got = collect(tmp_path, LESSON, pattern=r"(?P<student>s\d+)-hand-in")
    assert set(found(got)) == {"s001", "s002"}
    assert "pattern" in reasons(got)["hw2/template.ipynb"]


@pytest.mark.parametrize(("pattern", "words"), [("(", "not a regular expression"), ("s(.*)", "no group")])
def test_a_bad_pattern_is_said(tmp_path, pattern, words):
    with pytest.raises(SubmissionError, match=words):
        collect(tmp_path, LESSON, pattern=pattern)


def test_what_is_not_there_or_no_notebook(tmp_path):
    with pytest.raises(SubmissionError, match="is not there"):
        collect(tmp_path / "nowhere", LESSON)
    write(tmp_path, "ada.pdf", "._ada.ipynb", "ada.tar.gz", ".ipynb_checkpoints/ada-checkpoint.ipynb", "broken.zip")
    got = collect(tmp_path, LESSON)
    assert not got.submissions and len(got.skipped) == 5
    assert "not a zip" in reasons(got)["broken.zip"] and "archive" in reasons(got)["ada.tar.gz"]
    assert collect(tmp_path / "ada.pdf", LESSON).skipped[0].reason == "not a notebook"


# --- names ----------------------------------------------------------------------------------------------------------

HOSTILE = [
    "..", ".", "", "/", "../../etc/passwd", "a/b", "a\\b", "a\x00b", "a\nb", "\x1b[2Jada", "con", "NUL", "com1.txt",
    "aux.ipynb", "Ada", "ada ", "ada.", "-rf", "~root", "$(id)", "ada;rm", "x" * 300, "é" * 300, "José", "Jose", "علي",
    "אבי", "李静", "李婧", "\u202eada", "ada\u200b", "😀", "a  b", "a b", "a-b", "a_b", "=cmd()", "<b>", "*", "ada|ben", "\ud800",
]  # fmt: skip


def test_folder_names_are_safe_unique_and_stable():
    folders = {name: folder_name(name) for name in HOSTILE}
    for name, folder in folders.items():
        assert folder == folder_name(name)
        assert len(folder) <= 80 and set(folder) <= set("abcdefghijklmnopqrstuvwxyz0123456789._-"), (name, folder)
        assert folder[0] not in ".-_" and folder[-1] not in ".-_" and ".." not in folder
        assert folder.split(".")[0] not in {"con", "nul", "aux", "com1"}
    distinct = {unicodedata.normalize("NFC", name).strip() for name in HOSTILE}
    assert len(set(folders.values())) == len(distinct)


@pytest.mark.parametrize("name", ["ada", "ada.lovelace", "s123_4", "a-b", "0x"])
def test_a_safe_name_is_its_own_folder(name):
    assert folder_name(name) == name


def test_decomposed_and_composed_accents_are_one_student(tmp_path):
    assert folder_name("Jos\u00e9") == folder_name("Jose\u0301") != folder_name("Jose")
    assert folder_name("Jos\u00e9").startswith("jose-")


def test_nobody_takes_the_folder_of_another_by_its_digest():
    taken = folder_name("José")
    assert folder_name(taken) != taken


def test_the_folder_does_not_depend_on_who_else_is_there(tmp_path):
    write(tmp_path / "a", "Ada.ipynb")
    write(tmp_path / "b", "Ada.ipynb", "ada.ipynb", "ben.ipynb")
    alone = {one.name: one.student for one in collect(tmp_path / "a", LESSON).submissions}
    among = {one.name: one.student for one in collect(tmp_path / "b", LESSON).submissions}
    assert among["Ada"] == alone["Ada"] != among["ada"] == "ada"


def test_hostile_names_in_a_zip_write_nothing_and_print_safely(tmp_path):
    names = ["../../evil/x/../..", "/etc/cron.d", "C:\\Windows", "a\x1b[31mb", "\u202egnp", "علي", "con"]
    members = [(f"{name}/{LESSON}/{LESSON}.ipynb", str(i).encode()) for i, name in enumerate(names)]
    got = collect(make_zip(tmp_path / "z.zip", members), LESSON)
    assert sorted(one.read() for one in got.submissions) == [str(i).encode() for i in range(len(names))]
    for one in got.submissions:
        assert "/" not in one.student and ".." not in one.student
        assert not set(one.name + one.source) & set("\x1b\u202e")
    assert [path.name for path in tmp_path.iterdir()] == ["z.zip"]
    assert printable("a\x1b[0m\u202eb") == "a\\u001b[0m\\u202eb"


# --- hostile zips ---------------------------------------------------------------------------------------------------


def test_each_hostile_member_is_refused_by_name_and_the_rest_is_kept(tmp_path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("x.ipynb", b"{}")
    link = zipfile.ZipInfo("link.ipynb")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = make_zip(
        tmp_path / "z.zip",
        [
            ("good.ipynb", b"good"),
            ("nested.zip", inner.getvalue()),
            (link, b"/etc/passwd"),
            ("bomb.ipynb", b"\0" * (MAX_NOTEBOOK_BYTES + 1)),
            ("locked.ipynb", b"secret"),
            ("late.ipynb", b"also good"),
        ],
    )
    data = bytearray(path.read_bytes())
    place = data.rfind(b"locked.ipynb") - 46  # its entry in the central directory; bit 0 of the flags: encrypted
    assert data[place : place + 4] == b"PK\x01\x02"
    data[place + 8] |= 1
    path.write_bytes(data)
    got = collect(path, LESSON)
    assert found(got) == {"good": b"good", "late": b"also good"}
    said = {source.removeprefix("z.zip: "): reason for source, reason in reasons(got).items()}
    assert said.keys() == {"nested.zip", "link.ipynb", "bomb.ipynb", "locked.ipynb"}
    assert "link" in said["link.ipynb"] and "larger" in said["bomb.ipynb"] and "password" in said["locked.ipynb"]
    assert path.stat().st_size < 200_000


def patched_size(path, name, size):
    """Let the central directory lie about the unpacked size of a member."""
    data = bytearray(path.read_bytes())
    place = data.rfind(name) - 46
    data[place + 24 : place + 28] = size.to_bytes(4, "little")
    path.write_bytes(data)


def test_a_bomb_that_lies_about_its_size_is_stopped_when_read(tmp_path):
    path = make_zip(tmp_path / "z.zip", [("bomb.ipynb", b"\0" * (MAX_NOTEBOOK_BYTES * 2)), ("good.ipynb", b"good")])
    patched_size(path, b"bomb.ipynb", 100)
    bomb, good = collect(path, LESSON).submissions
    with pytest.raises(SubmissionError, match="cannot be read"):
        bomb.read()
    assert good.read() == b"good"


def test_members_on_one_another_are_refused(tmp_path):
    path = make_zip(tmp_path / "z.zip", [("ada.ipynb", b"x" * 50_000), ("ben.ipynb", b"y"), ("cleo.ipynb", b"z")])
    data = bytearray(path.read_bytes())
    place = data.rfind(b"ben.ipynb") - 46
    data[place + 42 : place + 46] = (5).to_bytes(4, "little")  # its data begin inside ada's
    path.write_bytes(data)
    got = collect(path, LESSON)
    assert found(got) == {"cleo": b"z"}
    assert all("refused" in reason for reason in reasons(got).values()) and len(got.skipped) == 2


def test_a_damaged_member_costs_only_itself(tmp_path):
    path = make_zip(tmp_path / "z.zip", [("ada.ipynb", b"ada" * 100), ("ben.ipynb", b"ben")], zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    data[data.index(b"adaada")] ^= 0xFF
    path.write_bytes(data)
    ada, ben = collect(path, LESSON).submissions
    with pytest.raises(SubmissionError, match="cannot be read.*download it again"):
        ada.read()
    assert ben.read() == b"ben"


def test_a_name_made_to_be_slow_is_refused(tmp_path):
    path = make_zip(tmp_path / "z.zip", [("ada" + "(1)" * 20_000 + ".ipynb", b"x"), ("ben.ipynb", b"ben")])
    got = collect(path, LESSON)
    assert found(got) == {"ben": b"ben"} and got.skipped[0].reason == "its name is too long"
    assert len(got.skipped[0].source) < 1_100


def test_a_zip_of_too_many_files_and_an_odd_method_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("grading.submissions.MAX_ZIP_MEMBERS", 3)
    many = make_zip(tmp_path / "many.zip", [(f"{i}.ipynb", b"") for i in range(4)])
    assert "at most 3" in collect(many, LESSON).skipped[0].reason
    odd = make_zip(tmp_path / "odd.zip", [("ada.ipynb", b"x")], zipfile.ZIP_LZMA)
    assert "method" in collect(odd, LESSON).skipped[0].reason


def test_names_that_a_zip_holds_without_saying_utf8(tmp_path):
    name = "Zoë Ångström_7_assignsubmission_file_x.ipynb"
    path = make_zip(tmp_path / "z.zip", [(name, b"zoe")])
    data = path.read_bytes()
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(signature) + offset
        flags = int.from_bytes(data[at : at + 2], "little") & ~0x800
        data = data[:at] + flags.to_bytes(2, "little") + data[at + 2 :]
    path.write_bytes(data)
    assert found(collect(path, LESSON)) == {"Zoë Ångström": b"zoe"}


def test_links_and_large_files_in_a_folder_are_left(tmp_path):
    secret = tmp_path / "secret.ipynb"
    secret.write_bytes(b"of another")
    write(tmp_path / "in", "ada.ipynb", data=b"ada")
    (tmp_path / "in" / "ben.ipynb").symlink_to(secret)
    (tmp_path / "in" / "more").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "in" / "pipe.ipynb")
    with open(tmp_path / "in" / "big.ipynb", "wb") as file:
        file.truncate(MAX_NOTEBOOK_BYTES + 1)
    got = collect(tmp_path / "in", LESSON)
    assert found(got) == {"ada": b"ada"}
    assert "link" in reasons(got)["ben.ipynb"] and "link" in reasons(got)["more"]
    assert "larger" in reasons(got)["big.ipynb"] and "not a file" in reasons(got)["pipe.ipynb"]


def test_a_file_that_grew_or_went_after_it_was_found(tmp_path):
    write(tmp_path, "ada.ipynb")
    (ada,) = collect(tmp_path, LESSON).submissions
    with open(tmp_path / "ada.ipynb", "wb") as file:
        file.truncate(MAX_NOTEBOOK_BYTES + 1)
    with pytest.raises(SubmissionError, match="larger"):
        ada.read()
    (tmp_path / "ada.ipynb").unlink()
    with pytest.raises(SubmissionError, match="cannot be read"):
        ada.read()
