"""``winset conjoint``: experiments, with or without a study."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from winset.cli.judged import Asked, Judged, read_asked, split
from winset.cli.output import draw, hold_ctrl_c, out, out_findings, out_json, say
from winset.errors import UsageError, suggest

if TYPE_CHECKING:
    from winset.conjoint import Choices, Design, Estimates
    from winset.findings import Finding

conjoint = typer.Typer(
    name="conjoint",
    rich_markup_mode=None,
    no_args_is_help=True,
    help="Conjoint and factorial experiments: effects, models, designs.",
)

File = Annotated[
    Path, typer.Argument(help="CSV (.gz), TSV, Parquet, Arrow, SPSS .sav or Stata .dta; one row a profile.")
]
Outcome = Annotated[
    str | None,
    typer.Option(
        help="Column of choices (1, 0) or ratings; wide files: pattern Q4.{task+1}, or a column a task, A,B,C."
    ),
]
Respondent = Annotated[str | None, typer.Option(help="Column that numbers respondents.")]
Attributes = Annotated[list[str] | None, typer.Option(help="Columns of levels, A,B,C; may be repeated.")]
Mapping = Annotated[
    Path | None,
    typer.Option(help="experiments.yaml (see map) that says which column is what; all its experiments on the file."),
]
Experiment = Annotated[str | None, typer.Option(help="Only this experiment of the mapping.")]
Where = Annotated[list[str] | None, typer.Option(help="Only rows with column=value (a sub-study); may be repeated.")]
Partial = Annotated[bool, typer.Option("--partial", help="Tasks may leave attributes out: an empty cell is a level.")]
Reference = Annotated[list[str] | None, typer.Option(help="Reference level, A=level; may be repeated.")]
Interact = Annotated[list[str] | None, typer.Option(help="Attributes that enter jointly, A*B; may be repeated.")]
By = Annotated[str | None, typer.Option(help="Column of subgroups.")]
Weight = Annotated[str | None, typer.Option(help="Column of survey weights.")]
Robust = Annotated[str, typer.Option("--se", help="CR0, CR1 or CR2, clustered by respondent.")]
Task = Annotated[str | None, typer.Option(help="Column that numbers the tasks of a respondent.")]
Position = Annotated[str | None, typer.Option("--profile", help="Column that numbers the profiles of a task.")]
Drop = Annotated[
    bool, typer.Option("--drop-missing", help="Leave tasks with an empty cell out (rows, without --task).")
]
Columns = Annotated[
    str | None,
    typer.Option(
        "--wide", help="A row a respondent (or a task): pattern, F-{task}-{profile}-{slot}, {attribute}{task}{profile}."
    ),
]
Names = Annotated[
    str | None, typer.Option(help="Wide files: pattern of the columns that name a slot, F-{task}-{slot}.")
]
Repeat = Annotated[
    str | None,
    typer.Option(
        help="Task and its repetition, 1,6, or column of the repeated answer (COLUMN:flipped): correct for it."
    ),
]
Adjust = Annotated[str, typer.Option(help="p values for many tests: none, bonferroni, holm or bh.")]
Differences = Annotated[bool, typer.Option("--differences", help="Differences between groups (with --by).")]
Confidence = Annotated[float, typer.Option(min=0.5, max=0.999, help="Confidence of the intervals.")]
Plot = Annotated[Path | None, typer.Option(help="Draw the estimates: a file that ends in .svg, .png or .html.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Seed = Annotated[int, typer.Option(help="Seed of everything random.")]


@conjoint.command()
def amce(
    file: File,
    outcome: Outcome = None,
    respondent: Respondent = None,
    attributes: Attributes = None,
    interact: Interact = None,
    reference: Reference = None,
    by: By = None,
    weight: Weight = None,
    robust: Robust = "CR1",
    task: Task = None,
    position: Position = None,
    probabilities: Annotated[
        Path | None, typer.Option(help="Table attribute, level, probability: the design to average over.")
    ] = None,
    repeat: Repeat = None,
    adjust: Adjust = "none",
    differences: Differences = False,
    tests: Annotated[bool, typer.Option("--tests", help="Test whether each attribute matters at all.")] = False,
    confidence: Confidence = 0.95,
    wide: Columns = None,
    names: Names = None,
    drop_missing: Drop = False,
    mapping: Mapping = None,
    experiment: Experiment = None,
    where: Where = None,
    partial: Partial = False,
    plot: Plot = None,
    as_json: Json = False,
) -> None:
    """Average marginal component effects, with errors clustered by respondent."""
    from winset.conjoint import ask_zero, estimate_amce
    from winset.findings.experiments import describe_tests

    asked = Asked.of(locals())

    def estimate(judged: Judged) -> tuple[Estimates, list[Finding]]:
        estimates = estimate_amce(
            judged.profiles,
            interact=_sets(interact),
            robust=_robust(robust),  # pyright: ignore[reportArgumentType]
            probabilities=_probabilities(probabilities),
            confidence=confidence,
        )
        return estimates, [describe_tests(estimates, ask_zero(estimates))] if tests else []

    _tell(asked, estimate, adjust, differences, plot, as_json)


@conjoint.command()
def mm(
    file: File,
    outcome: Outcome = None,
    respondent: Respondent = None,
    attributes: Attributes = None,
    reference: Reference = None,
    by: By = None,
    weight: Weight = None,
    robust: Robust = "CR1",
    task: Task = None,
    position: Position = None,
    repeat: Repeat = None,
    adjust: Adjust = "none",
    differences: Differences = False,
    confidence: Confidence = 0.95,
    wide: Columns = None,
    names: Names = None,
    drop_missing: Drop = False,
    mapping: Mapping = None,
    experiment: Experiment = None,
    where: Where = None,
    partial: Partial = False,
    plot: Plot = None,
    as_json: Json = False,
) -> None:
    """Marginal means: how profiles with each level were judged."""
    from winset.conjoint import estimate_means

    asked = Asked.of(locals())

    def estimate(judged: Judged) -> tuple[Estimates, list[Finding]]:
        return estimate_means(judged.profiles, robust=_robust(robust), confidence=confidence), []  # pyright: ignore[reportArgumentType]

    _tell(asked, estimate, adjust, differences, plot, as_json)


@conjoint.command()
def interactions(
    file: File,
    outcome: Outcome = None,
    respondent: Respondent = None,
    attributes: Attributes = None,
    *,
    pair: Annotated[str, typer.Option(help="The two attributes, A*B.")],
    interact: Interact = None,
    reference: Reference = None,
    by: By = None,
    weight: Weight = None,
    robust: Robust = "CR1",
    task: Task = None,
    position: Position = None,
    repeat: Repeat = None,
    adjust: Adjust = "none",
    differences: Differences = False,
    confidence: Confidence = 0.95,
    wide: Columns = None,
    names: Names = None,
    drop_missing: Drop = False,
    mapping: Mapping = None,
    experiment: Experiment = None,
    where: Where = None,
    partial: Partial = False,
    plot: Plot = None,
    as_json: Json = False,
) -> None:
    """Average component interaction effects: what two levels do together beyond what each does."""
    from winset.conjoint import estimate_interactions

    asked = Asked.of(locals())
    two = split(pair, "*", "--pair")
    if len(two) != 2:
        raise UsageError(f"--pair `{pair}` names {len(two)} attributes; write two, A*B")

    def estimate(judged: Judged) -> tuple[Estimates, list[Finding]]:
        estimates = estimate_interactions(
            judged.profiles,
            (two[0], two[1]),
            interact=_sets(interact),
            robust=_robust(robust),  # pyright: ignore[reportArgumentType]
            confidence=confidence,
        )
        return estimates, []

    _tell(asked, estimate, adjust, differences, plot, as_json)


@conjoint.command()
def check(
    file: File,
    outcome: Outcome = None,
    respondent: Respondent = None,
    attributes: Attributes = None,
    interact: Interact = None,
    covariates: Annotated[
        list[str] | None, typer.Option(help="Features of respondents, A,B: is the design balanced?")
    ] = None,
    by: By = None,
    weight: Weight = None,
    task: Task = None,
    position: Position = None,
    wide: Columns = None,
    names: Names = None,
    drop_missing: Drop = False,
    mapping: Mapping = None,
    experiment: Experiment = None,
    where: Where = None,
    partial: Partial = False,
    as_json: Json = False,
) -> None:
    """Was the experiment run as it was meant? Randomisation, balance, carry-over, order, attention."""
    from winset.conjoint import check_experiment
    from winset.findings.experiments import describe_checks

    features = [x for part in covariates or [] for x in split(part, ",", "--covariates")]
    asked = Asked.of(locals(), also=features)
    found = []
    for judged in read_asked(asked):
        columns = {f: _numbers(judged.table, f) for f in features}
        checks = check_experiment(judged.profiles, interact=_sets(interact), covariates=columns)
        found.append(describe_checks(checks, judged.profiles.source))
    out_findings(found, as_json=as_json)


@conjoint.command()
def model(
    file: File,
    outcome: Outcome = None,
    respondent: Respondent = None,
    attributes: Attributes = None,
    kind: Annotated[str, typer.Option(help="logit, mixed or hierarchical.")] = "logit",
    random: Annotated[
        list[str] | None, typer.Option(help="mixed: terms that vary, 'A: level' or 'A: level=log-normal'; default all.")
    ] = None,
    correlated: Annotated[bool, typer.Option(help="Let a person's part-worths be correlated.")] = False,
    draws: Annotated[int, typer.Option(min=20, help="Draws a respondent (mixed) or a chain (hierarchical).")] = 500,
    points: Annotated[str, typer.Option(help="mixed: halton or sobol.")] = "halton",
    package: Annotated[
        list[str] | None, typer.Option(help="Foresee a package, 'A=level;B=level'; several: shares of preference.")
    ] = None,
    holdout: Annotated[int, typer.Option(min=0, help="Hold out the last tasks of everybody, and foresee them.")] = 0,
    reference: Reference = None,
    weight: Weight = None,
    task: Task = None,
    robust: Robust = "CR1",
    wide: Columns = None,
    names: Names = None,
    drop_missing: Drop = False,
    mapping: Mapping = None,
    experiment: Experiment = None,
    where: Where = None,
    partial: Partial = False,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Choice models: conditional, mixed or hierarchical logit; shares of packages; holdout."""
    from winset.conjoint import encode_choices

    if kind not in {"logit", "mixed", "hierarchical"}:
        raise UsageError(f"unknown kind `{kind}`{suggest(kind, ['logit', 'mixed', 'hierarchical'])}")
    if points not in {"halton", "sobol"}:
        raise UsageError(f"unknown points `{points}`{suggest(points, ['halton', 'sobol'])}")
    asked = Asked.of(locals())
    fit = _fitter(kind, random or [], correlated, draws, points, robust, seed)
    found = []
    for judged in read_asked(asked):
        choices = encode_choices(judged.profiles)
        if kind != "logit":
            with hold_ctrl_c():
                import winset.conjoint.sampled
                import winset.conjoint.simulated  # noqa: F401
        found += _model_findings(fit, choices, package or [], holdout, seed)
    _out(found, as_json)


