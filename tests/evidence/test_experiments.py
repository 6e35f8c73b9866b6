from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyreadstat
import pytest

from winset.acceptance import measure
from winset.errors import EvidenceError, StudyError
from winset.evidence import gather
from winset.study import load

MAPPING = """experiments:
  pairs:
    file: pairs.csv
    instrument: north-conjoint
    question: pairs
    source: release
    date: 2025-01-20
    constituency: public
    respondent: id
    task: task
    outcome: chosen
    attributes:
      Border: {issue: land, levels: {All North: north, River: split, All South: south}}
      Dam: {issue: water, levels: {Together: joint, Apart: own}}
"""
LAND, WATER = np.array(["All North", "River", "All South"]), np.array(["Apart", "Together"])


def answers(people: int = 200, tasks: int = 6) -> pl.DataFrame:
    """Pairs judged by people to whom land matters three times as much as water."""
    rng = np.random.default_rng(8)
    land, water = rng.integers(0, 3, (people, tasks, 2)), rng.integers(0, 2, (people, tasks, 2))
    utility = -0.75 * land - 0.5 * water + rng.normal(size=land.shape)
    index = np.indices(land.shape).reshape(3, -1)
    return pl.DataFrame(
        {
            "id": index[0],
            "task": index[1],
            "chosen": (utility == utility.max(-1, keepdims=True)).ravel().astype(int),
            "Border": LAND[land.ravel()],
            "Dam": WATER[water.ravel()],
        }
    )


@pytest.fixture
def experiment(folder: Path) -> Path:
    """The tiny study with an experiment of pairs."""
    question = (
        "  pairs: {side: north, kind: package, scale: yes-no, offer: {}, wording: Which deal would you rather have?}\n"
    )
    instrument = (
        "  north-conjoint: {label: North conjoint, by: A pollster, mode: online, kind: experiment, selection: random,"
        " population: adults of North}\n"
    )
    for name, more in (("questions.yaml", question), ("instruments.yaml", instrument)):
        (folder / name).write_text((folder / name).read_text() + more)
    (folder / "experiments.yaml").write_text(MAPPING)
    answers().write_csv(folder / "pairs.csv")
    return folder


def change(folder: Path, old: str, new: str) -> None:
    text = (folder / "experiments.yaml").read_text()
    assert old in text
    (folder / "experiments.yaml").write_text(text.replace(old, new, 1))


def test_every_judged_pair_is_a_row_with_its_respondent(experiment: Path) -> None:
    read = gather(load(experiment)).table.filter(instrument="north-conjoint")
    table = answers()
    differing = table.group_by("id", "task").agg(pl.struct("Border", "Dam").n_unique()).filter(pl.col("Border") > 1)
    assert read.height == differing.height
    assert read["respondent"].n_unique() == 200
    assert read["against"].null_count() == 0
    assert set(read["category"]) == {0, 1}
    assert read["locator"][0].startswith("pairs.csv:")


def test_the_joint_fit_learns_what_matters_from_the_experiment(experiment: Path) -> None:
    study = load(experiment)
    fitted = measure(study, fast=True)
    importance = fitted.importance().filter(side="north", constituency="public")
    land = importance.filter(issue="land").row(0, named=True)
    assert land["low"] < 0.75 < land["high"]
    assert land["evidence"] > 0.8
    before = measure(study, fast=True, without=["experiment"]).importance()
    wide = before.filter(side="north", constituency="public", issue="land").row(0, named=True)
    assert wide["high"] - wide["low"] > 2 * (land["high"] - land["low"])


@pytest.mark.slow
def test_an_experiment_is_left_out_as_a_source_and_as_a_kind_of_evidence(experiment: Path) -> None:
    from winset.exploration.designed import list_assumptions, plan_design
    from winset.exploration.sources import REFITTED, leave_sources_out, list_sources
    from winset.room import ratify

    room = ratify(measure(load(experiment), fast=True))
    (own,) = [s for s in list_sources(room) if s.experiments]
    assert (own.label, own.answers, len(own.cells)) == ("North conjoint", 200, 0)
    labels = [a.label for a in list_assumptions(room)]
    assert "experiment" in labels
    plans = plan_design(room)
    assert {p.unheard for p in plans} == {(), own.experiments}
    found = leave_sources_out(room, "mediator-2025-01").table.filter(source="North conjoint")
    assert found["how"].to_list() == [REFITTED]
    assert abs(found["margin"][0]) > 0.05  # 200 people who judged six pairs each are not nothing


