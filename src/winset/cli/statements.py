"""``winset statements``: from a saved article to reviewed statements."""

from __future__ import annotations

import os
import sys
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
    article: Annotated[Path, typer.Argument(help="English: a saved page (.html), text (.txt), .docx or .pdf.")],
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
    """Find who is reported to have said what, or to think so, and write a review file."""
    from winset.runs.atomic import write_text
    from winset.statements import ask_endpoint, offer_instruments, propose, read_article, review_text
    from winset.workbook import load
    from winset.workbook.statements import interview_rows

    target = to or article.with_name(article.name + ".review.jsonl")
    if target.exists() and not again:
        raise UsageError(f"{target} holds your decisions; go on with `winset statements review {target}`, or --again")
    if (endpoint is None) != (not send):
        raise UsageError("an endpoint is asked only with both --endpoint ADDRESS and --send; nothing was sent")
    known = load(study) if study else None
    found = read_article(article)
    say(f"{len(found.paragraphs)} paragraphs of `{found.title}`")
    review = propose(found, known, say=say)
    if known is not None:
        for other, whom in offer_instruments(review, interview_rows(known)).items():
            say(f"{whom}: the same interviews? then add with --instrument {other}")
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
        out(f"no reported speech and no attitude was found in {article}; {target} is empty")
        return
    for c in review.candidates[:MOST_ROWS]:
        stance = "" if c.stance is None else f"  {c.stance:+d} ({c.stance_why})"
        many = "" if c.how_many == "1" else f" [{c.how_many}]"
        same = f"  the same people as {c.same_as}?" if c.same_as else ""
        out(f"{c.id}  {c.kind:8}  {c.speaker or '(nobody named)'}{many}: {c.text[:90]}{stance}{same}")
    if len(review.candidates) > MOST_ROWS:
        out(f"... {len(review.candidates) - MOST_ROWS:,} more in {target}")
    unnamed = sum(not c.speaker for c in review.candidates)
    out(
        f"{len(review.candidates)} candidates, {unnamed} without a speaker. Some are missed or misread: read the article."
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
    """Add accepted statements to a study's interviews.csv and polls.csv; the files as they were stay beside."""
    from winset.cli.adding import add_to_folder, add_to_workbook
    from winset.statements import offer_instruments, read_review, statement_rows
    from winset.workbook import is_workbook, load
    from winset.workbook.statements import interview_rows, taken_in

    known = load(study)
    for name, ids in ((instrument, known.instruments), (source, known.sources)):
        if name not in ids:
            raise UsageError(f"unknown id `{name}`{suggest(name, ids)}")
    found = read_review(file)
    earlier = interview_rows(known)
    rows = statement_rows(found, instrument, source, date, coder, taken_in(known), earlier)
    for sentence in rows.told:
        say(sentence)
    for other, whom in offer_instruments(found, earlier).items():
        if other != instrument:
            say(f"{whom}: the same interviews? add with --instrument {other}, so that people count once")
    if not (rows.interviews or rows.polls):
        out(f"every accepted statement of {file} is in {known.folder} already")
    elif is_workbook(study):
        add_to_workbook(study, rows)
    else:
        add_to_folder(known.folder, rows)
