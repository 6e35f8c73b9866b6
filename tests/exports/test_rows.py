"""Long exports with what survey programs leave in them: blanks, sub-studies, gaps, the number of the chosen profile."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.exports import makes

from winset.cli import run_cli
from winset.errors import UsageError
from winset.exports.rows import drop_gaps, fill_down, keep_where, name_profiles
from winset.study import load_mapping

PAIRS = pl.DataFrame(
    {
        "id": [1, 1, 1, 1],
        "task": [1, 1, 2, 2],
        "plan": [1, 2, 1, 2],
        "land": ["north", None, "south", "half"],
        "pick": [2, 2, 1, 1],
    }
)


def test_a_gap_takes_its_whole_task_out() -> None:
    kept, told = drop_gaps(PAIRS, ["land"], ["id", "task"])
    assert kept["task"].to_list() == [2, 2]
    assert told == ["1 of 2 tasks have an empty cell and are left out whole (2 rows)"]


def test_a_gap_takes_its_row_out_where_profiles_were_judged_alone() -> None:
    assert drop_gaps(PAIRS, ["land"], [])[0].height == 3


def test_blanks_repeat_the_cell_above() -> None:
    table, told = fill_down(pl.DataFrame({"id": [7, None, 8, None]}), ["id"])
    assert table["id"].to_list() == [7, 7, 8, 8]
    assert told == ["2 empty cells of `id` repeat the cell above"]


def test_a_blank_at_the_top_has_nothing_to_repeat() -> None:
    with pytest.raises(UsageError, match="the first cell of `id` is empty"):
        fill_down(pl.DataFrame({"id": [None, 8]}), ["id"])


def test_a_sub_study_is_read_alone() -> None:
    table, told = keep_where(PAIRS.with_columns(study=pl.col("task").cast(pl.Float64)), {"study": "2"})
    assert table.height == 2
    assert told == ["2 of 4 rows are read, in which `study` is `2`"]


def test_the_number_of_the_chosen_profile_becomes_one_and_zero() -> None:
    table, told = name_profiles(PAIRS, "id", "task", "plan", "pick")
    assert table["pick"].to_list() == [0, 1, 1, 0]
    assert told == []


def test_a_number_that_differs_within_a_task_is_no_choice() -> None:
    with pytest.raises(UsageError, match="differs within 1 tasks"):
        name_profiles(PAIRS.with_columns(pick=pl.Series([1, 2, 1, 1])), "id", "task", "plan", "pick")


def long_table() -> pl.DataFrame:
    """The experiment of the makes, one row a plan."""
    rows = [(p, t, k) for p in range(makes.PEOPLE) for t in range(makes.TASKS) for k in range(2)]
    ids = {
        "caseid": [p + 1 for p, _, _ in rows],
        "task": [t + 1 for _, t, _ in rows],
        "profile": [k + 1 for _, _, k in rows],
    }
    return pl.DataFrame(ids).hstack(makes.expected().drop("person"))


def drafted(table: pl.DataFrame, folder: Path) -> tuple[str, Path, Path]:
    path, mapping = folder / "export.csv", folder / "mapping.yaml"
    table.write_csv(path)
    assert run_cli(["conjoint", "map", str(path), "--out", str(mapping)]) == 0
    return mapping.read_text(), path, mapping


def test_map_sees_blanks_that_repeat_the_cell_above(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = pl.col("caseid").is_first_distinct()
    text, path, mapping = drafted(long_table().with_columns(caseid=pl.when(first).then("caseid")), tmp_path)
    assert 'fill_down: ["caseid"]' in text
    assert run_cli(["conjoint", "mm", str(path), "--mapping", str(mapping)]) == 0
    assert "24 respondents, 192 profiles" in " ".join(capsys.readouterr().out.split())


def test_map_sees_attributes_that_some_tasks_do_not_show(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hidden = pl.when(pl.col("task") > 2).then("Guards")
    text, path, mapping = drafted(long_table().with_columns(Guards=hidden), tmp_path)
    assert "partial: true" in text
    assert '"(not shown)": open' in text
    assert run_cli(["conjoint", "amce", str(path), "--mapping", str(mapping)]) == 0
    shown = capsys.readouterr().out
    assert "(not shown)" in shown
    assert "192 profiles" in " ".join(shown.split())


def test_map_drafts_an_experiment_for_every_sub_study(tmp_path: Path) -> None:
    one, two = long_table().drop("Guards"), long_table().drop("Dam")
    stacked = pl.concat([one.with_columns(study=pl.lit(1)), two.with_columns(study=pl.lit(2))], how="diagonal")
    _, path, mapping = drafted(stacked, tmp_path)
    drafts = load_mapping(mapping)
    assert [tuple(d.attributes) for d in drafts.values()] == [("Border", "Dam"), ("Border", "Guards")]
    assert [d.where for d in drafts.values()] == [{"study": "1"}, {"study": "2"}]
    assert run_cli(["conjoint", "mm", str(path), "--mapping", str(mapping), "--experiment", "experiment-2"]) == 0


def test_two_designers_in_one_file_are_two_experiments(tmp_path: Path) -> None:
    columns = makes.qualtrics("F") | {c: ["", "", *v] for c, v in makes.designer("G").items()}
    columns |= {
        f"Q8.{t + 2}": ["Which plan is fairer?", "", *(f"Plan {'AB'[c]}" for c in makes.CHOSEN[:, t])] for t in range(4)
    }
    path = makes.write(columns, tmp_path / "export.csv")
    mapping = tmp_path / "mapping.yaml"
    assert run_cli(["conjoint", "map", str(path), "--out", str(mapping)]) == 0
    found = {d.wide.columns for d in load_mapping(mapping).values() if d.wide}
    assert found == {"F-{task}-{profile}-{slot}", "G-{task}-{profile}-{slot}"}
