"""Draws as tables over parts of the issues: what any search over packages reads.

Utilities add over issues, and refusal at any price multiplies. A clause on one constituency's acceptance is
therefore a bound on the utility that is left to the issues that nobody refuses; that bound depends on the
options of the other issues only. Nothing here ever lists packages.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import numpy as np
from scipy.special import ndtr, ndtri

from winset.errors import UsageError
from winset.room.ballot import Ballot
from winset.room.operators import ALL, ANY, NOTHING
from winset.study import AllOf, AnyOf, Coalition, Rule, Support, Veto, Vote
from winset.study.composition import find_named
from winset.study.ratification import clauses, members
from winset.terms import Space

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int

T = TypeVar("T")
TINY = 1e-12
Worths: TypeAlias = "Float[np.ndarray, 'draw constituency issue option']"


@dataclass(frozen=True)
class Rules:
    """All sides' rules as arrays.

    Parameters
    ----------
    single
        Constituency (among those used) of each clause on one constituency, -1 where it is a coalition.
    weights
        Weights of each clause over constituencies, summing to one.
    programs
        By side: the rule in postfix order; clause numbers, ``ALL`` and ``ANY``.
    """

    single: Int[np.ndarray, " clause"]
    weights: Float[np.ndarray, "clause constituency"]
    programs: tuple[tuple[int, ...], ...]

    @property
    def padded(self) -> Int[np.ndarray, "side operator"]:
        """Programs as rows of one length, ended by ``NOTHING``."""
        rows = np.full((len(self.programs), max(map(len, self.programs))), NOTHING)
        for s, p in enumerate(self.programs):
            rows[s, : len(p)] = p
        return rows


@dataclass(frozen=True)
class Tables:
    """Numbers of one ballot over one space, constituencies that a rule names only.

    Parameters
    ----------
    base
        Utility before any option is settled; issues outside the space stay open.
    spread
        Standard deviation of persons about the constituency's mean, one included.
    floor, gain
        Share that accepts whatever the utility, and what the normal curve adds at most: of those who refuse nothing.
    worth, log_kept
        By issue and option of the space; options that an issue lacks are -inf and 0.
    thresholds
        One per clause of all sides' rules, in order.
    names
        (side, constituency) of each constituency.
    """

    space: Space
    names: tuple[tuple[str, str], ...]
    rules: Rules
    base: Float[np.ndarray, "draw constituency"]
    spread: Float[np.ndarray, "draw constituency"]
    floor: Float[np.ndarray, "draw constituency"]
    gain: Float[np.ndarray, "draw constituency"]
    worth: Worths
    log_kept: Worths
    thresholds: Float[np.ndarray, "draw clause"]

    @property
    def draws(self) -> int:
        """How many draws."""
        return len(self.base)

    def thin(self, keep: int) -> Tables:
        """Every so many-th draw, ``keep`` at most."""
        rows = np.linspace(0, self.draws - 1, min(keep, self.draws)).astype(int)
        fields = ("base", "spread", "floor", "gain", "worth", "log_kept", "thresholds")
        return replace(self, **{f: getattr(self, f)[rows] for f in fields})

    def under(self, ballot: Ballot) -> Tables:
        """The same draws under other rules and thresholds, over constituencies that the rules here name."""
        rules = list_rules({s: ballot.study.rule(s) for s in ballot.study.sides}, self.names)
        return replace(self, rules=rules, thresholds=np.concatenate(ballot.thresholds).T)

    @functools.cached_property
    def refused(self) -> Bool[np.ndarray, " issue"]:
        """Issues with an option that some refuse at any price."""
        return (self.log_kept != 0).any(axis=(0, 1, 3))

    def utilities(self, issues: Sequence[int]) -> Float[np.ndarray, "draw constituency combination"]:
        """Summed part-worths of every combination of some issues, last issue fastest."""
        return self._summed(self.worth, issues)

    def kept(self, issues: Sequence[int], constituency: int) -> Float[np.ndarray, "draw combination"]:
        """Log share of a constituency that refuses nothing, of every combination of some issues."""
        return self._summed(self.log_kept[:, [constituency]], issues)[:, 0]

    def _summed(
        self, values: Worths, issues: Sequence[int], begin: Float[np.ndarray, "draw constituency"] | None = None
    ) -> Float[np.ndarray, "draw constituency combination"]:
        total = np.zeros((*values.shape[:2], 1)) if begin is None else begin[..., None]
        for k in issues:
            options = values[:, :, k, : self.space.shape[k]]
            total = (total[..., :, None] + options[..., None, :]).astype(total.dtype).reshape(*values.shape[:2], -1)
        return total

    def settle(
        self, issues: Sequence[int], options: Int[np.ndarray, "issue package"]
    ) -> tuple[Float[np.ndarray, "draw constituency package"], Float[np.ndarray, "draw constituency package"]]:
        """Utility (base included) and log share that refuses nothing, where some issues have the listed options."""
        utility = np.repeat(self.base[..., None], options.shape[1], axis=2)
        log_kept = np.zeros_like(utility)
        for k, option in zip(issues, options, strict=True):
            utility += self.worth[:, :, k][..., option]
            log_kept += self.log_kept[:, :, k][..., option]
        return utility, log_kept

    def settle_all(
        self, issues: Sequence[int]
    ) -> tuple[Float[np.ndarray, "draw constituency package"], Float[np.ndarray, "draw constituency package"]]:
        """The same for every combination of some issues, the last issue fastest; sums of the first issues are shared."""
        return self._summed(self.worth, issues, self.base), self._summed(
            self.log_kept, issues, np.zeros_like(self.base)
        )

    def shares(self, options: Int[np.ndarray, "package issue"]) -> Float[np.ndarray, "package draw constituency"]:
        """Acceptance of listed packages, one by one."""
        utility = np.repeat(self.base[None], len(options), axis=0)
        log_kept = np.zeros_like(utility)
        for k, own in enumerate(options.T):
            add_options(utility, self.worth, k, own)
            add_options(log_kept, self.log_kept, k, own)
        return np.exp(log_kept) * (self.floor + self.gain * ndtr(utility / self.spread))

    def least(self, clause: int, log_kept: Float[np.ndarray, "draw ..."]) -> Float[np.ndarray, "draw ..."]:
        """Least utility (base included) at which a clause on one constituency holds, given who refuses nothing.

        -inf where those suffice who answer at random or follow a word, inf where too many refuse at any price.
        """
        c = self.rules.single[clause]
        shape = (-1,) + (1,) * (log_kept.ndim - 1)
        floor, gain = (v[:, c].reshape(shape) for v in (self.floor, self.gain))
        threshold = self.thresholds[:, clause].reshape(shape)
        share = (threshold * np.exp(-log_kept) - floor) / np.maximum(gain, TINY)
        with np.errstate(invalid="ignore"):
            found = ndtri(np.clip(share, 0.0, 1.0)) * self.spread[:, c].reshape(shape)
        return np.where(threshold <= 0, -np.inf, found)


def add_options(
    total: Float[np.ndarray, "package draw constituency"],
    values: Worths,
    issue: int,
    options: Int[np.ndarray, " package"],
) -> None:
    """Add what each package's option of an issue is worth; packages that leave it open (-1) stay as they are."""
    for option in np.unique(options[options >= 0]):
        column = np.ascontiguousarray(values[:, :, issue, option])
        if column.any():
            for n in np.flatnonzero(options == option):
                total[n] += column


