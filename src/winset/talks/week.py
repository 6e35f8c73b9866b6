"""The loop: one run after another, week by week. Every mechanism is a function of its own file."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from winset.talks.attitudes import RECENT, find_surprise, frighten, tire, weigh
from winset.talks.bargaining import MEDIATOR, find_margins, hold_out, table_text
from winset.talks.front import beat, lose_both, move_front, share_out
from winset.talks.influence import influence
from winset.talks.leaders import (
    HORIZON,
    chance_at_home,
    expect,
    find_fate,
    harden,
    learn,
    learn_from_answer,
    value_of_deal,
    value_of_war,
)
from winset.talks.numbers import (
    ERROR,
    ESTIMATE,
    FRONT,
    LOSSES,
    MOOD,
    OWN,
    PARTIAL,
    PROPOSER,
    REARM,
    RELAPSE,
    TALKS,
    TEMPO,
    WHOLE_RUN,
    Normals,
    compiled,
    draw_normal,
    draw_normals,
    draw_uniform,
    find_address,
    inlined,
    list_normals,
)
from winset.talks.priors import TALK_PRIORS

FIGHTING, TALKING, TRUCE, AGREEMENT, TAKEN, THROWN_BACK, LULL = range(7)
"""State of a week: war without and with talks, a cease-fire, an agreement, aim reached by force, attacker thrown back, a
lull in which the war has died down without a word signed."""

(ROUND_HELD, BY_FIRST, BY_SECOND, BY_MEDIATOR, NO_TEXT, REFUSED_FIRST, REFUSED_SECOND, FAILED_FIRST, FAILED_SECOND, EXCHANGED,
 LIMITED, MOBILISED, BROKE_DOWN, BROKE_OFF, COUNTERED) = (1 << n for n in range(15))  # fmt: skip
"""What happened in a week, as bits of ``news``."""

(ROUNDS, WITHOUT_TEXT, REFUSALS, BREAKDOWNS, PACKAGE, WEEK_SIGNED, FAILURES, EXCHANGES, LIMITEDS, FIRST_KIND, FIRST_WEEK) = (
    0, 1, 2, 4, 5, 6, 7, 9, 10, 11, 12)  # fmt: skip
EVENTS = 13

WEEKS_A_MONTH = 365.25 / 12 / 7
WEEKS_A_YEAR = 52.0
QUIET = 0.05
"""Losses in a lull, as a share of what they were."""

HELD_SCALE = 60000.0
"""Shares of regions are kept as whole numbers of 1/60,000."""

SHELVED = 13
"""Weeks for which a mediator does not table again what was refused."""

LINE_KEEPS = float(np.exp(-1 / 26))
"""Part of its hold on the leader's line that news of talks keeps over a week: a third after half a year."""

_P = list(TALK_PRIORS)
(AID, PACE, TEMPO_PERSISTENCE, TEMPO_SD, OPTIMISM_ATTACKER, OPTIMISM_DEFENDER, BELIEF_SD, WAR_COST_ATTACKER, WAR_COST_DEFENDER,
 PRICE_OF_FAILURE, DOUBT, DOUBT_OTHER, FORGET, OFFICE, SEVERITY, SPARED, REFRAMING, HARDENING, PATIENCE, REGROUP, FATIGUE,
 FATIGUE_RECENT, DURATION, SUNK, SUNK_BEARERS, SUCCESS, FEAR, TRUST, OWN_DRIFT, SUSCEPTIBLE, CUE, LINE, MOBILISATION,
 MOBILISATION_WEEKS, BREAK_OFF, RESUME, ROUND, EXCHANGE, LIMITED_CHANCE, LIMITED_EFFECT, LULL_CHANCE, RELAPSE_LULL,
 RELAPSE_TRUCE, RELAPSE_AGREEMENT, GUARDED, REARMED,
) = range(len(_P))  # fmt: skip
"""Columns of the parameters, in the order of the table of priors."""