@conjoint.command("map")
def map_(
    file: File,
    study: Annotated[
        Path | None, typer.Option(help="Study whose issues and options the levels are matched to.")
    ] = None,
    design: Annotated[
        Path | None, typer.Option(help="Table of what was shown (Sawtooth); looked for beside the file else.")
    ] = None,
    to: Annotated[Path | None, typer.Option("--out", help="File to write; standard output else.")] = None,
) -> None:
    """Draft experiments.yaml from an export as it comes: which column is what, which level is which option."""
    from winset.conjoint.mapping import draft_mapping
    from winset.evidence.wide import find_designs, read_export, read_labels
    from winset.exports.opening import tell_encoding
    from winset.workbook import load

    table = read_export(file)
    for note in tell_encoding(file):
        say(f"{file.name}: {note}")
    beside = {design.name: read_export(design)} if design else find_designs(file)
    text = draft_mapping(table, file.name, load(study) if study else None, labels=read_labels(file), designs=beside)
    if to is None:
        out(text)
        return
    _refuse_overwriting(to)
    from winset.runs.atomic import write_text

    write_text(to, text)
    say(f"{to} written; put right what stands behind `#`, then `winset check`")


@conjoint.command()
def design(
    study: Annotated[Path, typer.Argument(help="study.yaml, its folder, or the name of a shipped study.")],
    tasks: Annotated[int, typer.Option(min=1, help="Tasks of a respondent.")] = 8,
    respondents: Annotated[int, typer.Option(min=2, help="Respondents.")] = 1000,
    profiles: Annotated[int, typer.Option(min=1, help="Profiles of a task.")] = 2,
    issues: Annotated[
        list[str] | None,
        typer.Option(
            help="Issues to vary, A,B, with all of their options; default all that are searched, with those that are."
        ),
    ] = None,
    exclude: Annotated[list[str] | None, typer.Option(help="Never show together, 'A=x;B=y'; may be repeated.")] = None,
    repeat: Annotated[
        bool, typer.Option("--repeat", help="The last of the tasks repeats the first, to measure reliability.")
    ] = False,
    power: Annotated[float, typer.Option(help="Asked chance of seeing an effect.")] = 0.8,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            help="csv: a row a profile; qualtrics: a row a respondent; qualtrics-survey: a survey that Qualtrics imports (.txt), "
            "and beside it what each respondent is shown (.csv), in the study's words.",
        ),
    ] = "csv",
    to: Annotated[
        Path | None, typer.Option("--out", help="File to write; default design.csv, of a survey design.txt.")
    ] = None,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Randomised tasks for an experiment on a study's issues, and what it could see."""
    from winset.conjoint import design_experiment, label_levels
    from winset.findings.experiments import describe_design
    from winset.terms import parse_package
    from winset.workbook import load

    if form not in FORMATS:
        raise UsageError(f"unknown format `{form}`{suggest(form, FORMATS)}")
    to = _place(to, form)
    loaded = load(study.parent if study.name == "study.yaml" else study)
    named = [x for part in issues or [] for x in split(part, ",", "--issues")]
    for i in named:
        loaded.space.issue(i)
    varied = [
        i for i in (loaded.space.issues if named else loaded.space.searched().issues) if not named or i.id in named
    ]
    fixed = [i for i in varied if len(i.options) < 2]
    if fixed and not named:
        say(f"{len(fixed)} of {len(varied)} issues have one option that is searched, and never vary: "
            f"{', '.join(i.id for i in fixed)}; --issues varies all options of those that it names")  # fmt: skip
    excluded = [dict(parse_package(x)) for x in exclude or []]
    levels = {i.id: [o.id for o in i.options] for i in varied}
    if form == SURVEY:
        words = label_levels(varied)
        excluded = [_in_words(x, words) for x in excluded]
        levels = {label: [*options.values()] for label, options in words.values()}
    made = design_experiment(
        levels,
        tasks=tasks,
        respondents=respondents,
        profiles=profiles,
        excluded=excluded,
        repeat=repeat,
        power=power,
        seed=seed,
    )
    files = _write_design(made, form, to, seed)
    finding = describe_design(made)
    if as_json:
        out_json({"file": str(to), "files": [*files], "findings": [finding.as_dict()]})
    else:
        out_findings([finding], as_json=False)
        for name, said in files.items():
            out(f"{said} in {name}")