def tabulate(ballot: Ballot, space: Space) -> Tables:
    """Tables of a ballot over a space; issues of the study that the space lacks stay open.

    Raises
    ------
    UsageError
        If a number is no finite number.
    """
    study, draws = ballot.study, ballot.draws
    every = {s: study.rule(s) for s in study.sides}
    named = {study.place(s, c) for s, rule in every.items() for c in members(rule)}
    used = [j for j, key in enumerate(study.constituencies()) if key in named]
    settled = [study.space.issues.index(study.space.issue(i.id)) for i in space.issues]
    is_open = np.ones(len(study.space.issues), bool)
    is_open[settled] = False
    variance = 1 + np.where(is_open, draws.open_variance, draws.person_variance)[:, used].sum(-1)
    worth, kept = (np.full((len(draws), len(used), len(settled), max(space.shape)), v) for v in (-np.inf, 0.0))
    for n, (k, issue) in enumerate(zip(settled, space.issues, strict=True)):
        columns = [study.space.issues[k].index(o.id) for o in issue.options]
        worth[:, :, n, : len(columns)] = ballot.worth[:, used, k][..., columns]
        kept[:, :, n, : len(columns)] = draws.log_kept[:, used, k][..., columns]
    base = ballot.level[:, used]
    limits = np.concatenate(ballot.thresholds).T
    for what, values in (("level", base), ("part-worth", worth[worth > -np.inf]), ("threshold", limits)):
        if not np.isfinite(values).all():
            raise UsageError(f"a draw of {what} is no finite number; run the measurement again, or look at its fit")
    names = tuple(study.constituencies()[j] for j in used)
    rules = list_rules(every, names)
    floor, gain = (v[:, used] for v in ballot.curve)
    return Tables(space, names, rules, base, np.sqrt(variance), floor, gain, worth, kept, limits)