class Land(NamedTuple):
    """The war as declared: areas and shares held of regions, the front's pace, losses, leaders."""

    area: Any
    held: Any
    effort: Any
    aim: float
    drift: float
    sd: float
    attacker: int
    so_far: float
    intensity: Any
    regime: Any
    culpable: Any


class Levers(NamedTuple):
    """What is changed in which week; arrays over weeks (and sides)."""

    world: Any
    front: Any
    losses: Any
    aid: Any
    commitments: Any
    framing: Any
    mobilise: Any
    exchange: Any
    limited: Any


class Table(NamedTuple):
    """Packages by world (what every text then holds), posterior draw, constituency and package."""

    utility: Any
    cost: Any
    scale: Any
    kept: Any
    need: Any
    value: Any
    without: Any
    guarded: Any
    truce: Any


class Home(NamedTuple):
    """Constituencies and the rules by which they bind their leaders; floor and gain of acceptance by world and draw."""

    side_of: Any
    bearer: Any
    listens: Any
    drift: Any
    floor: Any
    gain: Any
    thresholds: Any
    slopes: Any
    single: Any
    weights: Any
    programs: Any


class Out(NamedTuple):
    """What is kept of every run and week."""

    state: Any
    front: Any
    held: Any
    mood: Any
    carried: Any
    news: Any
    tabled: Any
    events: Any


def make_out(runs: int, weeks: int, regions: int) -> Out:
    """Room for what is kept; nothing signed yet."""
    shape = (runs, weeks)
    out = Out(
        state=np.zeros(shape, np.uint8), front=np.zeros(shape, np.float32), held=np.zeros((*shape, regions), np.uint16),
        mood=np.zeros((*shape, 2), np.float32), carried=np.zeros((*shape, 3), np.uint8), news=np.zeros(shape, np.uint16),
        tabled=np.zeros(shape, np.int8), events=np.zeros((runs, EVENTS), np.int32))  # fmt: skip
    out.events[:, [PACKAGE, WEEK_SIGNED, FIRST_KIND, FIRST_WEEK]] = -1
    return out


def make_levers(weeks: int) -> Levers:
    """No lever is pulled in any week."""
    both = (weeks, 2)
    return Levers(
        world=np.zeros(weeks, np.int64), front=np.ones(weeks), losses=np.ones(both), aid=np.ones(both),
        commitments=np.ones(both), framing=np.zeros(both, np.bool_), mobilise=np.zeros(both, np.bool_),
        exchange=np.zeros(weeks, np.bool_), limited=np.zeros(weeks, np.int64))  # fmt: skip


class Cells(NamedTuple):
    """Constituencies by packages, end to end: whose each is, and what the package lacks in the world at hand."""

    member: Any
    side: Any
    sunk: Any
    bare: Any


class Noise(NamedTuple):
    """The normal numbers of a week, drawn together, and the same numbers by purpose."""

    all: Normals
    tempo: Any
    losses: Any
    moods: Any
    front: Any
    own: Any


def make_noise(regions: int, members: int) -> Noise:
    """Room for a week's numbers."""
    counts = ((TEMPO, 2), (LOSSES, 2), (MOOD, 2), (FRONT, regions), (OWN, members))
    drawn = list_normals(*counts)
    return Noise(drawn, *np.split(drawn.drawn, np.cumsum([count for _, count in counts])[:-1]))


class Desk(NamedTuple):
    """Scratch space of one run."""

    held: Any
    part: Any
    lost: Any
    grown: Any
    recent: Any
    mood: Any
    inner: Any
    expressed: Any
    heard: Any
    noise: Noise
    estimates: Normals
    cells: Cells
    standing: Any
    margins: Any
    believed: Any
    read: Any
    unsure: Any
    shelf: Any
    deal: Any
    signing: Any
    war: Any
    least: Any
    belief: Any
    line: Any
    cue: Any
    faith: Any
    price: Any
    hard: Any
    shock: Any
    tenfold: Any
    felt: Any
    common: Any
    breaks: Any
    stack: Any
    shares: Any
    track: Any


