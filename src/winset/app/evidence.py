"""The answers behind a number: what was asked of a group, when, by whom, what they said, and where it was read."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from winset.app.pages import opened, show
from winset.errors import NotHereError
from winset.findings.wording import percent, span
from winset.runs import Run
from winset.study import Study

routes = APIRouter()
WEB = ("https://", "http://")


@routes.get("/runs/{name}/evidence", response_class=HTMLResponse)
def evidence(request: Request, name: str, of: str = "") -> Response:
    """Printed results of one group, or of all."""
    run = opened(request, name).run
    study, behind = run.study, _by_group(run)
    if of and of not in behind:
        raise NotHereError(f"the study has no group `{of[:80]}`")
    shown = {of: behind[of]} if of else {k: rows for k, rows in behind.items() if rows}
    groups = [(k, _label(study, k), len(rows)) for k, rows in behind.items()]
    found = [(_label(study, k), [_told(study, r) for r in rows]) for k, rows in shown.items()]
    return show(request, "evidence.html", name=name, title=study.title, of=of, groups=groups, found=found)


def _by_group(run: Run) -> dict[str, list[dict[str, Any]]]:
    """Printed results by group; wholes of several sides last."""
    study = run.study
    behind = {_key(*study.asked_as(*p)): [] for p in study.constituencies() if not study.repeats(*p)}
    for f in run.findings():
        for r in f.table.iter_rows(named=True) if f.id == "answers" else ():
            behind.setdefault(_key(r["side"], r["constituency"]), []).append(r)
    return behind


def _key(side: str, constituency: str) -> str:
    return f"{side}.{constituency}"


def _label(study: Study, key: str) -> str:
    side, _, constituency = key.partition(".")
    return study.full_label(side, constituency)


def _told(study: Study, row: dict[str, Any]) -> dict[str, str]:
    """A printed result in words."""
    source = study.sources[row["source"]]
    whose = "against: " if (row["measure"] or "").startswith("against") else ""
    alone = "of all asked" in (row["measure"] or "")
    observed = "" if row["observed"] is None else f"{whose}{percent(row['observed'])}{' of all asked' if alone else ''}"
    return {
        "wording": row["wording"],
        "when": f"{row['date']:%-d %B %Y}",
        "who": study.instruments[row["instrument"]].label,
        "n": str(row["n"] or ""),
        "said": row["said"] or "too few to show",
        "observed": observed,
        "model": "" if row["observed"] is None else f"{whose}{span(row['mean'], row['low'], row['high'])}",
        "source": f"{source.publisher}: {source.title}" + (f", {source.date}" if source.date else ""),
        "url": source.url if source.url.startswith(WEB) else "",
        "locator": row["locator"],
    }
