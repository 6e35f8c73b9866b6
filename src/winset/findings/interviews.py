"""Interviews told: what so many voices can say, how far coders agree, whether new reasons still come."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from winset.acceptance import Acceptance
from winset.coding import Agreement, Saturation, count_saturation
from winset.evidence import Responses, heard_reasons, list_agreement, weigh_voices
from winset.evidence.responses import is_judged
from winset.findings.finding import Finding, describe
from winset.findings.protection import protect
from winset.findings.wording import span
from winset.study import Study

WEIGHS_NOT = "Saturation lists reasons; it does not weigh them."
LOW_ALPHA = 0.667
"""Below this, Krippendorff (2004, p. 241) advises against conclusions."""


@describe.register
def _(noun: Agreement) -> list[Finding]:
    return [
        tell_agreement(noun, "coders"),
        Finding(
            "coders",
            "Who judges apart from the others?",
            "",
            noun.coders,
            "judgements of units that another coder judged too",
        ),
    ]


@describe.register
def _(noun: Saturation) -> list[Finding]:
    return [tell_saturation(noun, "saturation")]


def tell_agreement(noun: Agreement, about: str) -> Finding:
    """Agreement as a finding; an alpha never stands without its interval."""
    alpha = noun.table.row(1, named=True) if noun.table.height > 1 else noun.table.row(0, named=True)
    if alpha["value"] != alpha["value"]:
        said = f"Agreement on {about} is undefined: {alpha['note'] or 'no unit was judged twice'}."
    else:
        weak = " Below .667 no conclusion should rest on them alone." if alpha["low"] < LOW_ALPHA else ""
        said = (
            f"{alpha['measure']} of {about} is {alpha['value']:.2f} [{alpha['low']:.2f}, {alpha['high']:.2f}] over "
            f"{alpha['units']} units judged at least twice.{weak}"
        )
    basis = "90 % intervals, units resampled 2,000 times; agreement is not accuracy"
    return Finding("agreement", "How far do the coders agree?", said, noun.table, basis)


def tell_saturation(noun: Saturation, name: str) -> Finding:
    """Saturation as a finding, with what it is not."""
    n = noun.curve.height
    if not n:
        return Finding(
            name,
            "Do new interviews still bring new reasons?",
            f"No interview names a reason. {WEIGHS_NOT}",
            noun.curve,
            "",
        )
    said = (
        f"{n} speakers named {noun.found} reasons, {noun.once} of them once; one more would bring "
        f"{noun.next_new:.2f} new ones, and at least {noun.unheard:.0f} were probably not heard. {WEIGHS_NOT}"
    )
    return Finding(
        name,
        "Do new interviews still bring new reasons?",
        said,
        noun.curve,
        "all orders of the interviews; Hurlbert 1971, Chao 1987",
    )


def describe_interviews(study: Study, responses: Responses, acceptance: Acceptance | None = None) -> list[Finding]:
    """What interviews can and cannot tell, small groups left out."""
    found = [_counts(study, responses)]
    found += _agreements(study, responses)
    reasons = heard_reasons(responses)
    enough = reasons.group_by("instrument").agg(pl.col("speaker").n_unique().alias("people"))
    for instrument in enough.filter(pl.col("people") >= study.minimum_count)["instrument"].sort():
        told = tell_saturation(count_saturation(reasons.filter(instrument=instrument)), f"saturation-{instrument}")
        label = study.instruments[instrument].label
        asked = f"Do new interviews still bring new reasons ({label})?"
        found.append(Finding(told.id, asked, told.sentence, told.table, told.rests_on))
    if acceptance is not None:
        found += _coders(acceptance)
    return found


def _counts(study: Study, responses: Responses) -> Finding:
    rows, sentences = [], []
    counted = replace(
        responses, table=responses.table.filter(pl.col("doubt") == 0)
    )  # a guess at n is no count of people
    for key, few in weigh_voices(study, counted):
        rows.append(
            key
            | {"voices": few.of + few.silent, "said": few.said, "of": few.of, "silent": few.silent}
            | {"at_least": few.at_least, "at_most": few.at_most, "low_exact": few.low, "high_exact": few.high}
            | {"lower": few.bounds[0], "upper": few.bounds[1]}
        )
        if few.of >= study.minimum_count:
            sentences.append(
                (few.of, f"{study.instruments[key['instrument']].label}, {key['question']}: {few.sentence}")
            )
    schema = ["instrument", "question", "side", "constituency", "voices"]
    table = pl.DataFrame(rows) if rows else pl.DataFrame(schema=dict.fromkeys(schema, pl.String))
    said = max(sentences)[1] if sentences else "No set of interviews is large enough to be shown."
    basis = "Clopper & Pearson 1934; Manski 1989 for those who did not answer; true of a random sample only"
    return Finding("voices", "What can so many voices tell?", said, protect(table, study.minimum_count), basis)


def _agreements(study: Study, responses: Responses) -> list[Finding]:
    found = []
    judged = responses.table.filter(is_judged())
    if not judged.height:
        return []
    for question in judged["question"].unique(maintain_order=True):
        pair = list_agreement(responses, question)
        if pair is None or judged.filter(question=question)["respondent"].n_unique() < study.minimum_count:
            continue
        told = tell_agreement(pair[0], f"`{question}`")
        found.append(Finding(f"agreement-{question}", told.question, told.sentence, told.table, told.rests_on))
    coders = judged["coder"].n_unique()
    if coders == 1:
        said = "One coder judged all: agreement cannot be known; the prior on coders' errors stands and widens what is learned."
    elif found:
        return found
    else:
        said = f"{coders} coders, none of whom judged enough of the same people: how far they agree cannot be known."
    return [
        *found,
        Finding("agreement", "How far do the coders agree?", said, pl.DataFrame(), "rows of coded statements"),
    ]


def _coders(acceptance: Acceptance) -> list[Finding]:
    table = acceptance.coder_errors()
    checked = acceptance.cells.voices.checked
    if not table.height or not checked.any():
        return []
    names = [c for c, known in zip(acceptance.cells.voices.coders, checked, strict=True) if known]
    mean = (
        table.filter(pl.col("coder").is_in(names))
        .group_by("coder", maintain_order=True)
        .agg(pl.col("mean", "low", "high").mean())
    )
    said = "; ".join(f"{r['coder']} {span(r['mean'], r['low'], r['high'])}" for r in mean.iter_rows(named=True))
    sentence = f"Share of statements given another stance than the true one, in per cent, mean over stances: {said}."
    basis = "Dawid & Skene 1979 inside the model; the true stance is never known, only what several coders make of it"
    return [Finding("coder-errors", "How often does each coder err?", sentence, table, basis)]