def make_desk(home: Home, packages: int, regions: int, weeks: int) -> Desk:
    """Empty scratch space."""
    members = len(home.side_of)
    member = np.repeat(np.arange(members), packages)
    cells = Cells(member, home.side_of[member], np.zeros(len(member)), np.zeros(len(member)))
    two, square, each = np.zeros(2), np.zeros((2, packages)), np.zeros(members)
    return Desk(
        held=np.zeros(regions), part=np.zeros(regions), lost=two.copy(), grown=two.copy(), recent=two.copy(),
        mood=each.copy(), inner=each.copy(), expressed=each.copy(), heard=each.copy(),
        noise=make_noise(regions, members), estimates=list_normals((ESTIMATE, 2 * packages)), cells=cells,
        standing=np.zeros(len(member)), margins=square.copy(), believed=square.copy(), read=square.copy(),
        unsure=square.copy(), shelf=np.zeros(packages), deal=square.copy(), signing=square.copy(), war=two.copy(),
        least=two.copy(), belief=np.zeros((2, 2)), line=two.copy(), cue=two.copy(), faith=two.copy(), price=two.copy(),
        hard=two.copy(), shock=two.copy(), tenfold=two.copy(), felt=two.copy(), common=two.copy(), breaks=np.zeros(packages),
        stack=np.zeros((8, packages)), shares=np.zeros(len(member) if (home.single < 0).any() else 0, np.float32),
        track=np.zeros(weeks + 1))  # fmt: skip


@compiled
def begin(run: int, seed: int, theta: Any, land: Land, desk: Desk) -> None:
    """Everything as it stands at the as-of date."""
    for r in range(len(land.held)):
        desk.held[r] = land.held[r]
    desk.grown[:], desk.recent[:], desk.faith[:], desk.hard[:] = 1.0, 1.0, 1.0, 1.0
    desk.mood[:], desk.expressed[:], desk.line[:], desk.shock[:] = 0.0, 0.0, 0.0, 0.0
    desk.shelf[:] = 0.0
    desk.belief[:, 0] = land.drift
    desk.belief[land.attacker, 0] += theta[OPTIMISM_ATTACKER] * abs(land.drift)
    desk.belief[1 - land.attacker, 0] += theta[OPTIMISM_DEFENDER] * abs(land.drift)
    desk.belief[:, 1] = (theta[BELIEF_SD] * land.drift) ** 2
    luck = find_address(seed, run, WHOLE_RUN)
    packages = desk.unsure.shape[1]
    for s in range(2):
        for p in range(packages):
            desk.believed[s, p] = theta[DOUBT_OTHER] * draw_normal(luck, ERROR, s * packages + p)
            desk.unsure[s, p] = theta[DOUBT_OTHER] ** 2


@inlined
def fight(
    week: int,
    x: float,
    pace: float,
    tempo: float,
    quiet: float,
    theta: Any,
    land: Land,
    levers: Levers,
    desk: Desk,
) -> float:
    """A week of war: the front moves, both sides lose, both leaders learn; the gain so far afterwards."""
    aided = theta[AID] * ((levers.aid[week, land.attacker] - 1.0) - (levers.aid[week, 1 - land.attacker] - 1.0))
    speed = quiet * pace * levers.front[week] * np.exp(tempo - 0.5 * theta[TEMPO_SD] ** 2)
    drift = speed * (land.drift + aided * abs(land.drift))
    share_out(desk.held, land.effort, land.area, desk.part)
    gained = move_front(desk.held, land.area, desk.part, drift, quiet * levers.front[week] * land.sd, desk.noise.front)
    lose_both(land.intensity, levers.losses[week], tempo, theta[TEMPO_SD], land.so_far, desk.noise.losses, desk.lost)
    wander = (theta[PACE] * land.drift) ** 2 / WEEKS_A_YEAR
    for s in range(2):
        desk.belief[s, 0], desk.belief[s, 1] = learn(desk.belief[s, 0], desk.belief[s, 1], gained, land.sd, wander)
    return x + gained


