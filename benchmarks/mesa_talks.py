"""The whole moving model once more in Mesa: one model a run, leaders and constituencies as agents."""

from __future__ import annotations

import math

import mesa
from plain_talks import (
    AGREEMENT,
    BACK,
    HORIZON,
    LULL,
    NODES,
    OUT_DRAWN,
    OUT_LOST,
    OUT_WON,
    PUNISHED,
    TAKEN,
    TALKS,
    TRUCE,
    WAR,
    WEIGHTS,
)


def phi(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2))


class Constituency(mesa.Agent):
    """People of a kind: what they went through, what they say, how far each package has moved with them."""

    def __init__(self, model: MesaTalks, number: int) -> None:
        super().__init__(model)
        d, table, home = model.draw, model.table, model.home
        self.number, self.side = number, int(home.side_of[number])
        self.utility, self.cost = table.utility[0, d, number].tolist(), table.cost[0, d, number].tolist()
        self.scale, self.kept = table.scale[0, d, number].tolist(), table.kept[0, d, number].tolist()
        self.listens = [(k, w) for k, w in enumerate(home.listens[number].tolist()) if w > 0]
        self.mood = self.said = self.heard = 0.0
        self.more = model.t["sunk_bearers"] if home.bearer[number] else 1.0
        self.step_sd = home.drift[d, self.side] / math.sqrt(365.25 / 12 / 7)
        self.shift = [0.0] * len(self.utility)

    def feel(self) -> None:
        m, leader, t = self.model, self.model.leaders[self.side], self.model.t
        self.mood += self.step_sd * (leader.common + t["own_drift"] * m.random.gauss(0, 1))
        inner = self.mood + leader.felt
        cue, lam = t["cue"] * leader.faith, t["susceptible"]
        heard = sum(w * m.people[k].said for k, w in self.listens)
        self.heard = lam * ((1 - cue) * heard + cue * leader.line) + (1 - lam) * inner

    def say(self) -> None:
        m, leader, t = self.model, self.model.leaders[self.side], self.model.t
        self.said = self.heard
        price = t["sunk"] * math.log10(leader.grown) * self.more
        for p in range(len(self.shift)):
            short = 0.0 if m.truce[p] else 1 - leader.value[p]
            self.shift[p] = self.said - price * short - t["fear"] * m.fear * (1 - m.guards[p])

    def worth(self, p: int) -> float:
        return self.utility[p] - self.model.leaders[self.side].hard * self.cost[p] + self.shift[p]


