"""REFI-QDA projects with every trap that programs set."""

import zipfile
from pathlib import Path

import pytest
from tests.coding.projects import project_xml, simple, write_project

from winset.coding import read_coded
from winset.errors import EvidenceError

DATA = Path(__file__).parents[3] / "shared/data"
TEXT = "I am tired. If we stop now, what was it for? I would not sign."


def spans(text, *quotes, code="against"):
    return [(text.index(q), text.index(q) + len(q), code, q) for q in quotes]


def only(coded):
    return coded.table.row(0, named=True)


def test_a_project_gives_document_offsets_quotation_code_and_coder(tmp_path):
    coded = read_coded(simple(tmp_path / "a.qdpx", TEXT, spans(TEXT, "I would not sign.")))
    assert only(coded) == {
        "document": "one", "start": 45, "end": 62, "quotation": "I would not sign.",
        "code": "cease-fire::against", "coder": "first", "speaker": "one",
    }  # fmt: skip
    assert coded.codes["cease-fire"] == "stopping where the line is"
    assert "code points, end not included; 1 of 1 passages checked" in coded.notes[0]


@pytest.mark.parametrize("inner", ["Trial.qde", "PROJECT.QDE"])
@pytest.mark.parametrize("folder", ["Sources", "sources", "SOURCES"])
def test_letter_case_and_name_of_the_inner_file_do_not_matter(tmp_path, inner, folder):
    coded = read_coded(simple(tmp_path / "a.qdpx", TEXT, spans(TEXT, "I am tired"), inner=inner, folder=folder))
    assert only(coded)["quotation"] == "I am tired"


def test_offsets_in_utf16_units_are_found_out(tmp_path):
    text = "Peace 🕊 now. Не так. I would not sign."
    start = len(text[: text.index("I would")].encode("utf-16-le")) // 2
    coded = read_coded(simple(tmp_path / "a.qdpx", text, [(start, start + 17, "against", "I would not sign.")]))
    assert only(coded)["quotation"] == "I would not sign."
    assert only(coded)["start"] == text.index("I would")
    assert "UTF-16 units" in coded.notes[0]


def test_carriage_returns_may_or_may_not_count(tmp_path):
    text = "First line.\r\nSecond line.\r\nI would not sign."
    counted = text.index("I would")
    for shift, said in ((0, "code points, end"), (2, "carriage returns not counted")):
        span = (counted - shift, counted - shift + 17, "against", "I would not sign.")
        coded = read_coded(simple(tmp_path / f"{shift}.qdpx", text, [span], raw=text.encode()))
        assert only(coded)["quotation"] == "I would not sign."
        assert said in coded.notes[0]


def test_an_end_that_is_included_is_found_out(tmp_path):
    a, b, code, called = spans(TEXT, "what was it for")[0]
    coded = read_coded(simple(tmp_path / "a.qdpx", TEXT, [(a, b - 1, code, called)]))
    assert only(coded)["quotation"] == "what was it for"
    assert "end included" in coded.notes[0]


def test_a_byte_order_mark_and_utf16_files_are_read(tmp_path):
    for n, raw in enumerate((TEXT.encode("utf-8-sig"), TEXT.encode("utf-16"))):
        coded = read_coded(simple(tmp_path / f"{n}.qdpx", TEXT, spans(TEXT, "I am tired"), raw=raw))
        assert only(coded)["quotation"] == "I am tired"


def test_braces_and_letter_case_of_ids_do_not_matter(tmp_path):
    coded = read_coded(simple(tmp_path / "a.qdpx", TEXT, spans(TEXT, "I am tired"), braces=True))
    assert only(coded)["code"] == "cease-fire::against"


def test_right_to_left_and_cyrillic_text_keep_their_letters(tmp_path):
    text = "אני עייף. Я бы не подписал. لن أوقع"
    coded = read_coded(simple(tmp_path / "a.qdpx", text, spans(text, "אני עייף", "Я бы не подписал", "لن أوقع")))
    assert coded.table["quotation"].to_list() == ["אני עייף", "Я бы не подписал", "لن أوقع"]


