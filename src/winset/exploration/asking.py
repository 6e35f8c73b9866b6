"""What to ask next: every question that one could ask, by what its answer is expected to tell about the decision at hand."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from winset.acceptance import HIGH, LOW
from winset.errors import UsageError
from winset.exploration.experimenting import weigh_trials
from winset.exploration.prospects import (
    POLLED,
    RANDOM,
    SEARCH_SECONDS,
    VOICES,
    Offer,
    Posed,
    Prospect,
    find_constituency,
    find_packages,
    list_offers,
    list_prospects,
    name_found,
    never_reached,
    pose,
    tell_prospect,
    was_asked,
    ways_to_reach,
)
from winset.exploration.resampling import draw_weights
from winset.exploration.simulated import LUCKS, Simulator, prepare_simulator
from winset.exploration.spending import Spending
from winset.exploration.value import (
    choose_set,
    foretell,
    left_interval,
    perfect_gain,
    pick_gains,
    pick_together,
    tell_set,
    told_interval,
    told_share,
)
from winset.exploration.weighing import Weighed, weigh
from winset.room import Room

if TYPE_CHECKING:
    from jaxtyping import Float

PEOPLE, ELEVEN = 1000, 11
"""How many answer a poll, as most in the shipped studies, and how many talk to a reporter: the report that this began with had
eleven voices."""

SIZES = (2, 3, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000)
"""Numbers of people for which the best question is weighed."""

SET = 5
"""Questions of the set for one questionnaire."""

GROUPS = 3
"""Groups among which a budget may be divided: with more, too few of each are asked."""

FINALISTS = 20
"""Questions whose gain in picking is worked out again with other people: the best of many estimates is partly lucky."""

RESAMPLES = 200
"""Bootstrap resamples: the 5 and 95 % ends then rest on ten of them each."""


@dataclass(frozen=True)
class Asking:
    """What to ask next.

    Parameters
    ----------
    about
        The package in words.
    chance
        That all leaders could carry it, as it stands.
    tried
        How many questions were weighed.
    ranked
        Columns question, of_whom, how, people, cost (where prices are known), tells (share of the doubt about the margin by which
        all leaders could carry it that the answer is expected to take away), low, high, moves (how far the answer is expected to
        move the chance, up or down, on average), asked_before (results in the evidence with this offer); of each text the best
        way to ask it, with somebody's word or without, best first.
    whom
        The same for the best question to each constituency in each way.
    sizes
        Columns people, tells, low, high: the best question put to more and more people.
    together
        Columns place, question, of_whom, how, people, tells, low, high: a set, and the share told by all so far.
    picking
        Columns question, of_whom, how, people, gain, low, high: what the answer adds to the chance of the package one would pick.
    experiments
        A conjoint experiment on all terms that vary, with each constituency that can be polled; see ``weigh_trials``.
    best, perfect
        Chance of the package one would pick now, and what knowing everything would add to it.
    found
        Columns name, chance, terms: what the packages of the search are.
    voices
        Interviews against a poll: question, of_whom, people, tells, polled (whom a poll would ask), worth (as many answers of a
        poll tell as much; 0 fewer than the least tried, infinite more than any); None where one of both cannot be had.
    unreached
        Constituencies that no poll of the study reached.
    adds
        What the answers to ``together`` add to the chance of the package one would pick, with a 90 % interval.
    halved
        Where prices are known, what the best set for half of the money tells.
    posed
        The questions of ``together`` by the names of the study, to draft a questionnaire from.
    """

    about: str
    chance: float
    tried: int
    ranked: pl.DataFrame
    whom: pl.DataFrame
    sizes: pl.DataFrame
    together: pl.DataFrame
    picking: pl.DataFrame
    experiments: pl.DataFrame
    best: float
    perfect: float
    found: pl.DataFrame
    voices: Mapping[str, Any] | None
    unreached: tuple[str, ...]
    posed: tuple[Posed, ...] = ()
    adds: tuple[float, float, float] = (0.0, 0.0, 0.0)
    halved: float | None = None


@dataclass(frozen=True)
class _Desk:
    """Everything that is worked on."""

    room: Room
    simulator: Simulator
    offers: Sequence[Offer]
    prospects: Sequence[Prospect]
    answers: Float[np.ndarray, "draw prospect"]
    margin: Float[np.ndarray, " draw"]
    carried: Float[np.ndarray, " draw"]
    weights: Float[np.ndarray, "sample draw"]
    tells: Float[np.ndarray, " prospect"]
    spending: Spending | None

    def tell(self, p: Prospect) -> dict[str, Any]:
        """A question in words, and what it costs where that is known."""
        said = tell_prospect(self.room.acceptance.study, self.offers, p)
        return said if self.spending is None else said | {"cost": self.spending.cost(p.selection, p.people)}

    def row(self, n: int) -> dict[str, Any]:
        """A question in words, with what it tells on average over whom it may reach, and its interval."""
        tells, answer = _told(self, self.prospects[n])
        low, high = told_interval(answer, self.margin, self.weights, tells)
        after = np.clip(foretell(self.answers[:, [n]], self.carried)[:, 0], 0.0, 1.0)
        moves = float(np.abs(after - self.carried.mean()).mean())
        said = self.tell(self.prospects[n])
        known = {"asked_before": was_asked(self.room.acceptance, self.offers, self.prospects[n])}
        return said | {"tells": tells, "low": low, "high": high, "moves": moves} | known


def ask_next(
    room: Room,
    what: str | Mapping[str, str],
    *,
    people: int = PEOPLE,
    voices: int = ELEVEN,
    spending: Spending | None = None,
    of: str | None = None,
    top: int = 12,
    seconds: float = SEARCH_SECONDS,
    seed: int = 1,
    say: Callable[[str], None] = lambda _: None,
) -> Asking:
    """Rank the questions that one could ask by what their answers are expected to tell.

    Parameters
    ----------
    people, voices
        How many answer a poll, and how many talk to a reporter; 0 leaves these out.
    spending
        Money and prices, which say how many can be asked instead; ways without a price are left out.
    of
        Only this constituency.
    seconds
        For the search whose packages are among the offers; where it is cut off, another machine may find others.

    Raises
    ------
    UsageError
        If nobody would be asked, or the constituency cannot be polled, or the answer does not vary.
    """
    many = dict.fromkeys(POLLED, people) | {VOICES: voices} if spending is None else spending.people()
    if min(many.values()) < 0 or not any(many.values()):
        raise UsageError("nobody would be asked; write how many answer: --people 1000, or --voices 11 for interviews")
    study, asked = room.acceptance.study, weigh(room, what)
    shares = asked.shares()
    margin, carried = asked.margin(shares), asked.carried(shares).astype(float)
    if margin.var() < 1e-12:
        raise UsageError("whether leaders could carry it is the same in every draw: no answer can change it")
    place = None if of is None else find_constituency(study, of)
    ways = ways_to_reach(room.acceptance)
    found = find_packages(room, seconds)
    offers = list_offers(room, dict(study.find(what)[0].terms), found)
    prospects = list_prospects(offers, ways, many, place)
    if not prospects:
        raise UsageError(_cannot(study.full_label(*study.constituencies()[place or 0]), voices=bool(many.get(VOICES))))
    say(f"{len(prospects):,} questions that one could ask: {len(offers)} offers, who may be asked about each, and how")
    simulator = prepare_simulator(room, seed)
    answers = simulator.answers(offers, prospects)
    tells = told_share(answers, margin[:, None])[0]
    weights = draw_weights(len(margin), RESAMPLES, seed)
    desk = _Desk(room, simulator, offers, prospects, answers, margin, carried, weights, tells, spending)
    options = _options(room, found)
    together, halved = (_together(desk), None) if spending is None else _afford(desk, ways, place, spending)
    return Asking(
        asked.label,
        float(carried.mean()),
        len(prospects),
        _rank(desk, lambda p: offers[p.offer].codes, top),
        _rank(desk, lambda p: (p.constituency, p.selection), len(study.constituencies()) * len(POLLED)),
        _sizes(desk),
        _tabulate_set(desk, together),
        _picking(desk, options),
        _experiments(desk, ways, many, options, place),
        float(options.mean(0).max()),
        perfect_gain(options),
        _packages(room, found),
        _voices(desk),
        tuple(never_reached(room.acceptance, ways)),
        tuple(pose(study, offers, p) for p in together),
        _adds(desk, together, options),
        halved,
    )


def _cannot(who: str, *, voices: bool) -> str:
    more = "" if voices else "; ask for interviews: --voices 11, or a price for them: --price interviews=400"
    return f"{who} cannot be polled: no poll of this study reached them{more}"


def _rank(desk: _Desk, group: Callable[[Prospect], Any], top: int) -> pl.DataFrame:
    """The best question of each group, best first: the best of many by one luck is partly lucky, so that they are told again."""
    best: dict[Any, int] = {}
    for n in np.argsort(-desk.tells, kind="stable"):
        best.setdefault(group(desk.prospects[n]), int(n))
    return pl.DataFrame([desk.row(n) for n in list(best.values())[:top]]).sort(
        "tells", descending=True, maintain_order=True
    )


def _polls(desk: _Desk) -> list[int]:
    """Questions of polls by random samples; of any kind that asks many where there are none."""
    of = lambda kinds: [n for n, p in enumerate(desk.prospects) if p.selection in kinds]  # noqa: E731
    return of((RANDOM,)) or of(POLLED)


def _told(desk: _Desk, p: Prospect) -> tuple[float, np.ndarray]:
    """What a question tells, on average over whom it happens to reach; and its answers by one luck."""
    lucky = desk.simulator.tries(desk.offers, [p], LUCKS)
    return float(np.mean([told_share(a, desk.margin[:, None])[0, 0] for a in lucky])), lucky[0][:, 0].astype(float)


def _best(desk: _Desk, places: Sequence[int]) -> Prospect | None:
    return desk.prospects[max(places, key=lambda n: desk.tells[n])] if places else None


def _resized(p: Prospect, people: int) -> Prospect:
    return Prospect(p.offer, p.constituency, p.selection, people)


def _sizes(desk: _Desk) -> pl.DataFrame:
    """The best question of a poll put to more and more people; what more people tell is never less."""
    best = _best(desk, _polls(desk))
    rows, most = [], 0.0
    for n in SIZES if best else ():
        told, answer = _told(desk, _resized(best, n))  # pyright: ignore[reportArgumentType]
        most = max(most, told)
        low, high = told_interval(answer, desk.margin, desk.weights, most)
        rows.append({"people": n, "tells": most, "low": low, "high": high})
    return pl.DataFrame(rows, schema={"people": pl.Int64, **dict.fromkeys(("tells", "low", "high"), pl.Float64)})


def _voices(desk: _Desk) -> dict[str, Any] | None:
    """The best interviews with people whom no random sample reaches against the best poll with the same question."""
    polled = {p.constituency for p in desk.prospects if p.selection == RANDOM}
    heard = [n for n, p in enumerate(desk.prospects) if p.selection == VOICES]
    few = _best(desk, [n for n in heard if desk.prospects[n].constituency not in polled] or heard)
    if few is None:
        return None
    same = [n for n in _polls(desk) if desk.prospects[n].offer == few.offer]
    many = _best(desk, same)
    if many is None or many.selection == VOICES:
        return None
    told, _ = _told(desk, few)
    curve = np.maximum.accumulate([_told(desk, _resized(many, n))[0] for n in SIZES])
    worth = np.inf if told > curve[-1] else 0.0
    if curve[0] < told <= curve[-1]:
        worth = float(np.exp(np.interp(told, curve, np.log(SIZES))))
    study = desk.room.acceptance.study
    whom = study.full_label(*study.constituencies()[many.constituency])
    price = None if desk.spending is None else desk.spending.prices.get(many.selection)
    return desk.tell(few) | {"tells": told, "polled": whom, "worth": worth, "price": price}


def _together(desk: _Desk) -> list[Prospect]:
    """A set for one questionnaire: questions of polls that tell most together."""
    places = _polls(desk) or list(range(len(desk.prospects)))
    chosen, _ = choose_set(desk.answers[:, places], desk.margin, SET)
    return [desk.prospects[places[n]] for n in chosen]


def _afford(
    desk: _Desk, ways: Mapping[int, tuple[str, ...]], place: int | None, spending: Spending
) -> tuple[list[Prospect], float]:
    """A set that the budget pays for, all of it for one group or parts of it for two or three; what one for half of it tells.

    Whoever is reached answers the whole questionnaire, so that a further question to the same people costs nothing. Sets are
    held against each other by other people than they were chosen by, those for half of the money among those for all of it.
    """
    half = dataclasses.replace(spending, budget=spending.budget / 2)
    less = list(_list_sets(desk, ways, place, half))
    more = [*_list_sets(desk, ways, place, spending), *([_resized(p, 2 * p.people) for p in s] for s in less)]
    told = {n: _tell_set(desk, chosen)[0][-1] for n, chosen in enumerate(more)}
    halved = max((_tell_set(desk, chosen)[0][-1] for chosen in less), default=0.0)
    return (more[max(told, key=lambda n: told[n])] if told else []), halved


def _list_sets(
    desk: _Desk, ways: Mapping[int, tuple[str, ...]], place: int | None, spending: Spending
) -> Iterator[list[Prospect]]:
    """The best set of each number of groups among which the money is divided."""
    for groups in range(1, GROUPS + 1):
        prospects = list_prospects(desk.offers, ways, spending.people(groups), place)
        if not prospects:
            return
        named = [(p.constituency, p.selection) for p in prospects]
        chosen, _ = choose_set(desk.simulator.answers(desk.offers, prospects), desk.margin, SET, named, groups)
        if len({named[n] for n in chosen}) == groups:  # else part of the money would lie idle
            yield [prospects[n] for n in chosen]


def _tell_set(desk: _Desk, chosen: Sequence[Prospect]) -> tuple[list[float], list[np.ndarray]]:
    """What a set tells after each of its questions, by other people than it was chosen by; and what is left, by one luck."""
    told = [tell_set(a, desk.margin) for a in desk.simulator.tries(desk.offers, chosen, LUCKS)] if chosen else []
    shares = np.maximum.accumulate(np.mean([shares for shares, _ in told], axis=0)) if told else []
    return [float(x) for x in shares], told[0][1] if told else []


def _tabulate_set(desk: _Desk, chosen: Sequence[Prospect]) -> pl.DataFrame:
    """A set in words, with the share told by all so far."""
    rows = []
    for k, (p, share, left) in enumerate(zip(chosen, *_tell_set(desk, chosen), strict=True)):
        low, high = left_interval(left, desk.margin, desk.weights, share)
        rows.append({"place": k + 1} | desk.tell(p) | {"tells": share, "low": low, "high": high})
    return pl.DataFrame(rows)


def _options(room: Room, found: Sequence[Mapping[str, str]]) -> Float[np.ndarray, "draw option"]:
    """Whether all leaders could carry each proposal on record and each package found."""
    weighed: list[Weighed] = [weigh(room, p) for p in (*room.acceptance.study.on_record(), *found)]
    if not weighed:
        return np.zeros((len(room.ballot.draws), 1))
    return np.stack([w.carried(w.shares()) for w in weighed], axis=1).astype(float)


def _experiments(
    desk: _Desk, ways: Mapping[int, tuple[str, ...]], many: Mapping[str, int], options: np.ndarray, place: int | None
) -> pl.DataFrame:
    """Experiments, and what each costs where prices are known."""
    found = weigh_trials(desk.room, desk.simulator, ways, many, desk.margin, options, desk.weights, place)
    if desk.spending is None:
        return found.drop("way")
    cost = [desk.spending.cost(way, people) for way, people in found.select("way", "people").iter_rows()]
    return found.drop("way").with_columns(cost=pl.Series(cost, dtype=pl.Float64))


def _adds(
    desk: _Desk, chosen: Sequence[Prospect], options: Float[np.ndarray, "draw option"]
) -> tuple[float, float, float]:
    """What a set adds in picking, by other people than it was chosen by."""
    if not chosen:
        return 0.0, 0.0, 0.0
    gained = np.mean([pick_together(a, options) for a in desk.simulator.tries(desk.offers, chosen, LUCKS)], axis=0)
    low, high = np.quantile(desk.weights @ gained / desk.weights.sum(1), [LOW, HIGH])
    return float(gained.mean()), float(low), float(high)


def _picking(desk: _Desk, options: Float[np.ndarray, "draw option"]) -> pl.DataFrame:
    """Questions whose answers help most in picking a package: finalists of all, told again with other people."""
    first = pick_gains(desk.answers, options).mean(0)
    places = np.argsort(-first, kind="stable")[:FINALISTS]
    finalists = [desk.prospects[n] for n in places]
    again = pick_gains(desk.simulator.answers(desk.offers, finalists, luck=1), options)
    rows = []
    for n in np.argsort(-again.mean(0), kind="stable"):
        resampled = (desk.weights @ again[:, n]) / desk.weights.sum(1)
        low, high = np.quantile(resampled, [LOW, HIGH])
        rows.append(
            desk.tell(finalists[n]) | {"gain": float(again[:, n].mean()), "low": float(low), "high": float(high)}
        )
    return pl.DataFrame(rows)


def _packages(room: Room, found: Sequence[Mapping[str, str]]) -> pl.DataFrame:
    study = room.acceptance.study
    rows = []
    for n, p in enumerate(found):
        w = weigh(room, p)
        rows.append(
            {"name": name_found(n), "chance": float(w.carried(w.shares()).mean()), "terms": study.beside_record(p)}
        )
    return pl.DataFrame(rows, schema={"name": pl.String, "chance": pl.Float64, "terms": pl.String})