@inlined
def feel(week: int, d: int, surprise: float, theta: Any, land: Land, home: Home, desk: Desk) -> None:
    """A week of public opinion: moods drift, losses and news are felt, people and leaders are heard."""
    step = 1.0 / np.sqrt(WEEKS_A_MONTH)
    for s in range(2):
        hope = surprise if s == land.attacker else -surprise
        desk.tenfold[s] = np.log10(desk.grown[s])
        tired = tire(desk.tenfold[s], desk.recent[s], (week + 1) / WEEKS_A_YEAR, theta[FATIGUE], theta[FATIGUE_RECENT],
                     theta[DURATION])  # fmt: skip
        desk.felt[s] = tired - theta[SUCCESS] * hope + desk.shock[s]
        desk.common[s] = desk.noise.moods[s] if theta[OWN_DRIFT] > 0.0 else 0.0
    for c in range(len(desk.mood)):
        s = home.side_of[c]
        if theta[OWN_DRIFT] > 0.0:
            own = theta[OWN_DRIFT] * desk.noise.own[c]
            desk.mood[c] += home.drift[d, s] * step * (desk.common[s] + own)
        desk.inner[c] = desk.mood[c] + desk.felt[s]
    for s in range(2):
        desk.cue[s] = theta[CUE] * desk.faith[s]
    influence(
        desk.expressed, desk.inner, home.listens, home.side_of, theta[SUSCEPTIBLE], desk.cue, desk.line, desk.heard
    )


@compiled
def hazard_of(state: int, guarded: float, theta: Any) -> float:
    """Chance a week that what stopped the war breaks down, by kind and guarantees (base rates: a package of middling ones)."""
    if state == LULL:
        return theta[RELAPSE_LULL]
    if state == TRUCE:
        return theta[RELAPSE_TRUCE]
    return theta[RELAPSE_AGREEMENT] * np.exp(-theta[GUARDED] * (guarded - 0.5))


@compiled
def lay_out(w: int, theta: Any, table: Table, home: Home, desk: Desk) -> None:
    """What packages are in a world: their chance to break down within the two years that are weighed, and what they lack.

    Sunk sacrifice weighs on deals by how far they fall short of the aims, not on cease-fires, which leave the aims open.
    """
    packages = len(desk.breaks)
    for p in range(packages):
        hazard = hazard_of(TRUCE if table.truce[p] else AGREEMENT, table.guarded[w, p], theta)
        desk.breaks[p] = 1.0 - (1.0 - hazard) ** HORIZON
        for c in range(len(home.side_of)):
            n = c * packages + p
            short = 0.0 if table.truce[p] else 1.0 - table.value[w, home.side_of[c], p]
            desk.cells.sunk[n] = theta[SUNK] * (theta[SUNK_BEARERS] if home.bearer[c] else 1.0) * short
            desk.cells.bare[n] = theta[FEAR] * (1.0 - table.guarded[w, p])


@compiled
def weigh_deals(x: float, w: int, state: int, luck: Any, theta: Any, land: Land, table: Table, desk: Desk) -> None:
    """What signing each package is worth to each leader, what war is, and what they would hold out for."""
    draw_normals(luck, desk.estimates)
    for s in range(2):
        cost = theta[WAR_COST_ATTACKER] if s == land.attacker else theta[WAR_COST_DEFENDER]
        fate = (land.regime[s], land.culpable[s], theta[OFFICE], theta[SEVERITY], theta[SPARED])
        doubt = np.sqrt(land.sd**2 * HORIZON + desk.belief[s, 1] * HORIZON**2)
        desk.war[s] = value_of_war(x, desk.belief[s, 0], doubt, land.aim, table.without[s], cost, fate)
        for p in range(desk.deal.shape[1]):
            value = table.value[w, s, p]
            price = find_fate(value, land.regime[s], land.culpable[s], theta[OFFICE], theta[SEVERITY], theta[SPARED])
            desk.deal[s, p] = value_of_deal(value, price, desk.breaks[p], desk.war[s], theta[REGROUP])
            if state != TALKING and table.truce[p]:
                desk.deal[s, p] = -np.inf
            estimate = desk.estimates.drawn[s * desk.deal.shape[1] + p]
            chance = chance_at_home(desk.margins[s, p], estimate, theta[DOUBT])
            desk.signing[s, p] = expect(chance, desk.deal[s, p], desk.war[s], theta[PRICE_OF_FAILURE])
            desk.read[s, p] = desk.margins[1 - s, p] + desk.believed[s, p]
    hold_out(desk.deal, desk.war, desk.read, theta[PATIENCE], desk.least)


