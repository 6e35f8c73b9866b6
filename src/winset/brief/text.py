"""The same table in plain text, narrow terminals included."""

from __future__ import annotations

import textwrap

import polars as pl

from winset.findings.wording import percent
from winset.runs import Run


def render_text(run: Run, width: int = 100) -> str:
    """First page of the brief for a terminal of a given width."""
    study = run.study
    found = {f.id: f for f in run.findings()}
    lines = [study.title, study.question, ""]
    for name in ("proposals", "win-sets", "best", "repair", "fit"):
        if name in found and found[name].sentence:
            lines += textwrap.wrap(found[name].sentence, width)
    table = found["proposals"].table
    if not table.height:
        return "\n".join(lines)
    now = table.filter(~pl.col("later"))
    for label in now["label"].unique(maintain_order=True):
        part = now.filter(pl.col("label") == label)
        lines += ["", label]
        for side in part["side"].unique(maintain_order=True):
            own = part.filter(pl.col("side") == side)
            lines.append(f"  {study.sides[side].label}: leader could carry it {percent(own['p_side'][0])}")
            cells = [
                f"{study.label(side, r['constituency'])} {100 * r['mean']:.0f} [{100 * r['low']:.0f}, {100 * r['high']:.0f}]"
                for r in own.iter_rows(named=True)
            ]
            lines += textwrap.wrap("; ".join(cells), width, initial_indent="    ", subsequent_indent="    ")
        lines.append(f"  all at once {percent(part['p_all'][0])}")
    return "\n".join(lines)
