"""Label Studio, INCEpTION, doccano and plain tables; each file is written here as the program writes it."""

import json
import zipfile

import pytest

from winset.coding import read_coded
from winset.errors import EvidenceError

TEXT = "Peace 🕊 now. I would not sign."
START = TEXT.index("I would")


def test_label_studio_spans_choices_and_coders(tmp_path):
    value = {"start": START, "end": START + 17, "text": "I would not sign.", "labels": ["against"]}
    task = {
        "id": 7,
        "data": {"text": TEXT, "title": "one", "speaker": "soldier a", "group": "soldiers"},
        "annotations": [
            {"completed_by": {"email": "first"}, "result": [{"type": "labels", "value": value}]},
            {"completed_by": 2, "result": [{"type": "choices", "value": {"choices": ["fatigue"]}}]},
            {"completed_by": 3, "was_cancelled": True, "result": []},
        ],
    }
    (path := tmp_path / "export.json").write_text(json.dumps([task]))
    coded = read_coded(path)
    assert coded.coders == ("2", "first")
    assert coded.table.select("document", "start", "code", "speaker").rows() == [
        ("one", START, "against", "soldier a"),
        ("one", None, "fatigue", "soldier a"),
    ]
    assert ("soldier a", "group", "soldiers") in coded.cases.rows()


def test_shifted_label_studio_spans_are_refused(tmp_path):
    value = {"start": 0, "end": 17, "text": "I would not sign.", "labels": ["against"]}
    task = {"data": {"text": TEXT}, "annotations": [{"result": [{"type": "labels", "value": value}]}]}
    (path := tmp_path / "export.json").write_text(json.dumps([task]))
    with pytest.raises(EvidenceError, match="shifted"):
        read_coded(path)


def cas(begin, end, value):
    return {
        "%FEATURE_STRUCTURES": [
            {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaString": TEXT},
            {"%ID": 2, "%TYPE": "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token", "begin": 0, "end": 5},
            {"%ID": 3, "%TYPE": "webanno.custom.Stance", "@sofa": 1, "begin": begin, "end": end, "value": value},
        ]
    }


def test_inceptions_cas_counts_utf16_and_names_the_coder_in_the_path(tmp_path):
    units = len(TEXT[:START].encode("utf-16-le")) // 2
    with zipfile.ZipFile(path := tmp_path / "export.zip", "w") as file:
        for coder, value in (("anna", "against"), ("ben", "for")):
            file.writestr(f"annotation/one.txt/{coder}.json", json.dumps(cas(units, units + 17, value)))
    coded = read_coded(path)
    assert coded.table.select("document", "start", "quotation", "code", "coder").sort("coder").rows() == [
        ("one.txt", START, "I would not sign.", "Stance::against", "anna"),
        ("one.txt", START, "I would not sign.", "Stance::for", "ben"),
    ]


def test_webanno_tsv_joins_the_tokens_of_a_span(tmp_path):
    lines = ["#FORMAT=WebAnno TSV 3.3", "#T_SP=webanno.custom.Stance|value", "", "#Text=I would not sign ."]
    tokens = [("I", 0), ("would", 2), ("not", 8), ("sign", 12)]
    lines += [f"1-{n}\t{b}-{b + len(w)}\t{w}\tagainst[1]\t" for n, (w, b) in enumerate(tokens, 1)]
    lines += ["1-5\t16-17\t.\t_\t"]
    (path := tmp_path / "anna.tsv").write_text("\n".join(lines))
    row = read_coded(path).table.row(0, named=True)
    assert (row["start"], row["end"], row["code"], row["coder"]) == (0, 16, "Stance::against", "anna")
    assert row["quotation"] == "I would not sign"


def test_doccano_lines(tmp_path):
    line = {"id": 4, "text": TEXT, "label": [[START, START + 17, "against"]], "speaker": "soldier a"}
    (path := tmp_path / "anna.jsonl").write_text(json.dumps(line) + "\n")
    row = read_coded(path).table.row(0, named=True)
    assert (row["quotation"], row["coder"], row["speaker"]) == ("I would not sign.", "anna", "soldier a")
    path.write_text(json.dumps(line | {"label": [[0, 500, "against"]]}))
    with pytest.raises(EvidenceError, match="line 1: label"):
        read_coded(path)


def test_a_table_of_segments_keeps_other_columns_as_attributes(tmp_path):
    (path := tmp_path / "segments.csv").write_text(
        "Document name,Code,Beginning,End,Segment,Created by,Speaker,Group\none,against,0,4,no,anna,soldier a,soldiers\n"
    )
    coded = read_coded(path)
    assert coded.table.row(0) == ("one", 0, 4, "no", "against", "anna", "soldier a")
    assert coded.cases.row(0) == ("soldier a", "Group", "soldiers")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("document,stance\none,1\n", "no column `code`"),
        ("document,code\n,against\n", "row 2 lacks a document or a code"),
        ("document,code,start,end\none,against,9,4\n", "row 2: a passage cannot run from 9 to 4"),
        ("document,code,start,end\none,against,x,4\n", "no whole numbers"),
    ],
)
def test_bad_tables_say_where(tmp_path, text, said):
    (path := tmp_path / "segments.csv").write_text(text)
    with pytest.raises(EvidenceError, match=said):
        read_coded(path)


@pytest.mark.parametrize(("name", "text", "said"), [("a.jsonl", "", "is empty"), ("a.json", "[]", "holds no task")])
def test_an_empty_export_is_told(tmp_path, name, text, said):
    (path := tmp_path / name).write_text(text)
    with pytest.raises(EvidenceError, match=said):
        read_coded(path)


def test_json_of_another_kind_is_refused(tmp_path):
    (path := tmp_path / "a.json").write_text('{"hello": 1}')
    with pytest.raises(EvidenceError, match="neither a Label Studio export nor a UIMA CAS"):
        read_coded(path)
    path.write_text("{")
    with pytest.raises(EvidenceError, match="no valid JSON"):
        read_coded(path)
