"""The data sheets: every one is whole, and every rule for them is seen to refuse once."""

import re

import pytest
import yaml

from helpers import _manifests, data

GOOD = """
name: made-up
title: A made-up set
description: For this test.
lessons: [01_feature_extraction]
provenance: real
access: download
licence: {name: CC BY 4.0, terms: "Use it, with attribution."}
citation: A. Nobody, 2020.
home: https://example.org
files:
  - name: a.zip
    addresses: [https://example.org/a.zip]
    bytes: 10
    checksum: md5:0123456789abcdef0123456789abcdef
    into: "."
    holds: [a]
"""


RENDERED = {"provenance": "practice", "access": "rendered", "sizes": ["tiny"], "rendered_bytes": {"tiny": 5}, "files": None, "loader": "by-class",
            "writer": "notes.write_notes"}


def parse(**changes):
    raw = yaml.safe_load(GOOD)
    for key, value in changes.items():
        if value is None:
            raw.pop(key, None)
        else:
            raw[key] = value
    return _manifests.parse(yaml.safe_dump(raw), "made-up.yaml")


def test_a_rendered_set_names_its_writer_and_its_loader():
    assert parse(**RENDERED).writer == "notes.write_notes"


def with_file(**changes):
    return parse(files=[{**yaml.safe_load(GOOD)["files"][0], **changes}])


def test_the_made_up_sheet_is_good():
    sheet = parse()
    assert sheet.licence.name == "CC BY 4.0" and sheet.files[0].is_archive and sheet.download_bytes == 10


EXPECTED = {"uiowa-features", "uiowa-mis", "tinysol", "philharmonia", "nsynth", "medley-solos-db", "irmas", "musicnet",
            "practice-notes", "practice-solo", "practice-nsynth",
            "practice-medley"}


def test_every_data_set_has_a_sheet():
    assert EXPECTED <= set(data.names())


@pytest.mark.parametrize("name", data.names())
def test_sheet_is_whole(name, root):
    sheet = data.manifest(name)
    assert sheet.licence.name and sheet.licence.terms and len(sheet.citation) > 20 and sheet.lessons
    text = (root / "data_manifests" / f"{name}.yaml").read_text(encoding="utf-8")
    assert not re.search(r"pypi|anaconda|conda-forge", text)
    for file in sheet.files:
        assert file.checksum or file.bytes or file.note, f"{file.name}: nothing is known of it, and nothing says so"


@pytest.mark.parametrize("key", ["licence", "citation", "name", "title", "description", "lessons", "home"])
def test_a_missing_key_is_refused(key):
    with pytest.raises(_manifests.ManifestError, match=f"{key}.*(missing|must)"):
        parse(**{key: None})


@pytest.mark.parametrize("key", ["name", "terms"])
def test_a_licence_without_name_or_terms_is_refused(key):
    licence = {"name": "CC0", "terms": "Anything.", key: ""}
    with pytest.raises(_manifests.ManifestError, match=f"licence: '{key}' is missing"):
        parse(licence=licence)


def test_an_empty_citation_is_refused():
    with pytest.raises(_manifests.ManifestError, match="'citation' is missing"):
        parse(citation="")


def test_a_key_that_nobody_knows_is_refused():
    with pytest.raises(_manifests.ManifestError, match="unknown key 'licens'"):
        parse(licens="CC0")
    with pytest.raises(_manifests.ManifestError, match=r"files\[0\]: unknown key 'cheksum'"):
        with_file(cheksum="md5:0")


@pytest.mark.parametrize("changes, message", [
    ({"checksum": "md5:123"}, "a checksum is"),
    ({"checksum": "crc:0123456789abcdef0123456789abcdef"}, "a checksum is"),
    ({"checksum": "md5:0123456789ABCDEF0123456789ABCDEF"}, "a checksum is"),
    ({"addresses": []}, "'addresses' is missing"),
    ({"addresses": ["https://example.org/a b.zip"]}, "not a web address"),
    ({"addresses": ["file:///etc/passwd"]}, "not a web address"),
    ({"bytes": "10"}, "must be a whole number"),
    ({"bytes": True}, "must be a whole number"),
    ({"optional": 1}, "must be true or false"),
    ({"holds": "a"}, "must be a list"),
    ({"holds": []}, "stand together"),
    ({"into": None}, "stand together"),
])  # fmt: skip
def test_a_wrong_file_entry_is_refused(changes, message):
    with pytest.raises(_manifests.ManifestError, match=message):
        with_file(**changes)


