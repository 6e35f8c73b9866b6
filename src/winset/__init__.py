"""winset tells which peace terms each side's leader could carry at home, and what would change that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from winset.late import late
from winset.notebook import offer

if TYPE_CHECKING:
    from winset.acceptance import measure
    from winset.brief import plot, write_brief
    from winset.evidence import gather
    from winset.findings import describe
    from winset.room import ratify
    from winset.runs import make_run, open_run
    from winset.talks import simulate
    from winset.verification import verify
    from winset.workbook import build, load

__all__ = [
    "build",
    "describe",
    "gather",
    "load",
    "make_run",
    "measure",
    "open_run",
    "plot",
    "ratify",
    "simulate",
    "verify",
    "write_brief",
]

__getattr__ = late(
    __name__,
    {
        "workbook": ("build", "load"),
        "evidence": ("gather",),
        "acceptance": ("measure",),
        "room": ("ratify",),
        "talks": ("simulate",),
        "verification": ("verify",),
        "findings": ("describe",),
        "runs": ("make_run", "open_run"),
        "brief": ("plot", "write_brief"),
    },
)

offer()
