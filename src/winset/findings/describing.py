"""Any noun -> findings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import polars as pl

from winset.acceptance import Acceptance
from winset.evidence import Responses, count_coverage
from winset.findings.answers import list_answers
from winset.findings.finding import Finding, describe
from winset.findings.groups import count_pledges, list_once, say_bases
from winset.findings.protection import protect
from winset.findings.rooms import RESTS, rank_told, say_best
from winset.findings.votes import describe_votes, list_votes
from winset.findings.wording import likelihood_word, odds, percent, span
from winset.findings.words import describe_likeliest_heard, describe_spoken, describe_words
from winset.language import SEMICOLON, join, tr, trn
from winset.room import Room
from winset.study import Study
from winset.study.ratification import members


@describe.register
def _(noun: Acceptance) -> list[Finding]:
    predictive = noun.predictive() if len(noun.cells) else pl.DataFrame({"covered": []})
    covered = float(predictive["covered"].mean() or 0.0)  # pyright: ignore[reportArgumentType]
    inside = f"{percent(covered)} of {predictive.height} polls and sets of voices lie inside their 90 % interval."
    enough = predictive.filter(pl.col("answers") >= noun.study.minimum_count) if predictive.height else predictive
    importance = noun.importance()
    top = importance.sort("mean", descending=True).group_by("side", "constituency", maintain_order=True).first()
    return [
        Finding(
            "fit",
            "Did the fit work?",
            noun.diagnostics.sentence,
            pl.DataFrame([vars(noun.diagnostics)]),
            "the sampler's own checks",
        ),
        Finding(
            "predictive",
            "Does the model reproduce the polls that went in?",
            inside if predictive.height else "No poll and no interview went in.",
            enough,
            "posterior predictive, sampling noise included; small groups are not listed",
        ),
        *([_quarrel(noun), _answers(noun)] if len(noun.cells) else []),
        Finding(
            "importance",
            "What does each constituency care about?",
            f"Heaviest issue for {noun.study.label(*top.row(0)[:2])} ({noun.study.sides[top['side'][0]].label}): "
            f"{top['label'][0]}, {percent(top['mean'][0])} of all importance.",
            importance,
            "the column evidence says how far data moved each number from its prior",
        ),
        *describe_words(noun),
    ]


def _answers(noun: Acceptance) -> Finding:
    table = list_answers(noun)
    said = f"{table.height} printed results, each with its question, its instrument and the place it was read."
    return Finding("answers", "Which answers do the numbers rest on?", said, table, "the files of the study")


def _quarrel(noun: Acceptance) -> Finding:
    """Sets of people that are no random sample, and how far each leans from the group it stands for."""
    table = noun.selection_odds().sort("mean")
    if not table.height:
        said = "Every instrument is a random sample."
    elif table.height == 1:
        row = table.row(0, named=True)
        said = f"{row['label']}: those who would settle were {odds(row)} times as likely to be reached as those who would not."
    else:
        first, last = table.row(0, named=True), table.row(-1, named=True)
        said = (
            f"Of {table.height} sets of people who are no random sample, {first['label']} reached the fewest who would "
            f"settle (odds {odds(first)} of those in the whole group) and {last['label']} the most ({odds(last)})."
        )
    basis = (
        "posterior of each set's selection odds r: those who accept were r times as likely to be reached and printed"
    )
    return Finding(
        "quarrel", "Do the voices agree with each other?", said, protect(table, noun.study.minimum_count), basis
    )


@describe.register
def _(noun: Room) -> list[Finding]:
    study = noun.acceptance.study
    proposals, sizes = noun.proposal_table(), noun.sizes()
    told, every = noun.listed
    ranked = rank_told(every.table())
    return [
        _proposals(noun, proposals),
        *list_votes(noun),
        Finding(
            "win-sets",
            "How large is each win-set, and where do they meet?",
            "; ".join(
                f"{study.sides[r['set']].label if r['set'] in study.sides else 'All at once'}: "
                f"{percent(r['share'])} of {noun.scores.count}"
                for r in sizes.iter_rows(named=True)
            )
            + ".",
            ranked,
            f"{noun.scores.count} scored on {noun.scores.draws} draws; the best by branch and bound on all",
        ),
        Finding(
            "best",
            "Which packages could they carry?",
            say_best(told, ranked, len(study.space.issues)),
            told.table() if told else ranked,
            RESTS,
        ),
        Finding(
            "shape",
            "What is each win-set made of?",
            "Shares above an even split are terms a leader needs.",
            noun.shape(),
            "all searched packages",
        ),
        Finding(
            "blocks", "Which side blocks what?", *_blocks(noun), "share of draws in which the clause of the rule fails"
        ),
        Finding(
            "rules",
            "Which rules were assumed?",
            " ".join(f"{s.label}: {study.rule_in_words(k)}." for k, s in study.sides.items()),
            pl.DataFrame(
                [
                    {"side": k, "rule": study.rule_in_words(k), "basis": s.ratification_basis}
                    for k, s in study.sides.items()
                ]
            ),
            "the analyst's declaration in study.yaml",
        ),
        *describe_likeliest_heard(noun),
        *describe_spoken(noun),
    ]


def _proposals(noun: Room, table: pl.DataFrame) -> Finding:
    study = noun.acceptance.study
    now = table.filter(pl.col("proposal").is_in(study.on_record()))
    chances = now.select("proposal", "label", "p_all").unique(maintain_order=True).sort("p_all", descending=True)
    if not chances.height:
        return Finding(
            "proposals",
            "Which proposal could each leader carry?",
            tr("No proposal is on record."),
            table,
            "declared proposals",
        )
    cites = tuple(dict.fromkeys(p.source for p in study.proposals.values()))
    sentence = _headline(study, now, chances)
    return Finding(
        "proposals",
        "Which proposal could each leader carry?",
        sentence,
        table,
        "90 % intervals; rules as declared",
        cites,
    )


HOPELESS = 0.05
"""Chance below which a proposal is not called the likeliest."""


def _headline(study: Study, now: pl.DataFrame, chances: pl.DataFrame) -> str:
    """Which proposal all leaders could carry; where none has a chance worth the name, which comes nearest on each side."""
    best = chances.row(0, named=True)
    said = {"proposal": best["label"], "chance": percent(best["p_all"]), "likely": likelihood_word(best["p_all"])}
    if best["p_all"] < HOPELESS:
        return _hopeless(study, now, chances)
    if chances.height == 1:
        return tr("All leaders at once could carry {proposal} at home: {likely} ({chance}).", **said)
    if study.asked:
        return trn(
            "Of {n} proposal asked about, the likeliest to be carried by all leaders at once is {proposal} ({chance}: {likely}).",
            "Of {n} proposals asked about, the likeliest to be carried by all leaders at once is {proposal} "
            "({chance}: {likely}).",
            chances.height,
            **said,
        )
    return trn(
        "Of {n} proposal on record, the likeliest to be carried by all leaders at once is {proposal} ({chance}: {likely}).",
        "Of {n} proposals on record, the likeliest to be carried by all leaders at once is {proposal} ({chance}: {likely}).",
        chances.height,
        **said,
    )


def _hopeless(study: Study, now: pl.DataFrame, chances: pl.DataFrame) -> str:
    """That nothing has a chance worth the name, and what comes nearest on each side."""
    label, chance = chances["label"][0], percent(chances["p_all"][0])
    if chances.height == 1:
        return tr(
            "{proposal}, the one proposal on record, does not have a chance worth the name to be carried by all leaders at once "
            "(at best {chance}).",
            proposal=label,
            chance=chance,
        )
    none = trn(
        "None of {n} proposal on record has a chance worth the name to be carried by all leaders at once (at best {chance}).",
        "None of {n} proposals on record has a chance worth the name to be carried by all leaders at once (at best {chance}).",
        chances.height,
        chance=chance,
    )
    if study.asked:
        none = trn(
            "None of {n} proposal asked about has a chance worth the name to be carried by all leaders at once (at best "
            "{chance}).",
            "None of {n} proposals asked about has a chance worth the name to be carried by all leaders at once (at best "
            "{chance}).",
            chances.height,
            chance=chance,
        )
    nearest = now.sort("p_side", descending=True).unique("side", keep="first", maintain_order=True)
    rows = {r["side"]: r for r in nearest.iter_rows(named=True)}
    listed = [
        tr(
            "{proposal} in {side} ({chance})",
            proposal=rows[s]["label"],
            side=x.label,
            chance=percent(rows[s]["p_side"]),
        )
        for s, x in study.sides.items()
        if s in rows
    ]
    return join([none, tr("Likeliest at home, side by side: {proposals}.", proposals=join(listed, SEMICOLON))], " ")


def _blocks(noun: Room) -> tuple[str, pl.DataFrame]:
    study = noun.acceptance.study
    rows = [
        {"proposal": p.id, "label": p.label, **row}
        for p in study.proposals.values()
        if p.date <= study.as_of
        for row in noun.blocks(p.id).iter_rows(named=True)
    ]
    table = pl.DataFrame(rows)
    if not table.height:
        return "No proposal is on record.", table
    worst = table.sort("fails", descending=True).group_by("label", maintain_order=True).first()
    counts = worst["side"].value_counts(sort=True)
    said = "; ".join(f"{study.sides[s].label} in {n}" for s, n in counts.iter_rows())
    mute = worst.filter(~pl.col("asked"))
    unknown = "".join(
        f" {study.label(s, c)} ({study.sides[s].label}) were never asked anything, so that nobody knows whether they block."
        for s, c in mute.select("side", "constituency").unique(maintain_order=True).iter_rows()
    )
    return f"The side that blocks most often, by proposal: {said} of {worst.height}.{unknown}", table


def describe_prior(noun: Acceptance) -> list[Finding]:
    """What the priors foresee, before any evidence: of each printed result, and of each proposal."""
    printed = noun.predictive()
    covered = float(printed["covered"].mean() or 0.0)  # pyright: ignore[reportArgumentType]
    width = float((printed["high"] - printed["low"]).mean() or 0.0)  # pyright: ignore[reportArgumentType]
    proposals = pl.concat(
        [noun.support(p).select(pl.lit(p).alias("proposal"), "side", "constituency", "mean", "low", "high")
         for p in noun.study.proposals] or [pl.DataFrame()]
    )  # fmt: skip
    said = (
        f"{percent(covered)} of {printed.height} printed results lie inside their 90 % prior predictive interval, "
        f"{100 * width:.0f} points wide on average."
    )
    basis = "draws from the priors, sampling noise included; no answer was used"
    return [
        Finding("prior-predictive", "Would the priors have been surprised by the answers?", said, printed, basis),
        Finding("prior-proposals", "What do the priors say of the proposals?", "", proposals, "draws from the priors"),
    ]


def describe_evidence(study: Study, responses: Responses) -> list[Finding]:
    """What was read, and what nobody was asked about."""
    silent = count_coverage(study, responses)["silent"]
    answers = responses.table["weight"].sum()
    said = f"{len(responses)} rows, {answers:,.0f} effective answers, {responses.context.height} statements of context."
    tables = count_coverage(study, responses)
    return [
        *(
            Finding(
                f"evidence-{k}",
                f"What was read, by {k}?",
                said,
                protect(t, study.minimum_count),
                "the files of the study",
            )
            for k, t in tables.items()
            if k != "silent"
        ),
        Finding(
            "evidence-silent",
            "What does no evidence speak to?",
            f"{silent.height} constituencies and issues.",
            silent,
            "the files of the study",
        ),
    ]


def describe_support(room: Room, what: str | Mapping[str, str], date: dt.date | None = None) -> list[Finding]:
    """Acceptance of one (partial) package, and who could carry it."""
    study, carry = room.acceptance.study, room.carry(what, date)
    support, priced = count_pledges(
        room, list_once(say_bases(room.acceptance.support(what, date), study), study), what, date
    )
    best = carry.filter(pl.col("side") == "all")["probability"][0]
    said = "; ".join(
        f"{study.full_label(r['side'], r['constituency'])} {span(r['mean'], r['low'], r['high'])}"
        for r in support.iter_rows(named=True)
    )
    cites = (study.proposals[what].source,) if isinstance(what, str) and what in study.proposals else ()
    return [
        Finding(
            "support",
            "Who would accept it?",
            f"Acceptance in per cent, 90 % interval: {said}.{priced}",
            protect(support, study.minimum_count),
            "measured acceptance, no audience costs" + ("; the last column has them taken off" if priced else ""),
            cites,
        ),
        Finding(
            "carry",
            "Which leader could carry it?",
            f"All at once: {percent(best)} ({likelihood_word(best)}).",
            carry,
            "audience costs taken off" if room.with_costs else "without audience costs",
            cites,
        ),
        *describe_votes(room, what, date),
    ]


def describe_sensitivity(study: Study, table: pl.DataFrame) -> Finding:
    """How far answers move under the variations."""
    base = table.filter(pl.col("variant") == "as it stands").select("proposal", "side", "constituency", before="mean")
    moved = table.filter(pl.col("variant") != "as it stands").join(base, on=["proposal", "side", "constituency"])
    moved = moved.with_columns(shift=pl.col("mean") - pl.col("before"))
    weighed = weigh_assumptions(study, moved)
    largest = (weighed if weighed.height else moved).sort(pl.col("shift").abs(), descending=True).row(0, named=True)
    who = study.full_label(largest["side"], largest["constituency"])
    said = (
        f"Of those who decide, the largest shift is {100 * largest['shift']:+.0f} points ({who}, "
        f"{study.proposals[largest['proposal']].label}), {largest['variant']}.{_undecided(study, moved)}"
    )
    return Finding(
        "sensitivity",
        "How far does the answer rest on what was assumed?",
        said,
        moved,
        "every variant refitted by the Laplace approximation",
    )


EVERYTHING = "without polls"
"""Variant that says nothing where polls are all the evidence."""


def weigh_assumptions(study: Study, moved: pl.DataFrame) -> pl.DataFrame:
    """Shifts of proposals that the study is about, among groups that a rule names, under assumptions that one may doubt."""
    decide = [(s, c) for s, side in study.sides.items() for c in members(side.ratification)]
    deciding = pl.DataFrame(decide, schema={"side": pl.String, "constituency": pl.String}, orient="row").unique()
    kept = pl.col("proposal").is_in(study.on_record()) & (pl.col("variant") != EVERYTHING)
    return moved.filter(kept).join(deciding, on=["side", "constituency"], how="semi", maintain_order="left")


LEANS = {"undecided lean low": "against it", "undecided lean high": "for it"}
"""Variants in which the undecided end up as far to one side as the study declares possible, all of them where it declares
one number."""


def _undecided(study: Study, moved: pl.DataFrame) -> str:
    """One sentence on the undecided, where their lean was varied: the answer that moves most with it."""
    leant = moved.filter(pl.col("variant").is_in(list(LEANS)))
    if not leant.height:
        return ""
    keys = ("proposal", "side", "constituency")
    most = leant.sort(pl.col("shift").abs(), descending=True, maintain_order=True).row(0, named=True)
    same = leant.filter(*(pl.col(k) == most[k] for k in keys))
    means = {r["variant"]: r["mean"] for r in same.iter_rows(named=True)}
    broke = [f"broke {said}, {percent(means[v])}" for v, said in LEANS.items() if v in means]
    who, what = study.full_label(most["side"], most["constituency"]), study.proposals[most["proposal"]].label
    where = f"of {who} would accept {what}"
    others = f"; if they {broke[1]}" if len(broke) > 1 else ""
    return f" If the undecided {broke[0]} {where} instead of {percent(most['before'])}{others}."


def describe_selection(study: Study, table: pl.DataFrame) -> Finding:
    """The same estimates if those who reject were reached r times as often in every set of interviews."""
    one, most = (table.filter(pl.col("r") == r) for r in (1.0, table["r"].max()))
    joined = one.join(most, on=["question", "side", "constituency"], suffix="_most")
    moved = joined.with_columns(shift=pl.col("mean_most") - pl.col("mean")).sort(pl.col("shift").abs(), descending=True)
    largest = moved.row(0, named=True)
    who = study.full_label(largest["side"], largest["constituency"])
    said = (
        f"If people who reject were {table['r'].max():g} times as likely to be reached as those who accept in every set of "
        f"interviews, {percent(largest['mean_most'])} of {who} would accept what "
        f"“{study.questions[largest['question']].wording}” offers; at equal odds {percent(largest['mean'])}. "
        "Nothing in the interviews tells which."
    )
    basis = "selection odds fixed at r instead of their prior; every row refitted by the Laplace approximation"
    return Finding("selection", "And if hard-liners were easier to reach?", said, table, basis)
