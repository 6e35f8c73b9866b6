"""Which proposal the headline is about, and which packages compete with it."""

from __future__ import annotations

from winset.errors import UsageError
from winset.exploration.weighing import Weighed, weigh
from winset.room import Room


def weigh_proposals(room: Room) -> dict[str, Weighed]:
    """Every proposal on record at the study's date, by id."""
    return {p: weigh(room, p) for p in room.acceptance.study.on_record()}


def find_headline(room: Room) -> str:
    """Id of the proposal on record that all leaders are likeliest to carry at once.

    Raises
    ------
    UsageError
        If none is on record.
    """
    likeliest = room.likeliest()
    if likeliest is None:
        raise UsageError(
            "no proposal is on record at the study's date; name a package: --about 'issue=option;issue=option'"
        )
    return likeliest
