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
        Finding("settles", "What tells runs of the talks that settle from those that do not?", said, noun.table, BOXES)
    ]
