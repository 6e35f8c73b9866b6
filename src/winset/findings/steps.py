"""Which change did it: the rules and pledges of the second run one after the other, its printed results one by one."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import polars as pl

from winset.findings.answers import list_answers, say_result
from winset.room import Room, ratify
from winset.study import Side, Study
from winset.verification.left_out import LARGEST_K, smooth_weights

RESULT = ("question", "instrument", "side", "constituency", "date")
"""What makes a printed result of two runs the same."""
Differing = tuple[tuple[Any, ...], dict[str, Any] | None, dict[str, Any] | None]
LISTED = 12
"""Results that are told; those that move the chance most."""
SCHEMA = {"change": pl.String, "kind": pl.String, **dict.fromkeys(("before", "after", "moved"), pl.Float64)}


def tell_steps(
    old: Room, between: Room | None, new: Room, proposal: str, differing: Iterable[Differing]
) -> pl.DataFrame:
    """What each change does to the chance that all leaders could carry a proposal.

    Parameters
    ----------
    between
        The first run's acceptance under the second's rules; None where they do not fit together.
    differing
        Printed results that differ; see ``match_results``.

    Returns
    -------
    Columns change, kind, before, after, moved (in shares, of whole points). Kind ``rule``: applied one after the other to the
    first run. Kind ``evidence``: all of it together, after the rules. Kind ``result``: one printed result alone, by what the
    chance is with it and would be without it; null where the draws do not tell (Pareto k of .7 and more). Results of groups
    that are too small to show are left out.
    """
    rows = [] if between is None else list(_rule_steps(old, new, proposal))
    start, end = (float(r.carried(proposal).mean()) for r in (between or old, new))
    results = list(result_steps(old, new, proposal, differing))
    if len(results) == 1:  # then it is what the rules did not do
        return pl.DataFrame([*rows, _row(results[0]["change"], "result", start, end)], schema=SCHEMA)
    if results:
        rows.append(_row("All evidence together", "evidence", start, end))
    return pl.DataFrame([*rows, *_most_telling(results)], schema=SCHEMA)


def _row(change: str, kind: str, before: float | None, after: float | None) -> dict[str, Any]:
    moved = None if before is None or after is None else round(after, 2) - round(before, 2)  # as the two are shown
    return {"change": change, "kind": kind, "before": before, "after": after, "moved": moved}


def _most_telling(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda r: -1.0 if r["moved"] is None else abs(r["moved"]), reverse=True)[:LISTED]


def _rule_steps(old: Room, new: Room, proposal: str) -> Iterator[dict[str, Any]]:
    """Rules, then pledges, side by side: each on top of those before."""
    study, before = old.acceptance.study, float(old.carried(proposal).mean())
    for name, other in new.acceptance.study.sides.items():
        for change, side in _towards(study.sides[name], other, new.acceptance.study, name):
            study = dataclasses.replace(study, sides={**study.sides, name: side})
            room = ratify(dataclasses.replace(old.acceptance, study=study), audience_costs_on=new.with_costs)
            after = float(room.carried(proposal).mean())
            yield _row(change, "rule", before, after)
            before = after


def _towards(side: Side, other: Side, study: Study, name: str) -> Iterator[tuple[str, Side]]:
    """Changes of a side, each with what the side is after it."""
    if side.ratification != other.ratification:
        side = side.model_copy(update={"ratification": other.ratification})
        yield f"Rule of {other.label}: {study.rule_in_words(name)}", side
    was, now = ({p.label: p for p in x.commitments} for x in (side, other))
    for label in dict.fromkeys([*was, *now]):
        if was.get(label) == now.get(label):
            continue
        kept = {**was, label: now[label]} if label in now else {k: p for k, p in was.items() if k != label}
        was, side = kept, side.model_copy(update={"commitments": tuple(kept.values())})
        said = "Pledge given up" if label not in now else "Pledge"
        yield f"{said} of {other.label}: {label}", side


def match_results(old: Room, new: Room) -> list[Differing]:
    """Printed results that only one run has, or reads otherwise: what makes each the same, and its row in either run."""
    was, now = ({tuple(r[k] for k in RESULT): r for r in list_answers(x.acceptance).to_dicts()} for x in (old, new))
    pairs = ((key, was.get(key), now.get(key)) for key in dict.fromkeys([*now, *was]))
    return [(key, one, other) for key, one, other in pairs if say_result(one) != say_result(other)]


def result_steps(old: Room, new: Room, proposal: str, differing: Iterable[Differing]) -> Iterator[dict[str, Any]]:
    """The chance with each result that differs, and without it."""
    chances = [float(r.carried(proposal).mean()) for r in (old, new)]
    for key, was, now in differing:
        if (now or was or {}).get("answers") is None:
            continue
        if now is not None:
            told = f"{'Changed' if was is not None else 'New'}: {_name(new.acceptance.study, now)}"
            yield _known(told, _without(new, proposal, key), chances[1])
        elif was is not None:
            yield _known(f"Gone: {_name(old.acceptance.study, was)}", chances[0], _without(old, proposal, key))


def _known(change: str, before: float | None, after: float | None) -> dict[str, Any]:
    """A result alone; nothing is said of it where the draws do not tell."""
    told = before is not None and after is not None
    return _row(change, "result", before if told else None, after if told else None)


def _name(study: Study, row: Mapping[str, Any]) -> str:
    pair = (row["side"], row["constituency"])
    who = study.full_label(*pair) if pair in study.constituencies() else row["constituency"]
    return f"{row['wording']} ({who}, {row['date']:%B %Y})"


def _without(room: Room, proposal: str, key: tuple[Any, ...]) -> float | None:
    """Chance of a proposal as if a printed result had not been there; None where the draws do not tell."""
    samples, names = room.acceptance.fit.samples, room.acceptance.cells.names
    at = [n for n, r in enumerate(names.select(RESULT).iter_rows()) if r == key]
    if not at or "log_likelihood" not in samples:
        return None
    terms = samples["log_likelihood"]
    weights, k = smooth_weights(terms.reshape(-1, terms.shape[-1])[:, at].sum(1).astype(float))
    return None if k >= LARGEST_K else float(weights @ np.asarray(room.carried(proposal), float))


def say_steps(table: pl.DataFrame, label: str) -> str:
    """The changes that moved a chance most, in a sentence."""
    known = table.filter(pl.col("moved").is_not_null() & (pl.col("kind") != "evidence"))
    unknown = table.filter(pl.col("moved").is_null()).height
    which = "one printed result" if unknown == 1 else f"{unknown} printed results"
    more = f" What {which} did cannot be told from these draws; a fit without would tell." if unknown else ""
    if not known.height:
        return f"Nothing else changed that moves {label}.{more}"
    row = known.sort(pl.col("moved").abs(), descending=True).row(0, named=True)
    if abs(100 * row["moved"]) < 1:
        return f"No single change moves the chance of {label} by a point.{more}"
    return f"Alone, what moves {label} most is “{row['change']}”: by {100 * row['moved']:+.0f} points.{more}"
