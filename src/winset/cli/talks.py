"""Commands on talks while the war goes on."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from winset.cli.output import draw, hold_ctrl_c, out_findings, say
from winset.errors import UsageError

if TYPE_CHECKING:
    from winset.talks import Paths

FACE_RUNS, FACE_WEEKS = 2000, 520
PULLED = "levers"
Picture = Annotated[Path | None, typer.Option(help="Draw it: a file that ends in .svg, .png or .html.")]


def simulate(
    folder: Annotated[Path, typer.Argument(help="Run folder made by `winset run`.")],
    weeks: Annotated[int, typer.Option(help="Weeks from the as-of date on.")] = 104,
    runs: Annotated[int, typer.Option(help="Runs of each scenario.")] = 10_000,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 1,
    scenario: Annotated[
        list[str] | None, typer.Option(help="Scenario of talks.yaml, or all; may be repeated. Default: as it is.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--scenarios", help="Another talks.yaml, whose war and scenarios are used instead.")
    ] = None,
    lever: Annotated[
        list[str] | None,
        typer.Option(
            help="Pull a lever besides, NAME=VALUE@WEEK (guarantees=article-5-like@8, framing=SIDE); may be repeated."
        ),
    ] = None,
    off: Annotated[list[str] | None, typer.Option(help="Mechanism to switch off; may be repeated.")] = None,
    fixed: Annotated[
        list[str] | None, typer.Option("--set", help="Fix a parameter, NAME=VALUE; may be repeated.")
    ] = None,
    fitted: Annotated[bool, typer.Option(help="Use what `winset calibrate` fitted to polls, where it did.")] = True,
    face_checks: Annotated[bool, typer.Option(help="Ten years beside what wars of the size did.")] = True,
    story: Annotated[int | None, typer.Option(min=0, help="Tell one run week by week, by its number.")] = None,
    to: Annotated[
        Path | None, typer.Option("--out", help="NetCDF file for the runs; default paths.nc in the run folder.")
    ] = None,
    workers: Annotated[int, typer.Option(min=0, help="Make the runs in some processes of a Dask cluster here.")] = 0,
    scheduler: Annotated[str, typer.Option(help="Address of a running Dask scheduler that sees the same folder.")] = "",
    plot: Annotated[Path | None, typer.Option(help="Draw outcomes over time: .svg, .png or .html.")] = None,
    plot_room: Annotated[Path | None, typer.Option(help="Draw the win-sets over time.")] = None,
    plot_fans: Annotated[Path | None, typer.Option(help="Draw front, regions and moods as fans.")] = None,
    plot_scenarios: Annotated[Path | None, typer.Option(help="Draw the scenarios side by side.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Talks while the war goes on: when, whether and on what terms, scenario beside scenario."""
    from winset.findings import describe, describe_face_checks, describe_scenarios, describe_story
    from winset.runs import load_attitudes, open_run, simulate_to_disk
    from winset.talks import check_plan, list_table, plan
    from winset.talks import simulate as run_talks

    if story is not None and story >= runs:
        raise UsageError(f"there is no run {story}; the last of {runs:,} is {runs - 1}")
    clock = time.perf_counter()
    room = open_run(folder, with_rooms=False).room
    room = _another_war(room, file) if file else room
    polls = load_attitudes(folder) if fitted else None
    if polls is not None:
        say(f"parameters fitted to polls are used: {', '.join(polls.names)} (--no-fitted for the priors alone)")
    names = _names(room, scenario, lever)
    given = {"weeks": weeks, "seed": seed, "off": off or [], "fixed": _numbers(fixed), "fitted": polls}
    for name in names:  # mistakes are told before the search
        check_plan(room.acceptance.study, weeks, _base(name), _pulled(name, lever), off or [], given["fixed"])
    table = list_table(room)
    ensembles = {
        name: plan(room, scenario=_base(name), levers=_pulled(name, lever), table=table, **given) for name in names
    }
    say(f"{len(names)} scenarios, {runs:,} runs of {weeks} weeks each, {len(table)} packages on the table")
    paths = simulate_to_disk(
        ensembles,
        to or folder / "paths.nc",
        runs,
        workers=workers,
        scheduler=scheduler,
        progress=lambda done, blocks: (
            say(f"[{time.perf_counter() - clock:4.0f} s] block {done} of {blocks}")
            if done in {0, blocks} or done % max(blocks // 10, 1) == 0
            else None
        ),
    )
    first = paths[names[0]]
    found = [*describe(first), *(describe_scenarios(paths) if len(paths) > 1 else [])]
    found += describe_story(first, story) if story is not None else []
    if face_checks:
        long = run_talks(
            room, runs=FACE_RUNS, table=table, **{**given, "weeks": max(FACE_WEEKS, weeks)}, scenario=_base(names[0])
        )
        found += describe_face_checks(long)
    _draw(paths, runs, plot, plot_room, plot_fans, plot_scenarios)
    out_findings(found, as_json=as_json)
    say(f"runs: {to or folder / 'paths.nc'}")


def calibrate(
    folder: Annotated[Path, typer.Argument(help="Run folder made by `winset run`; the fit is kept there.")],
    hold_back: Annotated[
        float, typer.Option(min=0.1, max=0.6, help="Part of each series, its end, that is foreseen from the rest.")
    ] = 1 / 3,
    plot: Picture = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Fit attitudes to polls of many months, and foresee the last of them beside a random walk and a constant."""
    from winset.findings import describe
    from winset.runs import open_run, save_attitudes

    with hold_ctrl_c():
        from winset.verification import fit_attitudes
    run = open_run(folder, with_rooms=False)
    done = fit_attitudes(run.study, run.responses, hold_back=hold_back)
    if plot is not None:
        from winset.figures import draw_attitudes

        draw(plot, lambda: draw_attitudes(done.held_back))
    kept = save_attitudes(folder, done.fitted)
    out_findings(describe(done), as_json=as_json)
    say(f"kept: {kept}; `winset simulate` uses it from now on")


def population(
    folder: Annotated[Path, typer.Argument(help="Run folder made by `winset run`.")],
    package: Annotated[str, typer.Argument(help="Proposal, or ISSUE=OPTION;ISSUE=OPTION.")],
    persons: Annotated[int, typer.Option(help="Persons, shared evenly among constituencies.")] = 100_000,
    weeks: Annotated[int, typer.Option(help="Weeks of talk.")] = 104,
    degree: Annotated[int, typer.Option(help="Ties of a person, on average.")] = 10,
    inside: Annotated[float, typer.Option(help="Share of ties within one's own constituency.")] = 0.8,
    susceptible: Annotated[float, typer.Option(help="How far others move a person, 0 to 1.")] = 0.35,
    confidence: Annotated[
        float, typer.Option(help="Persons further apart do not hear each other, probits; unlimited if absent.")
    ] = float("inf"),
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 1,
    plot: Picture = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Persons on a random network who talk about a package: whether acceptance spreads, and whether camps form."""
    from winset.findings import describe
    from winset.runs import open_run
    from winset.talks import populate, talk

    room = open_run(folder, with_rooms=False).room
    terms, _ = room.acceptance.study.find(package)
    people = populate(room, terms, persons, degree=degree, inside=inside, seed=seed)
    say(f"{persons:,} persons, {people.network.degree:.1f} ties each")
    done = talk(
        people,
        weeks,
        susceptible=susceptible,
        confidence=confidence,
        progress=lambda week, last: say(f"week {week} of {last}") if week == last or week % 26 == 0 else None,
    )
    if plot is not None:
        from winset.figures import draw_population

        draw(plot, lambda: draw_population(done.shares, persons))
    out_findings(describe(done), as_json=as_json)


def _base(name: str) -> str:
    return "as-it-is" if name == PULLED else name


def _pulled(name: str, lever: list[str] | None) -> list[str]:
    return lever or [] if name == PULLED else []


def _names(room, scenario: list[str] | None, lever: list[str] | None) -> list[str]:
    """Scenarios to run, the one that others are laid beside first."""
    known = room.acceptance.study.war.scenarios if room.acceptance.study.war else {}
    asked = ["as-it-is", *known] if scenario and "all" in scenario else list(dict.fromkeys(scenario or ["as-it-is"]))
    return [*asked, PULLED] if lever else asked


def _numbers(texts: list[str] | None) -> dict[str, float]:
    values = {}
    for text in texts or []:
        name, _, value = text.partition("=")
        try:
            values[name.strip()] = float(value)
        except ValueError:
            raise UsageError(f"--set {text}: write NAME=VALUE, fatigue=0.4") from None
    return values


def _another_war(room, file: Path):
    """The same room under the war of another file."""
    import dataclasses

    from winset.study.loading import load_war

    study = dataclasses.replace(room.acceptance.study, war=load_war(file, room.acceptance.study))
    return dataclasses.replace(room, acceptance=dataclasses.replace(room.acceptance, study=study))


def _draw(
    paths: Mapping[str, Paths],
    runs: int,
    plot: Path | None,
    room: Path | None,
    fans: Path | None,
    scenarios: Path | None,
) -> None:
    """Whatever pictures were asked for."""
    from winset import figures
    from winset.findings import describe_scenarios

    first = next(iter(paths.values()))
    sides, weeks = first.study.sides, first.state.shape[1]

    rooms = {p.scenario.label: p.room_over_time() for p in paths.values()} if room else {}
    who = {**{s: side.label for s, side in sides.items()}, "both": "Both"}
    asked = (
        (plot, lambda: figures.draw_outcomes({p.scenario.label: p.outcomes() for p in paths.values()}, runs)),
        (room, lambda: figures.draw_room_over_time(rooms, who, len(first.labels), runs)),
        (fans, lambda: figures.draw_fans(first.fans(), runs)),
        (scenarios, lambda: figures.draw_scenarios(describe_scenarios(paths)[0].table, weeks, runs)),
    )
    for file, make in asked:
        if file is not None:
            draw(file, make)
