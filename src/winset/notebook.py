"""How studies, fits, rooms and runs show themselves in a notebook: a heading, a sentence, a table with labels."""

from __future__ import annotations

import html
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

    from winset.acceptance import Acceptance
    from winset.room import Room
    from winset.runs import Run
    from winset.study import Study


def offer() -> None:
    """Register with IPython where it is at work; nothing heavy is imported before something is shown."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None and hasattr(ipython, "get_ipython") else None
    if shell is not None:
        register(shell)


def register(shell: Any) -> None:
    """Tell an IPython shell how to show what ``winset`` returns."""
    formatter = shell.display_formatter.formatters["text/html"]
    for (module, name), show in SHOWN.items():
        formatter.for_type_by_name(module, name, show)


def show_study(study: Study) -> str:
    """Title, question, sides with their rules, proposals."""
    sides = [
        {"Side": s.label, "Leader": s.leader.label, "What it takes": study.rule_in_words(name)}
        for name, s in study.sides.items()
    ]
    known = [study.proposals[p] for p in study.on_record()]
    plans = [{"Proposal": p.label, "Date": str(p.date), "Terms": study.in_words(p.terms)} for p in known]
    said = f"{study.question} As of {study.as_of}; {len(study.questions)} questions, {len(study.space.issues)} issues."
    return _page(study.title, said, sides, plans)


def show_acceptance(acceptance: Acceptance) -> str:
    """Whether the fit worked, and acceptance of each proposal on record."""
    study = acceptance.study
    tables = [_heading(study, acceptance.support(p), p) for p in study.on_record()]
    return _page(study.title, acceptance.diagnostics.sentence, *tables)


def show_room(room: Room) -> str:
    """Which leader could carry which proposal on record."""
    study = room.acceptance.study
    rows = []
    for p in study.on_record():
        chances = dict(room.carry(p).select("label", "probability").iter_rows())
        rows.append({"Proposal": study.proposals[p].label} | {k: _percent(v) for k, v in chances.items()})
    words = "broken commitments have their price" if room.with_costs else "broken commitments cost nothing"
    return _page(study.title, f"Chance that each leader could carry it at home, per cent; {words}.", rows)


def show_run(run: Run) -> str:
    """The room of a run, and where its brief is."""
    return f"{show_room(run.room)}<p>{html.escape(run.acceptance.diagnostics.sentence)}</p>{_brief(run)}"


SHOWN: dict[tuple[str, str], Callable[[Any], str]] = {
    ("winset.study.study", "Study"): show_study,
    ("winset.acceptance.acceptance", "Acceptance"): show_acceptance,
    ("winset.room.room", "Room"): show_room,
    ("winset.runs.folder", "Run"): show_run,
}


def _heading(study: Study, table: pl.DataFrame, proposal: str) -> list[dict[str, str]]:
    from winset.findings.labelling import label_table

    named = {"Proposal": study.proposals[proposal].label}
    return [named | row for row in label_table(table.select("side", "constituency", "mean", "low", "high"), study)]


def _percent(chance: float) -> str:
    from winset.findings.wording import percent

    return percent(chance)


def _brief(run: Run) -> str:
    brief = run.folder / "brief.html"
    return f"<p>Brief: <code>{html.escape(str(brief))}</code></p>" if brief.exists() else ""


def _page(title: str, said: str, *tables: Sequence[dict[str, str]]) -> str:
    drawn = "".join(_table(rows) for rows in tables if rows)
    return f"<h4>{html.escape(title)}</h4><p>{html.escape(said)}</p>{drawn}"


def _table(rows: Sequence[dict[str, str]]) -> str:
    head = "".join(f"<th>{html.escape(h)}</th>" for h in rows[0])
    body = "".join(f"<tr>{''.join(f'<td>{html.escape(v)}</td>' for v in row.values())}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