@compiled
def hear(s: int, p: int, sign: float, table: Table, w: int, desk: Desk) -> None:
    """The other leader learns from a side's yes (1) or no (-1): of this package, and of those that give it more (less)."""
    o = 1 - s
    for q in range(desk.deal.shape[1]):
        gap = table.value[w, s, q] - table.value[w, s, p]
        if q == p or gap * sign > 0.0:
            mean = desk.margins[s, q] + desk.believed[o, q]
            after, desk.unsure[o, q] = learn_from_answer(mean, desk.unsure[o, q], sign)
            desk.believed[o, q] = after - desk.margins[s, q]


@compiled
def answer(p: int, w: int, week: int, table: Table, desk: Desk) -> int:
    """Both leaders' answers to a text, as bits of news: who refuses it; nothing where both sign."""
    said = 0
    for s in range(2):
        signs = desk.signing[s, p] >= desk.least[s]
        said |= 0 if signs else (REFUSED_FIRST << s)
        hear(s, p, 1.0 if signs else -1.0, table, w, desk)
    if said:
        desk.shelf[p] = week + 1 + SHELVED
    return said


@compiled
def meet(
    x: float, w: int, week: int, state: int, luck: Any, theta: Any, land: Land, table: Table, desk: Desk
) -> tuple[int, int]:
    """A round of talks: a text, the answers, one counter-text. What happened, and the last text (-1: none)."""
    weigh_deals(x, w, state, luck, theta, land, table, desk)
    proposer = int(3.0 * draw_uniform(luck, PROPOSER, 0))
    news = ROUND_HELD | (BY_FIRST << proposer)
    p = table_text(proposer, desk.signing, desk.deal, desk.least, desk.read, desk.margins, desk.shelf, week)
    if p < 0:
        return news | NO_TEXT, -1
    refused = answer(p, w, week, table, desk)
    news |= refused
    if refused and proposer < MEDIATOR and refused & (REFUSED_FIRST << (1 - proposer)):
        for q in range(desk.deal.shape[1]):
            for s in range(2):
                desk.read[s, q] = desk.margins[1 - s, q] + desk.believed[s, q]
        counter = table_text(
            1 - proposer, desk.signing, desk.deal, desk.least, desk.read, desk.margins, desk.shelf, week
        )
        if counter >= 0 and counter != p:
            again = answer(counter, w, week, table, desk)
            news |= COUNTERED | again
            if not again:
                news &= ~(REFUSED_FIRST | REFUSED_SECOND)
            return news, counter
    return news, p


@compiled
def ratify(p: int, w: int, d: int, theta: Any, home: Home, table: Table, desk: Desk) -> int:
    """Which sides fail at home, as bits of news, once both leaders speak for the text they signed."""
    for s in range(2):
        lift = theta[SUSCEPTIBLE] * theta[CUE] * desk.faith[s] * theta[LINE]
        if desk.margins[s, p] < 0.0 and lift > 0.0:
            for c in range(len(home.side_of)):
                if home.side_of[c] == s:
                    desk.standing[c * len(table.truce) + p] += lift
    find_margins(w, d, desk.standing, home, table, desk.stack, desk.shares, desk.margins)
    said = 0
    for s in range(2):
        said |= 0 if desk.margins[s, p] >= 0.0 else (FAILED_FIRST << s)
    return said


