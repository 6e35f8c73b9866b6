"""``winset conjoint``: experiments, with or without a study."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from winset.cli.output import draw, hold_ctrl_c, out, out_findings, out_json, say
from winset.errors import UsageError, suggest

if TYPE_CHECKING:
    from winset.conjoint import Choices, Estimates, Profiles, Reliability
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
Outcome = Annotated[str, typer.Option(help="Column of choices (1, 0) or ratings; for wide files its pattern.")]
Respondent = Annotated[str, typer.Option(help="Column that numbers respondents.")]
Attributes = Annotated[list[str], typer.Option(help="Columns of levels, A,B,C; may be repeated.")]
Reference = Annotated[list[str] | None, typer.Option(help="Reference level, A=level; may be repeated.")]
Interact = Annotated[list[str] | None, typer.Option(help="Attributes that enter jointly, A*B; may be repeated.")]
By = Annotated[str | None, typer.Option(help="Column of subgroups.")]
Weight = Annotated[str | None, typer.Option(help="Column of survey weights.")]
Robust = Annotated[str, typer.Option("--se", help="CR0, CR1 or CR2, clustered by respondent.")]
Task = Annotated[str | None, typer.Option(help="Column that numbers the tasks of a respondent.")]
Position = Annotated[str | None, typer.Option("--profile", help="Column that numbers the profiles of a task.")]
Drop = Annotated[bool, typer.Option("--drop-missing", help="Leave rows with an empty cell out.")]
Columns = Annotated[
    str | None, typer.Option("--wide", help="One row a respondent: pattern of columns, F-{task}-{profile}-{slot}.")
]
Names = Annotated[
    str | None, typer.Option(help="Wide files: pattern of the columns that name a slot, F-{task}-{slot}.")
]
Repeat = Annotated[
    str | None, typer.Option(help="Numbers of a task and its repetition, 1,6: correct for answers not given again.")
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
    outcome: Outcome,
    respondent: Respondent,
    attributes: Attributes,
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
    plot: Plot = None,
    as_json: Json = False,
) -> None:
    """Average marginal component effects, with errors clustered by respondent."""
    from winset.conjoint import ask_zero, estimate_amce
    from winset.findings.experiments import describe_tests

    profiles = _profiles(
        file, outcome, respondent, attributes, reference, by, weight, task, position, wide, names, drop_missing
    )
    estimates = estimate_amce(
        profiles,
        interact=_sets(interact),
        robust=_robust(robust),  # pyright: ignore[reportArgumentType]
        probabilities=_probabilities(probabilities),
        confidence=confidence,
    )
    extra = [describe_tests(estimates, ask_zero(estimates))] if tests else []
    _tell(estimates, profiles, repeat, adjust, differences, plot, as_json, extra)


@conjoint.command()
def mm(
    file: File,
    outcome: Outcome,
    respondent: Respondent,
    attributes: Attributes,
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
    plot: Plot = None,
    as_json: Json = False,
) -> None:
    """Marginal means: how profiles with each level were judged."""
    from winset.conjoint import estimate_means

    profiles = _profiles(
        file, outcome, respondent, attributes, reference, by, weight, task, position, wide, names, drop_missing
    )
    estimates = estimate_means(profiles, robust=_robust(robust), confidence=confidence)  # pyright: ignore[reportArgumentType]
    _tell(estimates, profiles, repeat, adjust, differences, plot, as_json, [])


@conjoint.command()
def interactions(
    file: File,
    outcome: Outcome,
    respondent: Respondent,
    attributes: Attributes,
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
    plot: Plot = None,
    as_json: Json = False,
) -> None:
    """Average component interaction effects: what two levels do together beyond what each does."""
    from winset.conjoint import estimate_interactions

    profiles = _profiles(
        file, outcome, respondent, attributes, reference, by, weight, task, position, wide, names, drop_missing
    )
    two = _split(pair, "*", "--pair")
    if len(two) != 2:
        raise UsageError(f"--pair `{pair}` names {len(two)} attributes; write two, A*B")
    estimates = estimate_interactions(
        profiles,
        (two[0], two[1]),
        interact=_sets(interact),
        robust=_robust(robust),  # pyright: ignore[reportArgumentType]
        confidence=confidence,
    )
    _tell(estimates, profiles, repeat, adjust, differences, plot, as_json, [])


@conjoint.command()
def check(
    file: File,
    outcome: Outcome,
    respondent: Respondent,
    attributes: Attributes,
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
    as_json: Json = False,
) -> None:
    """Was the experiment run as it was meant? Randomisation, balance, carry-over, order, attention."""
    from winset.conjoint import check_experiment
    from winset.findings.experiments import describe_checks

    features = [x for part in covariates or [] for x in _split(part, ",", "--covariates")]
    profiles, table = _profiles_and_table(
        file, outcome, respondent, attributes, None, by, weight, task, position, wide, names, drop_missing, features
    )
    columns = {f: _numbers(table, f) for f in features}
    checks = check_experiment(profiles, interact=_sets(interact), covariates=columns)
    out_findings([describe_checks(checks, profiles.source)], as_json=as_json)


@conjoint.command()
def model(
    file: File,
    outcome: Outcome,
    respondent: Respondent,
    attributes: Attributes,
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
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Choice models: conditional, mixed or hierarchical logit; shares of packages; holdout."""
    from winset.conjoint import encode_choices

    if kind not in {"logit", "mixed", "hierarchical"}:
        raise UsageError(f"unknown kind `{kind}`{suggest(kind, ['logit', 'mixed', 'hierarchical'])}")
    if points not in {"halton", "sobol"}:
        raise UsageError(f"unknown points `{points}`{suggest(points, ['halton', 'sobol'])}")
    profiles = _profiles(
        file, outcome, respondent, attributes, reference, None, weight, task, None, wide, names, drop_missing
    )
    fit = _fitter(kind, random or [], correlated, draws, points, robust, seed)
    choices = encode_choices(profiles)
    if kind != "logit":
        with hold_ctrl_c():
            import winset.conjoint.sampled
            import winset.conjoint.simulated  # noqa: F401
    _out(_model_findings(fit, choices, package or [], holdout, seed), as_json)


