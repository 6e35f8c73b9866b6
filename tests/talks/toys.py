"""A world small enough to be solved by hand: deals on a line, one constituency a side, every mechanism off unless it is set."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

import numpy as np

from winset.talks.priors import MECHANISMS, draw_parameters
from winset.talks.week import Home, Land, Levers, Out, Table, make_levers, make_out, run_block


@dataclass(frozen=True)
class Toy:
    """Deals that give the first side a share ``values`` and the second the rest.

    Parameters
    ----------
    margins
        By side and deal: utility of its constituency, probits; carried where it is not below 0.
    without
        Share that the first side holds now, and once the front has reached its aim.
    """

    values: np.ndarray
    margins: np.ndarray
    without: tuple[float, float] = (0.5, 0.5)
    area: tuple[float, ...] = (1000.0,)
    held: tuple[float, ...] = (0.5,)
    drift: float = 0.0
    sd: float = 0.0
    so_far: float = 100.0
    parameters: dict[str, float] = field(default_factory=dict)

    def run(self, runs: int, weeks: int, seed: int = 1, **levers: np.ndarray) -> Out:
        packages, regions = len(self.values), len(self.area)
        theta = draw_parameters(seed, 0, 1, MECHANISMS, self.parameters)
        area, held = np.array(self.area), np.array(self.held)
        land = Land(
            area=area, held=held, effort=area * (1 - held), aim=float((area * (1 - held)).sum()), drift=self.drift,
            sd=self.sd, attacker=0, so_far=self.so_far, intensity=np.ones(2), regime=np.full(2, 3),
            culpable=np.zeros(2, np.bool_))  # fmt: skip
        wide = (1, 1, 2, packages)
        table = Table(
            utility=self.margins.reshape(wide), cost=np.zeros(wide), scale=np.ones(wide), kept=np.ones(wide),
            need=np.zeros(wide), value=np.array([[self.values, 1 - self.values]]),
            without=np.array([self.without, [1 - x for x in self.without]]), guarded=np.full((1, packages), 0.5),
            truce=np.zeros(packages, np.bool_))  # fmt: skip
        home = Home(
            side_of=np.arange(2), bearer=np.zeros(2, np.bool_), listens=np.eye(2), drift=np.zeros((1, 2)),
            floor=np.zeros((1, 1, 2)), gain=np.ones((1, 1, 2)), thresholds=np.full((1, 2), 0.5),
            slopes=np.full((1, 2), 0.4), single=np.arange(2),
            weights=np.eye(2), programs=np.array([[[0], [1]]]))  # fmt: skip
        out = make_out(runs, weeks, regions)
        run_block(0, seed, 10, 1, np.repeat(theta, runs, 0), land, pull(weeks, **levers), table, home, out)
        return out

    def but(self, **changes: object) -> Toy:
        return dataclasses.replace(self, **changes)


def pull(weeks: int, **changes: np.ndarray) -> Levers:
    """Levers of which none is pulled, but for some."""
    return make_levers(weeks)._replace(**changes)


def on_a_line(deals: int, margin: float = 9.0, **changes: object) -> Toy:
    """Deals from nothing to all for the first side, all of them carried at home by far."""
    return Toy(np.linspace(0, 1, deals), np.full((2, deals), margin)).but(**changes)
