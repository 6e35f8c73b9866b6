"""Commands on what the answer hangs on, and what to ask next."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from winset.cli.output import draw, out_findings, say
from winset.cli.questionnaires import write_draft
from winset.errors import RunError, UsageError

if TYPE_CHECKING:
    from winset.exploration.spending import Spending
    from winset.findings import Finding
    from winset.room import Room

THOUSANDS = re.compile(r"(?<=\d)[ ,'_](?=\d{3}(\D|$))")
"""What sets thousands off where people write money."""

RunFolder = Annotated[Path, typer.Argument(help="Run folder made by `winset run`.")]
About = Annotated[
    str | None,
    typer.Option(help="Proposal id, or 'issue=option;issue=option'; default the likeliest proposal on record."),
]
Anyway = Annotated[bool, typer.Option("--anyway", help="Go on although the fit of the run failed its checks.")]
Plot = Annotated[Path | None, typer.Option(help="Draw it: a file that ends in .svg, .png or .html.")]
Seconds = Annotated[
    float, typer.Option(min=0.1, help="For the search of packages that compete; it is proven best if it has the time.")
]
Seed = Annotated[int, typer.Option(help="Seed of everything random.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def hangs_on(
    folder: RunFolder,
    about: About = None,
    sources: Annotated[bool, typer.Option("--sources", help="Instead: each poll and report left out in turn.")] = False,
    declared: Annotated[
        bool,
        typer.Option(
            "--declared",
            help="Instead: kinds of questions and of evidence left out, orders and red lines not declared, by a designed set of "
            "fits; some minutes.",
        ),
    ] = False,
    refit: Annotated[
        bool, typer.Option(help="With --sources: fit again without those that reweighting does not reach.")
    ] = True,
    workers: Annotated[int, typer.Option(min=0, help="New fits by so many processes of a Dask cluster here.")] = 0,
    scheduler: Annotated[str, typer.Option(help="Address of a Dask scheduler whose workers see the same folder.")] = "",
    plot: Plot = None,
    anyway: Anyway = False,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """What a proposal's fate at home hangs on: how much of the doubt each assumption, wording and opinion is owed."""
    from winset.exploration import hang, hang_change, hang_together
    from winset.findings import describe

    if sources and declared:
        raise UsageError("--sources and --declared are two questions; ask one after the other")
    if (workers or scheduler) and not (sources or declared):
        raise UsageError("--workers and --scheduler are for new fits; add --sources or --declared")
    if plot and (sources or declared):
        raise UsageError("--plot draws shares of doubt; leave it out with --sources or --declared")
    room = _open(folder, anyway=anyway)
    if sources or declared:
        what, cluster = about or _likeliest(room), (workers, scheduler)
        found = _fit_again(room, folder, what, cluster, declared=declared, refit=refit, seed=seed)
        _print(room, found, as_json=as_json)
        return
    what = about or _likeliest(room)
    hanging = [*hang(room, what, seed=seed), hang_change(room, what, seed=seed), hang_together(room, what, seed=seed)]
    found = [f for h in hanging if h is not None for f in describe(h)]
    _plot(found[0], plot, "thing", "share")
    _print(room, found, as_json=as_json)


def _fit_again(
    room: Room, folder: Path, about: str, cluster: tuple[int, str], *, declared: bool, refit: bool, seed: int
) -> list[Finding]:
    """What takes new fits; those that are done are kept in the run folder."""
    from winset.exploration import leave_sources_out, weigh_assumptions
    from winset.exploration.designed import plan_design
    from winset.exploration.sources import plan_sources
    from winset.findings import describe
    from winset.runs import KeptFits, fit_ahead

    kept, (workers, scheduler) = KeptFits(folder), cluster
    if (workers or scheduler) and (declared or refit):
        plans = plan_design(room) if declared else plan_sources(room)
        fit_ahead(room, folder, about, plans, workers=workers, scheduler=scheduler, say=say)
    if declared:
        return describe(weigh_assumptions(room, about, kept=kept, say=say))
    return describe(leave_sources_out(room, about, refit=refit, kept=kept, seed=seed, say=say))


