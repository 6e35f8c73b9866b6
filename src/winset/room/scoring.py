"""Probability that each leader could carry a package, for every package of a space.

Utilities add over issues, so a package's utility is the sum of two table entries, one for each half of the
issues; no matrix of packages is ever built.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import polars as pl
from jaxtyping import Float, Int
from scipy.special import ndtr

from winset.acceptance import AcceptanceDraws
from winset.room.rules import rule_holds
from winset.study import Study
from winset.study.ratification import members
from winset.terms import Space

HALF_ROOT = 0.5**0.5


@dataclass(frozen=True)
class Ballot:
    """Everything that decides whether leaders could carry a package, per draw.

    Parameters
    ----------
    worth
        Part-worths less audience costs, probit units.
    thresholds
        By side: clause x draw.
    """

    study: Study
    draws: AcceptanceDraws
    level: Float[np.ndarray, "draw constituency"]
    worth: Float[np.ndarray, "draw constituency issue option"]
    thresholds: tuple[Float[np.ndarray, "clause draw"], ...]

    def thin(self, keep: int) -> Ballot:
        """Every so many-th draw, ``keep`` at most."""
        rows = np.linspace(0, len(self.draws) - 1, min(keep, len(self.draws))).astype(int)
        fields = {f: v[rows] for f, v in vars(self.draws).items() if f not in {"layout", "seed"}}
        draws = AcceptanceDraws(self.draws.layout, **fields, seed=self.draws.seed)
        return Ballot(self.study, draws, self.level[rows], self.worth[rows], tuple(t[:, rows] for t in self.thresholds))


@dataclass(frozen=True)
class PackageScores:
    """Scores of all packages of a space, in the space's order.

    Parameters
    ----------
    by_side
        Probability that the side's leader could carry the package.
    both
        Probability that all leaders could carry it at once.
    """

    space: Space
    sides: tuple[str, ...]
    by_side: Float[np.ndarray, "side package"]
    both: Float[np.ndarray, " package"]
    draws: int

    def table(self) -> pl.DataFrame:
        """Package number, P(in win-set) by side and jointly."""
        columns = {f"p_{s}": self.by_side[i] for i, s in enumerate(self.sides)}
        numbers = np.arange(self.space.size, dtype=np.uint32)
        return pl.DataFrame({"package": numbers, **columns, "p_all": self.both})


def score_batch(
    ballot: Ballot, packages: Int[np.ndarray, "package issue"]
) -> tuple[Float[np.ndarray, "side package"], Float[np.ndarray, " package"], Float[np.ndarray, "package constituency"]]:
    """P(in win-set) by side and jointly, and expected acceptance, of listed (partial) packages."""
    held, joint, expected = [], [], []
    for block in np.array_split(packages, max(1, len(packages) // 256)):
        shares = _shares(ballot, block)
        carried = [_carried(ballot, i, shares) for i in range(len(ballot.study.sides))]
        held.append(np.stack([c.mean(0) for c in carried]))
        joint.append(np.logical_and.reduce(carried).mean(0))
        expected.append(shares.mean(0).T)
    return np.concatenate(held, 1), np.concatenate(joint), np.concatenate(expected)


def _shares(
    ballot: Ballot, packages: Int[np.ndarray, "package issue"]
) -> Float[np.ndarray, "draw constituency package"]:
    draws = ballot.draws
    mean = np.repeat(ballot.level[..., None], len(packages), axis=2)
    log_kept, variance = np.zeros_like(mean), np.ones_like(mean)
    for k in range(packages.shape[1]):
        option, settled = np.maximum(packages[:, k], 0), packages[:, k] >= 0
        mean += ballot.worth[:, :, k, option] * settled
        log_kept += draws.log_kept[:, :, k, option] * settled
        variance += np.where(settled, draws.person_variance[:, :, k, None], draws.open_variance[:, :, k, None])
    lapse = draws.lapse[:, None, None]
    return np.exp(log_kept) * (lapse + (1 - 2 * lapse) * ndtr(mean / np.sqrt(variance)))


def _carried(ballot: Ballot, side: int, shares: Float[np.ndarray, "draw constituency ..."]) -> np.ndarray:
    name, declared = list(ballot.study.sides.items())[side]
    by_name = {c: shares[:, j] for j, (s, c) in enumerate(ballot.study.constituencies()) if s == name}
    extra = (1,) * (shares.ndim - 2)
    return rule_holds(declared.ratification, by_name, [t.reshape(-1, *extra) for t in ballot.thresholds[side]])


def score_space(ballot: Ballot, space: Space) -> PackageScores:
    """Score every package of a space; issues of the study that the space lacks stay open."""
    study, draws = ballot.study, ballot.draws
    named = {(s, c) for s, side in study.sides.items() for c in members(side.ratification)}
    used = [j for j, key in enumerate(study.constituencies()) if key in named]
    half = _halves(space.shape)
    tables = [_tables(ballot, Space(part), used) for part in (space.issues[:half], space.issues[half:])]
    settled = [study.space.issues.index(study.space.issue(i.id)) for i in space.issues]
    is_open = np.ones(len(study.space.issues), bool)
    is_open[settled] = False
    variance = 1 + np.where(is_open, draws.open_variance, draws.person_variance)[:, used].sum(-1)
    per_draw = {
        "level": ballot.level[:, used],
        "spread": np.sqrt(variance),
        "lapse": draws.lapse,
        "a": tables[0][0],
        "b": tables[1][0],
        "kept_a": np.exp(tables[0][1]),
        "kept_b": np.exp(tables[1][1]),
        "thresholds": tuple(t.T for t in ballot.thresholds),
    }
    names = [study.constituencies()[j] for j in used]
    rules = [(s, side.ratification) for s, side in study.sides.items()]

    def step(counts: jax.Array, x: dict) -> tuple[jax.Array, None]:
        shares = {}
        for j, key in enumerate(names):
            z = (x["level"][j] + x["a"][j][:, None] + x["b"][j][None, :]) / x["spread"][j]
            kept = x["kept_a"][j][:, None] * x["kept_b"][j][None, :]
            shares[key] = kept * (x["lapse"] + (1 - 2 * x["lapse"]) * (0.5 + 0.5 * jax.lax.erf(z * HALF_ROOT)))
        carried = [
            rule_holds(rule, {c: v for (t, c), v in shares.items() if t == s}, list(x["thresholds"][i]))
            for i, (s, rule) in enumerate(rules)
        ]
        both = carried[0]
        for c in carried[1:]:
            both = both & c
        return counts + jnp.stack([*carried, both]).astype(jnp.int32), None

    single = jax.tree.map(lambda v: jnp.asarray(v, jnp.float32), per_draw)
    start = jnp.zeros((len(rules) + 1, tables[0][0].shape[-1], tables[1][0].shape[-1]), jnp.int32)
    counts = jax.jit(lambda x: jax.lax.scan(step, start, x)[0])(single)
    share = np.asarray(counts).reshape(len(rules) + 1, -1) / len(draws)
    return PackageScores(
        space, tuple(study.sides), share[:-1].astype(np.float32), share[-1].astype(np.float32), len(draws)
    )


def _halves(shape: Sequence[int]) -> int:
    """Split so that both halves have about as many combinations."""
    sizes = np.cumprod(shape)
    return int(np.argmin(np.abs(np.log(sizes) - 0.5 * np.log(sizes[-1])))) + 1 if len(shape) > 1 else len(shape)


def _tables(ballot: Ballot, space: Space, used: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Utility and log kept share of every combination of some issues: draw x constituency x combination."""
    n = len(ballot.draws)
    worth, kept = np.zeros((n, len(used), 1)), np.zeros((n, len(used), 1))
    for issue in space.issues:
        full = ballot.study.space.issue(issue.id)
        k = ballot.study.space.issues.index(full)
        columns = [full.index(o.id) for o in issue.options]
        w, r = ballot.worth[:, used, k][..., columns], ballot.draws.log_kept[:, used, k][..., columns]
        worth = (worth[..., :, None] + w[..., None, :]).reshape(n, len(used), -1)
        kept = (kept[..., :, None] + r[..., None, :]).reshape(n, len(used), -1)
    return worth, kept


def changes(space: Space, package: Sequence[int], number: int) -> Int[np.ndarray, "package issue"]:
    """All packages that differ from ``package`` in the option of exactly ``number`` issues (searched options only)."""
    choices = [
        [j for j, o in enumerate(i.options) if o.searched and j != package[k]] if i.searched else []
        for k, i in enumerate(space.issues)
    ]
    found = []
    for issues in itertools.combinations([k for k, c in enumerate(choices) if c], number):
        for options in itertools.product(*(choices[k] for k in issues)):
            changed = list(package)
            for k, o in zip(issues, options, strict=True):
                changed[k] = o
            found.append(changed)
    return np.array(found, int).reshape(-1, len(package))
