"""What words for and against an offer are worth: who follows whom, and acceptance with and without the words."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from winset.acceptance import Acceptance, evidence_share, interval
from winset.evidence import count_words
from winset.findings.finding import Finding
from winset.findings.groups import count_pledges, list_once, say_bases
from winset.findings.protection import protect
from winset.findings.votes import describe_votes
from winset.findings.wording import likelihood_word, percent, span
from winset.language import SEMICOLON, join, tr
from winset.room import Room
from winset.study import Study, find_speaker
from winset.study.question import LEADER

OWN_LEADER = {LEADER: "for"}
STANDS = ("for", "against")
ASKED, OTHERS, PRIOR = "asked", "never asked: from other words of the kind", "never asked: prior only"


def say_words(study: Study, endorsed: Mapping[str, str]) -> str:
    """Who speaks for and against, as the beginning of a sentence; empty where nobody speaks.

    Raises
    ------
    UsageError
        If nobody has a name.
    """
    parts = []
    for stand in STANDS:
        who = [_name(study, name) for name, said in endorsed.items() if said == stand]
        if who:
            last = f" and {who[-1]}" if len(who) > 1 else ""
            parts.append(f"{', '.join(who[:-1]) if last else who[0]}{last} speaking {stand} it")
    return f"with {' and '.join(parts)}" if parts else ""


def _name(study: Study, name: str) -> str:
    number = find_speaker(name, next(iter(study.sides)), study.speakers)
    return "each side's own leader" if name == LEADER else study.speakers[number].label


def tell_words(findings: Sequence[Finding], room: Room) -> list[Finding]:
    """Findings of a room that say whose words are heard in it: the first in its sentence, all in what they rest on."""
    said = say_words(room.acceptance.study, room.endorsed)
    if not said:
        return list(findings)
    first = next((n for n, f in enumerate(findings) if f.sentence), -1)
    return [
        dataclasses.replace(
            f,
            sentence=f"{said[0].upper()}{said[1:]}: {f.sentence}" if n == first else f.sentence,
            rests_on=f"{f.rests_on}; {said}",
        )
        for n, f in enumerate(findings)
    ]


def describe_heard(room: Room, what: str | Mapping[str, str], date: dt.date | None = None) -> list[Finding]:
    """Acceptance of one (partial) package with the room's words and without, and who could carry it."""
    study = room.acceptance.study
    table = _side_by_side(room, what, date)
    counted, priced = count_pledges(room, table, what, date, of="heard")
    before = dataclasses.replace(room, ballot=dataclasses.replace(room.ballot, endorsed={})).carry(what, date)
    carry = room.carry(what, date).with_columns(without=before["probability"])
    heard, plain = (float(carry[c][-1]) for c in ("probability", "without"))
    cites = (study.proposals[what].source,) if isinstance(what, str) and what in study.proposals else ()
    costs = "audience costs taken off" if room.with_costs else "without audience costs"
    found = [
        Finding(
            "support",
            "Who would accept it?",
            f"Acceptance in per cent, 90 % interval: {_changes(study, table)}."
            f"{_say_unasked(room.acceptance, room.endorsed)}{priced}",
            protect(counted, study.minimum_count),
            "measured acceptance, no audience costs"
            + ("; the last column has them taken off, with the words" if priced else "")
            + "; `evidence` is of the number without the words",
            cites,
        ),
        Finding(
            "carry",
            "Which leader could carry it?",
            f"All at once: {percent(heard)} ({likelihood_word(heard)}), without the words {percent(plain)}.",
            carry,
            costs,
            cites,
        ),
        *describe_votes(room, what, date),
    ]
    return tell_words(found, room)


def _say_unasked(acceptance: Acceptance, endorsed: Mapping[str, str]) -> str:
    """A sentence on words that none of a side's people were asked about; empty where all were."""
    study = acceptance.study
    leaves = study.composition.leaves
    asked = {(leaves[leaf][0], n, stand) for leaf, n, stand in count_words(study, acceptance.responses)}
    missing = [
        f"{study.speakers[n].label} {stand} an offer ({study.sides[side].label})"
        for side in study.sides
        for name, stand in endorsed.items()
        if (side, n := find_speaker(name, side, study.speakers), stand) not in asked
    ]
    return f" Nobody was asked about {'; '.join(missing)}: that rests on priors." if missing else ""


