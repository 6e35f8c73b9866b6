"""Commands that make a study, check it, and turn it into a workbook or a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from winset.cli.output import out, out_json, say
from winset.errors import UsageError, list_mistakes, suggest

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def new(
    to: Annotated[Path, typer.Argument(help="Workbook (case.xlsx) or folder to make.")],
    like: Annotated[str, typer.Option(help="Shipped study to start from, in place of the small example.")] = "",
    sides: Annotated[int, typer.Option(min=1, max=6, help="Sides of the small example.")] = 2,
    scale: Annotated[str, typer.Option(help="Answers to have ready: peace-poll.")] = "",
    war: Annotated[bool, typer.Option("--war", help="Also what `winset simulate` needs of a war.")] = False,
) -> None:
    """Write a small study that runs as it is, to be written over: a workbook, or a folder of files."""
    from winset.workbook import is_workbook, write_starter

    written = write_starter(to, like=like, sides=sides, scale=scale, war=war)
    for path in written:
        out(str(path))
    if is_workbook(to):
        say(f"next: fill it in, then winset check {to}; winset run {to} --fast writes the brief")
    else:
        say(f"next: winset run {to} --fast")


def convert(
    study: Annotated[Path, typer.Argument(help="Study folder, workbook, or the name of a shipped study.")],
    to: Annotated[Path, typer.Argument(help="Workbook (case.xlsx) or folder to make.")],
) -> None:
    """Write a study as a workbook, or a workbook as a folder; nothing of it is lost but comments in YAML files."""
    from winset.evidence import gather
    from winset.workbook import convert as convert_study
    from winset.workbook import load

    known = load(study)
    gather(known)
    for path in convert_study(known, to):
        out(str(path))


def check(
    folder: Annotated[Path, typer.Argument(help="Study folder or workbook, or the name of a shipped study.")],
    as_json: Json = False,
) -> int:
    """List every mistake in a study, with file and line or sheet and cell, and what to write instead; or what was understood."""
    from winset.workbook import look_at

    found = look_at(folder)
    mistakes = found.mistakes
    if as_json:
        out_json({"mistakes": [vars(m) for m in mistakes], "understood": found.understood})
    else:
        for line in (*list_mistakes(mistakes), *found.understood):
            out(line)
        if not mistakes:
            _tell_experiments(folder)
        out("no mistakes" if not mistakes else f"{len(mistakes)} mistake{'s' if len(mistakes) != 1 else ''}")
    return 2 if mistakes else 0


def _tell_experiments(folder: Path) -> None:
    """What was assumed about files of experiments, and how much of them was left out."""
    from winset.evidence.experiments import tell_experiments
    from winset.workbook import load

    for text in tell_experiments(load(folder)):
        out(text)


def schema(
    file: Annotated[
        str, typer.Argument(help="study, questions, instruments, experiments, codings or talks.")
    ] = "study",
) -> None:
    """Print the JSON Schema of a file that people write."""
    import json

    from winset.study import json_schema

    files = ["study", "questions", "instruments", "experiments", "codings", "talks"]
    if file not in files:
        raise UsageError(f"no schema for `{file}`{suggest(file, files)}")
    out(json.dumps(json_schema(file), indent=2))  # pyright: ignore[reportArgumentType]


def tell_here(folder: Path) -> str:
    """What lies in a folder and what to do with it next; empty where there is nothing of ours."""
    from winset.workbook.opening import KINDS

    if (folder / "settings.json").is_file() and (folder / "posterior.nc").is_file():
        page = " Its brief is brief.html." if (folder / "brief.html").is_file() else ""
        return (
            f"This folder is a finished run.{page} Ask it: winset support . PROPOSAL, winset repair . PROPOSAL, winset room .; "
            "winset brief . --pdf prints two pages. winset --help lists commands."
        )
    if (folder / "study.yaml").is_file():
        return "This folder is a study. Next: winset check . tells every mistake; winset run . --fast writes the brief."
    books = sorted(p.name for p in folder.iterdir() if p.suffix.lower() in KINDS and not p.name.startswith((".", "~")))
    runs = sorted(p.parent.name for p in folder.glob("runs/*/settings.json"))
    said = (
        [f"Workbooks here: {', '.join(books[:5])}. Next: winset check {books[0]}; winset run {books[0]} --fast."]
        if books
        else []
    )
    said += [f"Runs here: {', '.join(runs[:5])}. Next: winset brief runs/{runs[0]} --pdf."] if runs else []
    return " ".join(said)