def test_two_coders_in_one_file_or_in_two_are_the_same_evidence(tmp_path):
    quote = spans(TEXT, "I would not sign.")[0][:2]
    both = [("one", *quote, "against", "first", ""), ("one", *quote, "for", "second", "")]
    texts = {"one": TEXT.encode()}
    one = read_coded(write_project(tmp_path / "both.qdpx", project_xml({"one": TEXT}, both), texts))
    parts = [write_project(tmp_path / f"{n}.qdpx", project_xml({"one": TEXT}, [c]), texts) for n, c in enumerate(both)]
    two = read_coded(parts)
    assert one.coders == two.coders == ("first", "second")
    assert one.table.sort("coder").equals(two.table.sort("coder"))


def test_the_same_file_twice_counts_once(tmp_path):
    path = simple(tmp_path / "a.qdpx", TEXT, spans(TEXT, "I am tired"))
    other = simple(tmp_path / "b.qdpx", TEXT, spans(TEXT, "I am tired"))
    assert read_coded([path, other]).table.height == 1


def test_nested_and_overlapping_passages_are_all_kept(tmp_path):
    quotes = spans(TEXT, "If we stop now, what was it for?", "what was it for", "was it for? I would")
    assert read_coded(simple(tmp_path / "a.qdpx", TEXT, quotes)).table.height == 3


def test_cases_carry_the_speaker_and_attributes(tmp_path):
    xml = project_xml(
        {"one": TEXT, "two": TEXT},
        [("one", 0, 10, "fatigue", "first", "I am tired"), ("two", 0, 10, "fatigue", "first", "I am tired")],
        cases={"case of one": {"group": "soldiers", "place": "east"}},
    )
    coded = read_coded(write_project(tmp_path / "a.qdpx", xml, {"one": TEXT.encode(), "two": TEXT.encode()}))
    assert coded.table["speaker"].to_list() == ["case of one", "two"]
    assert sorted(coded.cases.iter_rows()) == [("case of one", "group", "soldiers"), ("case of one", "place", "east")]


def test_text_inside_the_xml_is_used(tmp_path):
    assert only(read_coded(simple(tmp_path / "a.qdpx", TEXT, spans(TEXT, "I am tired"), inline=True)))["start"] == 0


def test_the_home_folder_of_whoever_exported_is_not_kept(tmp_path):
    coded = read_coded(simple(tmp_path / "a.qdpx", TEXT, spans(TEXT, "I am tired")))
    assert "somebody" not in str(coded.table.to_dicts()) + str(coded.notes)


def test_codings_of_pictures_are_counted_not_read(tmp_path):
    picture = (
        '<PictureSource guid="0E1A2D7C-4F06-4F4E-8C55-5A7B4D1A2C3B" name="map"><PictureSelection guid="2" firstX="0" '
        'firstY="0" secondX="1" secondY="1"><Coding guid="3"/></PictureSelection></PictureSource>'
    )
    coded = read_coded(simple(tmp_path / "a.qdpx", TEXT, spans(TEXT, "I am tired"), extra=picture))
    assert any("1 codings of parts of pictures" in n for n in coded.notes)


def test_a_coder_who_coded_nothing_is_named(tmp_path):
    xml = project_xml({"one": TEXT}, [("one", 0, 10, "fatigue", "first", "I am tired")])
    idle = xml.replace("</Users>", '<User guid="6A6B1A36-6C35-4B69-9C58-8F3B6A0F0C11" name="second"/></Users>')
    coded = read_coded(write_project(tmp_path / "a.qdpx", idle, {"one": TEXT.encode()}))
    assert coded.coders == ("first",)
    assert any(n.startswith("second: no coded passage") for n in coded.notes)


def refused(path, *words):
    with pytest.raises(EvidenceError) as caught:
        read_coded(path)
    for word in words:
        assert word in str(caught.value)
    assert str(path.name) in str(caught.value)


def test_silently_shifted_text_is_refused_with_an_example(tmp_path):
    wrong = [(a + 7, b + 7, code, called) for a, b, code, called in spans(TEXT, "I am tired", "If we stop now")]
    refused(simple(tmp_path / "a.qdpx", TEXT, wrong), "shifted", "I am tired", "export")


def test_a_project_without_its_texts_is_refused(tmp_path):
    xml = project_xml({"one": TEXT}, [("one", 0, 10, "fatigue", "first", "I am tired")])
    refused(write_project(tmp_path / "a.qdpx", xml, {}), "sources/one.txt", "missing", "export again with sources")


