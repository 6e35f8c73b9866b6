"""One run, week by week, compiled. Every mechanism is a function of its own; random numbers are functions of where they stand.

A number is drawn from a hash of (seed, run, week, purpose), so that the same run under another scenario meets the same
luck, whatever happens in it, and on any number of cores (Salmon et al. 2011: counter-based generators).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from winset.room.kernels import ALL, ANY
from winset.talks.priors import TALK_PRIORS

(OPTIMISM_ATTACKER, OPTIMISM_DEFENDER, BELIEF_SD, WAR_COST_ATTACKER, WAR_COST_DEFENDER, PRICE_OF_FAILURE, DOUBT, DOUBT_OTHER,
 FATIGUE, SUNK, SUCCESS, FEAR, OWN_DRIFT, INFLUENCE, BREAK_OFF, RESUME, ROUND, RELAPSE_TRUCE, RELAPSE_AGREEMENT,
) = range(len(TALK_PRIORS))  # fmt: skip
FIGHTING, TALKING, TRUCE, AGREEMENT, TAKEN, THROWN_BACK = range(6)
"""State of a week: war without and with talks, a cease-fire, an agreement, aim reached by force, attacker thrown back."""

HORIZON = 104
"""Weeks of war that a leader looks ahead when he weighs a deal."""

MEMORY = 26
STRIDE = np.uint64(0x9E3779B97F4A7C15)
WEEKS_A_MONTH = 365.25 / 12 / 7
WHOLE_RUN = 1_000_000
FRONT, LOSSES, MOOD, OWN, TALKS, PROPOSER, ESTIMATE, RELAPSE = range(8)


@njit(nogil=True, cache=True)
def mix(z: Any) -> Any:
    """The finishing step of splitmix64 (Steele, Lea & Flood 2014)."""
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@njit(nogil=True, cache=True)
def find_address(seed: int, run: int, week: int) -> Any:
    """Where the numbers of one week of one run begin."""
    z = mix(np.uint64(seed) + STRIDE)
    z = mix((z ^ np.uint64(run)) + STRIDE)
    return mix((z ^ np.uint64(week)) + STRIDE)


@njit(nogil=True, cache=True)
def draw_uniform(address: Any, purpose: int, which: int) -> float:
    """A number in (0, 1)."""
    z = mix(np.uint64(address) + STRIDE * np.uint64(4096 * purpose + which + 1))
    return (float(z >> np.uint64(11)) + 0.5) / 9007199254740992.0


@njit(nogil=True, cache=True)
def draw_normal(address: Any, purpose: int, which: int) -> float:
    """A standard normal number (Box & Muller 1958)."""
    u, v = draw_uniform(address, purpose, 2 * which), draw_uniform(address, purpose, 2 * which + 1)
    return np.sqrt(-2.0 * np.log(u)) * np.cos(2.0 * np.pi * v)


@njit(nogil=True, cache=True)
def normal_cdf(x: float) -> float:
    """Normal distribution function."""
    return 0.5 * math.erfc(-x * 0.7071067811865476)


@njit(nogil=True, cache=True)
def move_front(x: float, war: Any, noise: float) -> float:
    """Gain of the attacker, a random walk with drift between two absorbing ends (Smith & Stam 2004)."""
    aim, drift, sd = war
    return min(max(x + drift + sd * noise, -aim), aim)


@njit(nogil=True, cache=True)
def learn(belief: Any, side: int, moved: float, sd: float) -> None:
    """A leader's belief about the drift, mean and variance, after a week of battle (normal learning)."""
    mean, variance = belief[side, 0], belief[side, 1]
    if variance > 0.0:
        weight = variance / (variance + sd * sd)
        belief[side, 0] = mean + weight * (moved - mean)
        belief[side, 1] = variance * (1.0 - weight)


@njit(nogil=True, cache=True)
def influence(mood: Any, side_of: Any, weight: float) -> None:
    """Every constituency moves some way to its side's mean (DeGroot 1974); the mean stays what it was."""
    for s in range(2):
        total, count = 0.0, 0
        for c in range(len(mood)):
            if side_of[c] == s:
                total += mood[c]
                count += 1
        if count:
            for c in range(len(mood)):
                if side_of[c] == s:
                    mood[c] += weight * (total / count - mood[c])


