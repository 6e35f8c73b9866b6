"""What an analyst changes, from which week on: scenarios and levers as arrays over weeks."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from winset.errors import UsageError, suggest
from winset.study import Study
from winset.study.checking import contradictions
from winset.study.war import Change, Scenario, read_change
from winset.talks.week import Levers, make_levers
from winset.talks.world import World, declared_war

AS_IT_IS = "as-it-is"
NEVER = Scenario(label="As it is")
GRAMMAR = (
    "write NAME=VALUE@WEEK: an issue and an option (guarantees=article-5-like@8), framing=SIDE, mobilise=SIDE, "
    "referendum=SIDE:CONSTITUENCY, losses=SIDE:FACTOR, aid=SIDE:FACTOR, commitments=SIDE:FACTOR, front=FACTOR, "
    "exchange, limited-ceasefire=WEEKS; without @WEEK from the first week on"
)
BY_SIDE = ("losses", "aid", "commitments")
PLAIN = ("framing", "mobilise", "referendum", *BY_SIDE, "front", "exchange", "limited-ceasefire")


def find_scenario(study: Study, scenario: str | Scenario, levers: Sequence[str] = ()) -> Scenario:
    """A scenario by name, with levers pulled besides.

    Raises
    ------
    UsageError
        If there is none of that name, or it names what the study does not have; the nearest is named.
    """
    if isinstance(scenario, str):
        known = {AS_IT_IS: NEVER, **declared_war(study).scenarios}
        if scenario not in known:
            raise UsageError(f"no scenario `{scenario}` in talks.yaml{suggest(scenario, known)}")
        scenario = known[scenario]
    if levers:
        more = tuple(parse_lever(study, text) for text in levers)
        said = [say_lever(study, text) for text in levers]
        label = "; ".join([scenario.label, *said] if scenario != NEVER else said)
        scenario = scenario.model_copy(update={"label": label, "then": (*scenario.then, *more)})
    options = {i.id: [o.id for o in i.options] for i in study.space.issues}
    wrong = list(contradictions(scenario, options, {s: list(side.constituencies) for s, side in study.sides.items()}))
    if wrong:
        raise UsageError(f"scenario `{scenario.label}`: {'; '.join(wrong)}")
    return scenario


def parse_lever(study: Study, text: str) -> Change:
    """One lever as it is typed.

    Raises
    ------
    UsageError
        If it cannot be read; the message says what to write.
    """
    found = re.fullmatch(r"\s*([a-z0-9._-]+)\s*(?:=\s*([^@]+?)\s*)?(?:@\s*(.+?)\s*)?", text)
    if found is None:
        raise UsageError(f"lever `{text}` cannot be read; {GRAMMAR}")
    name, value, week = found[1], found[2] or "", found[3] or "0"
    if not re.fullmatch(r"-?\d+", week):
        raise UsageError(f"lever `{text}`: `{week}` is no week; {GRAMMAR}")
    if int(week) < 0:
        raise UsageError(
            f"lever `{text}` lies before the start; weeks count from the as-of date {study.as_of}, from 0 on"
        )
    issues = [i.id for i in study.space.issues]
    try:
        return read_change({"from_week": int(week), **_read(name, value, issues, text)})
    except ValueError as error:
        raise UsageError(f"lever `{text}`: {error}; {GRAMMAR}") from None


def offer_levers(study: Study) -> dict[str, str]:
    """Every lever that a study has, in words, by how it is typed; ``{}`` stands for the number that some of them take."""
    found = {}
    for s, side in study.sides.items():
        found[f"framing={s}"] = f"the leader of {side.label} prepares the public for it"
        found[f"commitments={s}:{{}}"] = f"what broken pledges cost the leader of {side.label}, times"
        found[f"losses={s}:{{}}"] = f"losses of {side.label}, times"
        found[f"aid={s}:{{}}"] = f"aid to {side.label}, times"
        found[f"mobilise={s}"] = f"{side.label} announces a mobilisation"
        for c in side.constituencies:
            found[f"referendum={s}:{c}"] = f"a vote instead of the rule of {side.label}: {study.label(s, c)}"
    found["front={}"] = "movement of the front, times (0 freezes it)"
    found["exchange"] = "every round of talks ends with an exchange of prisoners at least"
    found["limited-ceasefire={}"] = "a limited cease-fire, of so many weeks"
    terms = {
        f"{i.id}={o.id}": f"every package then holds {i.label}: {o.label}"
        for i in study.space.issues
        for o in i.options
    }
    return found | terms


def say_lever(study: Study, text: str) -> str:
    """A lever in words, as ``offer_levers`` has them; as it was typed where it has none of that form."""
    typed, _, week = (x.strip() for x in text.partition("@"))
    for lever, said in offer_levers(study).items():
        before, takes, after = lever.partition("{}")
        if typed == lever or (takes and typed.startswith(before) and typed.endswith(after)):
            number = typed[len(before) :] if takes else ""
            return f"{said} {number}".strip() + (f", from week {week} on" if week else "")
    return text


def _read(name: str, value: str, issues: Sequence[str], text: str) -> dict:
    """Fields of a change that a lever sets."""
    side, _, more = value.partition(":")
    if name in issues:
        return {"terms": {name: value}}
    if name not in PLAIN:
        raise UsageError(f"lever `{text}`: nothing is called `{name}`{suggest(name, [*PLAIN, *issues])}; {GRAMMAR}")
    if name == "exchange":
        return {"exchange": True}
    if not value:
        raise UsageError(f"lever `{text}` says not what of; {GRAMMAR}")
    if name in BY_SIDE:
        return {name: {side: more or "nothing"}}
    if name == "referendum":
        return {"referendum": {side: more or "public"}}
    if name in {"framing", "mobilise"}:
        return {name: (value,)}
    return {name.replace("-", "_"): value}


def build_levers(
    study: Study, scenario: Scenario, weeks: int, measured: Collection[str] = ()
) -> tuple[Levers, list[World]]:
    """A scenario as arrays over weeks, and the worlds that its weeks point to.

    Parameters
    ----------
    measured
        Sides whose leader's word was measured: where he prepares his public, that stands in place of what is guessed.

    Raises
    ------
    UsageError
        If a change begins after the last week.
    """
    sides = list(study.sides)
    levers = make_levers(weeks)
    worlds = [World()]
    for change in scenario.changes:
        begins = change.from_week
        if begins >= weeks:
            raise UsageError(f"scenario `{scenario.label}` begins in week {begins}, after the last of {weeks} weeks")
        heard = [s for s in change.framing if s in measured]
        if change.terms or change.referendum or heard:
            last = worlds[-1]
            framing = tuple(dict.fromkeys([*last.framing, *heard]))
            worlds.append(World({**last.terms, **change.terms}, {**last.referendum, **change.referendum}, framing))
            levers.world[begins:] = len(worlds) - 1
        levers.front[begins:] *= change.front
        for field in BY_SIDE:
            for side, factor in getattr(change, field).items():
                getattr(levers, field)[begins:, sides.index(side)] *= factor
        levers.framing[begins:, [sides.index(s) for s in change.framing if s not in measured]] = True
        levers.mobilise[begins, [sides.index(s) for s in change.mobilise]] = True
        levers.exchange[begins:] |= change.exchange
        levers.limited[begins] = change.limited_ceasefire
    return levers, worlds