def tip(
    folder: RunFolder,
    about: About = None,
    plot: Plot = None,
    anyway: Anyway = False,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Tipping points: the smallest change of each assumption, and of pairs, that turns the headline."""
    from winset.findings import describe_tipping

    room = _open(folder, anyway=anyway)
    found = describe_tipping(room, about or _likeliest(room), seed=seed)
    if plot is not None:
        from winset.figures import draw_tipping

        draw(plot, lambda: draw_tipping(found[0].table, found[0].question))
    _print(room, found, as_json=as_json)


def ask(
    folder: RunFolder,
    about: About = None,
    people: Annotated[
        int | None, typer.Option(help="How many answer a poll; 0 leaves polls out; default 1000.")
    ] = None,
    voices: Annotated[
        int | None, typer.Option(help="How many talk to a reporter; 0 leaves interviews out; default 11.")
    ] = None,
    budget: Annotated[
        str | None, typer.Option(help="What may be spent, in place of --people and --voices; needs --price.")
    ] = None,
    price: Annotated[
        list[str] | None,
        typer.Option(help="What one person costs: poll=20, interviews=400, members=.., chains=..; may be repeated."),
    ] = None,
    of: Annotated[str | None, typer.Option(help="Only this constituency, side.constituency or its label.")] = None,
    top: Annotated[int, typer.Option(min=1, max=1000, help="How many questions to list.")] = 12,
    seconds: Seconds = 3.0,
    questionnaire: Annotated[
        Path | None,
        typer.Option(
            help="Write the questions that tell most together as a draft for a pollster, FILE.xlsx; see `winset add`."
        ),
    ] = None,
    plot: Plot = None,
    anyway: Anyway = False,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """What to ask next, of whom, of how many: questions by what their answers are expected to tell."""
    from winset.exploration import ask_next
    from winset.exploration.asking import ELEVEN, PEOPLE
    from winset.findings import describe
    from winset.workbook import check_place

    spending = _read_prices(budget, price or [])
    if spending is not None and not (people is None and voices is None):
        raise UsageError("--budget says how many can be asked; leave out --people and --voices")
    if questionnaire is not None:
        check_place(questionnaire)
    room = _open(folder, anyway=anyway)
    what = about or _likeliest(room)
    asked = ask_next(
        room,
        what,
        people=PEOPLE if people is None else people,
        voices=ELEVEN if voices is None else voices,
        spending=spending,
        of=of,
        top=top,
        seconds=seconds,
        seed=seed,
        say=say,
    )
    found = describe(asked)
    if questionnaire is not None:
        write_draft(room, asked, questionnaire)
    _plot(found[0], plot, "question", "tells")
    _print(room, found, as_json=as_json)


def _read_prices(budget: str | None, prices: list[str]) -> Spending | None:
    """Prices as they are typed."""
    from winset.exploration.spending import read_spending

    if budget is None and not prices:
        return None
    if budget is None:
        raise UsageError("--price says what one person costs, --budget what may be spent: add --budget 30000")
    told = {}
    for text in prices:
        name, _, amount = text.partition("=")
        if name.strip() in told:
            raise UsageError(f"--price names `{name.strip()}` twice; a person of it has one price")
        told[name.strip()] = _read_money(
            amount, f"--price {text}: write the way and what one person costs, such as poll=20"
        )
    return read_spending(_read_money(budget, f"--budget {budget}: write a number, such as 30000"), told)


def _read_money(text: str, said: str) -> float:
    """An amount as people write it, thousands set off or not."""
    try:
        return float(THOUSANDS.sub("", text))
    except ValueError:
        raise UsageError(said) from None


def robust(
    folder: RunFolder, seconds: Seconds = 3.0, anyway: Anyway = False, seed: Seed = 1, as_json: Json = False
) -> None:
    """Packages that are never bad under assumptions one will not choose between: regret beside the likeliest."""
    from winset.exploration import weigh_robustness
    from winset.findings import describe

    room = _open(folder, anyway=anyway)
    out_findings(
        describe(weigh_robustness(room, seconds=seconds, seed=seed)),
        as_json=as_json,
        fit=room.acceptance.diagnostics,
        study=room.acceptance.study,
    )


def settles(
    folder: RunFolder,
    scenario: Annotated[str, typer.Option(help="Scenario of talks.yaml.")] = "as-it-is",
    weeks: Annotated[int, typer.Option(help="Weeks from the as-of date on.")] = 104,
    runs: Annotated[int, typer.Option(help="Runs of the talks.")] = 10_000,
    anyway: Anyway = False,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """What tells runs of the talks that settle from those that do not: two or three rules in words, and a tree."""
    from winset.exploration import tell_apart
    from winset.findings import describe
    from winset.runs import load_attitudes
    from winset.talks import check_plan, simulate

    room = _open(folder, anyway=anyway)
    check_plan(room.acceptance.study, weeks, scenario, [], [], None)
    say(f"{runs:,} runs of {weeks} weeks")
    paths = simulate(room, weeks=weeks, runs=runs, seed=seed, scenario=scenario, fitted=load_attitudes(folder))
    out_findings(
        describe(tell_apart(paths, seed=seed)),
        as_json=as_json,
        fit=room.acceptance.diagnostics,
        study=room.acceptance.study,
    )


def _likeliest(room: Room) -> str:
    """The proposal that is meant where none is named; said, since it may not be the one that the reader has in mind."""
    from winset.exploration import find_headline
    from winset.exploration.headline import weigh_proposals
    from winset.findings import percent

    found, study = find_headline(room), room.acceptance.study
    if len(study.on_record()) > 1:
        chances = {p: float(w.carried(w.shares()).mean()) for p, w in weigh_proposals(room).items()}
        second = max((p for p in chances if p != found), key=lambda p: chances[p])
        near = f"the likeliest on record ({percent(chances[found])}; {study.proposals[second].label} {percent(chances[second])})"
        others = ", ".join(study.on_record())
        say(f"about {study.proposals[found].label}, {near}; --about names another: {others}")
    return found


def _print(room: Room, found: list[Finding], *, as_json: bool) -> None:
    out_findings(found, as_json=as_json, fit=room.acceptance.diagnostics, study=room.acceptance.study)


def _plot(finding: Finding, path: Path | None, name: str, share: str) -> None:
    """Draw the shares of a finding where that was asked for."""
    if path is not None:
        from winset.figures import draw_shares

        draw(path, lambda: draw_shares(finding.table, name, share, finding.question))


def _open(folder: Path, *, anyway: bool) -> Room:
    """The room of a run whose draws may be explored.

    A failed fit has draws that do not stand for the posterior: shares of its variance would be shares of an accident.
    """
    from winset.runs import open_run

    room = open_run(folder, with_rooms=False).room
    fit = room.acceptance.diagnostics
    if not fit.passed and not anyway:
        raise RunError(
            f"{fit.sentence} What it hangs on cannot be told from such draws; add --anyway to go on all the same"
        )
    return room