def _changes(study: Study, table: pl.DataFrame) -> str:
    return "; ".join(
        f"{study.full_label(r['side'], r['constituency'])} {span(r['heard'], r['heard_low'], r['heard_high'])} instead of "
        f"{span(r['mean'], r['low'], r['high'])}, a change of "
        f"{100 * r['change']:+.0f} [{100 * r['change_low']:+.0f}, {100 * r['change_high']:+.0f}]"
        for r in table.iter_rows(named=True)
    )


def _side_by_side(room: Room, what: str | Mapping[str, str], date: dt.date | None) -> pl.DataFrame:
    """Acceptance as it is (mean, low, high), with the room's words (heard), and the difference (change)."""
    acceptance, words = room.acceptance, room.endorsed
    plain, heard = (acceptance.shares(what, date, endorsed=e) for e in ({}, words))
    rows = [
        {
            **_renamed(interval(heard[:, j]), "heard"),
            **_renamed(interval(heard[:, j] - plain[:, j]), "change"),
        }
        for j in range(plain.shape[1])
    ]
    support = acceptance.support(what, date)
    without = support.select("side", "constituency", "label", "mean", "low", "high")
    found = pl.concat([without, pl.DataFrame(rows), support.select("refuse", "evidence", "answers")], how="horizontal")
    return list_once(say_bases(found, acceptance.study), acceptance.study)


def _renamed(found: Mapping[str, float], name: str) -> dict[str, float]:
    return {name: found["mean"], f"{name}_low": found["low"], f"{name}_high": found["high"]}


def tells_of_words(study: Study) -> bool:
    """Whether the study has somebody speak in a question, or declares voices."""
    return any(q.endorsed for q in study.questions.values()) or len(study.speakers) > len(study.sides)


def describe_words(acceptance: Acceptance) -> list[Finding]:
    """Which share follows each speaker's word; nothing where the study has nobody speak."""
    study = acceptance.study
    if not tells_of_words(study):
        return []
    table = list_following(acceptance)
    asked = table.filter((pl.col("basis") == ASKED) & (pl.col("relation") != "other"))
    shown = asked if asked.height else table.filter((pl.col("relation") == "leader") & (pl.col("stand") == "for"))
    rows = shown.group_by("side", "speaker", "stand", maintain_order=True).first()
    parts = [
        f"{r['speaker']} {r['stand']} an offer moves {span(r['mean'], r['low'], r['high'])} % of those of the "
        f"{study.full_label(r['side'], r['constituency'])} who would otherwise {'reject' if r['stand'] == 'for' else 'accept'} it"
        for r in rows.iter_rows(named=True)
    ]
    said = f"{'; '.join(parts)}."
    if not asked.height:
        said += " Nobody was asked with such a word: this is the prior only."
    return [
        Finding(
            "words",
            "What is a leader's word worth?",
            said,
            protect(table, study.minimum_count),
            "share that follows, 90 % interval, among those who refuse nothing at any price; a word from another side works "
            "the other way",
        )
    ]


def list_following(acceptance: Acceptance) -> pl.DataFrame:
    """Share of each constituency that follows each speaker, for and against.

    Returns
    -------
    Columns side, constituency, label, speaker, relation (leader, voice, other), stand, mean, low, high, evidence (one minus
    posterior over prior variance on the probit scale), answers (effective answers to questions in which he spoke so) and
    basis (asked, or where the number is from).
    """
    study = acceptance.study
    answers = count_words(study, acceptance.responses)
    kinds = {(study.speakers[n].relation(study.composition.leaves[leaf][0]), stand) for leaf, n, stand in answers}
    rows = []
    for leaf, (side, constituency) in enumerate(study.composition.leaves):
        for n, speaker in enumerate(study.speakers):
            for k, stand in enumerate(STANDS):
                after, before = (d.follow[:, leaf, n, k] for d in (acceptance.draws, acceptance.prior))
                count, relation = answers.get((leaf, n, stand), 0.0), speaker.relation(side)
                basis = ASKED if count else OTHERS if (relation, stand) in kinds else PRIOR
                rows.append(
                    {"side": side, "constituency": constituency, "label": study.label(side, constituency)}
                    | {"speaker": speaker.label, "relation": relation, "stand": stand, **interval(after)}
                    | {"evidence": evidence_share(after, before), "answers": count, "basis": basis}
                )
    return pl.DataFrame(rows)