def test_what_is_no_project_is_refused(tmp_path):
    (plain := tmp_path / "a.qdpx").write_text("not a zip")
    refused(plain, "no zip archive")
    with zipfile.ZipFile(empty := tmp_path / "b.qdpx", "w") as file:
        file.writestr("readme.txt", "nothing")
    refused(empty, "holds no project (.qde)")
    with zipfile.ZipFile(broken := tmp_path / "c.qdpx", "w") as file:
        file.writestr("project.qde", "<Project")
    refused(broken, "no valid XML")
    refused(tmp_path / "d.qdpx", "no such file")
    (odd := tmp_path / "e.docx").write_text("x")
    refused(odd, "unknown kind `.docx`")


def test_a_zip_bomb_is_refused_before_it_unpacks(tmp_path):
    with zipfile.ZipFile(bomb := tmp_path / "a.qdpx", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("project.qde", b" " * 300_000_000)
    refused(bomb, "zip bomb")


@pytest.mark.parametrize("name", ["../../escape.txt", "/etc/passwd", "..\\up.txt", "C:\\x.txt"])
def test_paths_that_lead_outside_are_refused(tmp_path, name):
    with zipfile.ZipFile(bad := tmp_path / "a.qdpx", "w") as file:
        file.writestr("project.qde", "<Project/>")
        file.writestr(name, "x")
    refused(bad, "leads outside")


def test_entities_are_refused(tmp_path):
    xml = '<?xml version="1.0"?><!DOCTYPE p [<!ENTITY e SYSTEM "file:///etc/passwd">]><Project>&e;</Project>'
    refused(write_project(tmp_path / "a.qdpx", xml, {}), "document type")


def test_an_unknown_encoding_is_refused(tmp_path):
    raw = "Я устал".encode("cp1251")
    refused(simple(tmp_path / "a.qdpx", "Я устал", [(0, 7, "fatigue", "Я устал")], raw=raw), "neither UTF-8 nor UTF-16")


def test_a_code_that_the_codebook_lacks_is_refused(tmp_path):
    xml = project_xml({"one": TEXT}, [("one", 0, 10, "fatigue", "first", "I am tired")])
    broken = xml.replace('name="fatigue"', 'name="fatigue"').replace('<CodeRef targetGUID="', '<CodeRef targetGUID="0')
    refused(write_project(tmp_path / "a.qdpx", broken, {"one": TEXT.encode()}), "the codebook lacks")


def test_our_projects_are_read_alike_by_another_library(tmp_path):
    pyrefiqda = pytest.importorskip("pyrefiqda")
    path = simple(tmp_path / "a.qdpx", TEXT, spans(TEXT, "I am tired", "I would not sign."))
    read = pyrefiqda.RefiProject.load(path, tmp_path / "out")
    theirs = [s for t in read.sources.text_source for s in t.plain_text_selection]
    ours = read_coded(path).table
    assert [(s.start_position, s.end_position) for s in theirs] == list(ours.select("start", "end").iter_rows())
    codings = [
        c.code_ref[0].target_guid if isinstance(c.code_ref, list) else c.code_ref.target_guid
        for s in theirs
        for c in s.coding
    ]
    assert len(codings) == ours.height


@pytest.mark.skipif(not (DATA / "refi_spec_atlasti8.qde").exists(), reason="the specification's example is not shipped")
def test_a_real_atlas_project_gives_every_coding():
    coded = read_coded(DATA / "refi_spec_atlasti8.qde")
    told = sum(int(n.split()[0]) for n in coded.notes if n[0].isdigit())
    assert (coded.table.height, told) == (
        12,
        4,
    )  # 16 <Coding> in the file: those of pictures, a film and a bare area hold no words
    first = coded.table.filter(document="1994 Diet Coke-Diet Coke Break.docx").row(0, named=True)
    assert (first["end"] - first["start"], len(first["quotation"])) == (56, 56)
    assert "sebpe" not in str(coded.table.to_dicts())


@pytest.mark.skipif(not (DATA / "refi_spec_codebook.qdc").exists(), reason="the specification's example is not shipped")
def test_a_real_codebook_gives_codes_and_descriptions():
    coded = read_coded(DATA / "refi_spec_codebook.qdc")
    assert coded.codes["Economy"] == "Anything about jobs or taxes or business"
    assert len(coded.codes) == 6