@pytest.mark.parametrize("changes, message", [
    ({"provenance": "fake"}, "practice or real"),
    ({"access": "magic"}, "`access` must be one of"),
    ({"access": "rendered"}, "practice data are rendered"),
    ({"writer": "notes.write_notes"}, "`writer`.*stands with rendered data"),
    ({**RENDERED, "rendered_bytes": None}, "`rendered_bytes` has one number per size"),
    ({**RENDERED, "rendered_bytes": {"tiny": 5, "huge": 6}}, "`rendered_bytes` has one number per size"),
    ({"rendered_bytes": {"tiny": 5}}, "`rendered_bytes` has one number per size"),
    ({**RENDERED, "writer": None}, "`writer`.*stands with rendered data"),
    ({**RENDERED, "loader": None}, "`writer`.*stands with rendered data"),
    ({**RENDERED, "writer": "write_notes"}, "`writer` is <module"),
    ({"access": "placed"}, "`place`"),
    ({"files": []}, "`files` stands with"),
    ({"sizes": ["tiny"]}, "`sizes` stands with"),
    ({"name": "other"}, "must be the name of the file"),
    ({"licence": "CC0"}, "expected a table of keys"),
    ({"files": yaml.safe_load(GOOD)["files"] * 2}, "two files have one name"),
])  # fmt: skip
def test_keys_that_do_not_go_together_are_refused(changes, message):
    with pytest.raises(_manifests.ManifestError, match=message):
        parse(**changes)


def test_what_is_not_yaml_is_refused():
    with pytest.raises(_manifests.ManifestError, match="x.yaml: not readable as YAML"):
        _manifests.parse("name: [", "x.yaml")
    with pytest.raises(_manifests.ManifestError, match="expected a table of keys"):
        _manifests.parse("- 1", "x.yaml")


def test_an_unknown_data_set_is_an_error_that_lists_the_known_ones():
    with pytest.raises(_manifests.ManifestError, match="'nsinth'.*nsynth"):
        data.manifest("nsinth")


def counts(name, split):
    return [entry.counts[split] for entry in data.manifest(name).classes]


def test_counts_in_the_sheets_add_up():
    medley = data.manifest("medley-solos-db")
    for split in ("train", "validation", "test"):
        assert sum(counts("medley-solos-db", split)) == medley.splits[split]
        assert sum(entry.counts["songs"][split] for entry in medley.classes) == medley.splits["songs"][split]
    assert sum(medley.splits[split] for split in ("train", "validation", "test")) == medley.n_items
    irmas = data.manifest("irmas")
    assert sum(counts("irmas", "train")) == irmas.splits["train"] == 6705
    assert sum(irmas.splits["test parts"]) == irmas.splits["test"]
    assert sum(counts("tinysol", "all")) == data.manifest("tinysol").n_items == 2913
    assert sum(counts("musicnet", "recordings")) == sum(
        data.manifest("musicnet").splits[split] for split in ("train", "test")) == 330
    nsynth = data.manifest("nsynth")
    assert sum(nsynth.splits.values()) == nsynth.n_items == 305979
    features = data.manifest("uiowa-features")
    assert [file.shape[0] for file in features.place.files] == [66247, 66247, 14904, 14904]


def test_counts_in_the_sheets_are_those_of_the_official_tables(realdata):
    import pandas

    medley = data.manifest("medley-solos-db")
    table = pandas.read_csv(realdata / "medley-solos-db" / "annotation" / "Medley-solos-DB_metadata.csv")
    for entry in medley.classes:
        rows = table[table.instrument_id == int(entry.code)]
        assert set(rows.instrument) == {entry.name}
        for split, subset in (("train", "training"), ("validation", "validation"), ("test", "test")):
            part = rows[rows.subset == subset]
            assert len(part) == entry.counts[split]
            assert part.song_id.nunique() == entry.counts["songs"][split]
    musicnet = pandas.read_csv(realdata / "musicnet" / "musicnet_metadata.csv")
    for entry in data.manifest("musicnet").classes:
        assert (musicnet.composer == entry.name).sum() == entry.counts["recordings"]
    assert musicnet.seconds.sum() == data.manifest("musicnet").audio["seconds"]
