"""Persons on a network beside Mesa's and NDlib's, per person and step; how time grows with persons."""

from __future__ import annotations

import time

import mesa
import networkx as nx
import numpy as np
from ndlib.models import opinions
from ndlib.models.ModelConfig import Configuration
from timing import report

from winset.talks import Population, draw_network, talk

DEGREE, WEEKS = 10, 104


def draw_people(persons: int) -> Population:
    rng = np.random.default_rng(1)
    group = np.sort(rng.integers(0, 4, persons))
    return Population(
        tuple(("a", str(g)) for g in range(4)), group, rng.normal(size=persons), draw_network(group, DEGREE)
    )


class Person(mesa.Agent):
    """One who listens to those near enough, and comes back to what he thought himself."""

    def __init__(self, model: Crowd, own: float, ties: list[int]) -> None:
        super().__init__(model)
        self.own = self.opinion = self.next = own
        self.ties = ties

    def listen(self) -> None:
        people, bound, total, heard = self.model.people, self.model.confidence, self.opinion, 1
        for j in self.ties:
            theirs = people[j].opinion
            if abs(theirs - self.opinion) <= bound:
                total, heard = total + theirs, heard + 1
        self.next = 0.4 * total / heard + 0.6 * self.own

    def change(self) -> None:
        self.opinion = self.next


class Crowd(mesa.Model):
    """The same persons on the same network in Mesa."""

    def __init__(self, population: Population, confidence: float) -> None:
        super().__init__(seed=1)
        self.confidence, network = confidence, population.network
        bounds, ties = network.starts.tolist(), network.ties.tolist()
        self.people = [Person(self, x, ties[bounds[i] : bounds[i + 1]]) for i, x in enumerate(population.own.tolist())]

    def step(self) -> None:
        self.agents.do("listen")
        self.agents.do("change")


def beside_peers() -> None:
    """A million persons of ours; peers on fewer persons and weeks, scaled per person and step."""
    talk(draw_people(1000), 2, confidence=1.0)
    people = draw_people(1_000_000)
    began = time.perf_counter()
    talk(people, WEEKS, confidence=1.0)
    ours = time.perf_counter() - began
    steps = 2
    crowd = Crowd(people, 1.0)
    began = time.perf_counter()
    for _ in range(steps):
        crowd.step()
    theirs = (time.perf_counter() - began) / steps * WEEKS
    ours_said, theirs_said = (
        talk(people, steps, susceptible=0.4, confidence=1.0).opinions,
        [p.opinion for p in crowd.people],
    )
    far = (np.abs(ours_said - theirs_said) > 1e-4).sum()
    report("population: 1,000,000 persons x 104 weeks, 10 ties", ours, "Mesa 3", theirs,
           f"peer timed on {steps} weeks; {far} persons differ: on the bound, where single precision rounds")  # fmt: skip
    del crowd
    steps = 10
    model = opinions.HKModel(nx.gnm_random_graph(2000, 2000 * DEGREE // 2, seed=1))
    config = Configuration()
    config.add_model_parameter("epsilon", 0.32)
    model.set_initial_status(config)
    began = time.perf_counter()
    model.iteration_bunch(steps)
    theirs = (time.perf_counter() - began) / (2000 * steps) * 1_000_000 * WEEKS
    report("population: 1,000,000 persons x 104 weeks, 10 ties", ours, "NDlib's HKModel", theirs,
           f"its own example: bounded confidence without stubbornness, 2,000 persons x {steps} iterations")  # fmt: skip


def growing() -> None:
    """Time over persons."""
    rate = 0.0
    for persons, weeks in ((100_000, WEEKS), (1_000_000, WEEKS), (10_000_000, 10)):
        people = draw_people(persons)
        began = time.perf_counter()
        talk(people, weeks)
        spent = time.perf_counter() - began
        rate = rate or spent / persons / weeks
        report(f"population: {persons:,} persons x {weeks} weeks", spent, "straight growth in persons", rate * persons * weeks,
               "10 ties; peak is of the drawing of ties")  # fmt: skip


CASES = (beside_peers, growing)

if __name__ == "__main__":
    for case in CASES:
        case()