def run_block(
    first: int, seed: int, chance: int, draws: int, thetas: Any, land: Land, levers: Levers, table: Table, home: Home,
    out: Out
) -> None:  # fmt: skip
    """Runs ``first`` to ``first + len(thetas)``; see ``winset.talks.simulation`` for shapes."""
    desk = make_desk(home, len(table.truce), len(land.area), out.state.shape[1])
    laid = {
        name: getattr(table, name).reshape(*table.utility.shape[:2], -1)
        for name in ("utility", "cost", "scale", "kept")
    }
    table = table._replace(**laid)
    _run(first, seed, chance, draws, thetas, land, levers, table, home, desk, out)


@compiled
def _run(  # noqa: PLR0915 the order of a week is read best in one piece
    first: int, seed: int, chance: int, draws: int, thetas: Any, land: Land, levers: Levers, table: Table, home: Home,
    desk: Desk, out: Out
) -> None:  # fmt: skip
    weeks, packages, members = out.state.shape[1], len(table.truce), len(home.side_of)
    for n in range(len(thetas)):
        run, theta = first + n, thetas[n]
        d = int(draw_uniform(find_address(seed, run // chance, WHOLE_RUN), FRONT, 0) * draws)
        begin(run, seed, theta, land, desk)
        calms = np.exp(-1.0 / theta[MOBILISATION_WEEKS]) if theta[MOBILISATION_WEEKS] > 0.0 else 0.0
        x, state, fear, tempo, pace, limited, guarded = 0.0, TALKING, 0.0, 0.0, 1.0, 0, 0.5
        for week in range(weeks):
            w, luck, news, text = levers.world[week], find_address(seed, run, week), 0, -1
            if week == 0 or w != levers.world[week - 1]:
                lay_out(w, theta, table, home, desk)
            draw_normals(luck, desk.noise.all)
            tempo = beat(tempo, theta[TEMPO_PERSISTENCE], theta[TEMPO_SD], desk.noise.tempo[0])
            pace += theta[PACE] / np.sqrt(WEEKS_A_YEAR) * desk.noise.tempo[1]
            limited = max(limited - 1, 0)
            kept = 1 if limited == 1 else 0
            if levers.limited[week] and limited == 0 and state <= TALKING:
                limited, news = levers.limited[week] + 1, news | LIMITED
            for s in range(2):
                desk.shock[s] *= calms
                desk.line[s] *= LINE_KEEPS
                desk.faith[s] += (1.0 - desk.faith[s]) / WEEKS_A_YEAR
                framed = theta[REFRAMING] if levers.framing[week, s] else 1.0
                desk.price[s] = desk.hard[s] * framed * levers.commitments[week, s]
                if levers.mobilise[week, s] and state in (FIGHTING, TALKING):
                    desk.shock[s] += theta[MOBILISATION]
                    news |= MOBILISED
            desk.lost[:] = 0.0
            if state in (FIGHTING, TALKING, LULL):
                quiet = QUIET if state == LULL else (1.0 - theta[LIMITED_EFFECT] if limited else 1.0)
                x = fight(week, x, pace, tempo, quiet, theta, land, levers, desk)
                for s in range(2):
                    desk.lost[s] *= quiet
                if state != LULL and abs(x) >= land.aim * (1.0 - 1e-9):
                    state = TAKEN if x > 0 else THROWN_BACK
            for s in range(2):
                desk.grown[s] += desk.lost[s]
                felt = desk.lost[s] * land.so_far / land.intensity[s]
                desk.recent[s] += (felt - desk.recent[s]) / RECENT
            desk.track[week + 1] = x
            surprise = find_surprise(desk.track, week, land.drift) if state <= TALKING else 0.0
            feel(week, d, surprise, theta, land, home, desk)
            weigh(table.utility[w, d], table.cost[w, d], desk.expressed, desk.price, desk.tenfold, fear, desk.cells,
                  desk.standing)  # fmt: skip
            find_margins(w, d, desk.standing, home, table, desk.stack, desk.shares, desk.margins)
            for p in range(packages):
                one, other = desk.margins[0, p] >= 0.0, desk.margins[1, p] >= 0.0
                out.carried[n, week, 0] += one
                out.carried[n, week, 1] += other
                out.carried[n, week, 2] += one and other
            if state in (TRUCE, AGREEMENT, LULL) and draw_uniform(luck, RELAPSE, 0) < hazard_of(state, guarded, theta):
                state, news = FIGHTING, news | BROKE_DOWN
                pace *= np.exp(theta[REARMED] * draw_normal(luck, REARM, 0))
                for s in range(2):
                    desk.faith[s] *= 0.8
                    desk.line[s] -= theta[LINE]
            elif state in (FIGHTING, TALKING) and draw_uniform(luck, RELAPSE, 1) < theta[LULL_CHANCE]:
                state, guarded = LULL, 0.0
            elif state == TALKING and draw_uniform(luck, TALKS, 0) < theta[BREAK_OFF]:
                state, news = FIGHTING, news | BROKE_OFF
                for s in range(2):
                    desk.line[s] -= 0.5 * theta[LINE]
            elif state == FIGHTING and draw_uniform(luck, TALKS, 1) < theta[RESUME]:
                state = TALKING
            at_table = state in (TALKING, TRUCE, LULL)
            if at_table and draw_uniform(luck, TALKS, 2) < theta[ROUND]:
                for s in range(2):
                    for p in range(packages):
                        fresh = theta[DOUBT_OTHER] ** 2
                        desk.unsure[s, p] += theta[FORGET] * (fresh - desk.unsure[s, p])
                        desk.believed[s, p] *= 1.0 - theta[FORGET]
                said, text = meet(x, w, week, state, luck, theta, land, table, desk)
                out.events[n, ROUNDS] += 1
                out.events[n, WITHOUT_TEXT] += text < 0
                refused = said & (REFUSED_FIRST | REFUSED_SECOND)
                if text >= 0 and not refused:
                    said |= ratify(text, w, d, theta, home, table, desk)
                    if said & (FAILED_FIRST | FAILED_SECOND):
                        state = FIGHTING if state == TALKING else state
                    else:
                        state, guarded = (TRUCE if table.truce[text] else AGREEMENT), table.guarded[w, text]
                        out.events[n, PACKAGE], out.events[n, WEEK_SIGNED] = text, week
                        if out.events[n, FIRST_KIND] < 0:
                            out.events[n, FIRST_KIND], out.events[n, FIRST_WEEK] = state, week
                for s in range(2):
                    out.events[n, REFUSALS + s] += (said & (REFUSED_FIRST << s)) > 0
                    desk.hard[s] = harden(desk.hard[s], (said & (REFUSED_FIRST << s)) > 0, theta[HARDENING])
                    if said & (FAILED_FIRST << s):
                        out.events[n, FAILURES + s] += 1
                        desk.faith[s] *= 0.8
                if levers.exchange[week] or draw_uniform(luck, PARTIAL, 0) < theta[EXCHANGE]:
                    said, kept = said | EXCHANGED, kept + 1
                    out.events[n, EXCHANGES] += 1
                    for s in range(2):
                        desk.line[s] += 0.25 * theta[LINE]
                if state == TALKING and limited == 0 and draw_uniform(luck, PARTIAL, 1) < theta[LIMITED_CHANCE]:
                    limited, said = 5, said | LIMITED
                news |= said
            out.events[n, LIMITEDS] += (news & LIMITED) > 0
            if news & BROKE_DOWN:
                out.events[n, BREAKDOWNS] += 1
            fear = frighten(fear, (news & BROKE_DOWN) > 0, kept, theta[TRUST])
            out.state[n, week], out.front[n, week], out.news[n, week], out.tabled[n, week] = state, x, news, text
            for r in range(len(land.area)):
                out.held[n, week, r] = np.uint16(np.round(desk.held[r] * HELD_SCALE))
            for s in range(2):
                total, count = 0.0, 0
                for c in range(members):
                    if home.side_of[c] == s:
                        total += desk.expressed[c]
                        count += 1
                out.mood[n, week, s] = total / max(count, 1)