SURVEY = "qualtrics-survey"
FORMATS = ("csv", "qualtrics", SURVEY)


def _place(to: Path | None, form: str) -> Path:
    """Where a design goes; nothing that is there is overwritten."""
    suffix = ".txt" if form == SURVEY else ".csv"
    place = to or Path(f"design{suffix}")
    if form == SURVEY and place.suffix.lower() != suffix:
        raise UsageError(f"{place}: Qualtrics imports a survey as {suffix}; name {place.with_suffix(suffix)}")
    _refuse_overwriting(place)
    if form == SURVEY:
        _refuse_overwriting(place.with_suffix(".csv"))
    return place


def _in_words(package: dict[str, str], words: dict[str, tuple[str, dict[str, str]]]) -> dict[str, str]:
    """A combination that must not be shown, in the words that people are shown; what is unknown is told by its id."""
    for issue, option in package.items():
        if issue not in words:
            raise UsageError(f"--exclude: unknown issue `{issue}`{suggest(issue, words)}")
        if option not in words[issue][1]:
            raise UsageError(f"--exclude: unknown option `{option}` of `{issue}`{suggest(option, words[issue][1])}")
    return {words[i][0]: words[i][1][o] for i, o in package.items()}


def _write_design(made: Design, form: str, to: Path, seed: int) -> dict[str, str]:
    """Write the files of a design; what is in each, by name."""
    from winset.conjoint import make_survey
    from winset.runs.atomic import write_text

    if form != SURVEY:
        table = made.wide() if form == "qualtrics" else made.table
        write_text(to, table.write_csv())
        return {str(to): f"{table.height:,} rows"}
    survey, people = make_survey(made, seed), to.with_suffix(".csv")
    write_text(to, survey.text)
    write_text(people, survey.people.write_csv())
    say(
        f"next: import {to} into Qualtrics as a survey, and {people} as its contacts; then winset conjoint map EXPORT.csv"
    )
    return {
        str(to): f"{made.tasks} questions",
        str(people): f"what {survey.people.height:,} respondents are shown, {survey.people.width} columns",
    }


