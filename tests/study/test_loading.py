"""Every mistake a person can make in a study is told with file and line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from winset.errors import MistakesError, StudyError
from winset.evidence import gather
from winset.study import json_schema, load, write_new
from winset.study.ratification import members, rule_in_words

Edit = Callable[[str, str, str], Path]


def mistakes(folder: Path | str) -> str:
    with pytest.raises(StudyError) as caught:
        load(folder)
    return str(caught.value)


def test_the_example_loads_with_both_sides() -> None:
    study = load("istanbul-2025")
    assert set(study.sides) == {"russia", "ukraine"}
    assert {"soldiers", "hospital", "families", "nationalists", "public"} == set(study.sides["russia"].constituencies)
    assert len(study.proposals) == 17


def test_not_read_is_not_left_open() -> None:
    study = load("istanbul-2025")
    assert "prisoners" in study.proposals["e3-2025-11"].not_read
    assert study.proposals["us-2025-04"].not_read == ()


def test_a_missing_folder_is_said() -> None:
    assert "no such folder" in mistakes("nowhere-at-all")


def test_a_folder_without_a_study_is_said(tmp_path: Path) -> None:
    assert "winset new" in mistakes(tmp_path)


def test_an_empty_file_is_said(folder: Path) -> None:
    (folder / "study.yaml").write_text("")
    assert "is empty" in mistakes(folder)


def test_wrong_yaml_is_said_with_its_line(folder: Path) -> None:
    (folder / "study.yaml").write_text("study: a\n  b: [\n")
    assert "study.yaml:" in mistakes(folder)
    assert "not valid YAML" in mistakes(folder)


def test_brackets_without_an_end_are_said(folder: Path) -> None:
    (folder / "study.yaml").write_text("study: " + "[" * 5000)
    assert "nested too deeply; look for brackets" in mistakes(folder)


def test_latin_1_is_said_with_its_line(folder: Path) -> None:
    path = folder / "study.yaml"
    path.write_bytes(path.read_bytes().replace(b"River valley, a made-up", b"River valley, a \xe9 made-up"))
    assert "study.yaml:4: not UTF-8" in mistakes(folder)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{land: split, water: joint}", "{land: splot, water: joint}", "did you mean `split`"),
        ("{land: split, water: joint}", "{lend: split}", "did you mean `land`"),
        ("{land: split, water: joint}", "{land: split, land: north}", "stands twice"),
        ("{land: split, water: joint}", "{land: [split, north]}", "two options for one issue"),
        ("source: text,", "source: test,", "did you mean `text`"),
        ("{veto: army, below: {uniform: [0.2, 0.4]}}", "{veto: navy, below: 0.3}", "unknown constituency `navy`"),
        ("{veto: army, below: {uniform: [0.2, 0.4]}}", "{coalition: {}, at_least: 0.5}", "coalition"),
        ("{veto: army, below: {uniform: [0.2, 0.4]}}", "{below: 0.3}", "is no rule"),
        ("at_least: 0.5}\n        - {veto", "at_least: 1.5}\n        - {veto", "less than or equal to 1"),
        ("land: [north, split, south]", "land: [north, split]", "lacks option `south`"),
        ("      water: [own, joint]\n    commitments", "    commitments", "no order for issue `water`"),
        ("since: 2024-03-01", "since: 2031-03-01", "after the as-of date"),
        ("as_of: 2025-01-31", "as_of: soon", "as_of"),
        ("title: River valley, a made-up border dispute", "titel: River", "did you mean `title`"),
    ],
)
def test_a_mistake_is_told_with_its_line(edit: Edit, old: str, new: str, said: str) -> None:
    text = mistakes(edit("study.yaml", old, new))
    assert said in text
    assert "study.yaml:" in text


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            "never:\n  - lend=north and water=joint",
            "study.yaml:49: `lend=north and water=joint`: unknown issue `lend`; did you",
        ),
        ("never:\n  - land=nort and water=joint", "`land` has no option `nort`; did you mean `north`"),
        ("never:\n  - land=north and land=south", "binds `land` to itself"),
        ("never:\n  - land=north", "does not name two options"),
        ("never:\n  - land=north and water=joint and water=own", "does not name two options"),
        ("only_with:\n  - land=north and water=joint", "is no constraint; write for instance"),
        ("only_with:\n  - land=north only with water=joined", "`water` has no option `joined`"),
        ("never:\n  - land=split and water=joint", "study.yaml:47: `mediator-2025-01` is on record and breaks"),
        ("only_with:\n  - land=split only with water=own", "(only_with, line 49)"),
        ("only_wiht: []", "did you mean `only_with`"),
    ],
)
def test_a_wrong_constraint_is_told_with_its_line(folder: Path, lines: str, said: str) -> None:
    with (folder / "study.yaml").open("a") as file:
        file.write(lines + "\n")
    assert said in mistakes(folder)


def test_constraints_that_leave_no_package_are_named(folder: Path) -> None:
    pairs = [f"  - land={a} and water={b}\n" for a in ("north", "split", "south") for b in ("joint", "own")]
    text = (folder / "study.yaml").read_text().partition("proposals:")[0]
    (folder / "study.yaml").write_text(f"{text}never:\n{''.join(pairs)}")
    said = mistakes(folder)
    assert "study.yaml:45: no package is left that keeps to `land=north and water=joint` (line 45)" in said
    assert said.count("(line ") == 6


def test_constraints_are_held_in_the_study(folder: Path) -> None:
    with (folder / "study.yaml").open("a") as file:
        file.write("never: [land=north and water=joint]\nonly_with: [land=split only with water=joint|own]\n")
    study = load(folder)
    assert [str(c) for c in study.constraints] == [
        "land=north and water=joint",
        "land=split only with water=joint|own",
    ]
    assert study.space.searched().count == 5


RULE = "- {support: public, at_least: 0.5}"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("-", "study.yaml:28: `all_of` holds an empty clause; write a rule such as {support: public, at_least: 0.5}"),
        ("- [public, army]", "study.yaml:28: `all_of` holds a list where one rule is meant; write all_of: or any_of:"),
        ("- public", 'study.yaml:28: `all_of`: "public" is no rule; write one of support, coalition, veto'),
        ("- 0.5", "study.yaml:28: `all_of`: 0.5 is no rule"),
        ("- {support: public, at_least: }", "study.yaml:28: `at_least` is empty; write a number"),
        ("- support: public\n          at_least: [1]", "study.yaml:29: `at_least` is a list; write a number"),
    ],
)
def test_what_is_no_rule_is_told_with_what_to_write(edit: Edit, wrong: str, said: str) -> None:
    assert said in mistakes(edit("study.yaml", RULE, wrong))


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("meaning: South withdraws", "meaning: a list of up to 45,000 may stay", 11),
        ("meaning: South withdraws", "meaning: up to 45,000", 11),
        ("meaning: South withdraws", "meaning: South withdraws, that is: all of it", 11),
        ("army: {label: Army}", "army: {label: Army, and navy}", 25),
        ("{land: split, water: joint}", "{land: split, or so}", 47),
    ],
)
def test_a_comma_inside_braces_is_told_to_need_quotes(edit: Edit, old: str, new: str, line: int) -> None:
    text = mistakes(edit("study.yaml", old, new))
    assert f"study.yaml:{line}: " in text
    assert "a text with a comma inside braces needs quotes; write " in text
    assert "unknown field" not in text


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("as_of: 2025-01-31", "as_of: ", "`as_of` is empty; write a date"),
        ("land: [north, split, south]", "land: north, split", "write a list in brackets, for instance [a, b]"),
        ("army: {label: Army}", "army: Army", '`army` is "Army"; write its fields (label, size, known, '),
        (
            "leader: {label: Prime minister of North}",
            "leader: {label: 5}",
            "`label` is 5; put it in quotes where it is text",
        ),
        ("label: Water", "label: Water: the dam", "a text with `: ` in it needs quotes"),
        ("at_least: 0.5}\n        - {veto", "at_least: .nan}\n        - {veto", "`at_least` is nan; write a number"),
        ("{land: split, water: joint}", "{land: split, water: Joint}", "`water`: `Joint` is no id"),
    ],
)
def test_a_value_of_another_kind_is_told_with_what_to_write(edit: Edit, old: str, new: str, said: str) -> None:
    assert said in mistakes(edit("study.yaml", old, new))


def test_a_source_is_not_called_unknown_where_the_sources_cannot_be_read(folder: Path) -> None:
    (folder / "sources.csv").write_text("id;publisher;title\ntext;Mediator;Text\n")
    assert mistakes(folder).count("\n") == 0


def test_a_source_without_a_title_is_told(edit: Edit) -> None:
    assert "sources.csv:2: `title` is empty; write a text" in mistakes(
        edit("sources.csv", "Text handed to both sides", "")
    )


def test_a_figure_of_the_war_is_a_number(folder: Path) -> None:
    (folder / "history.csv").write_text("day,side,what,value\n2024-11,north,front,nan\n")
    assert "history.csv:2: value `nan` is no number" in mistakes(folder)


def test_an_unknown_field_is_told_with_the_fields_that_may_stand_there(edit: Edit) -> None:
    text = mistakes(edit("study.yaml", "label: Mediator's text, sponsor", "label: Mediator's text, zzz: 1, sponsor"))
    assert "unknown field `zzz`; known: `label`, `sponsor`, `date`, `source`, `status`, `terms`, `not_read`" in text


def test_an_anchor_and_its_alias_are_read_as_the_value(edit: Edit) -> None:
    rule = "{support: public, at_least: 0.5}\n    order"
    folder = edit("study.yaml", rule, "{support: &who public, at_least: 0.5}\n    order")
    assert load(folder).sides == load(edit("study.yaml", "&who public", "public")).sides


def test_all_mistakes_come_at_once(edit: Edit) -> None:
    edit("study.yaml", "source: text,", "source: test,")
    folder = edit("study.yaml", "{land: split, water: joint}", "{land: splot, water: joint}")
    assert mistakes(folder).count("\n") == 1


def test_a_question_on_an_unknown_side_is_said(edit: Edit) -> None:
    assert "did you mean `north`" in mistakes(edit("questions.yaml", "side: north", "side: nord"))


def test_one_issue_with_one_option_and_one_constituency_is_a_study(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(
        "study: s\ntitle: T\nquestion: Q\nas_of: 2025-01-01\n"
        "issues: {a: {label: A, options: {x: X}}}\n"
        "sides: {n: {label: N, leader: {label: L}, constituencies: {p: {label: P}},"
        " ratification: {support: p, at_least: 0.5}, order: {a: [x]}}}\n"
    )
    assert load(tmp_path).space.size == 1


def test_the_new_study_is_not_written_over_anything(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    from winset.errors import UsageError

    with pytest.raises(UsageError, match="not empty"):
        write_new(tmp_path)


@pytest.mark.parametrize("war", [False, True])
def test_the_new_study_loads_and_its_files_point_to_their_schemas(tmp_path: Path, war: bool) -> None:
    written = write_new(tmp_path / "case", war=war)
    assert (load(tmp_path / "case").war is not None) == war == (tmp_path / "case" / "talks.yaml" in written)
    heads = {p: p.read_text().splitlines()[0] for p in written if p.suffix == ".yaml"}
    for path, head in heads.items():
        assert head == f"# yaml-language-server: $schema=_schema/{path.stem}.json"
        assert (path.parent / "_schema" / f"{path.stem}.json").is_file()


def test_the_new_study_stays_a_study_when_its_sides_are_renamed(tmp_path: Path) -> None:
    for path in write_new(tmp_path / "case"):
        path.write_text(path.read_text().replace("north", "hills").replace("south", "coast"))
    assert set(load(tmp_path / "case").sides) == {"hills", "coast"}


def test_the_new_study_asks_everyone_about_both_ways_to_settle_the_water(tmp_path: Path) -> None:
    write_new(tmp_path / "case")
    table = gather(load(tmp_path / "case")).table
    asked = table.group_by("side", "constituency").agg(pl.col("offer").n_unique())
    assert dict(zip(asked["constituency"] + " of " + asked["side"], asked["offer"], strict=True)) == {
        "public of north": 6,
        "army of north": 2,
        "public of south": 4,
    }


def test_schema_knows_the_rules() -> None:
    assert "Coalition" in json_schema()["$defs"]


def test_a_rule_reads_as_a_phrase() -> None:
    rule = load("istanbul-2025").sides["ukraine"].ratification
    assert rule_in_words(rule) == "public at least 45% to 55% and soldiers not below 20% to 40%"
    assert members(rule) == ("public", "soldiers")


def test_a_threshold_that_nobody_reaches_is_a_mistake(edit) -> None:
    folder = edit("study.yaml", "at_least: 0.5", "at_least: 1.0")
    with pytest.raises(MistakesError, match="can never hold"):
        load(folder)


def test_speakers_are_declared_and_named_once(edit: Edit) -> None:
    said = "scale: yes-no, offer: {land: split}, wording: Would you accept the river as the border?}"
    edit("questions.yaml", said, said.replace("wording", "endorsed: {leader: for, north: for, unty: against}, wording"))
    with pytest.raises(MistakesError) as error:
        load(edit("study.yaml", "label: North\n", "label: North\n    voices: {unity: {label: Unity party}}\n"))
    sentences = "\n".join(str(m) for m in error.value.mistakes)
    assert len(error.value.mistakes) == 2
    assert "nobody named `unty` is declared; did you mean `unity`" in sentences
    assert "`leader` and `north` are one speaker to the people of `north`; name each one once" in sentences
