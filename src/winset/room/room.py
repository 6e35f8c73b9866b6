"""The room for agreement: who could carry what, who blocks, what would mend it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from winset.acceptance import Acceptance, AcceptanceDraws, acceptance_of, evidence_share, interval
from winset.acceptance.draws import hear
from winset.errors import UsageError, suggest
from winset.room.asking import never_asked, tell_space, told_options
from winset.room.ballot import Ballot
from winset.room.costs import audience_costs
from winset.room.leaving_out import leave_each_out
from winset.room.objectives import Objective, name_objective
from winset.room.pivots import weigh_pivots
from winset.room.repair import Repair, find_repair, find_shifts
from winset.room.rules import clause_holds, draw_thresholds, draw_votes, name_shares, rule_holds, seed_shared
from winset.room.scoring import PackageScores, score_space
from winset.room.search import Found, find_best, rules_that_never_hold
from winset.room.solutions import Solutions, solve_room
from winset.room.tables import tabulate
from winset.study import contradict_words
from winset.study.ratification import clauses, members, rule_in_words
from winset.terms import AnyConstraint, Issue, Space, check_constraint, spell_constraint, spell_out
from winset.theory import find_pareto

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int

SCORED_DRAWS = 250
SEARCH_SECONDS = 60.0
TOP = 10
"""Packages that are listed unless one says otherwise."""
PROPOSALS = {
    **dict.fromkeys(("proposal", "label", "side", "constituency"), pl.String),
    **dict.fromkeys(("mean", "low", "high", "p_side", "evidence", "p_all"), pl.Float64),
    "date": pl.Date,
    "later": pl.Boolean,
}
"""Columns of the proposal table where there is no proposal."""


@dataclass(frozen=True)
class Room:
    """Win-sets over the posterior.

    Parameters
    ----------
    ballot
        Draws, audience costs, thresholds and whose words are heard, at the study's date.
    space
        Packages that are searched.
    with_costs
        Whether audience costs of broken commitments are taken off.
    """

    acceptance: Acceptance
    ballot: Ballot
    space: Space
    with_costs: bool

    def __repr__(self) -> str:
        return f"<Room of {self.acceptance.study.id}: {self.space.count:,} packages, {len(self.ballot.draws)} draws>"

    @functools.cached_property
    def scores(self) -> PackageScores:
        """Every package scored, on some of the draws; worked out when it is first asked for."""
        return score_space(self.ballot.thin(SCORED_DRAWS), self.space)

    @property
    def _sides(self) -> list[str]:
        return list(self.acceptance.study.sides)

    @property
    def endorsed(self) -> Mapping[str, str]:
        """Who speaks for or against every package."""
        return self.ballot.endorsed

    def shares(self, what: str | Mapping[str, str], date: dt.date | None = None) -> np.ndarray:
        """Draws of acceptance with audience costs taken off: draw x constituency."""
        study = self.acceptance.study
        package, not_read = study.find(what)
        unread = tuple(k for k, i in enumerate(study.space.issues) if i.id in not_read)
        level = self.ballot.level if date is None else self.ballot.draws.level_at(date)
        priced = self.ballot.draws
        draws = AcceptanceDraws(**{**vars(priced), "worth": self.ballot.worth})
        heard = functools.partial(hear, draws, study=study, endorsed=self.endorsed)
        return acceptance_of(draws, study.space.encode(package), level, unread, heard=heard)

    def carry(self, what: str | Mapping[str, str], date: dt.date | None = None) -> pl.DataFrame:
        """P(in win-set) of a (partial) package by side, and for all sides at once."""
        shares = self.shares(what, date)
        held = self._held(shares)
        rows = [
            {"side": name, "label": side.label, "probability": float(held[name].mean())}
            for name, side in self.acceptance.study.sides.items()
        ]
        together = float(np.logical_and.reduce(list(held.values())).mean())
        return pl.DataFrame([*rows, {"side": "all", "label": "all at once", "probability": together}])

    def carried(self, what: str | Mapping[str, str]) -> np.ndarray:
        """Draws in which all leaders at once could carry a (partial) package."""
        return np.logical_and.reduce(list(self._held(self.shares(what)).values()))

    def likeliest(self) -> str | None:
        """Id of the proposal on record that all leaders are likeliest to carry at once; None where there is none."""
        known = self.acceptance.study.on_record()
        return max(known, key=lambda p: float(self.carry(p)["probability"][-1]), default=None)

    def votes(self, what: str | Mapping[str, str], date: dt.date | None = None) -> pl.DataFrame:
        """Yes among those who vote, wherever a rule is a vote, beside acceptance.

        Returns
        -------
        Columns side, constituency, label, accepts, mean, low, high, carried; empty where no rule is a vote.
        """
        study, shares = self.acceptance.study, self.shares(what, date)
        return pl.DataFrame(
            [
                {
                    "side": s,
                    "constituency": c,
                    "label": study.label(s, c),
                    "accepts": float(self._named(s, shares)[c].mean()),
                }
                | {**interval(yes), "carried": float(carried.mean())}
                for (s, c), (yes, carried) in self._cast(shares).items()
            ]
        )

    def cast(
        self, what: str | Mapping[str, str], date: dt.date | None = None
    ) -> dict[tuple[str, str], tuple[Float[np.ndarray, " draw"], Bool[np.ndarray, " draw"]]]:
        """Draws of Yes among those who vote, and whether it carries, by side and constituency wherever a rule is a vote."""
        return self._cast(self.shares(what, date))

    def _cast(self, shares: np.ndarray) -> dict[tuple[str, str], tuple[np.ndarray, np.ndarray]]:
        found, seed = {}, self.acceptance.seed
        shared = seed_shared(self.acceptance.study, seed)
        for i, (name, side) in enumerate(self.acceptance.study.sides.items()):
            for c, votes in draw_votes(side.ratification, len(shares), seed + i, shared).items():
                yes = votes.yes(self._named(name, shares)[c])
                found[name, c] = yes, yes >= votes.at_least
        return found

    def blocks(self, what: str | Mapping[str, str], date: dt.date | None = None) -> pl.DataFrame:
        """Which clause of each side's rule fails, how often, and the term that weighs most against the package."""
        study = self.acceptance.study
        shares = self.shares(what, date)
        package, _ = study.find(what)
        rows = []
        for i, (name, side) in enumerate(study.sides.items()):
            named = self._named(name, shares)
            every = zip(clauses(side.ratification), clauses(study.rule(name)), self.ballot.thresholds[i], strict=True)
            for clause, spelt, threshold in every:
                fails = 1 - float(np.mean(clause_holds(spelt, named, threshold)))
                group = min(members(clause), key=lambda c: float(named[c].mean()))
                rows.append(
                    {
                        "side": name,
                        "clause": rule_in_words(clause, functools.partial(study.label, name)),
                        "fails": fails,
                        "constituency": group,
                    }
                    | {"term": self._heaviest(name, group, package), "asked": self._asked(name, group)}
                )
        return pl.DataFrame(rows)

    def _asked(self, side: str, constituency: str) -> bool:
        """Whether anybody of a constituency was asked about any term."""
        return bool(
            self.acceptance.draws.asked[self.acceptance.study.constituencies().index((side, constituency))].any()
        )

    def _heaviest(self, side: str, constituency: str, package: Mapping[str, str]) -> str:
        """Term of a package that costs a constituency most against the best option of that issue."""
        study = self.acceptance.study
        j = study.constituencies().index((side, constituency))
        losses = {}
        for k, issue in enumerate(study.space.issues):
            if issue.id in package:
                worth = self.ballot.worth[:, j, k, : len(issue.options)].mean(0)
                losses[f"{issue.label}: {issue.options[issue.index(package[issue.id])].label}"] = (
                    worth.max() - worth[issue.index(package[issue.id])]
                )
        return max(losses, key=lambda t: losses[t]) if losses else ""

    def _named(self, side: str, shares: np.ndarray) -> dict[str, np.ndarray]:
        return name_shares(self.acceptance.study, side, shares)

    def repair(self, what: str | Mapping[str, str], probability: float = 0.5) -> Repair:
        """Fewest option changes after which all leaders could carry it; see ``find_repair``."""
        package, _ = self.acceptance.study.find(what)
        known = self.acceptance.study.proposals
        label = known[what].label if isinstance(what, str) and what in known else ""
        return find_repair(self.ballot, package, probability, label)

    def shifts(self, what: str | Mapping[str, str], probability: float = 0.5) -> pl.DataFrame:
        """The least rise in acceptance that makes a proposal carry; see ``find_shifts``."""
        package, _ = self.acceptance.study.find(what)
        return find_shifts(self.ballot, package, probability)

    def prices(self, what: str | Mapping[str, str]) -> pl.DataFrame:
        """What each broken commitment and each clause of a rule costs a proposal.

        Returns
        -------
        Columns kind (commitment or clause), side, what, p_all, without (the chance that all leaders could carry it if the
        commitment cost nothing, or the clause were not there) and price (their difference).
        """
        study = self.acceptance.study
        package, _ = study.find(what)
        shares = self.shares(what)
        now = float(np.logical_and.reduce(list(self._held(shares).values())).mean())
        rows = []
        for name, side in study.sides.items():
            for c in side.commitments if self.with_costs else ():
                if any(package.get(issue) in options for issue, options in c.breaks.items()):
                    costs = audience_costs(study, self.ballot.draws, self.acceptance.seed, free=f"{name}.{c.id}")
                    free = dataclasses.replace(self.ballot, worth=self.ballot.draws.worth - costs)
                    room = Room(self.acceptance, free, self.space, self.with_costs)
                    without = float(room.carried(what).mean())
                    rows.append({"kind": "commitment", "side": name, "what": c.label, "without": without})
            for n, clause in enumerate(clauses(side.ratification)):
                free = {**self._held(shares), name: self._held(shares, (name, n))[name]}
                without = float(np.logical_and.reduce(list(free.values())).mean())
                rows.append(
                    {
                        "kind": "clause",
                        "side": name,
                        "what": rule_in_words(clause, functools.partial(study.label, name)),
                        "without": without,
                    }
                )
        table = pl.DataFrame(rows).with_columns(p_all=pl.lit(now), price=pl.col("without") - now)
        return table.select("kind", "side", "what", "p_all", "without", "price").sort("price", descending=True)

    def _held(self, shares: np.ndarray, free: tuple[str, int] | None = None) -> dict[str, np.ndarray]:
        """By side, whether its rule holds in each draw; one clause of one side may be taken as held."""
        held = {}
        for i, name in enumerate(self.acceptance.study.sides):
            limits = list(self.ballot.thresholds[i])
            if free is not None and free[0] == name:
                limits[free[1]] = np.full_like(limits[free[1]], -1.0)
            held[name] = np.asarray(rule_holds(self.acceptance.study.rule(name), self._named(name, shares), limits))
        return held

    def without_each(self) -> pl.DataFrame:
        """Win-sets as though one constituency had no say; see ``leave_each_out``."""
        return self._without_each

    @functools.cached_property
    def _without_each(self) -> pl.DataFrame:
        return leave_each_out(self.ballot.thin(SCORED_DRAWS), self.space, self.scores)

    def solve(self, *, given: Mapping[str, str] | None = None, power: Mapping[str, float] | None = None) -> Solutions:
        """Which package bargaining theory would pick, and how sure that is; see ``solve_room``."""
        tables = tabulate(self.ballot.thin(SCORED_DRAWS), restrict(self.space, given or {}))
        found = solve_room(tables, power)
        p_all = [
            self.carry(dict(t.split("=") for t in x.split(";")))["probability"][-1] if "=" in x else 0.0
            for x in found.table["package"]
        ]
        return dataclasses.replace(found, table=found.table.with_columns(p_all=pl.Series(p_all, dtype=pl.Float64)))

    def pivots(self, what: str | Mapping[str, str], date: dt.date | None = None) -> pl.DataFrame:
        """Who matters at home for a (partial) package; see ``weigh_pivots``."""
        shares = self.shares(what, date)
        named = {s: self._named(s, shares) for s in self.acceptance.study.sides}
        return weigh_pivots(self.acceptance.study, named, self.ballot.thresholds)

    def search(
        self,
        top: int = 10,
        *,
        order: str | Objective = "all",
        above: float | None = None,
        given: Mapping[str, str] | None = None,
        only: Sequence[AnyConstraint] = (),
        told: bool = False,
        seconds: float = SEARCH_SECONDS,
        say: Callable[[str], None] = lambda _: None,
    ) -> Search:
        """The best packages, proven, or with the gap that is left after some seconds.

        Parameters
        ----------
        order
            ``all`` at once, a side, ``product`` or ``worse-off`` (see ``name_objective``), or an objective of your own.
        above
            All packages with at least this value instead of the top.
        given
            Options that stay as they are.
        only
            What no package may combine, besides what the study says.
        told
            Keep to terms that everybody who decides was asked about; issues without any are left open.

        Raises
        ------
        UsageError
            If a name is unknown, or a side's rule can never hold, or constraints exclude every package, or nothing is told.
        """
        study = self.acceptance.study
        space = restrict(self.space, given or {}, only)
        if told:
            space = tell_space(space, study, told_options(study, self.acceptance.draws), given or {})
        tables = tabulate(self.ballot, space)
        never = rules_that_never_hold(tables)
        if never:
            raise UsageError("; ".join(never))
        objective = name_objective(order, tables) if isinstance(order, str) else order
        found = find_best(tables, objective, top, above=above, seconds=seconds, say=say)
        return Search(self, space, objective.name, found)

    def guarded(self, top: int = TOP, **how: Any) -> tuple[Search | None, Search]:
        """``search`` over terms that all who decide were asked about (None where these make no package), then over all."""
        try:
            told = self.search(top, told=True, **how)
        except UsageError:
            told = None
        return told, self.search(top, **how)

    @functools.cached_property
    def listed(self) -> tuple[Search | None, Search]:
        """The best packages that are listed where nothing else is asked for; see ``guarded``."""
        return self.guarded(TOP)

    def never_holds(self) -> list[str]:
        """Sides whose rule can never hold, as sentences."""
        return rules_that_never_hold(tabulate(self.ballot, self.space))

    def best(self, top: int = 10, *, given: Mapping[str, str] | None = None, side: str | None = None) -> pl.DataFrame:
        """The packages that all leaders (or one side's leader) are likeliest to carry; see ``search``."""
        return self.search(top, order=side or "all", given=given).table()

    def _side(self, side: str) -> int:
        if side not in self._sides:
            raise UsageError(f"no side `{side}`{suggest(side, self._sides)}")
        return self._sides.index(side)

    def frontier(self) -> pl.DataFrame:
        """Packages that no other beats for one leader without loss to another (Pareto), by P(in win-set).

        Returns
        -------
        Columns package, p_<side> and p_all; of packages that are alike the first.
        """
        chances = self.scores.by_side.T.astype(float)
        front = np.flatnonzero(find_pareto(chances))
        _, first = np.unique(chances[front], axis=0, return_index=True)
        front = front[np.sort(first)]
        front = front[np.lexsort(chances[front].T[::-1])]
        return self._listed(front)

    def _listed(self, numbers: Int[np.ndarray, " some"]) -> pl.DataFrame:
        """Packages of the searched space by their numbers, with what was scored."""
        space = self.space
        packages = [str(space.package(space.unrank(self.scores.number(int(n))))) for n in numbers]
        columns = {f"p_{s}": self.scores.by_side[i, numbers] for i, s in enumerate(self._sides)}
        return pl.DataFrame(
            {"package": packages, **columns, "p_all": self.scores.both[numbers]},
            schema_overrides={"package": pl.String},
        )

    def density(self, one: str, other: str, steps: int = 40) -> pl.DataFrame:
        """How many searched packages lie where on the map of two leaders' chances.

        Returns
        -------
        Columns p_<one>, p_<other> (middle of a square) and packages; empty squares are left out.
        """
        a, b = (self.scores.by_side[self._side(s)] for s in (one, other))
        counts, edges, _ = np.histogram2d(a, b, bins=steps, range=[[0, 1], [0, 1]])
        middles = (edges[:-1] + edges[1:]) / 2
        i, j = np.nonzero(counts)
        return pl.DataFrame({f"p_{one}": middles[i], f"p_{other}": middles[j], "packages": counts[i, j].astype(int)})

    def agreement_zone(self, at_least: float = 0.5) -> pl.DataFrame:
        """Packages that all leaders could carry with at least a probability, likeliest first."""
        inside = np.flatnonzero(self.scores.both >= at_least)
        inside = inside[np.argsort(-self.scores.both[inside], kind="stable")][:10_000]
        return self._listed(inside)

    def shape(self) -> pl.DataFrame:
        """What each win-set is made of: expected share of a side's win-set that holds each option."""
        rows = []
        for k, issue in enumerate(self.space.issues):
            mass = self.scores.share_with(k)
            held = mass / np.maximum(mass.sum(1, keepdims=True), 1e-12)
            even = self.scores.even_share(k)
            rows += [
                {"side": side, "issue": issue.label, "option": o.label, "share": float(held[i, n])}
                | {"even": float(even[n])}
                for i, side in enumerate(self._sides)
                for n, o in enumerate(issue.options)
            ]
        return pl.DataFrame(rows)

    def sizes(self) -> pl.DataFrame:
        """Expected share of all packages in each win-set, and in the agreement zone."""
        rows = [{"set": s, "share": float(self.scores.by_side[i].mean())} for i, s in enumerate(self._sides)]
        return pl.DataFrame([*rows, {"set": "all", "share": float(self.scores.both.mean())}])

    def proposal_table(self) -> pl.DataFrame:
        """Every proposal: acceptance by constituency (90 % interval), who could carry it."""
        study = self.acceptance.study
        rows = []
        for p in study.proposals.values():
            shares, before = (self.acceptance.shares(p.id, prior=x, endorsed=self.endorsed) for x in (False, True))
            carry = self.carry(p.id)
            for j, (s, c) in enumerate(study.constituencies()):
                chance = float(carry.filter(pl.col("side") == s)["probability"][0])
                rows.append(
                    {"proposal": p.id, "label": p.label, "date": p.date, "later": p.date > study.as_of}
                    | {"side": s, "constituency": c, **interval(shares[:, j]), "p_side": chance}
                    | {"evidence": evidence_share(shares[:, j], before[:, j])}
                    | {"p_all": float(carry["probability"][-1])}
                )
        return pl.DataFrame(rows, schema=None if rows else PROPOSALS)