def describe_spoken(room: Room) -> list[Finding]:
    """What each word that somebody was asked about does to the likeliest proposal on record; nothing where none was."""
    study = room.acceptance.study
    leaves, asked = study.composition.leaves, {}
    for leaf, n, stand in count_words(study, room.acceptance.responses):
        asked.setdefault((n, stand), set()).add(leaves[leaf][0])
    headline = room.likeliest() if asked else None
    if headline is None:
        return []
    likeliest = study.proposals[headline]
    plain = float(room.carry(likeliest.id)["probability"][-1])
    rows = [_spoken(room, likeliest.id, n, stand, sides) for (n, stand), sides in asked.items()]
    table = pl.DataFrame(rows).sort((pl.col("p_all") - plain).abs(), descending=True, maintain_order=True)
    said = tr(
        "{proposal}, {chance} for all at once with nobody speaking: {words}.",
        proposal=likeliest.label,
        chance=percent(plain),
        words=join((_say_spoken(r) for r in table.iter_rows(named=True)), SEMICOLON),
    )
    basis = "chances with audience costs taken off; words that some of the people were asked about"
    question = "And if somebody spoke for or against it?"
    return [Finding("words-spoken", question, said, table, basis, (likeliest.source,))]


def _say_spoken(row: Mapping[str, Any]) -> str:
    """The chance if somebody spoke, and of whom nobody was asked about his word."""
    said = {"speaker": row["speaker"], "chance": percent(row["p_all"])}
    favour = row["stand"] == "for"
    spoke = (
        tr("if {speaker} spoke for it, {chance}", **said)
        if favour
        else tr("if {speaker} spoke against it, {chance}", **said)
    )
    if not row["unasked"]:
        return spoke
    return tr("{spoke} (in {sides} nobody was asked about that word: prior only)", spoke=spoke, sides=row["unasked"])


def _spoken(room: Room, proposal: str, speaker: int, stand: str, sides: set[str]) -> dict[str, Any]:
    """Chances of a proposal when one speaks: by side and for all, and of whom nobody was asked about his word."""
    study = room.acceptance.study
    who = study.speakers[speaker]
    heard = dataclasses.replace(room, ballot=dataclasses.replace(room.ballot, endorsed={who.id: stand}))
    chances = heard.carry(proposal)["probability"].to_list()
    named = {f"p_{s}": chances[k] for k, s in enumerate(study.sides)}
    silent = ", ".join(x.label for s, x in study.sides.items() if s not in sides)
    return {"speaker": who.label, "stand": stand, **named, "p_all": chances[-1], "unasked": silent}


def describe_likeliest_heard(room: Room) -> list[Finding]:
    """The likeliest proposal on record as it is, and with each side's own leader for it."""
    study = room.acceptance.study
    headline = room.likeliest() if tells_of_words(study) else None
    if headline is None:
        return []
    likeliest = study.proposals[headline]
    heard = dataclasses.replace(room, ballot=dataclasses.replace(room.ballot, endorsed=OWN_LEADER))
    table = _side_by_side(heard, likeliest.id, None)
    chances = [float(r.carry(likeliest.id)["probability"][-1]) for r in (room, heard)]
    most = table.sort("change", descending=True).row(0, named=True)
    who = study.full_label(most["side"], most["constituency"])
    said = (
        f"{likeliest.label}: with each side's own leader speaking for it, all leaders could carry it with "
        f"{percent(chances[1])} instead of {percent(chances[0])}; it wins most among "
        f"{who}, {span(most['heard'], most['heard_low'], most['heard_high'])} % instead of "
        f"{span(most['mean'], most['low'], most['high'])} %.{_say_unasked(room.acceptance, OWN_LEADER)}"
    )
    return [
        Finding(
            "words-likeliest",
            "And if each leader spoke for the likeliest proposal?",
            said,
            protect(table, study.minimum_count),
            "measured acceptance, no audience costs; chances with audience costs taken off",
            (likeliest.source,),
        )
    ]