def _refuse_overwriting(path: Path) -> None:
    if path.exists():
        raise UsageError(f"{path} exists; name another file with --out, nothing is overwritten")


def _tell(
    asked: Asked,
    estimate: Callable[[Judged], tuple[Estimates, list[Finding]]],
    adjust: str,
    differences: bool,
    plot: Path | None,
    as_json: bool,
) -> None:
    """Estimates of every experiment that was asked for, corrected, compared, drawn and told."""
    from winset.conjoint import compare_groups, correct_estimates
    from winset.findings.experiments import describe_reliability
    from winset.findings.finding import describe

    found: list[Finding] = []
    for n, judged in enumerate(read_asked(asked)):
        estimates, told = estimate(judged)
        if judged.reliability:
            estimates = correct_estimates(estimates, judged.reliability)
            told.append(describe_reliability(judged.reliability))
        if differences:
            estimates = compare_groups(estimates)
        estimates = estimates.adjust(adjust)
        if plot and n:
            raise UsageError("--plot draws one experiment; name it with --experiment")
        if plot:
            _draw(plot, estimates)
        found += [*describe(estimates), *told]
    _out(found, as_json)


def _draw(plot: Path, estimates: Estimates) -> None:
    from winset.figures import draw_estimates

    draw(plot, lambda: draw_estimates(estimates))


