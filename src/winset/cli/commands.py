"""Every command of ``winset``."""

from __future__ import annotations

import time
from importlib.metadata import version as package_version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer
from typer.core import TyperGroup

from winset.cli.conjoint import conjoint
from winset.cli.exploration import ask, hangs_on, robust, settles, tip
from winset.cli.interviews import interviews
from winset.cli.interviews import pseudonymise as pseudonymise_study
from winset.cli.output import (
    EVERYWHERE,
    draw,
    forget_ctrl_c,
    hold_ctrl_c,
    out,
    out_csv,
    out_findings,
    out_json,
    read_day,
    say,
    take_everywhere,
    tell_unheard,
    wants_csv,
    warn,
    watch_ctrl_c,
)
from winset.cli.packing import pack, unpack
from winset.cli.questionnaires import add
from winset.cli.serving import serve
from winset.cli.statements import statements
from winset.cli.studies import check, convert, new, schema, tell_here
from winset.cli.talks import calibrate, population, simulate
from winset.cli.verification import coverage, loo, verify
from winset.errors import MistakesError, UsageError, WinsetError, list_mistakes

if TYPE_CHECKING:
    from winset.brief import Summary
    from winset.room import Room

TOP = 10
"""Packages that are listed unless one says otherwise."""
INTERRUPTED = 130
READING = tuple(("conjoint", name) for name in ("amce", "mm", "interactions", "check", "model"))
"""Commands that write nothing in any case, so that it need not be said."""
RESUMED = ("run", "demo", "score", "simulate", "verify")
"""Commands that keep what they finished when they are cut off; every other one writes at its end, whole or nothing."""
REFITTING = ("--sources", "--declared")
"""Options with which `hangs-on` keeps what it finished too."""

app = typer.Typer(
    name="winset",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Which peace terms could each side's leader carry at home, and what would change that?",
    epilog=f"Every command takes {', '.join(f'{o} ({said})' for o, said in EVERYWHERE.items())}.",
)

app.add_typer(conjoint)
app.add_typer(interviews)
app.add_typer(statements)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Folder = Annotated[Path, typer.Argument(help="Study folder or workbook, or the name of a shipped study.")]
RunFolder = Annotated[Path, typer.Argument(help="Run folder made by `winset run`.")]
Seed = Annotated[int, typer.Option(help="Seed of everything random.")]
Fast = Annotated[bool, typer.Option("--fast", help="Laplace approximation instead of NUTS; every output says so.")]
Draws = Annotated[int, typer.Option(min=50, help="Draws per chain, of four chains.")]
Without = Annotated[
    list[str] | None,
    typer.Option(
        help="Leave out a kind of instrument (poll, experiment, interviews) or of question (mood, vague, clause, term, "
        "package), an instrument or a question; may be repeated."
    ),
]
DateText = Annotated[
    str | None, typer.Option("--date", help="Date of the estimate, 2025-09-01; default the study's as-of date.")
]


Given = Annotated[list[str] | None, typer.Option(help="Option that stays, issue=option; may be repeated.")]
Endorsed = Annotated[
    str,
    typer.Option(
        help="Who speaks for it (or against it): leader (each side's own), a side (its leader) or a voice; "
        "'leader:for,unity:against'."
    ),
]
Only = Annotated[
    list[str] | None,
    typer.Option(
        help="Besides what the study says: 'issue=option only with issue=option|option', or what excludes each other, "
        "'issue=option and issue=option'; may be repeated."
    ),
]


def invoke(arguments: list[str]) -> int:
    """Run a command line and turn mistakes into sentences and exit codes."""
    watch_ctrl_c()
    try:
        arguments = take_everywhere(arguments)
        result = app(arguments, standalone_mode=False)
    except KeyboardInterrupt:
        return _interrupted(arguments)
    except MistakesError as error:
        from winset.workbook import every_mistake

        mistakes = every_mistake(error)
        for line in list_mistakes(mistakes):
            warn(line)
        count = len(mistakes)
        written = "" if tuple(arguments[:2]) in READING else "; nothing was written"
        warn(f"{count} mistake{'s' if count != 1 else ''}{written}")
        return 2
    except (WinsetError, OSError) as error:
        warn(f"winset: {error}")
        return 2
    except Exception as error:
        return _click_error(error, arguments)
    if result == INTERRUPTED:
        return _interrupted(arguments)
    tell_unheard()
    return result if isinstance(result, int) else 0


