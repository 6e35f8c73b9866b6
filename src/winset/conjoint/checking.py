"""Was the experiment run as it was meant? Randomisation, carry-over, position, attention."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.stats import chisquare

from winset.conjoint.comparing import ask_zero, compare_groups
from winset.conjoint.effects import estimate_amce
from winset.conjoint.profiles import Profiles

if TYPE_CHECKING:
    from jaxtyping import Float, Int

EXPECTED = 10.0
"""Expected count from which an empty combination means that it was excluded."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    Parameters
    ----------
    p
        Chance of a figure as odd as this if all is well; None where nothing is tested.
    """

    name: str
    sentence: str
    p: float | None = None


def excluded_pairs(profiles: Profiles) -> dict[tuple[str, str], int]:
    """Pairs of attributes with combinations that never occurred though ten or more were to be expected."""
    found = {}
    for a, b in combinations(profiles.levels, 2):
        shape = len(profiles.levels[a]), len(profiles.levels[b])
        counts = np.bincount(profiles.codes[a] * shape[1] + profiles.codes[b], minlength=shape[0] * shape[1])
        counts = counts.reshape(shape)
        expected = counts.sum(1, keepdims=True) * counts.sum(0, keepdims=True) / counts.sum()
        empty = int(((counts == 0) & (expected >= EXPECTED)).sum())
        if empty:
            found[a, b] = empty
    return found


def check_experiment(
    profiles: Profiles,
    *,
    interact: Iterable[Sequence[str]] = (),
    covariates: Mapping[str, Float[np.ndarray, " row"]] | None = None,
) -> list[Check]:
    """Look at everything that can be looked at with the columns at hand.

    Parameters
    ----------
    covariates
        Features of respondents that a random design cannot depend on, one value a row.

    Notes
    -----
    Hainmueller, Hopkins & Yamamoto (2014), sec. 5: balance, carry-over and profile-order effects.
    """
    sets = [tuple(s) for s in interact]
    plain = replace(profiles, group=np.zeros(len(profiles), np.int32), groups=("",))
    checks = list(_frequencies(plain))
    for (a, b), n in excluded_pairs(plain).items():
        said = f"{n} combinations of `{a}` and `{b}` never occurred"
        known = any({a, b} <= set(s) for s in sets)
        checks.append(Check("restriction", f"{said}{'' if known else f'; estimate with --interact {a}*{b}'}."))
    for name, values in (covariates or {}).items():
        p = ask_zero(estimate_amce(plain.with_outcome(values), interact=sets)).p
        checks.append(Check("balance", f"Profiles {_depend(p)} on `{name}` of those who saw them (p = {p:.3f}).", p))
    if plain.task is not None:
        checks += _groups(plain, plain.task, "carry-over", "from the first task to the others", sets)
    if plain.profile is not None:
        checks += _groups(plain, plain.profile, "profile order", "between positions of a profile", sets)
    return checks + list(_attention(plain))


def _depend(p: float) -> str:
    return "depend" if p < 0.05 else "do not visibly depend"


def _frequencies(profiles: Profiles) -> Iterable[Check]:
    for a, levels in profiles.levels.items():
        counts = np.bincount(profiles.codes[a], minlength=len(levels))
        p = float(chisquare(counts).pvalue) if len(levels) > 1 else 1.0
        odd = f"levels occur between {counts.min()} and {counts.max()} times"
        equal = "as equal chances would have it" if p >= 0.01 else "which equal chances do not explain"
        yield Check("frequency", f"`{a}`: {odd}, {equal} (p = {p:.3f}).", p)


def _groups(
    profiles: Profiles, group: Int[np.ndarray, " row"], name: str, words: str, sets: Sequence[Sequence[str]]
) -> Iterable[Check]:
    """Whether effects differ between the first group of rows and the rest."""
    if group.max(initial=0) < 1:
        return
    split = replace(profiles, group=(group > 0).astype(np.int32), groups=("first", "later"))
    p = ask_zero(compare_groups(estimate_amce(split, interact=sets))).p
    verb = "change" if p < 0.05 else "do not visibly change"
    yield Check(name, f"Effects {verb} {words} (p = {p:.3f}).", p)


def _attention(profiles: Profiles) -> Iterable[Check]:
    tasks = np.unique(np.stack([profiles.respondent, profiles.task]), axis=1)[0] if profiles.task is not None else None
    if tasks is not None:
        single = int((np.bincount(tasks) == 1).sum())
        if single:
            yield Check("tasks", f"{single} respondents did one task only.")
    if profiles.task is None or not np.isin(profiles.outcome, (0.0, 1.0)).all():
        return
    table = pl.DataFrame(
        {
            "respondent": profiles.respondent,
            "task": profiles.task,
            "y": profiles.outcome,
            "position": profiles.profile if profiles.profile is not None else np.zeros(len(profiles), np.int64),
            **{f"a{n}": c for n, c in enumerate(profiles.codes.values())},
        }
    )
    shown = [f"a{n}" for n in range(len(profiles.levels))]
    per = table.group_by("respondent", "task").agg(
        pl.col("y").sum(), pl.len(), pl.struct(shown).n_unique().alias("kinds")
    )
    pairs = per.filter(pl.col("len") > 1)
    if 2 * pairs.filter(pl.col("y") == 1).height > pairs.height:
        odd = pairs.filter(pl.col("y") != 1)
        if odd.height:
            yield Check("choices", f"{odd.height} of {pairs.height} tasks have no or several chosen profiles.")
    twins = pairs.filter(pl.col("kinds") < pl.col("len")).height
    if twins:
        yield Check("duplicates", f"{twins} of {pairs.height} tasks show the same profile twice.")
    if profiles.profile is not None and pairs.height:
        chosen = table.filter(pl.col("y") == 1).group_by("respondent").agg(pl.col("position").n_unique(), pl.len())
        several = chosen.filter(pl.col("len") >= 4)
        if several.height:
            lined = several.filter(pl.col("position") == 1).height
            yield Check("attention", f"{lined} of {several.height} respondents always chose the same position.")
