"""Files of judged packages as the commands of ``winset conjoint`` are told to read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from winset.cli.output import say
from winset.errors import UsageError

if TYPE_CHECKING:
    from winset.conjoint import Profiles, Reliability
    from winset.exports import Layout, Long
    from winset.study import Repeated

FLIPPED = ":flipped"
"""Ends the name of a column whose task came again with its profiles the other way round."""


@dataclass(frozen=True)
class Asked:
    """Options that say how a file is read."""

    file: Path
    outcome: str | None
    respondent: str | None
    attributes: Sequence[str] | None
    reference: Sequence[str] | None = None
    by: str | None = None
    weight: str | None = None
    task: str | None = None
    position: str | None = None
    wide: str | None = None
    names: str | None = None
    drop_missing: bool = False
    mapping: Path | None = None
    experiment: str | None = None
    where: Sequence[str] | None = None
    partial: bool = False
    repeat: str | None = None
    also: Sequence[str] = ()

    @classmethod
    def of(cls, options: Mapping[str, Any], **more: Any) -> Asked:
        """The options of a command, its ``locals()``, that have the name of a field here."""
        return cls(**{f.name: options[f.name] for f in fields(cls) if f.name in options}, **more)


@dataclass(frozen=True)
class Judged:
    """Profiles of one experiment, the table they came from, and how far people agreed with themselves."""

    profiles: Profiles
    table: Any
    reliability: Reliability | None = None


def read_asked(asked: Asked) -> Iterator[Judged]:
    """The file's experiments: one, or all that the mapping declares for it.

    Raises
    ------
    UsageError
        If the file, the mapping or an option cannot be used.
    """
    layouts = list(_layouts(asked))
    for name, layout, ranks in layouts:
        source = f"{asked.file.name} ({name})" if len(layouts) > 1 else asked.file.name
        yield _judged(asked, layout, ranks, source)


def _layouts(asked: Asked) -> Iterator[tuple[str, Layout, dict[str, int]]]:
    """Name and layout of every experiment, and the rank of answers that are words."""
    from winset.exports import layout_of
    from winset.study import load_mapping

    extra = [c for c in (asked.by, asked.weight, *asked.also) if c]
    if asked.mapping is None:
        yield "", _layout(asked, extra), {}
        return
    declared = load_mapping(asked.mapping, asked.experiment)
    own = {n: e for n, e in declared.items() if e.file == asked.file.name}
    if not own:
        files = ", ".join(dict.fromkeys(e.file for e in declared.values()))
        raise UsageError(f"{asked.mapping}: maps {files} and not {asked.file.name}")
    for name, e in own.items():
        layout = layout_of(e, [*extra, *([e.weight] if e.weight and not asked.weight else [])])
        attributes = tuple(_listed(asked.attributes, "--attributes")) or layout.attributes
        ranks = {str(answer): n for n, answer in enumerate(e.answers, start=1)}
        yield name, replace(layout, attributes=attributes, partial=layout.partial or asked.partial), ranks


def _layout(asked: Asked, extra: Sequence[str]) -> Layout:
    from winset.exports import Layout
    from winset.study import declare_wide

    if asked.outcome is None or asked.respondent is None or not asked.attributes:
        raise UsageError(
            "name --outcome, --respondent and --attributes, or a --mapping (`winset conjoint map` drafts one)"
        )
    wide, outcome = None, asked.outcome
    if asked.wide:
        by_row = asked.task if "{task" not in asked.wide else None
        wide = declare_wide(asked.wide, asked.names, asked.outcome, by_row, _repeated(asked.repeat))
        outcome = "outcome"
    return Layout(
        respondent=asked.respondent,
        outcome=outcome,
        attributes=tuple(_listed(asked.attributes, "--attributes")),
        task=asked.task,
        profile=asked.position,
        keep=tuple(dict.fromkeys(extra)),
        wide=wide,
        where=dict(_pairs(asked.where or [])),
        partial=asked.partial,
    )


def _judged(asked: Asked, layout: Layout, ranks: dict[str, int], source: str) -> Judged:
    from winset.conjoint import read_profiles
    from winset.evidence.wide import read_judged
    from winset.exports import drop_gaps

    long = read_judged(asked.file, layout)
    table, notes = long.table, list(long.notes)
    if ranks:
        table = _ranked(table, long.outcome, ranks)
    columns = [long.outcome, layout.respondent, *layout.attributes, *layout.keep, long.task, long.profile]
    checked = [c for c in dict.fromkeys(columns) if c and c not in asked.also]
    if asked.drop_missing:
        table, left_out = drop_gaps(table, checked, [layout.respondent, long.task] if long.task else [])
        notes += left_out
    for note in notes:
        say(f"{source}: {note}")
    options: dict[str, Any] = {
        "outcome": long.outcome,
        "respondent": layout.respondent,
        "attributes": layout.attributes,
        "task": long.task,
        "profile": long.profile,
        "drop_missing": asked.drop_missing,
        "source": source,
    }
    weight = asked.weight or next((c for c in layout.keep if c not in {asked.by, *asked.also}), None)
    profiles = read_profiles(
        table,
        references=dict(_pairs(asked.reference or [], "--reference", "attribute=level")),
        by=asked.by,
        weight=weight,
        **options,
    )
    return Judged(profiles, table, _reliability(asked, profiles, replace(long, table=table), options))


def _reliability(asked: Asked, profiles: Profiles, long: Long, options: dict[str, Any]) -> Reliability | None:
    """From two tasks of the file, or from the columns of answers to the task that came again."""
    from winset.conjoint import measure_reliability, read_profiles

    first = _task_numbers(asked.repeat)
    if first:
        return measure_reliability(profiles, first[0] - 1, first[1] - 1)
    if asked.repeat and not asked.wide:
        raise UsageError(f"--repeat `{asked.repeat}` is no pair of task numbers; write for instance 1,6")
    if not long.repeats.height or (asked.repeat is None and asked.mapping is None):
        return None
    import polars as pl

    again = long.repeats["task"].unique().to_list()
    if len(again) > 1:
        raise UsageError(f"tasks {', '.join(sorted(again))} came again; reliability is measured on one")
    names = [long.outcome, options["respondent"], "task", "profile", *long.attributes]
    own = long.table.filter(pl.col("task") == again[0])
    rows = [t.select(names).with_columns(task=pl.lit(n)) for n, t in ((0, own), (1, long.repeats))]
    both = read_profiles(pl.concat(rows, how="vertical_relaxed").drop_nulls(options["attributes"]), **options)
    return measure_reliability(both, 0, 1)


def _task_numbers(repeat: str | None) -> tuple[int, int] | None:
    parts = [p.strip() for p in (repeat or "").split(",")]
    if len(parts) == 2 and all(p.isdigit() and int(p) > 0 for p in parts):
        return int(parts[0]), int(parts[1])
    return None


def _repeated(repeat: str | None) -> tuple[Repeated, ...]:
    from winset.study import Repeated

    if not repeat or _task_numbers(repeat):
        return ()
    columns = _listed([repeat], "--repeat")
    return tuple(Repeated(outcome=c.removesuffix(FLIPPED), flipped=c.endswith(FLIPPED)) for c in columns)


def _ranked(table: Any, outcome: str, ranks: dict[str, int]) -> Any:
    """Ratings that are words as their place on the scale."""
    import polars as pl

    text = table[outcome].cast(pl.String)
    if text.cast(pl.Float64, strict=False).null_count() == text.null_count():
        return table
    unknown = sorted(set(text.drop_nulls().unique()) - set(ranks))
    if unknown:
        raise UsageError(f"`{outcome}` holds `{unknown[0]}`, which `answers` does not list")
    return table.with_columns(text.replace_strict(ranks, return_dtype=pl.Int64).alias(outcome))


def _pairs(texts: Sequence[str], option: str = "--where", form: str = "column=value") -> Iterator[tuple[str, str]]:
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not value:
            raise UsageError(f"{option} `{text}` is not {form}")
        yield name.strip(), value.strip()


def _listed(texts: Sequence[str] | None, option: str) -> list[str]:
    return [x for text in texts or () for x in split(text, ",", option)]


def split(text: str, mark: str, option: str) -> list[str]:
    """Parts of an option, none of them empty.

    Raises
    ------
    UsageError
        If one is empty.
    """
    parts = [p.strip() for p in text.split(mark)]
    if not all(parts):
        raise UsageError(f"{option} `{text}` has an empty name")
    return parts