def _interrupted(arguments: list[str]) -> int:
    forget_ctrl_c()
    kept = any(a in RESUMED for a in arguments[:1]) or any(a in REFITTING for a in arguments)
    said = "what was finished is kept, the same command goes on from there" if kept else "nothing was written"
    warn(f"interrupted; {said}")
    return INTERRUPTED


def _click_error(error: Exception, arguments: list[str]) -> int:
    """Exit code of an error of the command-line parser; anything else is ours and is raised."""
    name = type(error).__name__
    if name == "Abort":
        return _interrupted(arguments)
    if name == "Exit":
        return int(getattr(error, "exit_code", 0))
    if hasattr(error, "format_message"):
        warn(f"winset: {error.format_message()}  (winset --help lists commands)")  # pyright: ignore[reportAttributeAccessIssue]
        return 2
    raise error


def _version(wanted: bool) -> None:
    if wanted:
        out(f"winset {package_version('winset')}")
        raise typer.Exit


@app.callback()
def _main(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Measure which peace terms each side's leader could carry at home."""
    if context.invoked_subcommand is None:
        out(tell_here(Path()) or context.get_help())


app.command()(new)
app.command()(check)
app.command()(convert)
app.command()(add)
app.command()(pack)
app.command()(unpack)
app.command()(schema)
app.command()(serve)


class _ShowFirst(TyperGroup):
    """``winset evidence STUDY`` is short for ``winset evidence show STUDY``."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Put ``show`` before what is no command."""
        known = args and (args[0] in self.commands or args[0].startswith("-"))
        return super().resolve_command(ctx, args if known else ["show", *args])


evidence = typer.Typer(
    name="evidence",
    cls=_ShowFirst,
    rich_markup_mode=None,
    no_args_is_help=True,
    help="What was read; pseudonyms for speakers.",
)
app.add_typer(evidence)


@evidence.command("show")
def show_evidence(folder: Folder, as_json: Json = False) -> None:
    """Show what was read, and what no evidence speaks to (the default)."""
    from winset.evidence import gather
    from winset.findings import describe_evidence
    from winset.workbook import load

    study = load(folder)
    out_findings(describe_evidence(study, gather(study)), as_json=as_json, study=study)


@evidence.command()
def pseudonymise(
    folder: Folder,
    key: Annotated[Path | None, typer.Option(help="Key file; default beside the study, readable by you only.")] = None,
) -> None:
    """Replace the speakers of interviews.csv by pseudonyms that stay the same; the key is kept in a file apart."""
    pseudonymise_study(folder, key)


@app.command()
def priors(as_json: Json = False) -> None:
    """Print every prior with its reason."""
    from winset.acceptance import prior_table

    table = prior_table()
    if as_json:
        out_json({"priors": table.to_dicts()})
    elif wants_csv():
        out_csv(table)
    else:
        for p in table.iter_rows(named=True):
            out(
                f"{p['name']}: {p['family']}({p['first']:g}, {p['second']:g}) {p['unit']}\n    {p['what']}; {p['reason']}"
            )


@app.command()
def prior_check(folder: Folder, seed: Seed = 1, as_json: Json = False) -> None:
    """Show what the priors alone foresee of a study's answers and proposals."""
    from winset.evidence import gather
    from winset.findings import describe_prior
    from winset.workbook import load

    study = load(folder)
    responses = gather(study)
    if not len(responses):
        raise UsageError(f"{folder} holds no evidence to compare the priors with")
    with hold_ctrl_c():
        from winset.acceptance import assume
    assumed = assume(study, responses, seed=seed)
    out_findings(describe_prior(assumed), as_json=as_json, fit=assumed.diagnostics, study=study)


@app.command()
def run(
    folder: Folder,
    to: Annotated[Optional[Path], typer.Option("--out", help="Run folder; default runs/FOLDER.")] = None,  # noqa: UP045
    seed: Seed = 1,
    draws: Draws = 400,
    fast: Fast = False,
    without: Without = None,
    probability: Annotated[float, typer.Option(min=0.0, max=1.0, help="Asked probability of the repair.")] = 0.5,
    fail_if_unfit: Annotated[bool, typer.Option(help="Exit with 1 if the fit fails its checks.")] = False,
    as_json: Json = False,
) -> int:
    """Measure acceptance, work out the win-sets, write the brief."""
    import shutil

    from winset.workbook import load

    clock = time.perf_counter()
    study = load(folder)
    say(f"{study.title}: {len(study.constituencies())} constituencies, {len(study.proposals)} proposals")
    with hold_ctrl_c():
        from winset.brief import render_text, write_brief
        from winset.runs import make_run

    made = make_run(
        study,
        to or _default_run(folder),
        seed=seed,
        draws=draws,
        fast=fast,
        without=without or [],
        probability=probability,
        say=lambda text: say(f"[{time.perf_counter() - clock:4.0f} s] {text}"),
    )
    say(f"[{time.perf_counter() - clock:4.0f} s] writing the brief")
    page = write_brief(made)
    if as_json:
        out_json({"findings": [f.as_dict() for f in made.findings()], "brief": str(page)})
    else:
        out(render_text(made, shutil.get_terminal_size((100, 24)).columns))
        out(f"\nbrief: {page}")
    say(f"done in {time.perf_counter() - clock:.0f} s, peak memory {_peak_mb():.0f} MB")
    return 1 if fail_if_unfit and not made.acceptance.diagnostics.passed else 0


def _default_run(study: Path) -> Path:
    """Run folder of a study, by the name that was typed."""
    from winset.workbook import is_workbook

    named = study if study.name not in {"", ".."} else study.resolve()
    return Path("runs") / (named.stem if is_workbook(named) else named.name)


@app.command()
def demo(
    name: Annotated[
        str, typer.Argument(help="A study that ships with winset: istanbul-2025 or cyprus-2004.")
    ] = "istanbul-2025",
    to: Annotated[Path | None, typer.Option("--out", help="Run folder; default runs/NAME.")] = None,
    fast: Fast = False,
    seed: Seed = 1,
) -> int:
    """Run a shipped example and say where the brief is."""
    from winset.errors import suggest
    from winset.study.loading import shipped

    if name not in shipped():
        raise UsageError(f"{' and '.join(shipped())} ship with winset, `{name}` does not{suggest(name, shipped())}")
    return run(Path(name), to=to, seed=seed, fast=fast)


@app.command()
def brief(
    folder: RunFolder,
    pdf: Annotated[bool, typer.Option("--pdf", help="Two pages as PDF: brief.pdf.")] = False,
    docx: Annotated[bool, typer.Option("--docx", help="Two pages for Word: brief.docx.")] = False,
    png: Annotated[bool, typer.Option("--png", help="Two pages as pictures: brief-1.png, brief-2.png.")] = False,
    html: Annotated[bool, typer.Option("--html", help="The page with its annex: brief.html (the default).")] = False,
    annex: Annotated[bool, typer.Option("--annex", help="Every number and its answers as PDF: annex.pdf.")] = False,
    xlsx: Annotated[bool, typer.Option("--xlsx", help="Every table as a workbook: answer.xlsx.")] = False,
    paper: Annotated[str, typer.Option(help="a4 or letter.")] = "a4",
    to: Annotated[Path | None, typer.Option("--out", help="Folder to write to; default the run's.")] = None,
    language: Annotated[
        str, typer.Option(help="en, fr, uk, or the path of a catalogue of texts, de.po; the annex stays English.")
    ] = "en",
) -> None:
    """Write the brief of a finished run anew: two pages and an annex."""
    from winset.brief import name_file, summarise, to_annex_pdf, to_xlsx, write_brief, write_pages
    from winset.language import find_language
    from winset.runs import open_run
    from winset.runs.atomic import write_whole

    spoken = find_language(language)
    run = open_run(folder)
    kinds = [k for k, wanted in (("pdf", pdf), ("docx", docx), ("png", png)) if wanted]
    if (
        (kinds or annex or xlsx)
        and to is not None
        and to.suffix.lower() in {".html", ".pdf", ".xlsx", *(f".{k}" for k in kinds)}
    ):
        raise UsageError(f"{to}: name a folder; the files in it are called brief.pdf, brief.docx and so on")
    if kinds:
        pages = summarise(run).told(spoken)
        _warn_of_scripts(pages, kinds)
        for path in write_pages(pages, to or folder, kinds, paper=paper):
            out(str(path))
    if annex:
        path = (to or folder) / "annex.pdf"
        write_whole(path, to_annex_pdf(run, paper=paper))
        out(str(path))
    if xlsx:
        path = (to or folder) / "answer.xlsx"
        write_whole(path, to_xlsx(run, summarise(run)))
        out(str(path))
    if html or not (kinds or annex or xlsx):
        name = name_file(spoken, ".html")
        out(str(write_brief(run, None if to is None else to / name if to.suffix != ".html" else to, spoken)))


def _warn_of_scripts(pages: Summary, kinds: list[str]) -> None:
    """Say which letters would be boxes in print."""
    from winset.brief import missing_scripts

    for script in missing_scripts(pages) if {"pdf", "png"} & set(kinds) else ():
        warn(f"no font here holds {script} letters: they are boxes in print; install Noto Sans {script}, or use --docx")


@app.command()
def support(
    folder: RunFolder,
    what: Annotated[str, typer.Argument(help="Proposal id, or 'issue=option;issue=option'.")],
    date: DateText = None,
    endorsed: Endorsed = "",
    as_json: Json = False,
) -> None:
    """Acceptance of a proposal or a partial package, and who could carry it; with words for it heard and without."""
    from winset.runs.told import SUPPORT

    if date is None and not endorsed and _tell_kept(folder, SUPPORT.format(what), as_json=as_json):
        return
    from winset.findings import describe_heard, describe_support

    when = None if date is None else read_day(date)
    room = _open_room(folder, endorsed)
    found = describe_heard(room, what, when) if room.endorsed else describe_support(room, what, when)
    out_findings(found, as_json=as_json, fit=room.acceptance.diagnostics, study=room.acceptance.study)


def _tell_kept(folder: Path, question: str, *, as_json: bool) -> bool:
    """Print an answer that the run kept, without its draws; False where it kept none."""
    from winset.runs.told import load_answer
    from winset.study import load

    kept = load_answer(folder, question)
    if kept is not None:
        out_findings(kept.findings, as_json=as_json, fit=kept.fit, study=load(folder / "study"))
    return kept is not None


def _open_room(folder: Path, endorsed: str) -> Room:
    """The room of a run, with the words heard that ``--endorsed`` names."""
    from winset.runs import open_run
    from winset.study import parse_endorsed

    words = parse_endorsed(endorsed)
    return open_run(folder, with_rooms=False, endorsed=words).room


@app.command()
def repair(
    folder: RunFolder,
    what: Annotated[str, typer.Argument(help="Proposal id, or 'issue=option;issue=option'.")],
    probability: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Asked chance that all leaders could carry it.")
    ] = 0.5,
    plot: Annotated[
        Path | None, typer.Option(help="Draw the ladder of changes: a file that ends in .svg, .png or .html.")
    ] = None,
    endorsed: Endorsed = "",
    as_json: Json = False,
) -> None:
    """What would make a proposal carry: the smallest sets of changes, what commitments and vetoes cost, the least shift."""
    from winset.findings import describe, describe_prices, describe_shifts, tell_words

    room = _open_room(folder, endorsed)
    mended = room.repair(what, probability)
    if plot is not None:
        from winset.figures import draw_ladder

        labels = {k: s.label for k, s in room.acceptance.study.sides.items()}
        draw(plot, lambda: draw_ladder(mended.ladder, mended.asked, labels))
    found = [*describe(mended), *describe_prices(room, what), *describe_shifts(room, what, probability)]
    out_findings(tell_words(found, room), as_json=as_json, fit=room.acceptance.diagnostics, study=room.acceptance.study)