@njit(nogil=True, cache=True)
def find_margins(d: int, shift: Any, discount: Any, world: Any, rules: Any, stack: Any, margins: Any) -> None:
    """Margin of each side's rule for each package, in probits: ``margins[side, package]``.

    A clause on one constituency: utility above what the threshold needs, over the spread. A coalition: its share above the
    threshold, over the slope of the normal curve there (first order; the sign is exact).
    """
    utility, cost, spread, kept, lapse, need, thresholds, slopes, side_of = world
    single, weights, programs = rules
    for p in range(margins.shape[1]):
        for s in range(2):
            top = -1
            for operator in programs[s]:
                if operator >= 0:
                    top += 1
                    c = single[operator]
                    if c >= 0:
                        u = utility[d, c, p] - discount[side_of[c]] * cost[d, c, p] + shift[c, p]
                        stack[top] = (u - need[d, operator, p]) / spread[d, c, p]
                    else:
                        total = 0.0
                        for i in range(len(side_of)):
                            if weights[operator, i] > 0:
                                u = utility[d, i, p] - discount[side_of[i]] * cost[d, i, p] + shift[i, p]
                                share = lapse[d] + (1.0 - 2.0 * lapse[d]) * normal_cdf(u / spread[d, i, p])
                                total += weights[operator, i] * kept[d, i, p] * share
                        stack[top] = (total - thresholds[d, operator]) / slopes[d, operator]
                elif operator == ALL:
                    top -= 1
                    stack[top] = min(stack[top], stack[top + 1])
                elif operator == ANY:
                    top -= 1
                    stack[top] = max(stack[top], stack[top + 1])
            margins[s, p] = stack[0]


@njit(nogil=True, cache=True)
def find_surprise(track: Any, week: int, drift: float) -> float:
    """By how much half a year's movement beats what it was before the as-of date: -1 a standstill, 1 twice the pace.

    Before the as-of date the front is taken to have moved at that pace.
    """
    if drift == 0.0:
        return 0.0
    past = week + 1 - MEMORY
    then = track[past] if past >= 0 else drift * past
    return min(max((track[week + 1] - then) / (MEMORY * abs(drift)) - np.sign(drift), -2.0), 2.0)


@njit(nogil=True, cache=True)
def value_of_war(x: float, drift: float, aim: float, ends: Any, cost: float) -> float:
    """Share of his aims that a leader expects to hold after two more years of war, less their cost.

    Between what holds now (``ends[0]``) and what holds once the attacker has its aim (``ends[1]``), by the part of the way
    that he believes the front will have gone.
    """
    gone = min(max((x + drift * HORIZON) / aim, 0.0), 1.0)
    return ends[0] + gone * (ends[1] - ends[0]) - cost


@njit(nogil=True, cache=True)
def signs(value: float, margin: float, estimate: float, war: float, price: float, doubt: float) -> bool:
    """Whether a leader signs: R U(deal) + (1 - R) U(failed ratification) >= U(fight on), R his chance to carry it."""
    chance = normal_cdf(margin / doubt + estimate) if doubt > 0 else (1.0 if margin >= 0.0 else 0.0)
    return chance * value + (1.0 - chance) * (war - price) >= war


@njit(nogil=True, cache=True)
def choose(proposer: int, margins: Any, value: Any, willing: Any, noise: Any) -> int:
    """Package that is tabled; -1 where the proposer has none.

    A side: the best for itself that it would sign and believes the other could carry. A mediator (2): the one whose
    weaker side he believes strongest.
    """
    best, chosen = -np.inf, -1
    for p in range(margins.shape[1]):
        if proposer == 2:
            score = min(margins[0, p] + noise[0, p], margins[1, p] + noise[1, p])
        else:
            if not willing[proposer, p] or margins[1 - proposer, p] + noise[1 - proposer, p] < 0.0:
                continue
            score = value[proposer, p]
        if score > best:
            best, chosen = score, p
    return chosen


@njit(nogil=True, cache=True)
def set_shift(
    mood: Any, grown: Any, surprise: float, scare: float, world: Any, theta: Any, attacker: int, shift: Any
) -> None:
    """What has moved acceptance since the as-of date, by constituency and package, in probits."""
    value, side_of, truce = world
    for c in range(len(mood)):
        s = side_of[c]
        tenfold = np.log10(grown[s])
        hope = surprise if s == attacker else -surprise
        base = mood[c] + theta[FATIGUE] * tenfold - theta[SUCCESS] * hope - theta[FEAR] * scare
        for p in range(shift.shape[1]):
            short = 1.0 - value[s, p]
            shift[c, p] = base - theta[SUNK] * tenfold * short * (0.0 if truce[p] else 1.0)


