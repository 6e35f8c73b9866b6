"""Which source moves the answer most: each poll, report or experiment left out in turn."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from winset.acceptance import HIGH, LOW
from winset.errors import UsageError
from winset.exploration.refitting import Experiment, Kept, Plan, Refit, Refits, list_experiments
from winset.exploration.resampling import draw_weights
from winset.exploration.weighing import weigh
from winset.room import Room
from winset.verification.left_out import LARGEST_K, smooth_weights

if TYPE_CHECKING:
    from jaxtyping import Float, Int

RESAMPLES = 200
"""Bootstrap resamples: the 5 and 95 % ends then rest on ten of them each."""

REWEIGHTED, REFITTED, LEFT = "draws reweighted", "fitted again", "not fitted again"

SCHEMA = {
    "source": pl.String,
    "ended": pl.Date,
    "results": pl.Int64,
    **dict.fromkeys(("change", "change_low", "change_high", "margin", "margin_low", "margin_high"), pl.Float64),
    "how": pl.String,
}


@dataclass(frozen=True)
class Sources:
    """What the answer would be without each source.

    Parameters
    ----------
    about
        The package in words.
    chance
        That all leaders could carry it, as it stands.
    table
        Columns source, ended (last day of field work), results (printed; of an experiment its people), change (of the chance if
        the source is left out), margin (change of its mean, in its standard deviations), each with _low and _high, and how; those
        that move it most first.
    left
        Sources that reweighting does not reach and that were not fitted again.
    """

    about: str
    chance: float
    table: pl.DataFrame
    left: int


@dataclass(frozen=True)
class Source:
    """What is left out together: all that one instrument printed of one field work.

    Parameters
    ----------
    cells
        Numbers of its printed results.
    experiments
        What single respondents were asked in it.
    """

    label: str
    ended: dt.date
    cells: Int[np.ndarray, " result"]
    answers: int
    experiments: tuple[Experiment, ...] = ()


def leave_sources_out(
    room: Room,
    what: str | Mapping[str, str],
    *,
    refit: bool = True,
    kept: Kept | None = None,
    seed: int = 1,
    say: Callable[[str], None] = lambda _: None,
) -> Sources:
    """Find out which source moves a package's chance most.

    Parameters
    ----------
    refit
        Fit again without a source where reweighting does not reach; seconds each.
    kept
        Where finished fits are kept.

    Raises
    ------
    UsageError
        If there is nothing to leave out.

    Notes
    -----
    Pareto-smoothed importance sampling (Vehtari, Gelman & Gabry 2017) up to k = .7; beyond, a fit by the approximation without
    the source against one with it. Results of fewer people than may be shown are left out together; experiments by a fit.
    """
    asked, (easy, hard) = weigh(room, what), _sort(room)
    now = Refit.of(asked)
    weights = draw_weights(len(now.margin), RESAMPLES, seed)
    rows = [_row(s, REWEIGHTED, compare(now, now, w * len(w), weights)) for s, w in easy]
    if refit and hard:
        before, *without = _fit_without(Refits(room, what, {} if kept is None else kept), hard, say)
        weights = draw_weights(len(before.margin), RESAMPLES, seed)
        rows += [
            _row(s, REFITTED, compare(before, after, None, weights)) for s, after in zip(hard, without, strict=True)
        ]
    else:
        rows += [_row(s, LEFT, {}) for s in hard]
    table = pl.DataFrame(rows, schema=SCHEMA).sort(pl.col("margin").abs(), descending=True, nulls_last=True)
    return Sources(asked.label, float(now.carried.mean()), table, sum(r["how"] == LEFT for r in rows))


def plan_sources(room: Room) -> list[Plan]:
    """Fits that ``leave_sources_out`` needs: one with everything, and one without each source that reweighting does not reach."""
    return [Plan(room.acceptance.known), *(_plan(room, s) for s in _sort(room)[1])]


def _plan(room: Room, s: Source) -> Plan:
    known = room.acceptance.known.copy()
    known[s.cells] = False
    return Plan(known, s.experiments)


def _sort(room: Room) -> tuple[list[tuple[Source, np.ndarray]], list[Source]]:
    """Sources that reweighting reaches, with the weights of draws without them, and the others."""
    sources = list_sources(room)
    if not sources:
        raise UsageError("there is no evidence to leave out")
    easy, hard = [], []
    for s in sources:
        if s.experiments:
            hard.append(s)
            continue
        likely = room.acceptance.fit.samples["log_likelihood"]
        weights, k = smooth_weights(likely.reshape(-1, likely.shape[-1])[:, s.cells].astype(float).sum(1))
        if k < LARGEST_K:
            easy.append((s, weights))
        else:
            hard.append(s)
    return easy, hard


def list_sources(room: Room) -> list[Source]:
    """Everything that can be left out: results of one instrument that ended on one day; of too few people, all together."""
    study, names = room.acceptance.study, room.acceptance.cells.names
    numbered = names.with_row_index("n").filter(pl.Series(room.acceptance.known))
    waves = numbered.group_by("instrument", "end", maintain_order=True).agg("n", people=pl.col("answers").max())
    found, few = [], []
    for instrument, end, cells, people in waves.iter_rows():
        s = Source(study.instruments[instrument].label, end, np.array(cells), int(people))
        (found if s.answers >= study.minimum_count else few).append(s)
    if few:
        label = f"Reports of fewer than {study.minimum_count} people each, together"
        cells = np.concatenate([s.cells for s in few])
        found.append(Source(label, max(s.ended for s in few), cells, sum(s.answers for s in few)))
    none = np.array([], int)
    return found + [
        Source(study.instruments[x[0]].label, x[2], none, people, (x,)) for x, people in list_experiments(room).items()
    ]


def _fit_without(refits: Refits, sources: list[Source], say: Callable[[str], None]) -> list[Refit]:
    """The fit with all sources, then those without each of them."""
    say(f"{len(sources)} sources that reweighting does not reach are fitted again; Ctrl-C stops and keeps what is done")
    found, began = [refits.fit(Plan(refits.room.acceptance.known))], time.perf_counter()
    for n, s in enumerate(sources):
        found.append(refits.fit(_plan(refits.room, s)))
        left = (time.perf_counter() - began) / (n + 1) * (len(sources) - n - 1)
        say(f"without {s.label}, {s.ended}: {n + 1} of {len(sources)}, about {left:.0f} s left")
    return found


def compare(
    before: Refit, after: Refit, weight: Float[np.ndarray, " draw"] | None, resamples: Float[np.ndarray, "sample draw"]
) -> dict[str, float]:
    """Change of the chance, and of the margin's mean in its own standard deviations, with 90 % intervals.

    Parameters
    ----------
    weight
        Of the draws after; None for draws of a fit of their own.
    resamples
        Weights of bootstrap samples; draws before and after go together.
    """
    w = np.ones(len(after.margin)) if weight is None else weight
    every = np.concatenate([np.ones((1, len(w))), resamples])
    found: dict[str, float] = {}
    for name, x, y, unit in (
        ("change", before.carried, after.carried, 1.0),
        ("margin", before.margin, after.margin, float(before.margin.std())),
    ):
        moved = ((every * w) @ y / (every @ w) - every @ x / every.sum(1)) / max(unit, 1e-12)
        low, high = np.quantile(moved[1:], [LOW, HIGH])
        found |= {name: float(moved[0]), f"{name}_low": float(low), f"{name}_high": float(high)}
    return found


def _row(s: Source, how: str, told: Mapping[str, float]) -> dict[str, Any]:
    row = {"source": s.label, "ended": s.ended, "results": len(s.cells) or s.answers, "how": how}
    return dict.fromkeys(SCHEMA) | row | dict(told)
