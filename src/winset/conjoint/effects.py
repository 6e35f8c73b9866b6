"""Average marginal component effects and their interactions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from winset.conjoint.estimates import Estimates, tabulate
from winset.conjoint.least_squares import Block, LeastSquares, Robust, fit_least_squares
from winset.conjoint.profiles import Profiles
from winset.errors import UsageError, suggest

if TYPE_CHECKING:
    from jaxtyping import Float, Int

Probabilities = Mapping[str, Mapping[str, float]]
"""Chance of each level of an attribute in the design that an effect is averaged over."""


@dataclass(frozen=True)
class Model:
    """A fit and the way from names to its columns."""

    profiles: Profiles
    fit: LeastSquares
    probabilities: Probabilities

    def effect(self, attribute: str, level: int, group: int) -> Float[np.ndarray, " column"] | None:
        """Contrast of a level with the reference, averaged over what both can occur with; None where nothing is."""
        row = np.zeros(self.fit.start[-1])
        for block, start in zip(self.fit.blocks, self.fit.start[:-1], strict=True):
            if attribute in block.names:
                found = _averaged(block, attribute, level, group, self._chances(block, attribute))
                if found is None:
                    return None
                row[start : start + len(block.cells)] += found
        return row

    def interaction(
        self, pair: tuple[str, str], levels: tuple[int, int], group: int
    ) -> Float[np.ndarray, " column"] | None:
        """Contrast of contrasts: what both levels do together beyond what each does; None where a cell is empty."""
        row = np.zeros(self.fit.start[-1])
        block, start = next(
            (b, s) for b, s in zip(self.fit.blocks, self.fit.start[:-1], strict=True) if set(b.names[1:]) == set(pair)
        )
        first, second = (block.names.index(a) for a in pair)
        for sign, x, y in ((1, levels[0], levels[1]), (-1, levels[0], 0), (-1, 0, levels[1]), (1, 0, 0)):
            here = (block.cells[:, 0] == group) & (block.cells[:, first] == x) & (block.cells[:, second] == y)
            if not here.any():
                return None
            row[start + int(np.flatnonzero(here)[0])] += sign
        return row

    def _chances(self, block: Block, attribute: str) -> Float[np.ndarray, " cell"]:
        """Weight of the company that each joint level puts an attribute in."""
        chance = np.ones(len(block.cells))
        for column, name in enumerate(block.names):
            if name not in {attribute, GROUP} and name in self.probabilities:
                table = [self.probabilities[name][x] for x in self.profiles.levels[name]]
                chance *= np.array(table)[block.cells[:, column]]
        return chance


GROUP = "\0group"
"""Name under which the subgroup enters a block; no column of a file can bear it."""


def estimate_amce(
    profiles: Profiles,
    *,
    interact: Iterable[Sequence[str]] = (),
    robust: Robust = "CR1",
    probabilities: Probabilities | None = None,
    confidence: float = 0.95,
) -> Estimates:
    """Average marginal component effects, by subgroup where the profiles have some.

    Parameters
    ----------
    interact
        Sets of attributes that enter jointly: pairs whose combinations were restricted, or that may interact.
    probabilities
        Chances of levels to average over; equal ones else.

    Returns
    -------
    One row a level; effects on the mean of the outcome, against the reference level.

    Raises
    ------
    UsageError
        If an attribute is unknown or there is only one respondent.

    Notes
    -----
    Hainmueller, Hopkins & Yamamoto (2014), eq. 5: where a level cannot meet some levels of another attribute,
    the effect is averaged over those that both it and the reference can meet. R's cregg averages over all
    coefficients that can be estimated, so that an effect against a reference that never occurred with some
    level depends on the reference of the other attribute; the two differ for such levels only.
    """
    model = fit_model(profiles, interact, probabilities)
    labels, contrasts = [], []
    for g, group in enumerate(profiles.groups):
        for a, levels in profiles.levels.items():
            for n, level in enumerate(levels):
                shown = (profiles.codes[a] == n) & (profiles.group == g)
                labels.append({"attribute": a, "level": level, "group": group, "n": int(shown.sum())})
                contrasts.append(np.zeros(model.fit.start[-1]) if n == 0 else model.effect(a, n, g))
    return _finish("amce", model, labels, contrasts, robust, confidence)


def estimate_interactions(
    profiles: Profiles,
    pair: tuple[str, str],
    *,
    interact: Iterable[Sequence[str]] = (),
    robust: Robust = "CR1",
    confidence: float = 0.95,
) -> Estimates:
    """Average component interaction effects of two attributes.

    Returns
    -------
    One row a pair of levels other than the references (column ``level`` reads ``a x b``); null where one of the
    four combinations never occurred.

    Raises
    ------
    UsageError
        If an attribute is unknown, or the two are one.

    Notes
    -----
    Egami & Imai (2019), eq. 9, with equal chances of all other attributes.
    """
    if pair[0] == pair[1]:
        raise UsageError(f"`{pair[0]}` does not interact with itself; name two attributes")
    others = [s for s in interact if set(s) != set(pair)]
    model = fit_model(profiles, [*others, pair], None)
    first, second = (profiles.levels[a] for a in pair)
    labels, contrasts = [], []
    for g, group in enumerate(profiles.groups):
        for n in range(1, len(first)):
            for m in range(1, len(second)):
                both = (profiles.codes[pair[0]] == n) & (profiles.codes[pair[1]] == m) & (profiles.group == g)
                name = {"attribute": " x ".join(pair), "level": f"{first[n]} x {second[m]}", "group": group}
                labels.append(name | {"n": int(both.sum())})
                contrasts.append(model.interaction(pair, (n, m), g))
    return _finish("acie", model, labels, contrasts, robust, confidence)


def fit_model(
    profiles: Profiles, interact: Iterable[Sequence[str]] = (), probabilities: Probabilities | None = None
) -> Model:
    """Least squares on all attributes, with joint levels of those that interact, everything by subgroup."""
    sets = [tuple(dict.fromkeys(s)) for s in interact]
    known = profiles.levels
    for s in sets:
        for a in s:
            if a not in known:
                raise UsageError(f"unknown attribute `{a}`{suggest(a, known)}")
        if len(s) < 2:
            raise UsageError(f"`{'*'.join(s)}` names one attribute; an interaction needs two")
    _check_probabilities(profiles, probabilities or {})
    if profiles.respondents < 2:
        raise UsageError("all rows are of one respondent; a standard error needs at least two")
    joined = {a for s in sets for a in s}
    alone = [(a,) for a in known if a not in joined]
    blocks = [joint_block(profiles, names) for names in [*alone, *dict.fromkeys(sets)]]
    fit = fit_least_squares(blocks, profiles.outcome, profiles.weight, profiles.respondent)
    return Model(profiles, fit, probabilities or {})


def _check_probabilities(profiles: Profiles, probabilities: Probabilities) -> None:
    for a, table in probabilities.items():
        if a not in profiles.levels:
            raise UsageError(f"probabilities for `{a}`, which is no attribute{suggest(a, profiles.levels)}")
        for level in profiles.levels[a]:
            if not table.get(level, 0.0) > 0:
                raise UsageError(f"`{a}` shows `{level}`, which has no probability above zero")


def joint_block(profiles: Profiles, names: tuple[str, ...]) -> Block:
    """Joint levels that occur, the subgroup first."""
    sizes = [len(profiles.groups), *(len(profiles.levels[a]) for a in names)]
    columns = [profiles.group, *(profiles.codes[a] for a in names)]
    joint = np.zeros(len(profiles), np.int32)
    for column, size in zip(columns, sizes, strict=True):
        joint = joint * np.int32(size) + column.astype(np.int32, copy=False)
    occurs = np.flatnonzero(np.bincount(joint, minlength=int(np.prod(sizes))))
    place = np.zeros(int(np.prod(sizes)), np.int32)
    place[occurs] = np.arange(len(occurs), dtype=np.int32)
    return Block((GROUP, *names), np.stack(np.unravel_index(occurs, sizes), axis=1), place[joint])


def _averaged(
    block: Block, attribute: str, level: int, group: int, chance: Float[np.ndarray, " cell"]
) -> Float[np.ndarray, " cell"] | None:
    """Contrast within one block, over the company that both a level and the reference were seen in."""
    column = block.names.index(attribute)
    company = np.delete(block.cells, column, axis=1)
    mine = {tuple(c): n for n, c in enumerate(company) if block.cells[n, column] == level and c[0] == group}
    theirs = {tuple(c): n for n, c in enumerate(company) if block.cells[n, column] == 0 and c[0] == group}
    common = [c for c in mine if c in theirs]
    if not common:
        return None
    weight = np.array([chance[mine[c]] for c in common])
    row = np.zeros(len(block.cells))
    for c, w in zip(common, weight / weight.sum(), strict=True):
        row[mine[c]] += w
        row[theirs[c]] -= w
    return row


def _finish(
    kind: str,
    model: Model,
    labels: Sequence[Mapping[str, object]],
    contrasts: Sequence[Float[np.ndarray, " column"] | None],
    robust: Robust,
    confidence: float,
) -> Estimates:
    empty = np.zeros(model.fit.start[-1])
    rows = np.stack([empty if c is None else c for c in contrasts]) if contrasts else np.zeros((0, len(empty)))
    known = model.fit.estimable(rows) & np.array([c is not None for c in contrasts], bool)
    estimate = np.where(known, rows @ model.fit.coefficient, np.nan)
    covariance = model.fit.covariance(rows, robust)
    covariance[~known], covariance[:, ~known] = 0.0, 0.0
    table = tabulate(pl.DataFrame(labels), estimate, covariance, confidence)
    return Estimates(
        kind=kind,
        outcome=(model.profiles.names or {}).get("outcome", "outcome"),
        table=table,
        covariance=covariance,
        robust=robust,
        respondents=model.fit.clusters,
        rows=len(model.profiles),
        confidence=confidence,
        notes=tuple(_notes(table, known, model.fit.clusters, robust)),
        source=model.profiles.source,
    )


def _notes(table: pl.DataFrame, known: Int[np.ndarray, " row"], clusters: int, robust: str) -> Iterable[str]:
    """What a reader must know about these estimates."""
    lost = table.filter(pl.Series(~known))
    if lost.height:
        row = lost.row(0, named=True)
        yield (
            f"{lost.height} effects cannot be told from these data, such as `{row['level']}` of `{row['attribute']}`: it never "
            "occurred with what its reference occurred with."
        )
    if clusters < 40 and robust != "CR2":
        yield f"{clusters} respondents are few for clustered standard errors; CR2 errs less."