@conjoint.command("map")
def map_(
    file: File,
    study: Annotated[
        Path | None, typer.Option(help="Study whose issues and options the levels are matched to.")
    ] = None,
    to: Annotated[Path | None, typer.Option("--out", help="File to write; standard output else.")] = None,
) -> None:
    """Draft experiments.yaml from a file: which column is what, which level is which option."""
    from winset.conjoint.mapping import draft_mapping
    from winset.evidence.tablefile import read_table
    from winset.workbook import load

    text = draft_mapping(read_table(file), file.name, load(study) if study else None)
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
        list[str] | None, typer.Option(help="Issues to vary, A,B; default all that are searched.")
    ] = None,
    exclude: Annotated[list[str] | None, typer.Option(help="Never show together, 'A=x;B=y'; may be repeated.")] = None,
    repeat: Annotated[
        bool, typer.Option("--repeat", help="Repeat the first task at the end, to measure reliability.")
    ] = False,
    power: Annotated[float, typer.Option(help="Asked chance of seeing an effect.")] = 0.8,
    form: Annotated[str, typer.Option("--format", help="csv: a row a profile; qualtrics: a row a respondent.")] = "csv",
    to: Annotated[Path, typer.Option("--out", help="File to write.")] = Path("design.csv"),
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Randomised tasks for an experiment on a study's issues, and what it could see."""
    from winset.conjoint import design_experiment
    from winset.findings.experiments import describe_design
    from winset.runs.atomic import write_text
    from winset.terms import parse_package
    from winset.workbook import load

    if form not in {"csv", "qualtrics"}:
        raise UsageError(f"unknown format `{form}`{suggest(form, ['csv', 'qualtrics'])}")
    _refuse_overwriting(to)
    loaded = load(study.parent if study.name == "study.yaml" else study)
    named = [x for part in issues or [] for x in _split(part, ",", "--issues")]
    for i in named:
        loaded.space.issue(i)
    space = loaded.space.searched()
    levels = {
        i.id: [o.id for o in i.options]
        for i in (loaded.space.issues if named else space.issues)
        if not named or i.id in named
    }
    made = design_experiment(
        levels,
        tasks=tasks,
        respondents=respondents,
        profiles=profiles,
        excluded=[dict(parse_package(x)) for x in exclude or []],
        repeat=repeat,
        power=power,
        seed=seed,
    )
    table = made.wide() if form == "qualtrics" else made.table
    write_text(to, table.write_csv())
    finding = describe_design(made)
    if as_json:
        out_json({"file": str(to), "findings": [finding.as_dict()]})
    else:
        out_findings([finding], as_json=False)
        out(f"{table.height:,} rows in {to}")