def test_people_may_contradict_the_declared_order(experiment: Path) -> None:
    """The study says that North would rather run the water alone; the people asked would rather run it together."""
    text = (experiment / "experiments.yaml").read_text()
    (experiment / "experiments.yaml").write_text(
        text.replace("Together: joint, Apart: own", "Together: own, Apart: joint")
    )
    fitted = measure(load(experiment), fast=True)
    worth = fitted.part_worths().filter(side="north", constituency="public", issue="water")
    by_option = dict(zip(worth["option"], worth["mean"], strict=True))
    assert by_option["joint"] > by_option["own"] + 0.15
    importance = fitted.importance().filter(side="north", constituency="public", issue="land")
    assert importance["mean"][0] == pytest.approx(0.75, abs=0.1)


def test_respondents_do_not_crowd_the_printed_answers(experiment: Path) -> None:
    from winset.findings import describe

    fitted = measure(load(experiment), fast=True)
    found = {f.id: f.table for f in describe(fitted)}
    told = found["answers"].filter(instrument="north-conjoint")
    assert told.height == 1
    assert told["said"][0].startswith("200 people judged")
    assert found["predictive"].filter(instrument="north-conjoint").height == 0


def test_labels_of_an_spss_file_are_mapped(experiment: Path) -> None:
    table = answers(people=20)
    coded = table.with_columns(
        Border=pl.col("Border").replace_strict({x: float(n) for n, x in enumerate(LAND)}),
        Dam=pl.col("Dam").replace_strict({x: float(n) for n, x in enumerate(WATER)}),
    )
    labels = {
        "Border": {float(n): str(x) for n, x in enumerate(LAND)},
        "Dam": {float(n): str(x) for n, x in enumerate(WATER)},
    }
    pyreadstat.write_sav(
        pd.DataFrame(coded.to_dict(as_series=False)), str(experiment / "pairs.sav"), variable_value_labels=labels
    )
    table.write_csv(experiment / "pairs.csv")
    plain = gather(load(experiment)).table.filter(instrument="north-conjoint")
    change(experiment, "pairs.csv", "pairs.sav")
    labelled = gather(load(experiment)).table.filter(instrument="north-conjoint")
    assert labelled["category"].to_list() == plain["category"].to_list()
    assert labelled["offer"].to_list() == plain["offer"].to_list()


def test_a_qualtrics_export_reads_as_the_long_table(experiment: Path) -> None:
    long = answers(people=30)
    long.write_csv(experiment / "pairs.csv")
    columns: dict[str, list] = {"id": sorted(set(long["id"]))}
    for task in range(6):
        for profile in range(2):
            own = long.filter(pl.col("task") == task)[profile::2]
            turned = task % 2
            for slot, name in enumerate(("Dam", "Border") if turned else ("Border", "Dam"), start=1):
                columns[f"F-{task}-{slot}"] = [name] * 30
                columns[f"F-{task}-{profile + 1}-{slot}"] = own[name].to_list()
            if profile == 0:
                columns[f"choice_{task}"] = ["Deal 1" if c else "Deal 2" for c in own["chosen"]]
    plain = gather(load(experiment)).table.filter(instrument="north-conjoint")
    header = dict.fromkeys(columns, '{"ImportId":"QID"}')
    table = pl.DataFrame({c: [header[c], *map(str, v)] for c, v in columns.items()})
    table.write_csv(experiment / "wide.csv")
    change(experiment, "pairs.csv", "wide.csv")
    change(
        experiment,
        "    task: task\n    outcome: chosen\n",
        '    wide: {columns: "F-{task}-{profile}-{slot}", names: "F-{task}-{slot}", outcome: "choice_{task}"}\n',
    )
    wide = gather(load(experiment)).table.filter(instrument="north-conjoint")
    key = ["respondent", "category"]
    assert wide[key].sort(key).equals(plain[key].sort(key))


