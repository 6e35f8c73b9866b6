"""Base rates of how wars end, computed again from the episodes (Kreutz 2010; UCDP Conflict Termination, dyads, v2-2015)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.stats import CensoredData, ecdf

from winset.talks import TALK_PRIORS
from winset.talks.base_rates import ENDS_IN_YEAR, KINDS, RELAPSED_IN_FIVE_YEARS, WARS_ENDED

FILE = Path(__file__).parents[3] / "shared" / "data" / "ucdp_dyad_episodes_2015.csv"
pytestmark = pytest.mark.skipif(not FILE.exists(), reason=f"no {FILE}")
KIND = {
    "peace_agreement": "agreement",
    "ceasefire_agreement": "cease-fire",
    "low_activity": "lull, nothing signed",
    "victory_sideA": "victory",
    "victory_sideB": "victory",
    "actor_ceases": "a side ceases to be",
}


@pytest.fixture(scope="module")
def episodes() -> pl.DataFrame:
    table = pl.read_csv(FILE, infer_schema_length=None)
    return table.with_columns(
        years=pl.col("last_year") - pl.col("first_year") + 1,
        kind=pl.col("outcome_label").replace_strict(KIND, default=None),
    )


def test_wars_end_at_the_stated_hazard_by_year(episodes: pl.DataFrame) -> None:
    wars = episodes.filter(max_intensity=2)
    for year, hazard in ENDS_IN_YEAR.items():
        on = wars.filter(pl.col("years") >= year)
        assert on.filter(years=year, terminated=1).height / on.height == pytest.approx(hazard, abs=0.005)


def test_long_wars_end_in_the_stated_ways(episodes: pl.DataFrame) -> None:
    ended = episodes.filter(pl.col("years") >= 4, max_intensity=2, terminated=1)
    assert ended.height == WARS_ENDED
    for kind, share in KINDS.items():
        assert ended.filter(kind=kind).height / WARS_ENDED == pytest.approx(share, abs=0.005)


@pytest.mark.parametrize(("kind", "prior"), [("agreement", "relapse_agreement"), ("cease-fire", "relapse_truce"),
                                             ("lull, nothing signed", "relapse_lull")])  # fmt: skip
def test_war_comes_back_as_often_as_stated(episodes: pl.DataFrame, kind: str, prior: str) -> None:
    """Kaplan & Meier (1958): until the same two sides fight again, or 2014; a year's gap counts as one."""
    following = episodes.sort("dyad_id", "first_year").with_columns(
        again=pl.col("first_year").shift(-1).over("dyad_id")
    )
    spells = following.filter(kind=kind, terminated=1)
    until = (spells["again"].fill_null(2014) - spells["last_year"]).to_numpy()
    back = spells["again"].is_not_null().to_numpy()
    survival = ecdf(CensoredData(uncensored=until[back], right=until[~back])).sf
    share = 1 - survival.evaluate(5)
    assert share == pytest.approx(RELAPSED_IN_FIVE_YEARS[kind], abs=0.02)
    middle = np.mean([TALK_PRIORS[prior].first, TALK_PRIORS[prior].second])
    assert 1 - (1 - middle) ** 260 == pytest.approx(share, abs=0.03)
