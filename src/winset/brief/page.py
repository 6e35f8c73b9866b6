"""brief.html: one self-contained page."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import polars as pl
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from winset import figures
from winset.acceptance import interval, refusal
from winset.brief.pages import name_file, picture_of, words_of
from winset.brief.pictures import draw_pictures
from winset.brief.sections import METHODS, say_fit
from winset.brief.summary import Summary, summarise
from winset.evidence.coverage import silent_groups
from winset.findings import Finding, likelihood_word, percent, shown
from winset.findings.groups import PRIOR_ONLY
from winset.findings.wording import odds, span
from winset.language import ENGLISH, Language, day, elsewhere, tr, trn
from winset.panel import describe_panel, read_script, read_style
from winset.runs import Run
from winset.runs.atomic import write_text
from winset.study import Study
from winset.terms import parse_package


def write_brief(run: Run, path: Path | None = None, language: Language = ENGLISH) -> Path:
    """Write the brief of a run; by default into its folder.

    Raises
    ------
    RunError
        If the file cannot be written.
    """
    path = run.folder / name_file(language, ".html") if path is None else path
    write_text(path, render_brief(run, language))
    return path


def render_brief(run: Run, language: Language = ENGLISH) -> str:
    """The brief as HTML: one inlined script, allowed by its hash, and no outside reference; the annex is English."""
    script = read_script() + figures.POINTER
    english = summarise(run)
    pages = english.told(language)
    picture = picture_of(pages)
    panel = describe_panel(run.room, language=language)
    return (
        _environment(run)
        .get_template("brief.html.j2")
        .render(
            run=run,
            study=run.study,
            language=language,
            tr=lambda text: language.say(tr(text)),
            pages=pages,
            words=words_of(language),
            picture=picture,
            **{k: language.say(x) for k, x in _say_counts(run, picture).items()},
            annex=render_annex(run, english)[0],
            script=script,
            script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
            panel=json.dumps(panel, separators=(",", ":")).replace("<", "\\u003c"),
            panel_style=read_style(),
        )
    )


def _environment(run: Run) -> Environment:
    env = Environment(
        loader=PackageLoader("winset.brief", "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(
        percent=percent, likely=likelihood_word, shown=lambda n: shown(n, run.study.minimum_count), csv=_csv
    )
    return env


def _say_counts(run: Run, picture: figures.Chart | None) -> dict[str, str]:
    """Texts of the page that the pages for print do without."""
    fit, rows = run.acceptance.diagnostics, run.responses.printed
    method, until = run.acceptance.fit.method, run.study.as_of
    what = {"day": elsewhere(f"{until}", day(until)), "method": METHODS.get(method, method)}
    return {
        "header": trn(
            "winset brief, evidence up to {day}; {method}, {draws} draw",
            "winset brief, evidence up to {day}; {method}, {draws} draws",
            fit.draws,
            draws=fit.draws,
            **what,
        ),
        "warning": elsewhere(fit.sentence, say_fit(run)),
        "rests": trn(
            "n = {rows} printed result. Source: the polls and interviews listed in the annex.",
            "n = {rows} printed results. Source: the polls and interviews listed in the annex.",
            rows,
            rows=rows,
        ),
        "data": trn(
            "Data behind this chart ({n} row, CSV)", "Data behind this chart ({n} rows, CSV)", picture.table.height
        )
        if picture
        else "",
    }


def render_annex(run: Run, pages: Summary) -> tuple[str, dict[str, figures.Chart]]:
    """Every number, and the answers behind it: as HTML, with the charts that stand in it by name."""
    found, charts = {f.id: f for f in run.findings()}, draw_pictures(run, pages)
    text = (
        _environment(run)
        .get_template("annex.html.j2")
        .render(
            run=run,
            study=run.study,
            found=found,
            grid=_grid(run, found["proposals"].table, later=False),
            later=_grid(run, found["proposals"].table, later=True),
            charts=charts,
            voices=_voices(run),
            interviews=_interviews(found),
            quoted=_quoted(run),
            **_odds(found),
            behind=answers_behind(run, found),
            within=_asked_within(run),
            span=span,
            odds=odds,
            refusals=_refusals(run),
            costs=_costs(run),
            sources=_sources(run),
            silent=_silent(run.study, found["evidence-silent"].table),
            in_words=lambda package: run.study.in_words(dict(parse_package(package).terms)),
            cell=lambda r: span(r["mean"], r["low"], r["high"]),
        )
    )
    return text, charts


def _silent(study: Study, table: pl.DataFrame) -> list[str]:
    """Constituencies and issues of each side that no evidence speaks to, by their labels."""
    issues = {i.id: i.label for i in study.space.issues}
    return [
        study.full_label(r["side"], r["id"])
        if r["what"] == "constituency"
        else f"{issues[r['id']]} ({study.sides[r['side']].label})"
        for r in table.iter_rows(named=True)
    ]


def _csv(table: pl.DataFrame) -> str:
    """A table as the address of a CSV file."""
    return "data:text/csv;base64," + base64.b64encode(table.write_csv().encode()).decode()


def _grid(run: Run, table: pl.DataFrame, *, later: bool) -> list[dict[str, Any]]:
    """Rows of the table proposal x constituency."""
    if not table.height:
        return []
    rows = []
    for key, part in table.filter(pl.col("later") == later).group_by("proposal", maintain_order=True):
        proposal = run.study.proposals[str(key[0])]
        by_side = {s: p["p_side"][0] for (s,), p in part.group_by("side", maintain_order=True)}
        rows.append(
            {
                "proposal": proposal,
                "cells": part.to_dicts(),
                "sides": by_side,
                "p_all": part["p_all"][0],
            }
            | {"blocker": min(by_side, key=lambda s: by_side[s])}
        )
    return rows


def _asked_within(run: Run) -> set[tuple[str, str]]:
    """Constituencies of which nobody was asked alone, but people within a whole."""
    silent = set(silent_groups(run.study, run.responses))
    alone = [p for p in run.study.constituencies() if run.acceptance.answers(*p) < PRIOR_ONLY]
    return {p for p in alone if p not in silent}


def answers_behind(run: Run, found: dict[str, Finding]) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Printed results of each constituency."""
    study, listed = run.study, {}
    if "answers" in found:
        for r in found["answers"].table.iter_rows(named=True):
            listed.setdefault((r["side"], r["constituency"]), []).append(r)
    groups = [(s, c) for s, c in study.constituencies() if not study.repeats(s, c)]
    behind = {pair: listed.pop(study.asked_as(*pair), []) for pair in groups}
    return behind | listed  # wholes of several sides, which no rule names


