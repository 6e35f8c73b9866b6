"""The whole moving model once more, written plainly in NumPy with all runs side by side; nothing here is shared with ours.

Only what a scenario without levers does. Draws are independent of ours, so that the two are compared by their distributions.
"""

from __future__ import annotations

import numpy as np
from scipy.special import erfc, ndtr

WAR, TALKS, TRUCE, AGREEMENT, TAKEN, BACK, LULL = range(7)
OUT_LOST, OUT_DRAWN, OUT_WON, PUNISHED, HORIZON = 0.51, 0.37, 0.36, 0.29, 104
NODES, WEIGHTS = (-(3**0.5), 0.0, 3**0.5), (1 / 6, 2 / 3, 1 / 6)


class PlainTalks:
    """State of all runs; ``step`` is a week.

    Parameters
    ----------
    theta
        By parameter name: a value for each run.
    land, table, home
        As ours has them.
    """

    def __init__(self, theta: dict[str, np.ndarray], land, table, home, rng: np.random.Generator) -> None:
        self.t, self.land, self.table, self.home, self.rng = theta, land, table, home, rng
        n = self.n = len(theta["fatigue"])
        packages, members = len(table.truce), len(home.side_of)
        self.draw = rng.integers(len(home.thresholds), size=n)
        self.utility, self.need = table.utility[0][self.draw], table.need[0][self.draw]
        self.cost, self.scale, self.accepts = (a[0][self.draw] for a in (table.cost, table.scale, table.kept))
        self.state, self.limited = np.full(n, TALKS), np.zeros(n, int)
        self.x, self.fear, self.tempo, self.pace = np.zeros(n), np.zeros(n), np.zeros(n), np.ones(n)
        self.guarded, self.track = np.full(n, 0.5), [np.zeros(n)]
        self.held = np.tile(land.held, (n, 1))
        self.grown, self.recent = np.ones((n, 2)), np.ones((n, 2))
        self.faith, self.hard, self.line, self.shock = (np.full((n, 2), v) for v in (1.0, 1.0, 0.0, 0.0))
        self.mood, self.said = np.zeros((n, members)), np.zeros((n, members))
        drift = abs(land.drift)
        self.mean = np.full((n, 2), land.drift)
        self.mean[:, land.attacker] += theta["optimism_attacker"] * drift
        self.mean[:, 1 - land.attacker] += theta["optimism_defender"] * drift
        self.variance = np.tile((theta["belief_sd"] * land.drift)[:, None] ** 2, (1, 2))
        self.believed = theta["doubt_other"][:, None, None] * rng.normal(size=(n, 2, packages))
        self.unsure = np.tile(theta["doubt_other"][:, None, None] ** 2, (1, 2, packages))
        self.shelf, self.week = np.zeros((n, packages)), 0
        self.carried, self.text = np.zeros((n, 3), int), np.full(n, -1)
        self.kept: dict[str, np.ndarray] = {}

    def keep(self, weeks: int) -> None:
        """Write down of the week what ours writes down."""
        now = {
            "state": self.state.astype(np.uint8),
            "front": self.x.astype(np.float32),
            "held": np.round(self.held * 60000).astype(np.uint16),
            "mood": np.stack([self.said[:, self.home.side_of == s].mean(1) for s in range(2)], 1).astype(np.float32),
            "carried": self.carried.astype(np.uint8),
            "tabled": self.text.astype(np.int8),
        }
        for name, values in now.items():
            if name not in self.kept:
                self.kept[name] = np.zeros((self.n, weeks, *values.shape[1:]), values.dtype)
            self.kept[name][:, self.week - 1] = values

    def step(self) -> None:
        t, rng, n = self.t, self.rng, self.n
        rho, sd = t["tempo_persistence"], t["tempo_sd"]
        self.tempo = rho * self.tempo + sd * np.sqrt(1 - rho**2) * rng.normal(size=n)
        self.pace = self.pace + t["pace"] / np.sqrt(52) * rng.normal(size=n)
        self.limited = np.maximum(self.limited - 1, 0)
        kept = (self.limited == 1).astype(int)
        self.line *= np.exp(-1 / 26)
        self.faith += (1 - self.faith) / 52
        self._fight()
        self._feel()
        self._find_margins(slice(None))
        one, other = self.margin[:, 0] >= 0, self.margin[:, 1] >= 0
        self.carried = np.stack([one.sum(1), other.sum(1), (one & other).sum(1)], 1)
        broke, was = self._turn(), self.state.copy()
        self.text[:] = -1
        at = np.flatnonzero(np.isin(was, (TALKS, TRUCE, LULL)) & (rng.random(n) < t["round"]))
        kept[at] += self._meet(at)
        self.fear = np.maximum(self.fear * np.exp(-1 / 104) + broke - t["trust"] * kept, -1)
        self.week += 1

    def _fight(self) -> None:
        t, land, rng, n = self.t, self.land, self.rng, self.n
        war = np.isin(self.state, (WAR, TALKS, LULL))
        quiet = np.where(self.state == LULL, 0.05, np.where(self.limited > 0, 1 - t["limited_effect"], 1.0)) * war
        speed = quiet * self.pace * np.exp(self.tempo - t["tempo_sd"] ** 2 / 2)
        part = np.where(self.held < 1, land.effort, 0.0)
        left = np.where(self.held < 1, land.area * (1 - land.held), 0.0)
        part = np.where(part.sum(1, keepdims=True) > 0, part, left)
        part /= np.maximum(part.sum(1, keepdims=True), 1e-300)
        move = part * (speed * land.drift)[:, None] + np.sqrt(part) * (quiet * land.sd)[:, None] * rng.normal(
            size=part.shape
        )
        then = np.clip(self.held + np.where(war[:, None], move, 0) / land.area, 0, 1)
        gained = ((then - self.held) * land.area).sum(1)
        self.held, self.x = then, self.x + gained
        beat = (self.tempo - t["tempo_sd"] ** 2 / 2)[:, None] + 0.1 * rng.normal(size=(n, 2))
        lost = land.intensity * np.exp(beat) / land.so_far * quiet[:, None]
        wander = ((t["pace"] * land.drift) ** 2 / 52)[:, None]
        wide = self.variance + wander
        weight = wide / (wide + land.sd**2)
        learns = war[:, None] & (self.variance > 0)
        self.mean = np.where(learns, self.mean + weight * (gained[:, None] - self.mean), self.mean)
        self.variance = np.where(learns, wide * (1 - weight), self.variance)
        over = np.isin(self.state, (WAR, TALKS)) & (abs(self.x) >= land.aim * (1 - 1e-9))
        self.state = np.where(over, np.where(self.x > 0, TAKEN, BACK), self.state)
        self.grown += lost
        self.recent += (lost * land.so_far / land.intensity - self.recent) / 8
        self.track.append(self.x.copy())

    def _feel(self) -> None:
        t, land, home, rng, n = self.t, self.land, self.home, self.rng, self.n
        past = self.week + 1 - 26
        then = self.track[past] if past >= 0 else land.drift * past
        hope = np.clip((self.x - then) / (26 * abs(land.drift)) - np.sign(land.drift), -2, 2) * (self.state <= TALKS)
        sides = home.side_of
        common, own = rng.normal(size=(n, 2)), rng.normal(size=self.mood.shape)
        step = home.drift[self.draw][:, sides] / np.sqrt(365.25 / 12 / 7)
        self.mood += step * (common[:, sides] + t["own_drift"][:, None] * own)
        tired = t["fatigue"][:, None] * np.log10(self.grown) + t["fatigue_recent"][:, None] * np.log10(
            np.maximum(self.recent, 0.1)
        )
        tired += (t["duration"] * (self.week + 1) / 52)[:, None]
        sign = np.where(np.arange(2) == land.attacker, 1, -1)
        inner = self.mood + (tired - t["success"][:, None] * hope[:, None] * sign + self.shock)[:, sides]
        cue, lam = (t["cue"][:, None] * self.faith)[:, sides], t["susceptible"][:, None]
        heard = self.said @ home.listens.T
        self.said = lam * ((1 - cue) * heard + cue * self.line[:, sides]) + (1 - lam) * inner
        table = self.table
        price = (
            t["sunk"][:, None] * np.log10(self.grown)[:, sides] * np.where(home.bearer, t["sunk_bearers"][:, None], 1.0)
        )
        short = np.where(table.truce, 0.0, 1 - table.value[0])[sides]
        self.shift = self.said[:, :, None] - price[:, :, None] * short
        self.shift -= (t["fear"] * self.fear)[:, None, None] * (1 - table.guarded[0])

    def _find_margins(self, at) -> None:
        """Every side: all clauses of its program; the benchmark's rules are `all of`."""
        home = self.home
        value = self.utility[at] - self.hard[at][:, home.side_of, None] * self.cost[at] + self.shift[at]
        margins = []
        floor, gain = home.floor[0][self.draw[at]], home.gain[0][self.draw[at]]
        for s in range(2):
            clauses = []
            for k in home.programs[0, s]:
                if k >= 0 and home.single[k] >= 0:
                    c = home.single[k]
                    clauses.append((value[:, c] - self.need[at][:, k]) * self.scale[at][:, c])
                elif k >= 0:
                    total = 0.0
                    for c in np.flatnonzero(home.weights[k]):
                        share = floor[:, [c]] + gain[:, [c]] * ndtr(value[:, c] * self.scale[at][:, c])
                        total = total + home.weights[k, c] * self.accepts[at][:, c] * share
                    line, slope = home.thresholds[self.draw[at], k], home.slopes[self.draw[at], k]
                    clauses.append((total - line[:, None]) / slope[:, None])
            margins.append(np.minimum.reduce(clauses))
        found = np.stack(margins, 1)
        if isinstance(at, slice):
            self.margin = found
        else:
            self.margin[at] = found

    def _turn(self) -> np.ndarray:
        t, rng, n = self.t, self.rng, self.n
        u = rng.random((4, n))
        stopped = np.isin(self.state, (TRUCE, AGREEMENT, LULL))
        broke = stopped & (u[0] < self._hazard(self.state, self.guarded, slice(None)))
        fighting = np.isin(self.state, (WAR, TALKS))
        lull = fighting & (u[1] < t["lull"])
        off = (self.state == TALKS) & ~lull & (u[2] < t["break_off"])
        on = (self.state == WAR) & ~lull & (u[3] < t["resume"])
        self.state = np.where(broke | off, WAR, np.where(lull, LULL, np.where(on, TALKS, self.state)))
        self.guarded = np.where(lull, 0.0, self.guarded)
        self.pace = np.where(broke, self.pace * np.exp(t["rearmed"] * rng.normal(size=n)), self.pace)
        self.faith = np.where(broke[:, None], 0.8 * self.faith, self.faith)
        self.line -= (t["line"] * (broke + 0.5 * off))[:, None]
        return broke

    def _hazard(self, state, guarded, at) -> np.ndarray:
        t = self.t
        signed = t["relapse_agreement"][at] * np.exp(-t["guarded"][at] * (guarded - 0.5))
        return np.where(state == LULL, t["relapse_lull"][at], np.where(state == TRUCE, t["relapse_truce"][at], signed))

    def _fate(self, value, s: int, at) -> np.ndarray:
        t, regime = self.t, self.land.regime[s]
        if regime == 3:
            return np.zeros_like(value)
        loss, won = np.clip(1 - 2 * value, 0, 1), np.clip(2 * value - 1, 0, 1)
        out = OUT_DRAWN + loss * (OUT_LOST - OUT_DRAWN) + won * (OUT_WON - OUT_DRAWN)
        severe = {0: 0.0 * loss, 1: PUNISHED * np.minimum(loss / 0.1, 1), 2: PUNISHED * loss}[int(regime)]
        spared = 1.0 if self.land.culpable[s] else t["spared"][at]
        return t["office"][at] * (out + t["severity"][at] * severe) * spared

    def _worth(self, at) -> None:
        """War, deals, signatures and what waiting is worth, for runs that meet."""
        t, land, table, rng = self.t, self.land, self.table, self.rng
        m, packages = len(at), len(table.truce)
        war, deal, sign = np.zeros((m, 2)), np.zeros((m, 2, packages)), np.zeros((m, 2, packages))
        for s in range(2):
            doubt = np.sqrt(land.sd**2 * HORIZON + self.variance[at, s] * HORIZON**2)
            for node, weight in zip(NODES, WEIGHTS, strict=True):
                gone = np.clip((self.x[at] + self.mean[at, s] * HORIZON + node * doubt) / land.aim, -1, 1)
                held = np.clip(table.without[s, 0] + gone * (table.without[s, 1] - table.without[s, 0]), 0, 1)
                war[:, s] += weight * (held - self._fate(held, s, at))
            war[:, s] -= t["war_cost_attacker" if s == land.attacker else "war_cost_defender"][at]
            for p in range(packages):
                kind = TRUCE if table.truce[p] else AGREEMENT
                breaks = 1 - (1 - self._hazard(kind, table.guarded[0, p], at)) ** HORIZON
                value = np.full(m, table.value[0, s, p])
                kept = (1 - breaks) * (value - self._fate(value, s, at))
                deal[:, s, p] = kept + breaks * (war[:, s] - t["regroup"][at])
                if table.truce[p]:
                    deal[self.state[at] != TALKS, s, p] = -np.inf
                safe = np.maximum(t["doubt"][at], 1e-12)
                chance = 0.5 * erfc(-(self.margin[at, s, p] / safe + rng.normal(size=m)) / 2**0.5)
                lost = (1 - chance) * (war[:, s] - t["price_of_failure"][at])
                sign[:, s, p] = np.where(chance > 0, chance * deal[:, s, p], 0.0) + lost
        self.war, self.deal, self.sign = war, deal, sign
        self.read = self.margin[at][:, ::-1] + self.believed[at]
        self.least = self._hold_out(t["patience"][at])

    def _best_for(self, s: int, own, least) -> tuple[np.ndarray, np.ndarray]:
        """Index of the best package for a side, -1 where there is none, and what it is worth as a deal to both."""
        may = (own[:, s] >= least[:, [s]]) & (self.deal[:, 1 - s] >= least[:, [1 - s]]) & (self.read[:, s] >= 0)
        worth = np.where(may, own[:, s], -np.inf)
        best = worth.argmax(1)
        return np.where(may.any(1), best, -1), np.take_along_axis(self.deal, best[:, None, None], 2)[..., 0]

    def _hold_out(self, patience) -> np.ndarray:
        gains = self.deal - self.war[..., None]
        may = (gains >= 0).all(1) & (self.read >= 0).all(1)
        product = np.where(may, np.where(may, gains[:, 0], 0) * np.where(may, gains[:, 1], 0), -1.0)
        middle = packages_last(product)
        some = may.any(1) & (patience > 0)
        start = np.take_along_axis(self.deal, middle[:, None, None], 2)[..., 0]
        least = np.where(some[:, None], self.war + patience[:, None] * (start - self.war), self.war)
        going = some.copy()
        for _ in range(24):
            (mine, a), (theirs, b) = self._best_for(0, self.deal, least), self._best_for(1, self.deal, least)
            going &= (mine >= 0) | (theirs >= 0)
            following = 0.5 * np.where(mine[:, None] >= 0, a, self.war) + 0.5 * np.where(
                theirs[:, None] >= 0, b, self.war
            )
            waits = (1 - patience[:, None]) * self.war + patience[:, None] * following
            least = np.where(going[:, None], np.maximum(0.5 * (least + waits), self.war), least)
        return least

    def _table(self, proposer, at) -> np.ndarray:
        weaker = np.where(
            (self.shelf[at] <= self.week) & (self.deal >= self.least[..., None]).all(1), self.margin[at].min(1), -np.inf
        )
        by_mediator = np.where(np.isfinite(weaker).any(1), weaker.argmax(1), -1)
        by_side = [self._best_for(s, self.sign, self.least)[0] for s in range(2)]
        return np.select([proposer == 0, proposer == 1], by_side, by_mediator)

    def _answer(self, p, at, rows) -> np.ndarray:
        """Who refuses, by run and side; the other leader learns from it."""
        refuses = np.zeros((len(rows), 2), bool)
        who, text = at[rows], p[rows]
        for s in range(2):
            o = 1 - s
            signs = self.sign[rows, s, text] >= self.least[rows, s]
            refuses[:, s] = ~signs
            sign = np.where(signs, 1.0, -1.0)[:, None]
            values = self.table.value[0, s]
            heard = (np.arange(len(values)) == text[:, None]) | ((values - values[text][:, None]) * sign > 0)
            variance = self.unsure[who, o]
            mean = self.margin[who, s] + self.believed[who, o]
            sd = np.sqrt(np.maximum(variance, 1e-300))
            z = sign * mean / sd
            ratio = np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi) / np.maximum(ndtr(z), 1e-12)
            heard &= variance > 0
            self.believed[who, o] = np.where(
                heard, mean + sign * sd * ratio - self.margin[who, s], self.believed[who, o]
            )
            cut = np.maximum(variance * (1 - ratio * (ratio + z)), 1e-6 * variance)
            self.unsure[who, o] = np.where(heard, cut, variance)
        self.shelf[who, text] = np.where(refuses.any(1), self.week + 14, self.shelf[who, text])
        return refuses

    def _meet(self, at) -> np.ndarray:
        """Rounds of the runs ``at``; how many partial deals each keeps."""
        t, rng, m = self.t, self.rng, len(at)
        fresh = (t["doubt_other"][at] ** 2)[:, None, None]
        self.unsure[at] += t["forget"][at][:, None, None] * (fresh - self.unsure[at])
        self.believed[at] *= 1 - t["forget"][at][:, None, None]
        self._worth(at)
        proposer = rng.integers(3, size=m)
        p = self._table(proposer, at)
        refused, failed = np.zeros((m, 2), bool), np.zeros((m, 2), bool)
        rows = np.flatnonzero(p >= 0)
        refused[rows] = self._answer(p, at, rows)
        asked = np.flatnonzero((proposer < 2) & refused[np.arange(m), np.minimum(1 - proposer, 1)] & (p >= 0))
        self.read[asked] = self.margin[at[asked]][:, ::-1] + self.believed[at[asked]]
        counter = self._table(1 - proposer, at)
        again = asked[(counter[asked] >= 0) & (counter[asked] != p[asked])]
        p[again] = counter[again]
        now = self._answer(p, at, again)
        refused[again] = np.where(now.any(1, keepdims=True), refused[again] | now, False)
        self.text[at] = p
        signed = np.flatnonzero((p >= 0) & ~refused.any(1))
        failed[signed] = self._ratify(p[signed], at[signed])
        bad = signed[failed[signed].any(1)]
        self.state[at[bad]] = np.where(self.state[at[bad]] == TALKS, WAR, self.state[at[bad]])
        good = signed[~failed[signed].any(1)]
        self.state[at[good]] = np.where(self.table.truce[p[good]], TRUCE, AGREEMENT)
        self.guarded[at[good]] = self.table.guarded[0, p[good]]
        hardened = np.minimum(self.hard[at] * (1 + t["hardening"][at])[:, None], 2)
        self.hard[at] = np.where(refused, hardened, self.hard[at])
        self.faith[at] = np.where(failed, 0.8 * self.faith[at], self.faith[at])
        exchange = rng.random(m) < t["exchange"][at]
        self.line[at] += (0.25 * t["line"][at] * exchange)[:, None]
        begins = (self.state[at] == TALKS) & (self.limited[at] == 0) & (rng.random(m) < t["limited_chance"][at])
        self.limited[at] = np.where(begins, 5, self.limited[at])
        return exchange.astype(int)

    def _ratify(self, p, at) -> np.ndarray:
        t, rows = self.t, np.arange(len(at))
        lift = (t["susceptible"] * t["cue"] * t["line"])[at][:, None] * self.faith[at]
        lift = np.where((self.margin[at][rows, :, p] < 0) & (lift > 0), lift, 0)
        self.shift[at, :, p] += lift[:, self.home.side_of]
        self._find_margins(at)
        return self.margin[at][rows, :, p] < 0


def packages_last(product: np.ndarray) -> np.ndarray:
    """Last of the largest, as ours takes it."""
    return product.shape[1] - 1 - product[:, ::-1].argmax(1)