@app.command()
def solve(
    folder: RunFolder,
    given: Given = None,
    power: Annotated[
        list[str] | None,
        typer.Option(help="Bargaining power of a side, side=2 (one each if not said); may be repeated."),
    ] = None,
    endorsed: Endorsed = "",
    as_json: Json = False,
) -> None:
    """The package that bargaining theory would pick: Nash, Kalai-Smorodinsky, egalitarian, utilitarian."""
    from winset.runs.told import BARGAIN

    if not (given or power or endorsed) and _tell_kept(folder, BARGAIN, as_json=as_json):
        return
    from winset.findings import describe_solutions, tell_words
    from winset.room import parse_power

    room = _open_room(folder, endorsed)
    found = describe_solutions(room.acceptance.study, room.solve(given=_kept(given), power=parse_power(power or ())))
    out_findings(tell_words(found, room), as_json=as_json, fit=room.acceptance.diagnostics, study=room.acceptance.study)


@app.command("room")
def list_packages(
    folder: RunFolder,
    top: Annotated[int, typer.Option(min=1, max=10_000, help="How many packages.")] = TOP,
    whose: Annotated[
        str, typer.Option("--for", help="What makes a package good: all (at once), a side, product or worse-off.")
    ] = "all",
    above: Annotated[
        float | None, typer.Option(min=0.0, max=1.0, help="All packages with at least this value, not the top.")
    ] = None,
    given: Given = None,
    only: Only = None,
    seconds: Annotated[float, typer.Option(min=1, help="Stop the search then and tell the gap.")] = 60.0,
    plot: Annotated[
        Path | None, typer.Option(help="Draw the map of the room: a file that ends in .svg, .png or .html.")
    ] = None,
    profile: Annotated[
        Path | None, typer.Option(help="Draw what each win-set is made of: a file that ends in .svg, .png or .html.")
    ] = None,
    endorsed: Endorsed = "",
    as_json: Json = False,
) -> None:
    """The packages that leaders are likeliest to carry, proven best, some options given."""
    from winset.runs.told import PACKAGES

    asked = (top, whose, above, given or [], only or [], endorsed, plot, profile)
    if asked == (TOP, "all", None, [], [], "", None, None) and _tell_kept(folder, PACKAGES, as_json=as_json):
        return
    from winset.findings import describe_best, tell_words
    from winset.terms import parse_any

    together = [parse_any(t) for t in only or []]
    room = _open_room(folder, endorsed)
    if plot is not None:
        from winset.brief import draw_room

        draw(plot, lambda: draw_room(room))
    if profile is not None:
        from winset.figures import draw_shape

        draw(profile, lambda: draw_shape(room.shape()))
    kept = _kept(given)
    told, found = room.guarded(top, order=whose, above=above, given=kept, only=together, seconds=seconds, say=say)
    out_findings(
        tell_words(describe_best(told, found, kept), room),
        as_json=as_json,
        fit=room.acceptance.diagnostics,
        study=room.acceptance.study,
    )