@dataclass(frozen=True)
class Search:
    """Packages found by a search, in a room.

    Parameters
    ----------
    found
        Option numbers, values, the bound and whether it is proven.
    """

    room: Room
    space: Space
    order: str
    found: Found

    def table(self) -> pl.DataFrame:
        """Columns package, value, p_<side>, p_all and never_asked (of its terms, how many somebody who decides was not asked)."""
        held = [self.space.package(tuple(int(o) for o in row)) for row in self.found.options]
        packages = [str(p) for p in held]
        sides = (
            {f"p_{s}": self.found.by_side[:, i] for i, s in enumerate(self.room.acceptance.study.sides)}
            if packages
            else {}
        )
        columns = {"package": packages, "value": self.found.values, **sides, "p_all": self.found.both}
        columns["never_asked"] = [len(self.never_asked(dict(p.terms))) for p in held]
        return pl.DataFrame(columns, schema_overrides={"package": pl.String, "never_asked": pl.Int64})

    def never_asked(self, package: Mapping[str, str]) -> list[str]:
        """Terms that somebody who decides was never asked about, with who was not."""
        return never_asked(self.room.acceptance.study, self.room.acceptance.draws, package)


def restrict(space: Space, given: Mapping[str, str], only: Sequence[AnyConstraint] = ()) -> Space:
    """A space in which some issues have one option, and what no package may combine is added to.

    Raises
    ------
    UsageError
        If the space has no such issue or option, or no package is left.
    """
    only = [spell_constraint(c, space.options) for c in only]
    for constraint in only:
        check_constraint(constraint, space.options)
    given = spell_out(given, space.options)
    ids = [i.id for i in space.issues]
    for name, option in given.items():
        if name not in ids:
            raise UsageError(f"the search does not settle `{name}`{suggest(name, ids)}")
        options = [o.id for o in space.issue(name).options]
        if option not in options:
            raise UsageError(f"the search has no option `{option}` for `{name}`{suggest(option, options)}")
    restricted = Space(
        tuple(
            Issue(i.id, i.label, tuple(o for o in i.options if given.get(i.id, o.id) == o.id), i.searched)
            for i in space.issues
        ),
        (*space.constraints, *only),
    )
    against = restricted.contradiction()
    if against:
        kept = f" where {'; '.join(f'{i}={o}' for i, o in given.items())}" if given else ""
        raise UsageError(f"no package keeps to {'; '.join(f'`{c}`' for c in against)}{kept}; leave one of them out")
    return restricted


