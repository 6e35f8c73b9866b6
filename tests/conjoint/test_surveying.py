"""A survey for Qualtrics, and the export that comes back from it."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from winset.cli import run_cli
from winset.conjoint import design_experiment, label_levels, make_survey
from winset.errors import UsageError
from winset.exports.recognising import recognise_export
from winset.terms import Issue, Option

TAG = re.compile(
    r"\[\[(?:AdvancedFormat|Block:.+|PageBreak|Question:(?:DB|MC:SingleAnswer:Horizontal)|ID:\w+|Choices|ED:[\w-]+)\]\]"
)
"""Tags of the format that are used."""


def sent(folder: Path, *more: str) -> tuple[str, pl.DataFrame]:
    """Survey and people that the command writes."""
    asked = ["--tasks", "5", "--respondents", "300", "--seed", "3", *more]
    assert (
        run_cli(
            ["conjoint", "design", str(folder), "--format", "qualtrics-survey", "--out", str(folder / "s.txt"), *asked]
        )
        == 0
    )
    return (folder / "s.txt").read_text(), pl.read_csv(folder / "s.csv")


def questions(text: str) -> dict[str, str]:
    """Text of each choice by its name."""
    return dict(re.findall(r"\[\[ID:(choice\w+)\]\]\n(.+)\n\[\[Choices\]\]", text))


def answer(text: str, people: pl.DataFrame, to: Path) -> None:
    """Answer the survey as Qualtrics would have it done, and write the export that it would write: three rows of headings.

    People look only at what is piped into the table before them, and like the river.
    """
    asked = questions(text)
    rng = np.random.default_rng(5)
    header = ["StartDate", "EndDate", "Finished", "ResponseId", *asked, *people.columns]
    labels = [
        "Start Date",
        "End Date",
        "Finished",
        "Response ID",
        *(re.sub("<[^>]+>", " ", t) for t in asked.values()),
        *people.columns,
    ]
    lines = []
    for n, person in enumerate(people.iter_rows(named=True)):
        chosen = []
        for shown in asked.values():
            fields = re.findall(r"\$\{e://Field/(F-\d+-\d+-\d+)\}", shown)
            seen = {
                p: [person[f] for f in fields if f.split("-")[2] == p]
                for p in dict.fromkeys(f.split("-")[2] for f in fields)
            }
            liked = [2.0 * ("Along the river" in terms) + rng.normal() for terms in seen.values()]
            chosen.append(f"Agreement {'AB'[int(np.argmax(liked))]}")
        lines.append(["2025-03-01 10:00:00", "2025-03-01 10:09:00", "True", f"R_{n:04}", *chosen, *person.values()])
    with to.open("w", newline="") as out:
        csv.writer(out).writerows([header, labels, [json.dumps({"ImportId": h}) for h in header], *lines])


def test_every_tag_is_one_of_the_format_and_every_piped_field_is_declared(folder: Path) -> None:
    text, people = sent(folder, "--repeat")
    lines = text.splitlines()
    assert lines[0] == "[[AdvancedFormat]]"
    assert [x for x in lines if x.startswith("[[") and not TAG.fullmatch(x)] == []
    declared = re.findall(r"\[\[ED:(.+?)\]\]", text)
    assert declared == people.columns
    assert set(re.findall(r"e://Field/([\w-]+)\}", text)) == set(declared) - {"respondent"}
    assert set(people["F-1-1"]) == {"The valley", "Water"}
    river = people.filter(pl.col("F-2-1") == "The valley")
    assert set(river["F-2-1-1"]) == {"All to North", "Along the river", "All to South"}


def test_attributes_stand_in_an_order_of_each_persons_own_and_stay_there(folder: Path) -> None:
    _, people = sent(folder)
    assert 0.4 < (people["F-1-1"] == "Water").mean() < 0.6
    for task in range(2, 6):
        assert (people[f"F-{task}-1"] == people["F-1-1"]).all()


def test_a_repeated_task_shows_the_first_one_turned_round(folder: Path) -> None:
    text, people = sent(folder, "--repeat")
    asked = questions(text)
    assert [*asked] == ["choice_1", "choice_2", "choice_3", "choice_4", "choice_1_again"]
    assert asked["choice_1_again"].index("F-1-2-1") < asked["choice_1_again"].index("F-1-1-1")
    assert not [c for c in people.columns if c.startswith("F-5")]


def test_the_export_is_understood_without_a_hand_on_its_columns(folder: Path, capsys) -> None:
    text, people = sent(folder, "--repeat")
    export, mapping = folder / "export.csv", folder / "m.yaml"
    answer(text, people, export)
    assert run_cli(["conjoint", "map", str(export), "--study", str(folder), "--out", str(mapping)]) == 0
    drafted = mapping.read_text()
    assert "written by Qualtrics" in drafted
    assert 'outcome: "choice_{task}"' in drafted
    assert '{outcome: "choice_1_again", task: 1, flipped: true}' in drafted
    assert re.search(r'"Along the river": split  # guessed', drafted)
    capsys.readouterr()
    assert run_cli(["conjoint", "amce", str(export), "--mapping", str(mapping), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["findings"][0]["table"]
    river = next(r for r in told if r["level"] == "Along the river" or "river" in str(r["level"]))
    assert river["estimate"] > 0.3
    water = [r for r in told if r["attribute"] == "Water" and r["se"]]
    assert all(r["low"] < 0 < r["high"] for r in water)
    assert recognise_export(pl.read_csv(export)).drafts[0].respondent == "ResponseId"


def test_excluded_combinations_are_named_by_ids_and_never_shown(folder: Path, capsys) -> None:
    _, people = sent(folder, "--exclude", "land=north;water=own")
    for task in range(1, 6):
        for p in (1, 2):
            both = people.filter(
                (pl.col(f"F-{task}-{p}-1") == "All to North") & (pl.col(f"F-{task}-{p}-2") == "Each its own")
            )
            assert both.is_empty()
    asked = ["conjoint", "design", str(folder), "--format", "qualtrics-survey", "--out", str(folder / "t.txt")]
    assert run_cli([*asked, "--exclude", "lend=north"]) == 2
    assert "did you mean `land`" in capsys.readouterr().err


def test_labels_that_are_alike_are_told_apart() -> None:
    issues = [Issue("a", "Land", (Option("x", "Half"), Option("y", "Half"))), Issue("b", "Land", (Option("z", "All"),))]
    found = label_levels(issues)
    assert found == {"a": ("Land (a)", {"x": "Half (x)", "y": "Half (y)"}), "b": ("Land (b)", {"z": "All"})}


def test_what_is_no_choice_or_would_be_overwritten_is_refused(folder: Path, capsys) -> None:
    asked = ["conjoint", "design", str(folder), "--format", "qualtrics-survey", "--respondents", "20"]
    for more, said in (
        (["--out", str(folder / "s.docx")], "name " + str(folder / "s.txt")),
        (["--out", str(folder / "s.txt"), "--profiles", "1"], "write --profiles 2"),
        (["--out", str(folder / "s.txt"), "--tasks", "1", "--repeat"], "write --tasks 2"),
        (["--out", str(folder / "polls.txt")], "polls.csv exists"),
    ):
        assert run_cli([*asked, *more]) == 2
        assert said in capsys.readouterr().err
    with pytest.raises(UsageError, match="several agreements"):
        make_survey(design_experiment({"a": ["x", "y"]}, tasks=2, respondents=2, profiles=1, simulations=1))
