"""Where everything stands in the arrays: constituencies, issues, options, months."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Int

from winset.study import Study


@dataclass(frozen=True)
class Layout:
    """Index arrays that tie a study to the model's arrays.

    Parameters
    ----------
    side_of
        Side of each constituency.
    exists
        Whether an issue has an option (options are padded to the longest issue).
    place
        Place of each option in a side's order, 0 worst; padded with 0.
    refused
        Step on the ladder of red lines, 1 mildest, 0 for options that are none.
    tested
        Options that an experiment showed to people of a side: their order is open to correction.
    start
        First month of the time axis.
    """

    sides: tuple[str, ...]
    constituencies: tuple[tuple[str, str], ...]
    side_of: Int[np.ndarray, " constituency"]
    exists: Bool[np.ndarray, "issue option"]
    place: Int[np.ndarray, "side issue option"]
    refused: Int[np.ndarray, "side issue option"]
    repressive: Bool[np.ndarray, " side"]
    tested: Bool[np.ndarray, "side issue option"]
    start: dt.date
    months: int

    def month(self, date: dt.date) -> int:
        """Month of a date on the time axis; may lie beyond its end."""
        return (date.year - self.start.year) * 12 + date.month - self.start.month


def lay_out(study: Study, first: dt.date) -> Layout:
    """Layout of a study whose evidence begins at ``first``."""
    constituencies = study.constituencies()
    sides = tuple(study.sides)
    issues = study.space.issues
    widest = max(study.space.shape)
    exists = np.zeros((len(issues), widest), bool)
    place = np.zeros((len(sides), len(issues), widest), int)
    refused = np.zeros_like(place)
    for k, issue in enumerate(issues):
        exists[k, : len(issue.options)] = True
        for s, side in enumerate(study.sides.values()):
            order = side.order[issue.id]
            lines = [o for o in order if o in side.red_lines.get(issue.id, ())]
            for j, option in enumerate(issue.options):
                place[s, k, j] = len(order) - 1 - order.index(option.id)
                refused[s, k, j] = lines.index(option.id) + 1 if option.id in lines else 0
    start = min(first, study.as_of).replace(day=1)
    months = (study.as_of.year - start.year) * 12 + study.as_of.month - start.month + 1
    return Layout(
        sides=sides,
        constituencies=constituencies,
        side_of=np.array([sides.index(s) for s, _ in constituencies]),
        exists=exists,
        place=place,
        refused=refused,
        repressive=np.array([x.repressive for x in study.sides.values()]),
        tested=np.zeros(place.shape, bool),
        start=start,
        months=months,
    )