class Leader(mesa.Agent):
    """One who must carry at home what he signs."""

    def __init__(self, model: MesaTalks, side: int) -> None:
        super().__init__(model)
        t, land = model.t, model.land
        self.side, self.attacks = side, side == land.attacker
        self.value = model.table.value[0, side].tolist()
        self.now, self.taken = model.table.without[side].tolist()
        self.regime, self.spared = int(land.regime[side]), 1.0 if land.culpable[side] else t["spared"]
        self.grown = self.recent = self.faith = self.hard = 1.0
        self.line = self.common = self.felt = self.lost = self.war = self.least = 0.0
        self.mean = land.drift + t["optimism_attacker" if self.attacks else "optimism_defender"] * abs(land.drift)
        self.variance = (t["belief_sd"] * land.drift) ** 2
        packages = range(len(self.value))
        self.believed = [t["doubt_other"] * model.random.gauss(0, 1) for _ in packages]
        self.unsure = [t["doubt_other"] ** 2 for _ in packages]
        self.margin, self.deal = [0.0 for _ in packages], [0.0 for _ in packages]
        self.signing, self.read = [0.0 for _ in packages], [0.0 for _ in packages]

    def fate(self, value: float) -> float:
        if self.regime == 3:
            return 0.0
        t, loss, won = self.model.t, min(max(1 - 2 * value, 0), 1), min(max(2 * value - 1, 0), 1)
        out = OUT_DRAWN + loss * (OUT_LOST - OUT_DRAWN) + won * (OUT_WON - OUT_DRAWN)
        severe = (0.0, PUNISHED * min(loss / 0.1, 1), PUNISHED * loss)[self.regime]
        return t["office"] * (out + t["severity"] * severe) * self.spared

    def find_margins(self) -> None:
        m, home = self.model, self.model.home
        best = [math.inf] * len(self.value)
        floor, gain = home.floor[0, m.draw].tolist(), home.gain[0, m.draw].tolist()
        for k in m.programs[self.side]:
            c = m.single[k]
            for p in range(len(best)):
                if c >= 0:
                    person = m.people[c]
                    margin = (person.worth(p) - m.need[k][p]) * person.scale[p]
                else:
                    total = 0.0
                    for i, weight in m.weights[k]:
                        person = m.people[i]
                        share = floor[i] + gain[i] * phi(person.worth(p) * person.scale[p])
                        total += weight * person.kept[p] * share
                    margin = (total - m.thresholds[k]) / m.slopes[k]
                best[p] = min(best[p], margin)
        self.margin = best

    def weigh(self) -> None:
        """What war, deals and signatures are worth to him."""
        m, t, land = self.model, self.model.t, self.model.land
        doubt = math.sqrt(land.sd**2 * HORIZON + self.variance * HORIZON**2)
        self.war = -t["war_cost_attacker" if self.attacks else "war_cost_defender"]
        for node, weight in zip(NODES, WEIGHTS, strict=True):
            gone = min(max((m.x + self.mean * HORIZON + node * doubt) / land.aim, -1), 1)
            held = min(max(self.now + gone * (self.taken - self.now), 0), 1)
            self.war += weight * (held - self.fate(held))
        other = m.leaders[1 - self.side]
        for p, value in enumerate(self.value):
            hazard = (
                t["relapse_truce"]
                if m.truce[p]
                else t["relapse_agreement"] * math.exp(-t["guarded"] * (m.guards[p] - 0.5))
            )
            breaks = 1 - (1 - hazard) ** HORIZON
            self.deal[p] = (1 - breaks) * (value - self.fate(value)) + breaks * (self.war - t["regroup"])
            if m.truce[p] and m.state != TALKS:
                self.deal[p] = -math.inf
            noise = m.random.gauss(0, 1)
            chance = phi(self.margin[p] / t["doubt"] + noise) if t["doubt"] > 0 else float(self.margin[p] >= 0)
            lost = (1 - chance) * (self.war - t["price_of_failure"])
            self.signing[p] = (chance * self.deal[p] if chance > 0 else 0.0) + lost
            self.read[p] = other.margin[p] + self.believed[p]

    def best(self, own: list[float]) -> int:
        other, chosen, most = self.model.leaders[1 - self.side], -1, -math.inf
        for p, worth in enumerate(own):
            if worth >= self.least and other.deal[p] >= other.least and self.read[p] >= 0 and worth > most:
                chosen, most = p, worth
        return chosen

    def hear(self, p: int, signs: bool) -> None:
        """The other's answer."""
        other, sign = self.model.leaders[1 - self.side], 1.0 if signs else -1.0
        for q in range(len(self.value)):
            if q == p or (other.value[q] - other.value[p]) * sign > 0:
                mean, variance = other.margin[q] + self.believed[q], self.unsure[q]
                if variance > 0:
                    sd = math.sqrt(variance)
                    z = sign * mean / sd
                    ratio = math.exp(-0.5 * z * z) / math.sqrt(2 * math.pi) / max(phi(z), 1e-12)
                    self.believed[q] = mean + sign * sd * ratio - other.margin[q]
                    self.unsure[q] = max(variance * (1 - ratio * (ratio + z)), 1e-6 * variance)


