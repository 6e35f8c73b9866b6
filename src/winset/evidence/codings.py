"""codings.yaml: coded interviews as judgements of what each person said, one row a coder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from winset.coding.coded import Coded
from winset.coding.opening import read_coded
from winset.errors import EvidenceError, Mistake, suggest
from winset.evidence.asking import find_side
from winset.evidence.responses import Reading, Response, Statement
from winset.evidence.stances import collapses, place_stance, settle_stance, share_weights
from winset.study import Coding, Study

FILE = "codings.yaml"
SHOWN = 3


def read_codings(study: Study) -> Reading:
    """Read the files that a study's codings.yaml names."""
    responses: list[Response] = []
    context: list[Statement] = []
    mistakes: list[Mistake] = []
    files: list[str] = []
    for name, coding in study.codings.items():
        files += coding.files
        try:
            coded = read_coded([study.folder / f for f in coding.files])
        except EvidenceError as error:
            mistakes += error.mistakes
            continue
        wrong = list(_wrong(coded, name, coding))
        mistakes += wrong
        if not wrong:
            judged = judge_speakers(coded, coding)
            responses += [_response(row, name, coding, study) for row in judged.iter_rows(named=True)]
            context += list(_reasons(coded, name, coding, quoted=study.quotations))
    return Reading(share_weights(responses), context, mistakes, (FILE, *files) if files else ())


def judge_speakers(coded: Coded, coding: Coding) -> pl.DataFrame:
    """One row for each question, speaker and coder.

    Returns
    -------
    Columns question, speaker, constituency, coder, stance, document, start, end (of the first passage), passages.
    """
    known = {c: m for c, m in coding.codes.items() if m.question is not None}
    table = coded.table.filter(pl.col("code").is_in(list(known)))
    table = table.with_columns(
        question=pl.col("code").replace_strict({c: m.question for c, m in known.items()}, return_dtype=pl.String),
        stance=pl.col("code").replace_strict({c: m.stance for c, m in known.items()}, return_dtype=pl.Int8),
    )
    groups = speaker_groups(coded, coding)
    table = table.with_columns(
        constituency=pl.col("speaker").replace_strict(groups, default=None, return_dtype=pl.String)
    )
    kept = table.filter(pl.col("constituency").is_not_null())
    grouped = kept.group_by("question", "speaker", "constituency", "coder", maintain_order=True).agg(
        pl.col("stance"), pl.col("document").first(), pl.col("start").first(), pl.col("end").first(), passages=pl.len()
    )
    settled = [settle_stance(s) for s in grouped["stance"].to_list()]
    return grouped.with_columns(stance=pl.Series(settled, dtype=pl.Int8))


def speaker_groups(coded: Coded, coding: Coding) -> dict[str, str]:
    """Constituency of each speaker who belongs to one."""
    speakers = coded.table["speaker"].unique(maintain_order=True).to_list()
    if coding.constituencies is None:
        return dict.fromkeys(speakers, coding.constituency or "")
    own = coded.cases.filter(pl.col("attribute") == coding.constituencies.column)
    values = dict(own.select("speaker", "value").iter_rows())
    mapped = coding.constituencies.values
    return {s: mapped[values[s]] for s in speakers if values.get(s) in mapped}


def locate(file: str, document: str, start: int | None, end: int | None) -> str:
    """Where a passage stands; ``winset interviews quote`` prints its words.

    Examples
    --------
    >>> locate("talks.qdpx", "Interview 3", 120, 188)
    'talks.qdpx#Interview 3:120-188'
    """
    return f"{file}#{document}" + ("" if start is None else f":{start}-{end}")


