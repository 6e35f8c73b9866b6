"""experiments.yaml: judged packages as answers of single respondents to offers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import polars as pl

from winset.errors import Mistake, UsageError, suggest
from winset.evidence.asking import find_side
from winset.evidence.responses import Reading, Response
from winset.evidence.wide import ROW, read_judged
from winset.exports import OUTSIDE, drop_gaps, layout_of
from winset.study import Experiment, Study
from winset.study.experiment import OPEN_LEVEL

FILE = "experiments.yaml"
YES = {"1", "1.0", "yes", "true", "chosen", "accept", "accepted", "selected"}
NO = {"0", "0.0", "no", "false", "not chosen", "reject", "rejected", "not selected"}
WEIGHTS = (1e-100, 1e100)
"""Bounds of survey weights; beyond them their squares are no numbers."""
SHOWN = 3
"""Unmapped levels named in one mistake."""


def read_experiments(study: Study) -> Reading:
    """Read the files that a study's experiments.yaml names.

    Every judged profile or pair is a row: a package against no deal, or the first profile of a task against another. Of
    several profiles the chosen one stands against each of the others, with its weight shared out. Survey weights are
    scaled to the people whom they are worth (Kish 1965), and divided by the instrument's design effect.
    """
    responses: list[Response] = []
    mistakes: list[Mistake] = []
    files: list[str] = []
    for name, experiment in study.experiments.items():
        files += experiment.files
        try:
            table = read_long(study, experiment)
        except UsageError as error:
            said = str(error).removeprefix(f"{study.folder / experiment.file}: ")
            mistakes.append(Mistake(experiment.file, 0, f"{said} (experiment `{name}`)"))
            continue
        wrong = list(_wrong(table, experiment, study))
        mistakes += wrong
        if not wrong:
            responses += _responses(table, name, experiment, study)
    return Reading(responses, (), mistakes, (FILE, *files) if files else ())


def tell_experiments(study: Study) -> list[str]:
    """What was assumed about the files of experiments, and how much of them was left out; a line each."""
    told = []
    for name, experiment in study.experiments.items():
        try:
            notes = _read(study, experiment)[1]
        except UsageError:
            continue  # told as a mistake by the reader
        told += [f"{experiment.file} (experiment `{name}`): {note}" for note in notes]
    return told


def read_long(study: Study, experiment: Experiment) -> pl.DataFrame:
    """One row a profile, columns respondent, task, profile, outcome, weight, group and the attributes."""
    return _read(study, experiment)[0]


def _read(study: Study, experiment: Experiment) -> tuple[pl.DataFrame, list[str]]:
    group = experiment.constituencies.column if experiment.constituencies else None
    layout = layout_of(experiment, [c for c in (experiment.weight, group) if c])
    long = read_judged(study.folder / experiment.file, layout)
    named = {"respondent": experiment.respondent, "task": long.task, "profile": long.profile, "outcome": long.outcome}
    wanted = named | {"weight": experiment.weight, "group": group}
    fixed = [pl.col(c).alias(f"winset:{k}") if c else pl.lit(None).alias(f"winset:{k}") for k, c in wanted.items()]
    levels = [pl.col(a).cast(pl.String).str.strip_chars() for a in experiment.attributes]
    table = long.table if ROW in long.table.columns else long.table.with_row_index(ROW, offset=2)
    notes = list(long.notes)
    if experiment.judged == "choice" and OUTSIDE in table.columns:
        outside = table.filter(OUTSIDE).height
        notes += [f"{outside:,} profiles of tasks in which none was chosen are left out"] if outside else []
        table = table.filter(~pl.col(OUTSIDE))
    table = table.select(ROW, *fixed, *levels)
    checked = ["winset:respondent", "winset:outcome", *experiment.attributes]
    checked += [f"winset:{k}" for k in ("task", "weight", "group") if wanted[k]]
    gaps = table.filter(pl.any_horizontal(pl.col(checked).is_null()))
    if gaps.height and not experiment.drop_missing:
        raise UsageError(
            f"{gaps.height} rows have an empty cell (the first is row {gaps[0, 0]}); fill them, or write `drop_missing: true`"
        )
    together = ["winset:respondent", "winset:task"] if experiment.judged == "choice" else []
    table, left_out = drop_gaps(table, checked, together)
    return table, [*notes, *left_out]


def _wrong(table: pl.DataFrame, experiment: Experiment, study: Study) -> Iterator[Mistake]:
    say = lambda text: Mistake(experiment.file, 0, text)  # noqa: E731
    if not table.height:
        yield say("holds no row that can be used")
        return
    for a, attribute in experiment.attributes.items():
        counts = table[a].value_counts(sort=True)
        unknown = [(x, n) for x, n in counts.iter_rows() if x not in attribute.levels]
        if unknown:
            listed = ", ".join(f"`{x}` ({n} rows)" for x, n in unknown[:SHOWN])
            yield say(
                f"levels of `{a}` that experiments.yaml does not map: {listed}{suggest(unknown[0][0], attribute.levels)}"
            )
    if experiment.weight:
        weight = table["winset:weight"].cast(pl.Float64, strict=False)
        bad = int((~weight.is_between(*WEIGHTS)).fill_null(True).sum())
        if bad:
            yield say(f"weight `{experiment.weight}` is no number above zero that can be squared in {bad} rows")
    answers = table["winset:outcome"].cast(pl.String).str.to_lowercase()
    known = YES | NO if experiment.judged != "rating" else {str(v).lower() for v in experiment.answers}
    odd = sorted(set(answers.unique()) - known)
    if odd:
        yield say(f"outcome `{experiment.outcome}` holds `{odd[0]}`; known: {', '.join(sorted(known)[:8])}")
        return
    if experiment.judged == "choice":
        yes = answers.is_in(list(YES)).alias("winset:yes")
        tasks = table.with_columns(yes).group_by("winset:respondent", "winset:task")
        taken = tasks.agg(pl.col("winset:yes").sum().alias("n"), pl.len(), pl.col("winset:row").min()).sort(
            "winset:row"
        )
        bad_tasks = taken.filter((pl.col("n") != 1) | (pl.col("len") < 2))
        if bad_tasks.height:
            yield say(
                f"{bad_tasks.height} tasks have no or several chosen profiles, or one profile only (the first begins in row "
                f"{bad_tasks[0, 'winset:row']}); each needs one 1 among 0s"
            )


def _responses(table: pl.DataFrame, name: str, experiment: Experiment, study: Study) -> list[Response]:
    table = _with_people(table, experiment, study)
    rows = table.rows(named=True)
    offers: dict[tuple[str, ...], Mapping[str, str]] = {}
    for row in rows:
        key = tuple(row[a] for a in experiment.attributes)
        if key not in offers:
            offers[key] = _offer(key, experiment)
        row["winset:offer"] = offers[key]
    if experiment.judged == "choice":
        return [r for task in _tasks(rows) for r in _pairs(task, name, experiment, study)]
    return [r for row in rows if (r := _alone(row, name, experiment, study)) is not None]


def _with_people(table: pl.DataFrame, experiment: Experiment, study: Study) -> pl.DataFrame:
    """Constituency and effective weight of every row."""
    if experiment.constituencies:
        values = experiment.constituencies.values
        table = table.with_columns(
            pl.col("winset:group").cast(pl.String).replace_strict(values, default=None).alias("winset:group")
        )
        table = table.filter(pl.col("winset:group").is_not_null())
    else:
        table = table.with_columns(pl.lit(experiment.constituency).alias("winset:group"))
    weight = pl.col("winset:weight").cast(pl.Float64) if experiment.weight else pl.lit(1.0)
    effect = study.instruments[experiment.instrument].design_effect
    table = table.with_columns(weight.alias("winset:weight"))
    worth = pl.col("winset:weight").sum() / (pl.col("winset:weight") ** 2).sum() / effect
    return table.with_columns((pl.col("winset:weight") * worth).alias("winset:weight"))


def _offer(levels: Sequence[str], experiment: Experiment) -> Mapping[str, str]:
    pairs = zip(levels, experiment.attributes.values(), strict=True)
    return {a.issue: a.levels[x] for x, a in pairs if a.levels[x] != OPEN_LEVEL}


def _tasks(rows: Sequence[dict]) -> Iterator[list[dict]]:
    found: dict[tuple, list[dict]] = {}
    for row in rows:
        found.setdefault((row["winset:respondent"], row["winset:task"]), []).append(row)
    return iter(found.values())


def _accepted(row: Mapping) -> bool:
    return str(row["winset:outcome"]).lower() in YES


def _pairs(task: Sequence[dict], name: str, experiment: Experiment, study: Study) -> Iterator[Response]:
    """The chosen profile and each of the others, the one shown first as the offer."""
    share = 1.0 / (len(task) - 1)
    for first, second in combinations(task, 2):
        if _accepted(first) != _accepted(second) and first["winset:offer"] != second["winset:offer"]:
            yield _response(first, second["winset:offer"], int(_accepted(first)), share, name, experiment, study)


def _alone(row: dict, name: str, experiment: Experiment, study: Study) -> Response | None:
    """A profile judged alone; ratings count as for or against, those in the middle as neither."""
    if experiment.judged == "accept":
        return _response(row, None, int(_accepted(row)), 1.0, name, experiment, study)
    scale = study.scales[study.questions[experiment.question].scale]
    given = {str(v).lower(): scale.answers.index(a) for v, a in experiment.answers.items()}
    place = given[str(row["winset:outcome"]).lower()]
    if scale.neutral is not None and scale.answers[place] == scale.neutral:
        return _response(row, None, None, 1.0, name, experiment, study)
    return _response(row, None, int(place >= scale.border), 1.0, name, experiment, study)


def _response(
    row: dict,
    against: Mapping[str, str] | None,
    category: int | None,
    share: float,
    name: str,
    experiment: Experiment,
    study: Study,
) -> Response:
    return Response(
        instrument=experiment.instrument,
        question=experiment.question,
        side=find_side(study, experiment.question, row["winset:group"]),
        constituency=row["winset:group"],
        respondent=f"{name}:{row['winset:respondent']}",
        date=experiment.date,
        offer=row["winset:offer"],
        against=against,
        category=category,
        categories=2,
        weight=row["winset:weight"] * share,
        source=experiment.source,
        locator=f"{experiment.file}:{row['winset:row']}",
    )
