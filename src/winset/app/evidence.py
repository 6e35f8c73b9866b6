"""The answers behind a number: what was asked of a group, when, by whom, what they said, and where it was read."""

from __future__ import annotations

import datetime as dt
from operator import itemgetter
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from winset.app.pages import opened, show
from winset.brief.page import answers_behind
from winset.errors import NotHereError
from winset.evidence.polls import FILE, OPTIONAL, REQUIRED
from winset.findings.wording import percent, span
from winset.study import Study
from winset.study.rows import Row, read_rows

routes = APIRouter()
WEB = ("https://", "http://")


@routes.get("/runs/{name}/evidence", response_class=HTMLResponse)
def evidence(request: Request, name: str, of: str = "") -> Response:
    """Printed results of one group, or of all."""
    run = opened(request, name).run
    behind = answers_behind(run, {f.id: f for f in run.findings()})
    asked = {".".join(pair): (run.study.full_label(*pair), rows) for pair, rows in behind.items()}
    if of and of not in asked:
        raise NotHereError(f"the study has no group `{of[:80]}`")
    groups = [(k, label, len(rows)) for k, (label, rows) in asked.items()]
    shown = [asked[of]] if of else [x for x in asked.values() if x[1]]
    printed = _printed(run.study)
    found = [
        (label, [_told(run.study, r, printed) for r in sorted(rows, key=itemgetter("date"), reverse=True)])
        for label, rows in shown
    ]
    return show(request, "evidence.html", name=name, title=run.study.title, of=of, groups=groups, found=found)


def _printed(study: Study) -> dict[str, Row]:
    """Rows of a study's polls by where they stand, for what is said beside a figure."""
    path = study.folder / FILE
    return {r.locate(): r for r in read_rows(path, REQUIRED, OPTIONAL)[0]} if path.is_file() else {}


def _told(study: Study, row: dict[str, Any], printed: dict[str, Row]) -> dict[str, str]:
    """A printed result in words."""
    beside = printed.get(row["locator"])
    source = study.sources[row["source"]]
    whose = "against: " if (row["measure"] or "").startswith("against") else ""
    alone = "of all asked" in (row["measure"] or "")
    observed = "" if row["observed"] is None else f"{whose}{percent(row['observed'])}{' of all asked' if alone else ''}"
    return {
        "wording": row["wording"],
        "when": _when(beside, row["date"]),
        "note": beside["note"] if beside else "",
        "who": study.instruments[row["instrument"]].label,
        "n": str(row["n"] or ""),
        "said": row["said"] or "too few to show",
        "observed": observed,
        "model": "" if row["observed"] is None else f"{whose}{span(row['mean'], row['low'], row['high'])}",
        "source": f"{source.publisher}: {source.title}" + (f", {source.date}" if source.date else ""),
        "url": source.url if source.url.startswith(WEB) else "",
        "locator": row["locator"],
    }


def _when(printed: Row | None, middle: dt.date) -> str:
    """Field work as it was printed; a day where it was one."""
    if printed is None:
        return f"{middle:%-d %B %Y}"
    return printed["start"] if printed["start"] == printed["end"] else f"{printed['start']} to {printed['end']}"