def ratify(
    acceptance: Acceptance,
    *,
    audience_costs_on: bool = True,
    date: dt.date | None = None,
    endorsed: Mapping[str, str] | None = None,
) -> Room:
    """Work out the win-sets over the searched space.

    Parameters
    ----------
    audience_costs_on
        Take the price of broken commitments off acceptance before the rules are applied.
    endorsed
        Who speaks for or against whatever is put to people: ``{"leader": "for"}`` (each side's own), a voice, or a side (its
        leader).

    Raises
    ------
    UsageError
        If nobody has that name, or the people of a side would hear one speaker twice.
    """
    study, draws = acceptance.study, acceptance.draws
    wrong = list(contradict_words(endorsed or {}, study.sides, study.speakers))
    if wrong:
        raise UsageError("; ".join(wrong))
    worth = draws.worth
    if audience_costs_on:
        worth = worth - audience_costs(study, draws, acceptance.seed)
    thresholds = tuple(
        draw_thresholds(side.ratification, len(draws), acceptance.seed + i, seed_shared(study, acceptance.seed))
        for i, side in enumerate(study.sides.values())
    )
    ballot = Ballot(study, draws, draws.level_at(date or study.as_of), worth, thresholds, endorsed or {})
    return Room(acceptance, ballot, study.space.searched(), audience_costs_on)
