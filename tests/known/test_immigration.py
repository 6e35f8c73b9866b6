"""Hainmueller, Hopkins & Yamamoto's (2014) experiment as printed in the documentation of R's cregg 0.3.7 (Introduction)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from winset.conjoint import Profiles, estimate_amce, estimate_means, read_profiles
from winset.conjoint.effects import fit_model
from winset.evidence.tablefile import read_table

DATA = Path(__file__).parents[3] / "shared" / "data"
ATTRIBUTES = (
    "Gender",
    "LanguageSkills",
    "PriorEntry",
    "Education",
    "Job",
    "CountryOfOrigin",
    "ReasonForApplication",
    "JobExperience",
    "JobPlans",
)
RESTRICTED = [("Education", "Job"), ("CountryOfOrigin", "ReasonForApplication")]
ARTEFACT = {("Education", "Two-Year College"), ("Education", "College Degree")}

pytestmark = pytest.mark.skipif(
    not (DATA / "immigration.csv.gz").exists(), reason="the immigration data do not lie beside this checkout"
)


@pytest.fixture(scope="module")
def printed() -> dict[tuple[str, str], dict]:
    return {
        (r["feature"], r["level"]): r for r in json.loads((DATA / "immigration_reference.json").read_text())["amce"]
    }


@pytest.fixture(scope="module")
def profiles(printed: dict) -> Profiles:
    return read_profiles(
        read_table(DATA / "immigration.csv.gz"),
        outcome="ChosenImmigrant",
        respondent="CaseID",
        attributes=ATTRIBUTES,
        references={a: level for (a, level), r in printed.items() if r["se"] is None},
    )


def test_effects_and_clustered_errors_are_those_printed(profiles: Profiles, printed: dict) -> None:
    table = estimate_amce(profiles, interact=RESTRICTED).table
    ours = {(r["attribute"], r["level"]): r for r in table.iter_rows(named=True)}
    compared = [k for k, r in printed.items() if r["se"] is not None and k not in ARTEFACT]
    assert len(compared) == 13
    for k in compared:
        assert ours[k]["estimate"] == pytest.approx(printed[k]["estimate"], abs=5e-10)
        assert ours[k]["se"] == pytest.approx(printed[k]["se"], abs=5e-10)


def test_two_printed_effects_hang_on_which_column_r_drops(profiles: Profiles, printed: dict) -> None:
    """Four jobs were never shown with `No Formal`. For them cregg takes the last education in place of the reference.

    Their average then depends on the reference of Job. Ours is over the jobs that both levels were shown with.
    """
    model = fit_model(profiles, RESTRICTED)
    block, start = next(
        (b, s) for b, s in zip(model.fit.blocks, model.fit.start[:-1], strict=True) if b.names[1:] == RESTRICTED[0]
    )
    place = {(int(e), int(j)): start + n for n, (_, e, j) in enumerate(block.cells)}
    levels, jobs = profiles.levels["Education"], profiles.levels["Job"]
    last = levels.index("Graduate Degree")

    def as_printed(level: int, janitor: int) -> np.ndarray:
        row = np.zeros(model.fit.start[-1])
        for j in range(len(jobs)):
            signs = [(1, level, j), (-1, 0, j)] if (0, j) in place else []
            signs = signs or [(1, level, j), (-1, last, j), (1, last, janitor), (-1, 0, janitor)]
            for sign, e, k in signs:
                row[place[e, k]] += sign / len(jobs)
        return row

    for attribute, name in ARTEFACT:
        row = as_printed(levels.index(name), jobs.index("Janitor"))
        assert row @ model.fit.coefficient == pytest.approx(printed[attribute, name]["estimate"], abs=5e-10)
        error = np.sqrt(model.fit.covariance(row[None])[0, 0])
        assert error == pytest.approx(printed[attribute, name]["se"], abs=5e-10)
        other = as_printed(levels.index(name), jobs.index("Nurse")) @ model.fit.coefficient
        assert abs(other - row @ model.fit.coefficient) > 0.005


def test_our_effects_do_not_hang_on_the_reference_of_another_attribute(profiles: Profiles) -> None:
    levels = dict(profiles.levels)
    turned = levels["Job"][::-1]
    codes = dict(profiles.codes) | {"Job": np.int32(len(turned) - 1) - profiles.codes["Job"]}
    other = Profiles(
        levels | {"Job": turned}, codes, profiles.outcome, profiles.respondent, profiles.weight, profiles.group
    )
    pick = [
        estimate_amce(p, interact=RESTRICTED).table.filter(attribute="Education")["estimate"].to_numpy()
        for p in (profiles, other)
    ]
    assert pick[0] == pytest.approx(pick[1], abs=1e-12)


def test_forced_choice_averages_to_a_half(profiles: Profiles) -> None:
    means = estimate_means(profiles).table
    for a in ATTRIBUTES:
        own = means.filter(attribute=a)
        assert (own["estimate"] * own["n"]).sum() / own["n"].sum() == pytest.approx(0.5)