@njit(nogil=True, cache=True)
def run_block(  # noqa: PLR0915 the order of a week is read best in one piece
    first: int, seed: int, chance: int, thetas: Any, war: Any, levers: Any, table: Any, rules: Any, out: Any
) -> None:
    """Runs ``first`` to ``first + len(thetas)``; see ``winset.talks.simulation`` for shapes."""
    aim, drift, sd, attacker, so_far, intensity, draws = war
    begins, factor_front, factor_losses, discounts = levers
    after, value, truce, side_of, side_drift, before, without = table
    states, fronts, moods, rooms, events = out
    weeks, packages, members = states.shape[1], value.shape[2], len(side_of)
    mood, shift = np.zeros(members), np.zeros((members, packages))
    margins, noise = np.zeros((2, packages)), np.zeros((2, packages))
    willing, stack = np.zeros((2, packages), np.bool_), np.zeros(16)
    grown, belief, discount = np.ones(2), np.zeros((2, 2)), np.ones(2)
    track, common_mood = np.zeros(weeks + 1), np.zeros(2)
    for n in range(len(thetas)):
        run, theta = first + n, thetas[n]
        d = int(draw_uniform(find_address(seed, run // chance, WHOLE_RUN), FRONT, 0) * draws)
        x, state, scare = 0.0, TALKING, 0.0
        mood[:], grown[:] = 0.0, 1.0
        belief[:, 0] = drift
        belief[attacker, 0] += theta[OPTIMISM_ATTACKER] * abs(drift)
        belief[1 - attacker, 0] += theta[OPTIMISM_DEFENDER] * abs(drift)
        belief[:, 1] = (theta[BELIEF_SD] * drift) ** 2
        for week in range(weeks):
            on = week >= begins
            luck = find_address(seed, run, week)
            pace = factor_front if on else 1.0
            for s in range(2):
                discount[s] = discounts[s] if on else 1.0
            now, worth = (after, value[1]) if on else (before, value[0])
            if state <= TALKING:
                old = x
                x = move_front(x, (aim, drift * pace, sd * pace), draw_normal(luck, FRONT, 0))
                for s in range(2):
                    more = factor_losses[s] if on else 1.0
                    grown[s] += more * intensity[s] * np.exp(0.25 * draw_normal(luck, LOSSES, s)) / so_far
                    learn(belief, s, x - old, sd)
                if x >= aim or x <= -aim:
                    state = TAKEN if x > 0 else THROWN_BACK
            track[week + 1] = x
            surprise = find_surprise(track, week, drift) if state <= TALKING else 0.0
            scare *= np.exp(-1.0 / HORIZON)
            for s in range(2):
                common_mood[s] = draw_normal(luck, MOOD, s)
            for c in range(members):
                month = side_drift[d, side_of[c]] / np.sqrt(WEEKS_A_MONTH)
                common = common_mood[side_of[c]]
                mood[c] += month * (common + theta[OWN_DRIFT] * draw_normal(luck, OWN, c)) * (theta[OWN_DRIFT] > 0)
            influence(mood, side_of, theta[INFLUENCE])
            set_shift(mood, grown, surprise, scare, (worth, side_of, truce), theta, attacker, shift)
            find_margins(d, shift, discount, now, rules, stack, margins)
            open_to_both = 0
            for p in range(packages):
                open_to_both += (margins[0, p] >= 0.0) & (margins[1, p] >= 0.0)
            rooms[n, week] = open_to_both
            if state in (TRUCE, AGREEMENT):
                hazard = theta[RELAPSE_TRUCE] if state == TRUCE else theta[RELAPSE_AGREEMENT]
                if draw_uniform(luck, RELAPSE, 0) < hazard:
                    state, scare = FIGHTING, scare + 1.0
                    events[n, 4] += 1
            elif state == TALKING:
                if draw_uniform(luck, TALKS, 0) < theta[BREAK_OFF]:
                    state = FIGHTING
            elif state == FIGHTING and draw_uniform(luck, TALKS, 1) < theta[RESUME]:
                state = TALKING
            at_table = (state == TALKING) | (state == TRUCE)
            if at_table and draw_uniform(luck, TALKS, 2) < theta[ROUND]:
                events[n, 0] += 1
                proposer = int(3.0 * draw_uniform(luck, PROPOSER, 0))
                for s in range(2):
                    cost = theta[WAR_COST_ATTACKER] if s == attacker else theta[WAR_COST_DEFENDER]
                    fight = value_of_war(x, belief[s, 0], aim, without[s], cost)
                    for p in range(packages):
                        estimate = draw_normal(luck, ESTIMATE, s * packages + p)
                        noise[s, p] = theta[DOUBT_OTHER] * estimate
                        agreed = signs(
                            worth[s, p], margins[s, p], estimate, fight, theta[PRICE_OF_FAILURE], theta[DOUBT]
                        )
                        willing[s, p] = agreed and not (state == TRUCE and truce[p])
                p = choose(proposer, margins, worth, willing, noise)
                if p < 0:
                    events[n, 1] += 1
                elif willing[0, p] and willing[1, p]:
                    if margins[0, p] >= 0.0 and margins[1, p] >= 0.0:
                        state = TRUCE if truce[p] else AGREEMENT
                        events[n, 5], events[n, 6] = p, week
                    else:
                        events[n, 7 if margins[0, p] < 0.0 else 8] += 1
                        if state == TALKING:
                            state = FIGHTING
                else:
                    for s in range(2):
                        events[n, 2 + s] += not willing[s, p]
            states[n, week], fronts[n, week] = state, x
            for s in range(2):
                total, count = 0.0, 0
                for c in range(members):
                    if side_of[c] == s:
                        total += mood[c] + theta[FATIGUE] * np.log10(grown[s])
                        count += 1
                moods[n, week, s] = total / max(count, 1)