def fold_rule(
    program: Sequence[int], leaf: Callable[[int], T], every: Callable[[T, T], T], some: Callable[[T, T], T]
) -> T:
    """Value of a rule from values of its clauses, all-of joined by ``every``, any-of by ``some``."""
    stack: list[T] = []
    for operator in program:
        if operator >= 0:
            stack.append(leaf(operator))
        else:
            last, first = stack.pop(), stack.pop()
            stack.append((every if operator == ALL else some)(first, last))
    return stack[0]


def list_combinations(shape: Sequence[int]) -> Int[np.ndarray, "combination issue"]:
    """All combinations of options, the last issue fastest."""
    return np.indices(shape).reshape(len(shape), -1).T if shape else np.zeros((1, 0), int)


def list_rules(rules: dict[str, Rule], names: Sequence[tuple[str, str]]) -> Rules:
    """Rules of several sides as arrays over named constituencies."""
    single, weights, programs = [], [], []
    for side, rule in rules.items():
        programs.append(tuple(_postfix(rule, len(single))))
        for clause in clauses(rule):
            row = np.zeros(len(names))
            match clause:
                case Coalition():
                    total = sum(clause.coalition.values())
                    for c, w in clause.coalition.items():
                        row[names.index(find_named(side, c, names))] = w / total
                    alone = len(clause.coalition) == 1
                case Support():
                    row[names.index(find_named(side, clause.support, names))], alone = 1.0, True
                case Veto():
                    row[names.index(find_named(side, clause.veto, names))], alone = 1.0, True
                case Vote():
                    row[names.index(find_named(side, clause.vote.of, names))], alone = 1.0, True
            single.append(int(row.argmax()) if alone else -1)
            weights.append(row)
    return Rules(np.array(single), np.array(weights), tuple(programs))


def _postfix(rule: Rule, first: int) -> list[int]:
    """Clause numbers from ``first`` on, and operators after their values."""
    match rule:
        case AllOf() | AnyOf():
            parts, operator = (rule.all_of, ALL) if isinstance(rule, AllOf) else (rule.any_of, ANY)
            program: list[int] = []
            for n, part in enumerate(parts):
                program += _postfix(part, first + sum(o >= 0 for o in program))
                program += [operator] if n else []
            return program
        case _:
            return [first]
