"""Wholes against their parts: figures of one sample that cannot all be right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from winset.evidence.responses import NOT_PRINTED, RESULT, Responses, is_single
from winset.study import Study

ROOM = 0.03
"""Share by which rounding and weights may take a whole out of what its parts leave room for."""
SAMPLE = tuple(k for k in RESULT if k not in {"side", "constituency"})
"""What figures of one sample have in common."""


@dataclass(frozen=True)
class Outside:
    """A whole's printed share, of all who were asked, and the shares that its parts leave room for."""

    side: str
    constituency: str
    share: float
    least: float
    most: float
    where: str


def outside_parts(study: Study, responses: Responses) -> Iterator[Outside]:
    """Wholes whose share for an offer lies outside what the parts printed of the same sample leave room for.

    Notes
    -----
    Parts of which nothing was printed may all be against, or all for; shares of parts are taken at their mean.
    """
    table = responses.table.filter(~is_single())
    results = table.group_by(list(RESULT), maintain_order=True).agg("category", "weight", pl.col("locator").first())
    samples: dict[tuple, list[tuple[dict[str, Any], float]]] = {}
    for row in results.to_dicts():
        share = _share_for(study, row)
        if share is not None:
            samples.setdefault(tuple(row[k] for k in SAMPLE), []).append((row, share))
    for found in samples.values():
        for row, share in found:
            least, most = _room(study, row, found)
            if not least - ROOM <= share <= most + ROOM:
                yield Outside(row["side"], row["constituency"], share, least, most, row["locator"].split("#")[0])


def _share_for(study: Study, row: Mapping[str, Any]) -> float | None:
    """Share of all who were asked that is for the offer; None where the print does not say."""
    border = study.scale_of(row["question"], row["categories"]).border
    weights = list(zip(row["category"], row["weight"], strict=True))
    told = {c for c, _ in weights if c is not None and c != NOT_PRINTED}
    total = sum(w for _, w in weights)
    if not total or not set(range(border, row["categories"])) <= told:
        return None
    return sum(w for c, w in weights if c is not None and c >= border) / total


def _room(study: Study, row: Mapping[str, Any], sample: list[tuple[dict[str, Any], float]]) -> tuple[float, float]:
    """Least and most share of a whole, given what its parts say."""
    people = study.composition.shares((row["side"], row["constituency"]))
    rest, told = set(people), 0.0
    for other, share in sample:
        own = set(study.composition.shares((other["side"], other["constituency"])))
        if len(own) < len(people) and own <= rest:
            rest -= own
            told += share * sum(people[leaf] for leaf in own)
    return told, told + sum(people[leaf] for leaf in rest)
