"""Every make of export is recognised, drafted without hand work, and reads as the same experiment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from tests.exports import makes

from winset.cli import run_cli
from winset.evidence.wide import read_judged
from winset.exports import layout_of
from winset.exports.rows import drop_gaps
from winset.study import load_mapping


def drafted(path: Path) -> tuple[str, Path]:
    """The mapping that `map` writes without any hint."""
    out = path.parent / "mapping.yaml"
    out.unlink(missing_ok=True)
    assert run_cli(["conjoint", "map", str(path), "--out", str(out)]) == 0
    return out.read_text(encoding="utf-8"), out


def read(path: Path, mapping: Path, name: str) -> pl.DataFrame:
    """Rows as a mapping reads them, levels and outcome only."""
    experiment = load_mapping(mapping, name)[name]
    long = read_judged(path, layout_of(experiment))
    table = drop_gaps(long.table, [long.outcome], [])[0]
    return table.select(*long.attributes, pl.col(long.outcome).cast(pl.Float64).alias("outcome"))


def agrees(table: pl.DataFrame, names: dict[str, str], *, coded: bool = False, dropped: int = 0) -> None:
    """A plan with a level is chosen as often as the make of the file says."""
    truth = makes.expected()
    assert table.height == truth.height - dropped
    for own, name in names.items():
        for n, level in enumerate(makes.LEVELS[name]):
            at = table.filter(pl.col(own) == (str(n + 1) if coded else level))
            of = truth.filter(pl.col(name) == level)
            assert abs(at.height - of.height) <= dropped
            assert at["outcome"].sum() == pytest.approx(of["chosen"].sum(), abs=dropped)


def test_qualtrics_with_its_designer(tmp_path: Path) -> None:
    path = makes.write(makes.qualtrics("K"), tmp_path / "export.csv")
    text, mapping = drafted(path)
    assert "written by Qualtrics" in text
    assert 'outcome: "Q4.{task+1}"' in text
    assert '{outcome: "Q6.1", task: 1, flipped: true}' in text
    assert "1 of 96 tasks have no answer" in text
    assert "name-it  # no column" not in text
    agrees(read(path, mapping, "experiment-1"), {"Border": "Border", "Dam": "Dam"}, dropped=2)


def test_ratings_are_a_second_experiment_of_the_same_file(tmp_path: Path) -> None:
    path = makes.write(makes.qualtrics(), tmp_path / "export.csv")
    text, mapping = drafted(path)
    assert 'outcome: "Q5.{task+1}_{profile}"' in text
    rated = read(path, mapping, "experiment-1-rating")
    assert rated.height == makes.SHOWN[..., 0].size
    assert rated["outcome"].sum() == makes.RATED.sum()


def test_both_outcomes_are_told_in_one_call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = makes.write(makes.letters(), tmp_path / "export.csv")
    _, mapping = drafted(path)
    capsys.readouterr()
    assert run_cli(["conjoint", "mm", str(path), "--mapping", str(mapping)]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "export.csv (experiment-1)" in told
    assert "export.csv (experiment-1-rating)" in told


def test_qualtrics_as_it_wrote_before(tmp_path: Path) -> None:
    """Columns V1 ... over a row of names; answers in questions that cannot be counted off are listed."""
    path = makes.write(makes.old_qualtrics(), tmp_path / "export.csv")
    text, mapping = drafted(path)
    assert "respondent: V1" in text
    assert 'outcome: ["Q2.3", "Q2.7", "Q2.10", "Q2.15"]' in text
    agrees(read(path, mapping, "experiment-1"), {"Border": "Border", "Guards": "Guards"})


WIDE: list[tuple[str, Callable[[], makes.Columns], str, str]] = [
    ("no survey program", makes.letters, "{attribute}{task}{profile}", "choice_{task}"),
    ("LimeSurvey", makes.limesurvey, "t{task}p{profile}{attribute}", "choice{task}"),
    ("no survey program", makes.plain_qualtrics, "choice{task}_{attribute}{profile}", "A{task}_pref"),
]


@pytest.mark.parametrize(("program", "columns", "pattern", "outcome"), WIDE)
def test_attributes_in_the_names_of_columns(
    program: str, columns: Callable[[], makes.Columns], pattern: str, outcome: str, tmp_path: Path
) -> None:
    path = makes.write(columns(), tmp_path / "export.csv")
    text, mapping = drafted(path)
    assert f"written by {program}" in text
    assert f'columns: "{pattern}"' in text
    assert f'outcome: "{outcome}"' in text
    agrees(read(path, mapping, "experiment-1"), {"border": "Border", "dam": "Dam", "guards": "Guards"})


def test_limesurvey_with_semicolons_and_quotes(tmp_path: Path) -> None:
    path = makes.write(makes.limesurvey(), tmp_path / "results-survey1.csv", separator=";", quoted=True)
    _, mapping = drafted(path)
    agrees(read(path, mapping, "experiment-1"), {"border": "Border"})


def test_surveycto_packs_a_task_into_a_cell(tmp_path: Path) -> None:
    path = makes.write(makes.surveycto(), tmp_path / "export.csv")
    text, mapping = drafted(path)
    assert "written by SurveyCTO" in text
    assert "respondent: PARENT_KEY" in text
    assert 'packed: "conjoint_response"' in text
    agrees(read(path, mapping, "experiment-1"), {"1": "Border", "2": "Dam", "3": "Guards"}, coded=True)


def test_sawtooth_keeps_what_was_shown_in_a_second_file(tmp_path: Path) -> None:
    path = makes.write(makes.sawtooth_answers(), tmp_path / "answers.csv")
    makes.write(makes.sawtooth_design(), tmp_path / "design.csv")
    text, mapping = drafted(path)
    assert "written by Sawtooth" in text
    assert 'outcome: "PlansCBC_Random{task}"' in text
    assert "in 8 of 96 tasks none of the profiles was chosen" in text
    table = read(path, mapping, "experiment-1")
    assert table.height == makes.SHOWN[..., 0].size
    assert table["outcome"].sum() == makes.PEOPLE * makes.TASKS - 8


def test_two_exercises_of_sawtooth_are_two_experiments(tmp_path: Path) -> None:
    own = makes.sawtooth_answers()
    second = {k.replace("PlansCBC", "TermsCBC"): v for k, v in own.items() if "PlansCBC" in k}
    path = makes.write({**own, **second}, tmp_path / "answers.csv")
    for name in ("design-PlansCBC.csv", "design-TermsCBC.csv"):
        makes.write(makes.sawtooth_design(), tmp_path / name)
    text, mapping = drafted(path)
    for n, name in enumerate(("PlansCBC", "TermsCBC"), 1):
        assert f"what was shown stands in design-{name}.csv, by version (`sys_CBCVersion_{name}`)" in text
        assert read(path, mapping, f"experiment-{n}")["outcome"].sum() == makes.PEOPLE * makes.TASKS - 8


def test_an_exercise_of_sawtooth_without_its_design_hides_no_other(tmp_path: Path) -> None:
    own = makes.sawtooth_answers()
    second = {k.replace("PlansCBC", "TermsCBC"): v for k, v in own.items() if "PlansCBC" in k}
    second["sys_CBCVersion_TermsCBC"] = [n + 900 for n in range(makes.PEOPLE)]
    path = makes.write({**own, **second}, tmp_path / "answers.csv")
    makes.write(makes.sawtooth_design(), tmp_path / "design.csv")
    text, mapping = drafted(path)
    assert "no design fits `TermsCBC_Random1` and those after it: design.csv:" in text
    assert read(path, mapping, "experiment-1")["outcome"].sum() == makes.PEOPLE * makes.TASKS - 8


def test_sawtooth_without_its_design_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = makes.write(makes.sawtooth_answers(), tmp_path / "answers.csv")
    assert run_cli(["conjoint", "map", str(path)]) == 2
    assert "export it as CSV beside this file" in capsys.readouterr().err


def test_sawtooth_as_one_long_table(tmp_path: Path) -> None:
    path = makes.write(makes.sawtooth_long(), tmp_path / "cbc.csv")
    text, mapping = drafted(path)
    assert "names_profile: true" in text
    table = read(path, mapping, "experiment-1").with_columns(pl.col("Border", "Dam").cast(pl.String))
    agrees(table, {"Border": "Border", "Dam": "Dam"}, coded=True)


def test_spss_with_value_labels(tmp_path: Path) -> None:
    path = makes.write_spss(tmp_path)
    text, mapping = drafted(path)
    assert 'columns: "{attribute}_t{task}_p{profile}"' in text
    agrees(read(path, mapping, "experiment-1"), {"border": "Border", "dam": "Dam", "guards": "Guards"})


def test_a_draft_is_an_experiment_of_a_study_once_its_ids_are_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from winset.evidence import gather
    from winset.study import load

    columns = makes.qualtrics()
    path = makes.write({c: v for c, v in columns.items() if not c.startswith("Q5")}, folder / "export.csv")
    text, mapping = drafted(path)
    named = {"instrument": "north-conjoint", "question": "pairs", "source": "release", "constituency": "public"}
    for key, value in named.items():
        text = text.replace(f"{key}: name-it", f"{key}: {value}")
    for attribute, issue in (("Border", "land"), ("Dam", "water")):
        text = text.replace(
            f"      {attribute}:\n        issue: name-it", f"      {attribute}:\n        issue: {issue}"
        )
    for level, option in (("old line", "north"), ("ridge", "split"), ("river", "south")):
        text = text.replace(f'"{level}": name-it', f"{level}: {option}").replace(
            f"{level}: name-it", f"{level}: {option}"
        )
    for level, option in (("ours", "own"), ("theirs", "open"), ("joint", "joint")):
        text = text.replace(f"{level}: name-it", f"{level}: {option}")
    text = text[: text.index("      Guards:")].replace("2025-01-01", "2025-01-20")
    mapping.unlink()
    (folder / "experiments.yaml").write_text(text, encoding="utf-8")
    instrument = (
        "  north-conjoint: {label: North conjoint, by: A pollster, mode: online, kind: experiment, selection: random,"
        " population: adults of North}\n"
    )
    question = "  pairs: {side: north, kind: package, scale: yes-no, offer: {}, wording: Which plan?}\n"
    for name, more in (("questions.yaml", question), ("instruments.yaml", instrument)):
        (folder / name).write_text((folder / name).read_text() + more)
    rows = gather(load(folder)).table.filter(instrument="north-conjoint")
    assert rows["respondent"].n_unique() == makes.PEOPLE
    assert run_cli(["check", str(folder)]) == 0
    assert (
        "export.csv (experiment `experiment-1`): 1 of 96 tasks have no answer and are left out"
        in capsys.readouterr().out
    )


def test_two_designs_that_fit_are_told(tmp_path: Path) -> None:
    path = makes.write(makes.sawtooth_answers(), tmp_path / "answers.csv")
    for name in ("design-1.csv", "design-2.csv"):
        makes.write(makes.sawtooth_design(), tmp_path / name)
    text, _ = drafted(path)
    assert 'file: "design-1.csv"' in text
    assert "design-2.csv could be the design too" in text


def test_a_design_that_does_not_fit_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = makes.write(makes.sawtooth_answers(), tmp_path / "answers.csv")
    design = makes.sawtooth_design()
    makes.write(
        design | {"Version (0 = Fixed Task)": [v + 900 for v in design["Version (0 = Fixed Task)"]]},
        tmp_path / "other.csv",
    )
    assert run_cli(["conjoint", "map", str(path)]) == 2
    assert "no version in `sys_CBCVersion_PlansCBC` is a version of other.csv" in capsys.readouterr().err
