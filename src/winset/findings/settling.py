"""What tells runs of the talks apart, said: by itself, since the talks bring libraries that nothing else here needs."""

from __future__ import annotations

from winset.exploration import Settling
from winset.findings.finding import Finding, describe
from winset.findings.wording import percent, span

BOXES = (
    "patient rule induction (Friedman & Fisher 1999; Bryant & Lempert 2010); coverage: of the runs that settle, how many meet "
    "the rule; density: of those that meet it, how many settle; both on runs that were held back, 90 % intervals; a later rule "
    "is for runs that meet no earlier one"
)

TREE = (
    "classification tree of at most three questions (Breiman, Friedman, Olshen & Stone 1984), as large as held-back folds bear "
    "out; grown on half of the runs, shares and their 90 % intervals on the other half (Athey & Imbens 2016)"
)


SHARES = (
    "first-order indices over the runs (Plischke, Borgonovo & Smith 2013); 90 % intervals by bootstrap; things go together, so "
    "that shares do not add up"
)


@describe.register
def _(noun: Settling) -> list[Finding]:
    stands = f"{noun.scenario}: of {noun.runs:,} runs still open after a quarter a settlement stands after {noun.weeks} weeks in "
    said = f"{stands}{percent(noun.settled)}."
    if not noun.table.height:
        said += " No two or three conditions tell them apart beyond chance."
    for (rule,), rows in noun.table.group_by("rule", maintain_order=True):
        first = rows.row(0, named=True)
        conditions = "; and ".join(rows["condition"])
        dense, covered = (span(*(first[f"{k}{e}"] for e in ("", "_low", "_high"))) for k in ("density", "coverage"))
        who = "Rule 1" if rule == 1 else f"Rule {rule}, of the others"
        said += f" {who}: {conditions}. Of such runs {dense} % settle, and they are {covered} % of those that do."
    return [
        Finding("settles", "What tells runs of the talks that settle from those that do not?", said, noun.table, BOXES),
        Finding("settles-tree", "And sorted by a few questions?", _say_tree(noun), noun.leaves, TREE),
        Finding("settles-shares", "And how much of it hangs on each alone?", _say_shares(noun), noun.shares, SHARES),
    ]


def _say_shares(noun: Settling) -> str:
    if not noun.shares.height:
        return "Nothing that is known after a quarter stands out from noise by itself."
    first = noun.shares.row(0, named=True)
    told = span(first["share"], first["low"], first["high"])
    return (
        f"Most on the {first['thing']}: known exactly, it would take away {told} % of the variance of whether a settlement "
        f"stands; {noun.shares.height} stand out from noise."
    )


def _say_tree(noun: Settling) -> str:
    """The leaves at both ends, and how well all of them foresee."""
    if noun.leaves.height < 2:
        return "No question sorts runs that were held back better than saying the same of all."
    most, least = noun.leaves.row(0, named=True), noun.leaves.row(-1, named=True)
    dense, thin = (span(*(row[f"density{e}"] for e in ("", "_low", "_high"))) for row in (most, least))
    ends = f"Most settle where {most['where']}: {dense} %; fewest where {least['where']}: {thin} %."
    plain = "none settles" if noun.settled < 0.5 else "all settle"
    right = f"Calling each run by its leaf is right in {span(*noun.tree.right)} % of runs that were held back"
    return f"{ends} {right}; saying that {plain}, in {percent(noun.tree.plain)}."
