"""What many runs say: when, whether, on what terms, who stood in the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.stats import CensoredData, beta, ecdf, rankdata

from winset.errors import UsageError
from winset.study import Study
from winset.study.war import Scenario
from winset.talks.priors import TALK_PRIORS
from winset.talks.stories import tell
from winset.talks.week import (
    AGREEMENT,
    FAILURES,
    FIRST_WEEK,
    HELD_SCALE,
    PACKAGE,
    REFUSALS,
    ROUNDS,
    TRUCE,
    WITHOUT_TEXT,
)
from winset.terms import Package

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int

STATES = ("war", "war, talks on", "cease-fire", "agreement", "aim taken by force", "attacker thrown back",
          "lull, nothing signed")  # fmt: skip
SETTLED = (TRUCE, AGREEMENT)
LOW, HIGH = 0.05, 0.95


@dataclass(frozen=True)
class Paths:
    """Runs of the moving model under one scenario.

    Parameters
    ----------
    parameters
        Every parameter drawn; ten runs share a draw.
    state
        Number in ``STATES`` by run and week.
    front, held
        Gain of the attacker since the as-of date; share of each region that it holds, in 60,000ths.
    mood
        What moved acceptance of any deal, mean over a side's constituencies, probits.
    carried
        Packages on the table that the first leader, the second, and both could carry that week.
    news
        What happened, as bits; see ``winset.talks.week``.
    tabled
        The last text of the week, -1 where there was none.
    events
        Counts by run; see ``winset.talks.week``.
    framing
        Sides whose leader prepares his public by the word that was measured, not by the guess.
    """

    study: Study
    scenario: Scenario
    packages: tuple[Package, ...]
    labels: tuple[str, ...]
    truce: Bool[np.ndarray, " package"]
    seed: int
    parameters: Float[np.ndarray, "run parameter"]
    state: Int[np.ndarray, "run week"]
    front: Float[np.ndarray, "run week"]
    held: Int[np.ndarray, "run week region"]
    mood: Float[np.ndarray, "run week side"]
    carried: Int[np.ndarray, "run week who"]
    news: Int[np.ndarray, "run week"]
    tabled: Int[np.ndarray, "run week"]
    events: Int[np.ndarray, "run event"]
    framing: tuple[str, ...] = ()

    def __repr__(self) -> str:
        runs, weeks = self.state.shape
        return f"<Paths of {self.study.id}, {self.scenario.label.lower()}: {runs:,} runs, {weeks} weeks>"

    def outcomes(self) -> pl.DataFrame:
        """Share of runs in each state by week."""
        runs = len(self.state)
        rows = [
            {"week": week + 1, "state": name, "share": float((self.state[:, week] == n).sum() / runs)}
            for week in range(self.state.shape[1])
            for n, name in enumerate(STATES)
        ]
        return pl.DataFrame(rows)

    def settled(self, week: int) -> dict[str, float]:
        """Chance that a cease-fire or an agreement stands in a week, and its interval over parameters.

        Chance alone is taken out of the interval: runs in tens share all parameters (one-way analysis of variance, beta
        distribution by moments).
        """
        return spread_over_parameters(np.isin(self.state[:, week - 1], SETTLED))

    def signed_by(self, week: int) -> dict[str, float]:
        """Chance that something was signed and carried by a week, whether it still stands or not, and its interval."""
        first = self.events[:, FIRST_WEEK]
        return spread_over_parameters((first >= 0) & (first < week))

    def compare(self, other: Paths) -> pl.DataFrame:
        """One scenario against another, run by run with the same luck: difference of the chance that a settlement stands.

        Raises
        ------
        UsageError
            If the two differ in seed, runs or weeks.
        """
        if self.state.shape != other.state.shape or self.seed != other.seed:
            raise UsageError("scenarios are compared run by run: simulate both with the same seed, runs and weeks")
        rows = []
        for week in range(4, self.state.shape[1] + 1, 4):
            ours, theirs = (np.isin(p.state[:, week - 1], SETTLED).astype(float) for p in (self, other))
            apart = ours - theirs
            rows.append({"week": week, "ours": float(ours.mean()), "theirs": float(theirs.mean()),
                         **difference_over_parameters(apart)})  # fmt: skip
        return pl.DataFrame(rows)

    def terms(self) -> pl.DataFrame:
        """How often each package was the last one signed, of all runs."""
        signed = self.events[:, PACKAGE]
        counts = np.bincount(signed[signed >= 0], minlength=len(self.labels))
        return pl.DataFrame(
            {"package": list(self.labels), "signed": counts / len(signed), "terms": [str(p) for p in self.packages]}
        ).sort("signed", descending=True)

    def blocks(self) -> pl.DataFrame:
        """Why rounds came to nothing, per hundred rounds."""
        rounds = max(int(self.events[:, ROUNDS].sum()), 1)
        sides = [s.label for s in self.study.sides.values()]
        what = ["no text that both leaders would prefer to the war and the proposer thought the other could carry"]
        counts = [self.events[:, WITHOUT_TEXT].sum()]
        for n, label in enumerate(sides):
            what += [f"{label} would not sign", f"signed, and failed at home in {label}"]
            counts += [self.events[:, REFUSALS + n].sum(), self.events[:, FAILURES + n].sum()]
        return pl.DataFrame({"what": what, "per_100_rounds": [100 * float(c) / rounds for c in counts]})

    def room_over_time(self) -> pl.DataFrame:
        """Win-sets by week: packages on the table that each leader and both could carry, mean and 90 % of runs."""
        columns: dict[str, np.ndarray] = {"week": np.arange(1, self.state.shape[1] + 1)}
        for n, who in enumerate([*self.study.sides, "both"]):
            sizes = self.carried[..., n]
            columns[who] = sizes.mean(0, dtype=float)
            columns[f"{who}_low"], columns[f"{who}_high"] = np.quantile(sizes, [LOW, HIGH], axis=0)
        columns["some"] = (self.carried[..., 2] > 0).mean(0)
        return pl.DataFrame(columns)

    def fans(self) -> dict[str, tuple[str, pl.DataFrame]]:
        """Front, regions and moods: by title the unit, and quantiles over runs by week."""
        sides, front = self.study.sides, self.study.war.front if self.study.war else None
        panels = {"Front": (f"gain, {front.unit if front else ''}", self.fan("front"))}
        panels |= {r.label: ("share held", self.fan(n)) for n, r in (front.regions if front else {}).items()}
        return panels | {f"Mood in {s.label}": ("probits", self.fan(n)) for n, s in sides.items()}

    def fan(self, what: str) -> pl.DataFrame:
        """Quantiles over runs by week: of the ``front``, of a region, or of a side's mood.

        Raises
        ------
        UsageError
            If there is nothing of that name.
        """
        regions = list(self.study.war.front.regions) if self.study.war else []
        sides = list(self.study.sides)
        if what == "front":
            values = self.front
        elif what in sides:
            values = self.mood[..., sides.index(what)]
        elif what in regions:
            values = self.held[..., regions.index(what)] / HELD_SCALE
        else:
            raise UsageError(f"no fan of `{what}`; one of {', '.join(['front', *regions, *sides])}")
        levels = {"q05": 0.05, "q25": 0.25, "median": 0.5, "q75": 0.75, "q95": 0.95}
        quantiles = np.quantile(values, list(levels.values()), axis=0)
        weeks = np.arange(1, values.shape[1] + 1)
        return pl.DataFrame({"week": weeks, **dict(zip(levels, quantiles, strict=True))})

    def what_differs(self) -> pl.DataFrame:
        """Which parameters set runs apart in which something was signed, strongest first.

        ``auc``: chance that a run that settled has the greater value of two, one that did and one that did not (Mann &
        Whitney 1947); one half if they do not differ. The interval is over parameter draws.
        """
        signed = self.events[:, FIRST_WEEK] >= 0
        who = [*(s.label for s in self.study.sides.values()), "both"]
        said = "packages on the table that {} could carry in week 1"
        known = {
            f"win-set at first: {w}": (self.carried[:, 0, n], said.format(w), "measured") for n, w in enumerate(who)
        }
        known |= {p.name: (self.parameters[:, j], p.what, p.basis) for j, p in enumerate(TALK_PRIORS.values())}
        rows = []
        if signed.any() and not signed.all():
            for name, (values, what, basis) in known.items():
                if np.ptp(values) > 0:
                    auc, error = _auc(values, signed)
                    rows.append({"parameter": name, "auc": auc, "low": auc - 1.645 * error, "high": auc + 1.645 * error,
                                 "settled": float(values[signed].mean()), "not": float(values[~signed].mean()),
                                 "what": what, "basis": basis})  # fmt: skip
        kinds = {"parameter": pl.String, "auc": pl.Float64, "low": pl.Float64, "high": pl.Float64,
                 "settled": pl.Float64, "not": pl.Float64, "what": pl.String, "basis": pl.String}  # fmt: skip
        table = pl.DataFrame(rows, schema=kinds)
        return table.sort((pl.col("auc") - 0.5).abs(), descending=True)

    def first_endings(self, year: int) -> dict[str, float]:
        """Of wars still on at the start of a year (0 the first): the shares that end in it, by kind."""
        over = (self.state != 0) & (self.state != 1)
        first = np.where(over.any(1), over.argmax(1), self.state.shape[1])
        at_risk = first >= 52 * year
        ends = at_risk & (first < 52 * (year + 1))
        kinds = self.state[np.arange(len(first)), np.minimum(first, self.state.shape[1] - 1)]
        count = max(int(at_risk.sum()), 1)
        return {"at_risk": int(at_risk.sum()), "ends": float(ends.sum() / count)} | {
            name: float((ends & (kinds == n)).sum() / count) for n, name in enumerate(STATES) if n > 1
        }

    def relapsed(self, kind: int, weeks: int = 260) -> tuple[float | None, int]:
        """Share of the first spells of a state that give way to war within some weeks (Kaplan & Meier 1958), and their number."""
        in_kind = self.state == kind
        rows = np.flatnonzero(in_kind.any(1))
        if not len(rows):
            return None, 0
        span = self.state.shape[1]
        starts = in_kind.argmax(1)[rows]
        ages, fell = np.zeros(len(rows), int), np.zeros(len(rows), bool)
        for n, (run, start) in enumerate(zip(rows, starts, strict=True)):
            left = np.flatnonzero(~in_kind[run, start:])
            ages[n] = left[0] if len(left) else span - start
            fell[n] = bool(len(left)) and self.state[run, start + ages[n]] in (0, 1)
        times = CensoredData(uncensored=ages[fell & (ages <= weeks)], right=ages[~fell | (ages > weeks)])
        survival = ecdf(times).sf
        return float(1 - survival.evaluate(weeks)), len(rows)

    def story(self, run: int) -> list[str]:
        """One run told week by week, where something happened.

        Raises
        ------
        UsageError
            If there is no such run.
        """
        if not 0 <= run < len(self.state):
            raise UsageError(f"there is no run {run}; the last of {len(self.state):,} is {len(self.state) - 1}")
        return tell(self, run)


def _auc(values: np.ndarray, signed: np.ndarray, chance: int = 10) -> tuple[float, float]:
    """Rank statistic and its standard error over groups of runs that share their parameters."""
    ranks = rankdata(values)
    yes, no = signed.sum(), (~signed).sum()
    auc = float((ranks[signed].sum() - yes * (yes + 1) / 2) / (yes * no))
    pieces = np.array_split(np.arange(len(values)), min(20, max(2, len(values) // (5 * chance))))
    parts = []
    for rows in pieces:
        y = signed[rows]
        if y.any() and not y.all():
            r = rankdata(values[rows])
            parts.append((r[y].sum() - y.sum() * (y.sum() + 1) / 2) / (y.sum() * (~y).sum()))
    return auc, float(np.std(parts, ddof=1) / np.sqrt(len(parts))) if len(parts) > 2 else 0.5


def difference_over_parameters(apart: Float[np.ndarray, " run"], chance: int = 10) -> dict[str, float]:
    """Mean of paired differences, its standard error by chance and parameters drawn, and 90 % of its spread over parameters."""
    mean = float(apart.mean())
    whole = len(apart) // chance * chance
    if whole < 2 * chance:
        return {"difference": mean, "standard_error": float("nan"), "low": -1.0, "high": 1.0}
    groups = apart[:whole].reshape(-1, chance)
    means = groups.mean(1)
    between = max(float(means.var(ddof=1)) - float(groups.var(axis=1, ddof=1).mean()) / chance, 0.0)
    spread = 1.645 * between**0.5
    return {"difference": mean, "standard_error": float(means.std(ddof=1) / np.sqrt(len(means))),
            "low": max(mean - spread, -1.0), "high": min(mean + spread, 1.0)}  # fmt: skip


def spread_over_parameters(happened: Bool[np.ndarray, " run"], chance: int = 10) -> dict[str, float]:
    """Mean of yes and no over runs, its standard error, and the 90 % interval of its chance over parameters.

    Examples
    --------
    >>> spread_over_parameters(np.arange(100) % 10 < 3)["mean"]
    0.3
    """
    whole = len(happened) // chance * chance
    mean = float(happened.mean())
    if whole < 2 * chance:
        return {"mean": mean, "low": 0.0, "high": 1.0, "standard_error": float("nan")}
    groups = happened[:whole].reshape(-1, chance).mean(1)
    error = float(groups.std(ddof=1) / np.sqrt(len(groups)))
    within = float((groups * (1 - groups)).mean() / (chance - 1))
    between = max(float(groups.var(ddof=1)) - within, 0.0)
    if between < 1e-9 or mean in {0.0, 1.0}:
        return {"mean": mean, "low": mean, "high": mean, "standard_error": error}
    size = max(mean * (1 - mean) / between - 1, 1e-3)
    low, high = beta.ppf([LOW, HIGH], mean * size, (1 - mean) * size)
    return {"mean": mean, "low": float(low), "high": float(high), "standard_error": error}