def _kept(given: list[str] | None) -> dict[str, str]:
    from winset.terms import parse_package

    return dict(parse_package(";".join(given))) if given else {}


@app.command("score")
def score_all(
    folder: RunFolder,
    to: Annotated[
        Path | None, typer.Option("--out", help="Folder of the scores; default scores in the run folder.")
    ] = None,
    draws: Annotated[int, typer.Option(min=1, help="Posterior draws, evenly chosen.")] = 200,
    given: Given = None,
    every_issue: Annotated[
        bool, typer.Option("--every-issue", help="Settle what the study leaves out of its search, too.")
    ] = False,
    clauses: Annotated[bool, typer.Option("--clauses", help="Also how often each clause of a rule fails.")] = False,
    acceptance: Annotated[bool, typer.Option("--acceptance", help="Also expected acceptance by constituency.")] = False,
    workers: Annotated[int, typer.Option(min=0, help="Dask processes on this machine.")] = 0,
    scheduler: Annotated[str, typer.Option(help="Address of a Dask scheduler whose workers see the same folder.")] = "",
    top: Annotated[int, typer.Option(min=0, max=10_000, help="Packages to print.")] = 10,
    as_json: Json = False,
) -> None:
    """Score every package into Parquet files; the same command goes on where it was cut off."""
    from winset.findings import describe_scores
    from winset.runs import open_run, score_everything

    clock = time.perf_counter()
    room = open_run(folder, with_rooms=False).room
    written = score_everything(
        room,
        to or folder / "scores",
        draws=draws,
        given=_kept(given),
        every_issue=every_issue,
        with_clauses=clauses,
        with_acceptance=acceptance,
        workers=workers,
        scheduler=scheduler,
        progress=lambda done, parts: say(f"[{time.perf_counter() - clock:4.0f} s] part {done} of {parts}"),
    )
    out_findings(describe_scores(written.top(top), written.space.count, written.folder), as_json=as_json)
    say(f"scores: {written.folder}, peak memory {_peak_mb():.0f} MB")


