"""Commands that ask whether the model foresees what it was not shown."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from winset.cli.output import draw, forget_ctrl_c, hold_ctrl_c, out_findings, read_day, say
from winset.errors import UsageError, suggest

if TYPE_CHECKING:
    from winset.study import Study
    from winset.verification import Scorecard

KINDS = ("mood", "vague", "clause", "term", "package", "all")
LATER = "later"
HOLDS = (LATER, "terms", "packages", "refusers")
KEPT = Path("runs/scorecards")

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Seed = Annotated[int, typer.Option(help="Seed of everything random.")]


def loo(
    folder: Annotated[Path, typer.Argument(help="Run folder made by `winset run`.")], as_json: Json = False
) -> None:
    """Predict each poll of a run from all the others."""
    from winset.findings import describe
    from winset.runs import open_run
    from winset.verification import leave_one_out

    acceptance = open_run(folder, with_rooms=False).acceptance
    out_findings(
        describe(leave_one_out(acceptance)), as_json=as_json, fit=acceptance.diagnostics, study=acceptance.study
    )


def verify(
    folders: Annotated[list[Path] | None, typer.Argument(help="Study folders, or names of shipped studies.")] = None,
    until: Annotated[
        str | None,
        typer.Option(help="Last day of the evidence that is used; absent: several days, one after the other."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All shipped studies.")] = False,
    hold: Annotated[
        str,
        typer.Option(
            help="What is held back: later (what came later), terms (all questions about a term, one term after the other), "
            "packages (foreseen from their parts), refusers (what was put to those who had refused)."
        ),
    ] = LATER,
    cuts: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=50,
            help="Days that cut each study's evidence, where no day is named; default 5, with --questions 8.",
        ),
    ] = None,
    kind: Annotated[
        str, typer.Option(help="mood, vague, clause, term, package or all; default all, with --until package.")
    ] = "",
    questions: Annotated[
        bool,
        typer.Option(
            "--questions",
            help="Instead: did questions that `winset ask` would have ranked high move the answer more? Some minutes a study.",
        ),
    ] = False,
    nuts: Annotated[bool, typer.Option(help="NUTS instead of the Laplace approximation.")] = False,
    seed: Seed = 1,
    to: Annotated[
        Path, typer.Option("--out", help="Folder where finished fits are kept, so that a killed run goes on.")
    ] = KEPT,
    plot: Annotated[
        Path | None, typer.Option(help="Draw the scorecard: a file that ends in .svg, .png or .html.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Foresee polls and votes from fits that had not seen them, beside naive guesses."""
    from winset.findings import describe
    from winset.study.loading import shipped
    from winset.workbook import load

    if kind and kind not in KINDS:
        raise UsageError(f"unknown kind `{kind}`{suggest(kind, KINDS)}")
    if hold not in HOLDS:
        raise UsageError(f"unknown --hold `{hold}`{suggest(hold, HOLDS)}")
    if until is not None and hold != LATER:
        raise UsageError(f"--until holds back what came later, --hold {hold} something else; choose one")
    named = [load(f) for f in [*(folders or []), *(shipped().values() if every else [])]]
    if not named:
        raise UsageError("name a study, or --all for those that ship with winset")
    with hold_ctrl_c():
        import winset.verification  # noqa: F401  (compiles, and must not be cut off while it does)
    if questions:
        _look_back(named, to, cuts, seed, plain=not (nuts or kind or plot or until or hold != LATER), as_json=as_json)
        return
    if until is not None:
        card = _until(named, read_day(until), kind or "package", seed, nuts=nuts)
    else:
        from winset.runs import keep_scorecard

        card = keep_scorecard(named, to, cuts=cuts or 5, hold=hold, seed=seed, fast=not nuts, say=say)
        card = card.of_kind(None if kind in ("", "all") else kind)
    if plot is not None:
        from winset.figures import draw_scorecard

        draw(plot, lambda: draw_scorecard(card))
    verdicts = [*card.diagnostics.values()]
    out_findings(describe(card), as_json=as_json, fit=verdicts[0] if len(verdicts) == 1 else None)


def _look_back(studies: list[Study], to: Path, cuts: int | None, seed: int, *, plain: bool, as_json: bool) -> None:
    """Questions of the past, ranked from what was known before."""
    from winset.exploration.hindsight import CUTS
    from winset.findings import describe
    from winset.runs import keep_hindsight

    if not plain:
        raise UsageError(
            "--questions goes with --cuts, --seed and --out only; the fits are by the Laplace approximation"
        )
    found = keep_hindsight(studies, to, cuts=cuts or CUTS, seed=seed, say=say)
    forget_ctrl_c()
    out_findings(describe(found), as_json=as_json)


def _until(studies: list[Study], day: dt.date, kind: str, seed: int, *, nuts: bool) -> Scorecard:
    from winset.verification import verify as backtest

    if len(studies) > 1:
        raise UsageError("--until cuts one study; leave it out to cut each of several")
    return backtest(studies[0], day, kind=None if kind == "all" else kind, seed=seed, fast=not nuts)


def coverage(
    folder: Annotated[Path, typer.Argument(help="Study folder, or the name of a shipped study.")],
    fits: Annotated[int, typer.Option(min=2, help="Simulated studies.")] = 40,
    nuts: Annotated[bool, typer.Option(help="Judge NUTS instead of the Laplace approximation; minutes a fit.")] = False,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Simulate answers with a known truth to a study's own questions, and count how often intervals hold it."""
    from winset.findings import describe
    from winset.workbook import load

    study = load(folder)
    with hold_ctrl_c():
        from winset.verification import check_coverage
    done = check_coverage(study, fits, fast=not nuts, seed=seed, say=say)
    forget_ctrl_c()
    out_findings(describe(done), as_json=as_json)