def _voices(run: Run) -> list[dict[str, Any]]:
    """What each set of voices said, beside the model's estimate for the group as a whole."""
    table = run.acceptance.predictive() if len(run.acceptance.cells) else pl.DataFrame()
    small = [i for i, x in run.study.instruments.items() if x.kind == "interviews" or x.selection != "random"]
    if not table.height:
        return []
    rows = []
    for r in table.filter(pl.col("instrument").is_in(small)).iter_rows(named=True):
        offer = run.study.questions[r["question"]].offer
        shares = run.acceptance.support(offer).filter(
            (pl.col("side") == r["side"]) & (pl.col("constituency") == r["constituency"])
        )
        question = run.study.questions[r["question"]]
        rows.append(
            r
            | {"label": run.study.instruments[r["instrument"]].label, "wording": question.wording}
            | {"estimate": shares.row(0, named=True), "compared": question.against is not None}
            | {"group": run.study.label(r["side"], r["constituency"])}
        )
    return rows


def _interviews(found: dict[str, Finding]) -> list[Finding]:
    """Agreement of coders, their errors, saturation: all that interviews have to say beside the counts."""
    return [
        f for name, f in found.items() if name.startswith(("agreement", "coder-errors", "saturation")) and f.sentence
    ]


def _odds(found: dict[str, Finding]) -> dict[str, Any]:
    """Rows of the table of fixed selection odds."""
    if "selection" not in found:
        return {"odds_shown": [], "odds_rows": []}
    table = found["selection"].table
    rows = [
        {"question": q, "side": s, "group": c, "cells": part.sort("r").to_dicts()}
        for (q, s, c), part in table.group_by("question", "side", "constituency", maintain_order=True)
    ]
    return {"odds_shown": table["r"].unique().sort().to_list(), "odds_rows": rows}


def _quoted(run: Run) -> list[dict[str, Any]]:
    """Words of speakers, if the study says that they agreed; of groups large enough that nobody stands out."""
    if not run.study.quotations:
        return []
    context = run.responses.context.filter(pl.col("note") != "")
    people = run.responses.context.group_by("instrument", "constituency").agg(
        pl.col("speaker").n_unique().alias("people")
    )
    large = context.join(people.filter(pl.col("people") >= run.study.minimum_count), on=["instrument", "constituency"])
    return large.select("theme", "note").sort("theme").to_dicts()


def _refusals(run: Run) -> list[dict[str, Any]]:
    """Red lines: share refusing at any price, and whether that is more than the prior."""
    study, draws, prior = run.study, run.acceptance.draws, run.acceptance.prior
    rows = []
    for j, (s, c) in enumerate(study.constituencies()):
        if c != next(iter(study.sides[s].constituencies)):
            continue
        for issue, options in study.sides[s].red_lines.items():
            k = [i.id for i in study.space.issues].index(issue)
            for o in options:
                n = study.space.issues[k].index(o)
                package = study.space.encode({issue: o})
                refused, before = (refusal(d, package)[:, j] for d in (draws, prior))
                informed = 1 - float(refused.var() / before.var())
                rows.append(
                    {
                        "side": study.sides[s].label,
                        "group": study.label(s, c),
                        "term": f"{study.space.issues[k].label}: {study.space.issues[k].options[n].label}",
                    }
                    | {"share": span(**interval(refused)), "informed": informed}
                )
    return rows


def _costs(run: Run) -> list[dict[str, Any]]:
    """What commitments cost: each proposal with and without them."""
    return [
        {"label": p.label, "with": run.room.carry(p.id).to_dicts(), "without": run.without_costs.carry(p.id).to_dicts()}
        for p in run.study.proposals.values()
        if p.date <= run.study.as_of
    ]


def _sources(run: Run) -> list[dict[str, Any]]:
    used = run.responses.table.group_by("source").agg(pl.len().alias("rows"))
    counts = dict(used.iter_rows())
    proposals = {p.source for p in run.study.proposals.values()}
    return [
        {"source": s, "rows": counts.get(i, 0), "url": s.url if s.url.startswith(("https://", "http://")) else ""}
        for i, s in run.study.sources.items()
        if i in counts or i in proposals
    ]