@app.command()
def pivots(
    folder: RunFolder,
    what: Annotated[str, typer.Argument(help="Proposal id, or 'issue=option;issue=option'.")],
    endorsed: Endorsed = "",
    as_json: Json = False,
) -> None:
    """Who decides at home over a proposal: power under the rule, and how often a constituency is decisive."""
    from winset.runs.told import PIVOTS

    if not endorsed and _tell_kept(folder, PIVOTS.format(what), as_json=as_json):
        return
    from winset.findings import describe_pivots, describe_without, tell_words

    room = _open_room(folder, endorsed)
    out_findings(
        tell_words([*describe_pivots(room, what), *describe_without(room)], room),
        as_json=as_json,
        fit=room.acceptance.diagnostics,
        study=room.acceptance.study,
    )


@app.command()
def plot(
    folder: RunFolder,
    kind: Annotated[
        str, typer.Argument(help="summary, acceptance, importance, profile, map, ladder, predictive or trend-SIDE.")
    ],
    to: Annotated[Path, typer.Option("--out", help="File that ends in .svg, .pdf, .png or .html.")] = Path("plot.svg"),
    language: Annotated[str, typer.Option(help="fr, uk, or a catalogue of your own: de.po.")] = "en",
    style: Annotated[str, typer.Option(help="colour, grey, serif or grey-serif.")] = "colour",
    width: Annotated[float | None, typer.Option(min=1, max=200, help="Width in cm: 8.5 is a column of print.")] = None,
    dots: Annotated[int, typer.Option("--dpi", min=30, max=1200, help="Dots per inch of a .png.")] = 144,
) -> None:
    """Draw one of the brief's pictures on its own, for a paper or a slide."""
    from winset.brief import draw_picture
    from winset.runs import open_run

    run = open_run(folder)
    draw(to, lambda: draw_picture(run, kind, language=language, style=style), width, dots)


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(help="Run folder of before.")],
    after: Annotated[Path, typer.Argument(help="Run folder of after.")],
    as_json: Json = False,
) -> None:
    """What changed from one run to another: in the answer, in people, in the evidence, in what is declared."""
    from winset.findings import describe_changes
    from winset.runs import open_run

    old, new = (open_run(f, with_rooms=False).room for f in (before, after))
    fit = next((r.acceptance.diagnostics for r in (old, new) if not r.acceptance.diagnostics.passed), None)
    out_findings(describe_changes(old, new), as_json=as_json, fit=fit, study=new.acceptance.study)


app.command()(hangs_on)
app.command()(ask)
app.command()(tip)
app.command()(robust)
app.command()(settles)
app.command()(loo)
app.command()(verify)
app.command()(coverage)
app.command()(simulate)
app.command()(population)
app.command()(calibrate)


def _peak_mb() -> float:
    import resource
    import sys

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)