def _refuse_overwriting(path: Path) -> None:
    if path.exists():
        raise UsageError(f"{path} exists; name another file with --out, nothing is overwritten")


def _tell(
    estimates: Estimates,
    profiles: Profiles,
    repeat: str | None,
    adjust: str,
    differences: bool,
    plot: Path | None,
    as_json: bool,
    extra: Sequence[Finding],
) -> None:
    from winset.conjoint import compare_groups, correct_estimates
    from winset.findings.experiments import describe_reliability
    from winset.findings.finding import describe

    told = list(extra)
    if repeat:
        reliability = _reliability(profiles, repeat)
        estimates = correct_estimates(estimates, reliability)
        told.append(describe_reliability(reliability))
    if differences:
        estimates = compare_groups(estimates)
    estimates = estimates.adjust(adjust)
    if plot:
        from winset.figures import draw_estimates

        draw(plot, lambda: draw_estimates(estimates))
    _out([*describe(estimates), *told], as_json)


def _out(found: Sequence[Finding], as_json: bool) -> None:
    """Findings; for programs the rows of the first stand at the top too."""
    if as_json:
        out_json({"rows": found[0].table.to_dicts(), "findings": [f.as_dict() for f in found]})
    else:
        out_findings(found, as_json=False)


def _reliability(profiles: Profiles, repeat: str) -> Reliability:
    from winset.conjoint import measure_reliability

    parts = _split(repeat, ",", "--repeat")
    if len(parts) != 2 or not all(p.isdigit() and int(p) > 0 for p in parts):
        raise UsageError(f"--repeat `{repeat}` is no pair of task numbers; write for instance 1,6")
    return measure_reliability(profiles, int(parts[0]) - 1, int(parts[1]) - 1)


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


def _profiles(*arguments: Any) -> Profiles:
    return _profiles_and_table(*arguments)[0]


def _profiles_and_table(
    file: Path,
    outcome: str,
    respondent: str,
    attributes: Sequence[str],
    reference: Sequence[str] | None,
    by: str | None,
    weight: str | None,
    task: str | None,
    position: str | None,
    wide: str | None,
    names: str | None,
    drop_missing: bool,
    also: Sequence[str] = (),
) -> tuple[Profiles, Any]:
    from winset.conjoint import read_profiles
    from winset.evidence.tablefile import read_table

    shown = [x for part in attributes for x in _split(part, ",", "--attributes")]
    extra = [c for c in (by, weight, *also) if c]
    if wide:
        from winset.evidence.wide import reshape_wide
        from winset.study import declare_wide

        table = reshape_wide(read_table(file), declare_wide(wide, names, outcome), respondent, extra)
        outcome, task, position = "outcome", "task", "profile"
    else:
        columns = [outcome, respondent, *shown, *extra, *(c for c in (task, position) if c)]
        table = read_table(file, list(dict.fromkeys(columns)))
    if drop_missing:
        table = table.drop_nulls([c for c in table.columns if c not in also])
    profiles = read_profiles(
        table,
        outcome=outcome,
        respondent=respondent,
        attributes=shown,
        references=_references(reference or []),
        by=by,
        weight=weight,
        task=task,
        profile=position,
        drop_missing=drop_missing,
        source=file.name,
    )
    return profiles, table


def _numbers(table: Any, column: str) -> Any:
    import numpy as np
    import polars as pl

    values = table[column]
    if not values.dtype.is_numeric():
        values = values.cast(pl.String).cast(pl.Categorical).to_physical()
    filled = values.cast(pl.Float64)
    return np.nan_to_num(filled.fill_null(filled.mean() or 0.0).to_numpy())


def _references(texts: Sequence[str]) -> dict[str, str]:
    found = {}
    for text in texts:
        attribute, equals, level = text.partition("=")
        if not equals or not level:
            raise UsageError(f"--reference `{text}` is not attribute=level")
        found[attribute.strip()] = level.strip()
    return found


def _sets(texts: Sequence[str] | None) -> list[list[str]]:
    return [_split(t, "*", "--interact") for t in texts or []]


def _split(text: str, mark: str, option: str) -> list[str]:
    parts = [p.strip() for p in text.split(mark)]
    if not all(parts):
        raise UsageError(f"{option} `{text}` has an empty name")
    return parts


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
