"""``winset statements``: from a saved article to reviewed statements."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from winset.cli.output import MOST_ROWS, out, out_json, say
from winset.errors import UsageError, suggest

statements = typer.Typer(
    name="statements",
    rich_markup_mode=None,
    no_args_is_help=True,
    help="From a saved article to statements that a person reviews. Nothing leaves this machine.",
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
StudyFolder = Annotated[
    str | None, typer.Option("--study", help="Study whose constituencies and questions are suggested.")
]
ReviewFile = Annotated[Path, typer.Argument(help="Review file that `winset statements read` wrote.")]


@statements.command()
def read(
    article: Annotated[Path, typer.Argument(help="Saved page (.html), text (.txt) or .pdf.")],
    study: StudyFolder = None,
    to: Annotated[Path | None, typer.Option("--out", help="Review file; default ARTICLE.review.jsonl.")] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Replace a review file that is there; the old one stays.")
    ] = False,
    endpoint: Annotated[
        str | None, typer.Option(help="OpenAI-compatible address whose model may suggest; needs --send.")
    ] = None,
    model: Annotated[str, typer.Option(help="Model at the endpoint.")] = "default",
    send: Annotated[bool, typer.Option("--send", help="Agree that paragraphs are sent to the endpoint.")] = False,
    as_json: Json = False,
) -> None:
    """Find who is reported to have said what, and write a review file."""
    from winset.runs.atomic import write_text
    from winset.statements import ask_endpoint, propose, read_article, review_text
    from winset.workbook import load

    target = to or article.with_name(article.name + ".review.jsonl")
    if target.exists() and not again:
        raise UsageError(f"{target} holds your decisions; go on with `winset statements review {target}`, or --again")
    if (endpoint is None) != (not send):
        raise UsageError("an endpoint is asked only with both --endpoint ADDRESS and --send; nothing was sent")
    known = load(study) if study else None
    found = read_article(article)
    say(f"{len(found.paragraphs)} paragraphs of `{found.title}`")
    review = propose(found, known, say=say)
    if endpoint and known is None:
        raise UsageError("an endpoint needs --study, to know which constituencies and questions there are")
    if endpoint and known is not None:
        review = ask_endpoint(review, known, endpoint, model, os.environ.get("WINSET_ENDPOINT_KEY"))
    if target.exists():
        target.replace(target.with_name(target.name + ".before"))
    write_text(target, review_text(review))
    if as_json:
        out_json({"review": str(target), "article": review.article, "candidates": [vars(c) for c in review.candidates]})
        return
    if not review.candidates:
        out(f"no reported speech was found in {article}; {target} is empty")
        return
    for c in review.candidates[:MOST_ROWS]:
        stance = "" if c.stance is None else f"  {c.stance:+d} ({c.stance_why})"
        out(f"{c.id}  {c.kind:8}  {c.speaker or '(nobody named)'}: {c.text[:90]}{stance}")
    if len(review.candidates) > MOST_ROWS:
        out(f"... {len(review.candidates) - MOST_ROWS:,} more in {target}")
    unnamed = sum(not c.speaker for c in review.candidates)
    out(
        f"{len(review.candidates)} candidates, {unnamed} without a speaker. Much indirect speech is missed: read it too."
    )
    say(f"next: winset statements review {target} --study STUDY")


@statements.command()
def review(
    file: ReviewFile,
    study: Annotated[str, typer.Option("--study", help="Study whose constituencies and questions apply.")],
) -> None:
    """Accept, correct or skip each statement on a screen; every key is kept at once, `u` undoes."""
    from winset.runs.atomic import write_text
    from winset.statements import Review, read_review, review_text
    from winset.statements.article import need
    from winset.workbook import load

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            f"the screen needs a terminal; the lines of {file} can also be edited by hand (status, stance ...)"
        )
    need("textual")
    from winset.cli.reviewing import ReviewScreen

    known, found = load(study), read_review(file)
    if not found.candidates:
        out(f"{file} holds no candidate; there is nothing to review")
        return

    def keep(now: Review) -> None:
        write_text(file, review_text(now))

    screen = ReviewScreen(found, known, keep)
    screen.run()
    accepted = sum(c.status == "accepted" for c in screen.review.candidates)
    left = sum(c.status == "open" for c in screen.review.candidates)
    out(f"{accepted} accepted, {left} still open; kept in {file}")
    if accepted:
        say(
            f"next: winset statements add {file} --study {study} --instrument ID --source ID --date 2025-05 --coder NAME"
        )


@statements.command()
def add(
    file: ReviewFile,
    study: Annotated[
        Path, typer.Option("--study", help="Study folder; accepted statements go into its interviews.csv.")
    ],
    instrument: Annotated[str, typer.Option(help="Id of instruments.yaml (kind: interviews).")],
    source: Annotated[str, typer.Option(help="Id of sources.csv.")],
    date: Annotated[str, typer.Option(help="When it was said, 2025-05 or 2025-05-17.")],
    coder: Annotated[str, typer.Option(help="Who reviewed: a pseudonym.")],
) -> None:
    """Add accepted statements to a study's interviews.csv; the file as it was stays beside it."""
    from winset.evidence import gather
    from winset.evidence.interviews import append_statements
    from winset.runs.atomic import write_text
    from winset.statements import read_review, statement_rows
    from winset.workbook import is_workbook, load

    known = load(study)
    for name, ids in ((instrument, known.instruments), (source, known.sources)):
        if name not in ids:
            raise UsageError(f"unknown id `{name}`{suggest(name, ids)}")
    text, taken = append_statements(known.folder, [])
    rows = statement_rows(read_review(file), instrument, source, date, coder, taken)
    if not rows:
        out(f"every accepted statement of {file} is in {known.folder / 'interviews.csv'} already")
        return
    if is_workbook(study):
        _add_to_workbook(study, rows)
        return
    new, _ = append_statements(known.folder, rows)
    path = known.folder / "interviews.csv"
    if text:
        write_text(path.with_name("interviews.csv.before"), text)
    write_text(path, new)
    try:
        gather(load(study))
    except Exception:
        if text:
            write_text(path, text)
        else:
            path.unlink()
        say("nothing was added: the rows do not fit the study")
        raise
    kept = "; interviews.csv.before is the file as it was" if text else ""
    out(f"{len(rows)} statements added to {path}{kept}")


def _add_to_workbook(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Add rows to the sheet of interviews; the workbook as it was stays beside it, and comes back if the rows do not fit."""
    from winset.evidence import gather
    from winset.runs.atomic import write_whole
    from winset.workbook import add_rows, load

    before = path.read_bytes()
    write_whole(path.with_name(f"{path.stem}.before{path.suffix}"), before)
    write_whole(path, add_rows(path, "Interviews", rows))
    try:
        gather(load(path))
    except Exception:
        write_whole(path, before)
        say("nothing was added: the rows do not fit the study")
        raise
    out(
        f"{len(rows)} statements added to {path}, sheet Interviews; {path.stem}.before{path.suffix} is the workbook as it was"
    )