class MesaTalks(mesa.Model):
    """One run; ``step`` is a week."""

    def __init__(self, theta: dict[str, float], land, table, home, seed: int) -> None:
        super().__init__(seed=seed)
        self.t, self.land, self.table, self.home = theta, land, table, home
        self.draw = self.random.randrange(len(home.thresholds))
        self.truce, self.guards = table.truce.tolist(), table.guarded[0].tolist()
        self.single, self.need = home.single.tolist(), table.need[0, self.draw].tolist()
        self.programs = [[k for k in row if k >= 0] for row in home.programs[0].tolist()]
        self.weights = [[(i, w) for i, w in enumerate(row) if w > 0] for row in home.weights.tolist()]
        self.thresholds, self.slopes = home.thresholds[self.draw].tolist(), home.slopes[self.draw].tolist()
        self.held, self.area, self.effort = land.held.tolist(), land.area.tolist(), land.effort.tolist()
        self.leaders = [Leader(self, s) for s in range(2)]
        self.people = [Constituency(self, c) for c in range(len(home.side_of))]
        self.citizens = self.agents.select(agent_type=Constituency)
        self.state, self.x, self.fear, self.tempo, self.pace, self.limited, self.guarded = (
            TALKS,
            0.0,
            0.0,
            0.0,
            1.0,
            0,
            0.5,
        )
        self.week, self.track, self.shelf, self.both = 0, [0.0], [0] * len(self.truce), 0

    def step(self) -> None:
        t, gauss, uniform = self.t, self.random.gauss, self.random.random
        rho = t["tempo_persistence"]
        self.tempo = rho * self.tempo + t["tempo_sd"] * math.sqrt(1 - rho**2) * gauss(0, 1)
        self.pace += t["pace"] / math.sqrt(52) * gauss(0, 1)
        self.limited = max(self.limited - 1, 0)
        kept = int(self.limited == 1)
        for leader in self.leaders:
            leader.line *= math.exp(-1 / 26)
            leader.faith += (1 - leader.faith) / 52
        self.fight()
        self.feel()
        for leader in self.leaders:
            leader.find_margins()
        self.both = sum(a >= 0 and b >= 0 for a, b in zip(*(x.margin for x in self.leaders), strict=True))
        broke = False
        if self.state in (TRUCE, AGREEMENT, LULL) and uniform() < self.hazard():
            self.state, broke = WAR, True
            self.pace *= math.exp(t["rearmed"] * gauss(0, 1))
            for leader in self.leaders:
                leader.faith *= 0.8
                leader.line -= t["line"]
        elif self.state in (WAR, TALKS) and uniform() < t["lull"]:
            self.state, self.guarded = LULL, 0.0
        elif self.state == TALKS and uniform() < t["break_off"]:
            self.state = WAR
            for leader in self.leaders:
                leader.line -= 0.5 * t["line"]
        elif self.state == WAR and uniform() < t["resume"]:
            self.state = TALKS
        if self.state in (TALKS, TRUCE, LULL) and uniform() < t["round"]:
            kept += self.meet()
        self.fear = max(self.fear * math.exp(-1 / 104) + broke - t["trust"] * kept, -1.0)
        self.week += 1

    def hazard(self) -> float:
        t = self.t
        if self.state == LULL:
            return t["relapse_lull"]
        if self.state == TRUCE:
            return t["relapse_truce"]
        return t["relapse_agreement"] * math.exp(-t["guarded"] * (self.guarded - 0.5))

    def fight(self) -> None:
        t, land, gauss = self.t, self.land, self.random.gauss
        for leader in self.leaders:
            leader.lost = 0.0
        if self.state in (WAR, TALKS, LULL):
            quiet = 0.05 if self.state == LULL else (1 - t["limited_effect"] if self.limited else 1.0)
            drift = quiet * self.pace * math.exp(self.tempo - t["tempo_sd"] ** 2 / 2) * land.drift
            part = [e if h < 1 else 0.0 for e, h in zip(self.effort, self.held, strict=True)]
            if sum(part) == 0:
                part = [a * (1 - h) for a, h in zip(self.area, self.held, strict=True)]
            whole, gained = sum(part), 0.0
            for r, effort in enumerate(part):
                if effort > 0:
                    share = effort / whole
                    move = (share * drift + math.sqrt(share) * quiet * land.sd * gauss(0, 1)) / self.area[r]
                    then = min(max(self.held[r] + move, 0.0), 1.0)
                    gained += (then - self.held[r]) * self.area[r]
                    self.held[r] = then
            self.x += gained
            for s, leader in enumerate(self.leaders):
                beat = math.exp(self.tempo - t["tempo_sd"] ** 2 / 2 + 0.1 * gauss(0, 1))
                leader.lost = land.intensity[s] * beat / land.so_far * quiet
                if leader.variance > 0:
                    wide = leader.variance + (t["pace"] * land.drift) ** 2 / 52
                    weight = wide / (wide + land.sd**2)
                    leader.mean += weight * (gained - leader.mean)
                    leader.variance = wide * (1 - weight)
            if self.state != LULL and abs(self.x) >= land.aim * (1 - 1e-9):
                self.state = TAKEN if self.x > 0 else BACK
        for s, leader in enumerate(self.leaders):
            leader.grown += leader.lost
            leader.recent += (leader.lost * land.so_far / land.intensity[s] - leader.recent) / 8
        self.track.append(self.x)

    def feel(self) -> None:
        t, land = self.t, self.land
        hope = 0.0
        if self.state <= TALKS:
            past = self.week + 1 - 26
            then = self.track[past] if past >= 0 else land.drift * past
            hope = min(max((self.x - then) / (26 * abs(land.drift)) - math.copysign(1, land.drift), -2), 2)
        for leader in self.leaders:
            tired = t["fatigue"] * math.log10(leader.grown) + t["fatigue_recent"] * math.log10(max(leader.recent, 0.1))
            leader.felt = (
                tired + t["duration"] * (self.week + 1) / 52 - t["success"] * (hope if leader.attacks else -hope)
            )
            leader.common = self.random.gauss(0, 1)
        self.citizens.do("feel")
        self.citizens.do("say")

    def meet(self) -> int:
        """A round of talks; how many partial deals it keeps."""
        t, uniform = self.t, self.random.random
        for leader in self.leaders:
            for p in range(len(self.truce)):
                leader.unsure[p] += t["forget"] * (t["doubt_other"] ** 2 - leader.unsure[p])
                leader.believed[p] *= 1 - t["forget"]
            leader.weigh()
        self.hold_out()
        proposer = self.random.randrange(3)
        p = self.table_text(proposer)
        refused = [False, False]
        if p >= 0:
            refused = self.answer(p)
            if proposer < 2 and refused[1 - proposer]:
                for leader in self.leaders:
                    leader.read = [
                        m + b for m, b in zip(self.leaders[1 - leader.side].margin, leader.believed, strict=True)
                    ]
                counter = self.table_text(1 - proposer)
                if counter >= 0 and counter != p:
                    again = self.answer(counter)
                    p, refused = (
                        counter,
                        [a or b for a, b in zip(refused, again, strict=True)] if any(again) else [False, False],
                    )
            if not any(refused):
                self.ratify(p)
        for s, leader in enumerate(self.leaders):
            if refused[s]:
                leader.hard = min(leader.hard * (1 + t["hardening"]), 2.0)
        exchange = uniform() < t["exchange"]
        if exchange:
            for leader in self.leaders:
                leader.line += 0.25 * t["line"]
        if self.state == TALKS and self.limited == 0 and uniform() < t["limited_chance"]:
            self.limited = 5
        return int(exchange)

    def hold_out(self) -> None:
        one, other = self.leaders
        for leader in self.leaders:
            leader.least = leader.war
        patience, middle, most = self.t["patience"], -1, 0.0
        for p in range(len(self.truce)):
            a, b = one.deal[p] - one.war, other.deal[p] - other.war
            if a >= 0 and b >= 0 and one.read[p] >= 0 and other.read[p] >= 0 and a * b >= most:
                middle, most = p, a * b
        if middle < 0 or patience <= 0:
            return
        for leader in self.leaders:
            leader.least += patience * (leader.deal[middle] - leader.war)
        for _ in range(24):
            mine, theirs = one.best(one.deal), other.best(other.deal)
            if mine < 0 and theirs < 0:
                return
            moved = 0.0
            for leader in self.leaders:
                after = 0.5 * (leader.deal[mine] if mine >= 0 else leader.war)
                after += 0.5 * (leader.deal[theirs] if theirs >= 0 else leader.war)
                then = max(0.5 * (leader.least + (1 - patience) * leader.war + patience * after), leader.war)
                moved, leader.least = max(moved, abs(then - leader.least)), then
            if moved < 1e-6:
                return

    def table_text(self, proposer: int) -> int:
        one, other = self.leaders
        if proposer < 2:
            return self.leaders[proposer].best(self.leaders[proposer].signing)
        chosen, most = -1, -math.inf
        for p, until in enumerate(self.shelf):
            weaker = min(one.margin[p], other.margin[p])
            if until <= self.week and one.deal[p] >= one.least and other.deal[p] >= other.least and weaker > most:
                chosen, most = p, weaker
        return chosen

    def answer(self, p: int) -> list[bool]:
        refused = []
        for leader in self.leaders:
            signs = leader.signing[p] >= leader.least
            refused.append(not signs)
            self.leaders[1 - leader.side].hear(p, signs)
        if any(refused):
            self.shelf[p] = self.week + 14
        return refused

    def ratify(self, p: int) -> None:
        t = self.t
        for leader in self.leaders:
            lift = t["susceptible"] * t["cue"] * leader.faith * t["line"]
            if leader.margin[p] < 0 < lift:
                for person in self.people:
                    if person.side == leader.side:
                        person.shift[p] += lift
        for leader in self.leaders:
            leader.find_margins()
        failed = [leader.margin[p] < 0 for leader in self.leaders]
        for leader, bad in zip(self.leaders, failed, strict=True):
            leader.faith *= 0.8 if bad else 1.0
        if any(failed):
            self.state = WAR if self.state == TALKS else self.state
        else:
            self.state, self.guarded = TRUCE if self.truce[p] else AGREEMENT, self.guards[p]