def test_ratings_count_as_for_or_against(experiment: Path) -> None:
    table = answers(people=10).with_columns(rating=pl.Series(([1, 2, 3, 4, 5] * 24)[:120]))
    table.write_csv(experiment / "pairs.csv")
    scale = "scales:\n  five: {answers: [bad, poor, fair, good, best], accepts_from: good, neutral: fair}\n"
    text = (experiment / "questions.yaml").read_text().replace("questions:\n", scale + "questions:\n")
    (experiment / "questions.yaml").write_text(
        text.replace("kind: package, scale: yes-no", "kind: package, scale: five")
    )
    change(
        experiment,
        "    outcome: chosen\n",
        "    outcome: rating\n    judged: rating\n"
        "    answers: {'1': bad, '2': poor, '3': fair, '4': good, '5': best}\n",
    )
    read = gather(load(experiment)).table.filter(instrument="north-conjoint")
    assert read["category"].value_counts().sort("category")["count"].to_list() == [24, 48, 48]


def test_survey_weights_are_scaled_to_the_people_they_are_worth(experiment: Path) -> None:
    """Weights 1 and 3 in equal numbers: (1 + 3)^2 / (2 (1 + 9)) = 0.8 of the rows (Kish 1965)."""
    table = answers(people=40).with_columns(w=pl.when(pl.col("id") % 2 == 0).then(1.0).otherwise(3.0))
    table.with_columns(chosen=pl.lit(1)).write_csv(experiment / "pairs.csv")
    change(experiment, "    outcome: chosen\n", "    outcome: chosen\n    judged: accept\n    weight: w\n")
    read = gather(load(experiment)).table.filter(instrument="north-conjoint")
    assert read["weight"].sum() == pytest.approx(0.8 * table.height)


@pytest.mark.parametrize("weight", [0.0, -1.0, float("nan"), float("inf"), 1e-320, 1e308])
def test_a_weight_that_no_survey_has_is_told(experiment: Path, weight: float) -> None:
    table = answers(people=10).with_columns(w=pl.when(pl.col("id") == 0).then(weight).otherwise(1.0))
    table.write_csv(experiment / "pairs.csv")
    change(experiment, "    outcome: chosen\n", "    outcome: chosen\n    weight: w\n")
    with pytest.raises(EvidenceError, match=r"`w` is no number above zero that can be squared in 12 rows|empty cell"):
        gather(load(experiment))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("River: split", "Rivver: split", "levels of `Border` that experiments.yaml does not map: `River`"),
        ("outcome: chosen", "outcome: chozen", "did you mean `chosen`"),
        ("pairs.csv", "nowhere.csv", "no such file"),
        ("outcome: chosen", "outcome: task", "holds `2`"),
        ("task: task", "task: id", "tasks have no or several chosen profiles"),
    ],
)
def test_a_mistake_in_the_data_is_a_sentence(experiment: Path, old: str, new: str, said: str) -> None:
    change(experiment, old, new)
    with pytest.raises(EvidenceError, match="pairs") as caught:
        gather(load(experiment))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("River: split", "River: splitt", "did you mean `split`"),
        ("issue: land", "issue: lend", "did you mean `land`"),
        ("issue: land", "issue: water", "both read as issue `water`"),
        ("instrument: north-conjoint", "instrument: north-conjoin", "did you mean `north-conjoint`"),
        ("constituency: public", "constituency: publik", "did you mean `public`"),
        ("date: 2025-01-20", "date: 2025-03-20", "after the as-of date"),
        ("    task: task\n", "", "a choice needs `task`"),
        ("pairs.csv", "../pairs.csv", "put it beside study.yaml"),
    ],
)
def test_a_mistake_in_the_mapping_names_its_line(experiment: Path, old: str, new: str, said: str) -> None:
    change(experiment, old, new)
    with pytest.raises(StudyError) as caught:
        load(experiment)
    assert said in str(caught.value)
    assert "experiments.yaml:" in str(caught.value)


def test_rows_with_empty_cells_are_refused_or_left_out_on_request(experiment: Path) -> None:
    table = answers(people=10)
    gap = table.with_columns(Dam=pl.when(pl.col("task") == 0).then(None).otherwise(pl.col("Dam")))
    gap.write_csv(experiment / "pairs.csv")
    with pytest.raises(EvidenceError, match="20 rows have an empty cell"):
        gather(load(experiment))
    change(experiment, "    outcome: chosen\n", "    outcome: chosen\n    drop_missing: true\n")
    assert gather(load(experiment)).table.filter(instrument="north-conjoint")["respondent"].n_unique() == 10