def _wrong(coded: Coded, name: str, coding: Coding) -> Iterator[Mistake]:
    file = coding.files[0]
    used = coded.table["code"].value_counts(sort=True)
    unmapped = [(c, n) for c, n in used.iter_rows() if c not in coding.codes]
    if unmapped:
        listed = ", ".join(f"`{c}` ({n} passages)" for c, n in unmapped[:SHOWN])
        said = f"{len(unmapped)} codes that codings.yaml does not map: {listed}{suggest(unmapped[0][0], coding.codes)}"
        yield Mistake(FILE, 0, f"`{name}` ({file}): {said}; map them, or write `ignore`")
    for code in coding.codes:
        if code not in coded.codes:
            yield Mistake(FILE, 0, f"`{name}` ({file}) has no code `{code}`{suggest(code, coded.codes)}")
    if coded.table.height == 0:
        yield Mistake(file, 0, "holds no coded passage of text")
    if coding.constituencies is not None:
        attributes = coded.cases["attribute"].unique().to_list()
        if coding.constituencies.column not in attributes:
            said = f"no attribute `{coding.constituencies.column}` of speakers{suggest(coding.constituencies.column, attributes)}"
            yield Mistake(file, 0, f"{said} (`{name}`)")
        elif not speaker_groups(coded, coding):
            values = sorted(set(coded.cases.filter(attribute=coding.constituencies.column)["value"]))
            listed = ", ".join(f"`{v}`" for v in values[:SHOWN])
            yield Mistake(file, 0, f"no speaker has a value that codings.yaml maps (values are {listed}; `{name}`)")
    yield from _contradictions(coded, file, coding)


def _contradictions(coded: Coded, file: str, coding: Coding) -> Iterator[Mistake]:
    """One coder who calls the very same passage for and against."""
    known = {c: m for c, m in coding.codes.items() if m.question is not None and m.stance}
    table = coded.table.filter(pl.col("code").is_in(list(known)) & pl.col("start").is_not_null())
    table = table.with_columns(
        question=pl.col("code").replace_strict({c: m.question for c, m in known.items()}, return_dtype=pl.String),
        sign=pl.col("code").replace_strict({c: (m.stance or 0) > 0 for c, m in known.items()}, return_dtype=pl.Boolean),
    )
    both = table.group_by("document", "start", "end", "coder", "question", maintain_order=True).agg(
        pl.col("sign").n_unique().alias("signs"), pl.col("code")
    )
    for r in both.filter(pl.col("signs") > 1).iter_rows(named=True):
        where = locate(file, r["document"], r["start"], r["end"])
        codes = " and ".join(f"`{c}`" for c in sorted(r["code"]))
        yield Mistake(
            where, 0, f"{r['coder']} codes the same passage {codes}, for and against `{r['question']}`; keep one"
        )


def _response(row: dict, name: str, coding: Coding, study: Study) -> Response:
    question = study.questions[row["question"]]
    scale = study.scales[question.scale]
    return Response(
        instrument=coding.instrument,
        question=row["question"],
        side=find_side(study, row["question"], row["constituency"]),
        constituency=row["constituency"],
        respondent=f"{name}:{row['speaker']}",
        coder=row["coder"],
        date=coding.date,
        offer=question.offer,
        against=question.against,
        category=place_stance(row["stance"], scale),
        categories=2 if collapses(scale) else len(scale.answers),
        weight=1.0,
        source=coding.source,
        locator=locate(_file(coding), row["document"], row["start"], row["end"]),
    )


def _file(coding: Coding) -> str:
    """Name of the file, or of the files that make up one corpus."""
    return "+".join(Path(f).name for f in coding.files)


def _reasons(coded: Coded, name: str, coding: Coding, *, quoted: bool) -> Iterator[Statement]:
    """Reasons given, once a speaker and reason."""
    groups = speaker_groups(coded, coding)
    themes = {c: m for c, m in coding.codes.items() if m.theme}
    seen: set[tuple[str, str]] = set()
    for r in coded.table.filter(pl.col("code").is_in(list(themes))).iter_rows(named=True):
        meaning = themes[r["code"]]
        key = r["speaker"], meaning.theme
        if key in seen or r["speaker"] not in groups:
            continue
        seen.add(key)
        yield Statement(
            statement=f"{name}:{r['speaker']}:{meaning.theme}",
            instrument=coding.instrument,
            speaker=f"{name}:{r['speaker']}",
            constituency=groups[r["speaker"]],
            theme=meaning.theme,
            stance=meaning.stance or 0,
            why="a reason",
            source=coding.source,
            locator=locate(_file(coding), r["document"], r["start"], r["end"]),
            note=r["quotation"] if quoted else "",
        )
