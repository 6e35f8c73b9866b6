"""What many runs say: when, whether, on what terms, who stood in the way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from jaxtyping import Bool, Float, Int
from scipy.stats import beta

from winset.errors import UsageError
from winset.study import Study
from winset.study.war import Scenario
from winset.terms import Package

STATES = ("war", "war, talks on", "cease-fire", "agreement", "aim taken by force", "attacker thrown back")
SETTLED = (2, 3)
LOW, HIGH = 0.05, 0.95


@dataclass(frozen=True)
class Paths:
    """Runs of the moving model under one scenario.

    Parameters
    ----------
    state
        Number in ``STATES`` by run and week.
    front
        Gain of the attacker since the as-of date.
    mood
        What moved acceptance of any deal, mean over a side's constituencies, probits.
    room
        Packages on the table that both leaders could carry that week.
    events
        By run: rounds, rounds without a text, refusals by each side, breakdowns, package and week last signed (-1: none),
        failed ratifications by each side.
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
    mood: Float[np.ndarray, "run week side"]
    room: Int[np.ndarray, "run week"]
    events: Int[np.ndarray, "run event"]

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
        stands = np.isin(self.state[:, week - 1], SETTLED)
        return spread_over_parameters(stands)

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
            error = float(apart.std() / np.sqrt(len(apart)))
            rows.append({"week": week, "ours": float(ours.mean()), "theirs": float(theirs.mean())}
                        | {"difference": float(apart.mean()), "standard_error": error})  # fmt: skip
        return pl.DataFrame(rows)

    def terms(self) -> pl.DataFrame:
        """How often each package was the last one signed, of all runs."""
        signed = self.events[:, 5]
        counts = np.bincount(signed[signed >= 0], minlength=len(self.labels))
        return pl.DataFrame(
            {"package": list(self.labels), "signed": counts / len(signed), "terms": [str(p) for p in self.packages]}
        ).sort("signed", descending=True)

    def blocks(self) -> pl.DataFrame:
        """Why rounds came to nothing, per hundred rounds."""
        rounds = max(int(self.events[:, 0].sum()), 1)
        sides = [s.label for s in self.study.sides.values()]
        what = ["no text that the proposer would sign and thought the other could carry"]
        counts = [self.events[:, 1].sum()]
        for n, label in enumerate(sides):
            what += [f"{label} would not sign", f"signed, and failed at home in {label}"]
            counts += [self.events[:, 2 + n].sum(), self.events[:, 7 + n].sum()]
        return pl.DataFrame({"what": what, "per_100_rounds": [100 * float(c) / rounds for c in counts]})

    def room_over_time(self) -> pl.DataFrame:
        """Share of runs in which some package on the table could be carried by both, and how many on average, by week."""
        some = (self.room > 0).mean(0)
        return pl.DataFrame(
            {"week": np.arange(1, self.room.shape[1] + 1), "some": some, "packages": self.room.mean(0, dtype=float)}
        )

    def story(self, run: int) -> list[str]:
        """One run told week by week, where something changed."""
        told, before = [], 1
        for week, state in enumerate(self.state[run]):
            if state != before:
                text = f"week {week + 1}: {_change(before, int(state))}"
                if state in SETTLED and self.events[run, 6] == week:
                    text += f', on the terms of "{self.labels[self.events[run, 5]]}"'
                told.append(f"{text}; front {self.front[run, week]:+,.0f} {self._unit}, "
                            f"{self.room[run, week]} of {len(self.labels)} packages could be carried by both")  # fmt: skip
            before = int(state)
        return told or ["nothing changed"]

    @property
    def _unit(self) -> str:
        return self.study.war.front.unit if self.study.war else ""


def _change(before: int, now: int) -> str:
    if before in SETTLED and now == 0:
        return "the war is back"
    texts = ("talks break off", "talks resume", "a cease-fire begins", "an agreement is signed and carried at home",
             "the attacker has taken its aim by force", "the attacker is thrown back")  # fmt: skip
    return texts[now]


def spread_over_parameters(happened: Bool[np.ndarray, " run"], chance: int = 10) -> dict[str, float]:
    """Mean of yes and no over runs, and the 90 % interval of its chance over parameters.

    Examples
    --------
    >>> spread_over_parameters(np.arange(100) % 10 < 3)["mean"]
    0.3
    """
    whole = len(happened) // chance * chance
    mean = float(happened.mean())
    if whole < 2 * chance:
        return {"mean": mean, "low": 0.0, "high": 1.0}
    groups = happened[:whole].reshape(-1, chance).mean(1)
    within = float((groups * (1 - groups)).mean() / (chance - 1))
    between = max(float(groups.var(ddof=1)) - within, 0.0)
    if between < 1e-9 or mean in {0.0, 1.0}:
        return {"mean": mean, "low": mean, "high": mean}
    size = max(mean * (1 - mean) / between - 1, 1e-3)
    low, high = beta.ppf([LOW, HIGH], mean * size, (1 - mean) * size)
    return {"mean": mean, "low": float(low), "high": float(high)}