def _out(found: Sequence[Finding], as_json: bool) -> None:
    """Findings; for programs the rows of the first stand at the top too."""
    if as_json:
        out_json({"rows": found[0].table.to_dicts(), "findings": [f.as_dict() for f in found]})
    else:
        out_findings(found, as_json=False)


def _model_findings(fit: Any, choices: Choices, packages: Sequence[str], holdout: int, seed: int) -> list[Finding]:
    from winset.conjoint import predict_acceptance, predict_shares, score_holdout
    from winset.conjoint.choices import ACCEPTED
    from winset.findings.experiments import describe_holdout, describe_packages
    from winset.findings.finding import describe
    from winset.terms import parse_package

    fitted = fit(choices)
    found = describe(fitted)
    asked = [dict(parse_package(p)) for p in packages]
    if len(asked) > 1:
        found.append(describe_packages(predict_shares(fitted, asked, seed=seed), alone=False))
    if asked and ACCEPTED in choices.names:
        found.append(describe_packages(predict_acceptance(fitted, asked, seed=seed), alone=True))
    elif len(asked) == 1:
        raise UsageError(
            "forced choices do not tell what people would accept against no deal; name two packages or more"
        )
    if holdout:
        found.append(describe_holdout(score_holdout(choices, fit, last=holdout, seed=seed)))
    return found


def _fitter(kind: str, random: Sequence[str], correlated: bool, draws: int, points: str, robust: str, seed: int) -> Any:
    from winset.conjoint import fit_hierarchy, fit_logit, fit_mixed_logit

    if kind == "hierarchical":
        return lambda c: fit_hierarchy(c, correlated=correlated, draws=draws, seed=seed, progress=say)
    if kind == "logit":
        return lambda c: fit_logit(c, robust=robust)
    families = {t: f or "normal" for t, _, f in (x.partition("=") for x in random)}
    return lambda c: fit_mixed_logit(
        c,
        families or dict.fromkeys(c.names, "normal"),  # pyright: ignore[reportArgumentType]
        correlated=correlated,
        draws=draws,
        points=points,  # pyright: ignore[reportArgumentType]
        seed=seed,
        robust=robust,
        progress=say,
    )


def _numbers(table: Any, column: str) -> Any:
    import numpy as np
    import polars as pl

    values = table[column]
    if not values.dtype.is_numeric():
        values = values.cast(pl.String).cast(pl.Categorical).to_physical()
    filled = values.cast(pl.Float64)
    return np.nan_to_num(filled.fill_null(filled.mean() or 0.0).to_numpy())


def _sets(texts: Sequence[str] | None) -> list[list[str]]:
    return [split(t, "*", "--interact") for t in texts or []]


def _robust(name: str) -> str:
    if name not in {"CR0", "CR1", "CR2"}:
        raise UsageError(f"unknown standard error `{name}`{suggest(name, ['CR0', 'CR1', 'CR2'])}")
    return name


def _probabilities(path: Path | None) -> dict[str, dict[str, float]] | None:
    if path is None:
        return None
    from winset.evidence.tablefile import read_table

    found: dict[str, dict[str, float]] = {}
    for row in read_table(path, ["attribute", "level", "probability"]).iter_rows(named=True):
        found.setdefault(str(row["attribute"]), {})[str(row["level"])] = float(row["probability"])
    return found
