"""What changed between two runs: in the evidence, in what is declared, in the answer, and how much of it the rules did."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import polars as pl

from winset.acceptance import interval
from winset.findings.answers import say_result
from winset.findings.finding import Finding
from winset.findings.steps import LISTED, Differing, match_results, say_steps, tell_steps
from winset.findings.wording import likelihood_word, percent
from winset.room import Room, ratify
from winset.study import Study

MOVED = 0.05
"""Change of a chance that is worth the first sentence: what readers of whole per cents notice."""
ANSWERS = {"proposal": pl.String, "what": pl.String} | dict.fromkeys(("before", "with_rules", "after"), pl.Float64)
"""Columns of chances side by side."""


def describe_changes(old: Room, new: Room) -> list[Finding]:
    """Findings of the second run beside the first; proposals are told that both know. Of two conflicts there is but one."""
    if not set(old.acceptance.study.sides) & set(new.acceptance.study.sides):
        return [_say_apart(old, new)]
    differing, between = match_results(old, new), _under_rules(old, new)
    evidence, declared = compare_evidence(differing), compare_declared(old, new)
    answer = compare_answers(old, new, between)
    counts = [(evidence.filter(change=c).height, c) for c in ("new", "changed", "gone")]
    listed = ", ".join(f"{n} {c}" for n, c in counts if n)
    told = f"Printed results: {listed}." if listed else "The same printed results went into both."
    things = "One thing is" if declared.height == 1 else f"{declared.height} things are"
    differ = f"{things} declared otherwise." if declared.height else "Everything is declared alike."
    study, acceptance = new.acceptance.study, compare_acceptance(old, new)
    return [
        Finding("changes-answer", "What changed in the answer?", _say_answer(answer, study), answer, _basis(old, new)),
        *_describe_steps(old, between, new, answer, differing),
        Finding("changes-acceptance", "Who changed their mind?", _say_acceptance(new, acceptance), acceptance,
                "mean and 90 % interval before and after; no price of broken pledges"),
        Finding("changes-evidence", "What changed in the evidence?", told, evidence, "printed results of both runs"),
        Finding("changes-declared", "What is declared otherwise?", differ, declared, "the studies of both runs"),
    ]  # fmt: skip


def _describe_steps(
    old: Room, between: Room | None, new: Room, answer: pl.DataFrame, differing: list[Differing]
) -> list[Finding]:
    """Which change did it, for the proposal that moved most; nothing where none is shared or nothing changed."""
    together = answer.filter(what="All at once")
    if not together.height:
        return []
    row, study = _moved_most(together), new.acceptance.study
    table = tell_steps(old, between, new, row["proposal"], differing)
    if not table.height:
        return []
    label = study.proposals[row["proposal"]].label
    basis = (
        f"chance of all leaders at once for {label}; rules and pledges one after the other in this order, which shares out "
        "what they do together; each printed result alone, by Pareto-smoothed weights of the draws (Vehtari et al. 2024); "
        f"at most {LISTED} results, and none of groups too small to show"
    )
    return [Finding("changes-steps", "Which change did it?", say_steps(table, label), table, basis)]


def compare_answers(old: Room, new: Room, between: Room | None) -> pl.DataFrame:
    """Chances of every proposal that both runs know.

    Returns
    -------
    Columns proposal, what, before, with_rules (the first run's acceptance under the second's rules and pledges; null where
    the studies have other groups or terms), after.
    """
    rows = []
    for p in _shared(old, new):
        chances = [None if r is None else r.carry(p)["probability"].to_list() for r in (old, between, new)]
        for n, name in enumerate([*(s.label for s in new.acceptance.study.sides.values()), "All at once"]):
            before, middle, after = (None if c is None else c[n] for c in chances)
            rows.append({"proposal": p, "what": name, "before": before, "with_rules": middle, "after": after})
    return pl.DataFrame(rows, schema=ANSWERS)


def _say_apart(old: Room, new: Room) -> Finding:
    """Answers to two conflicts share nothing that could be set side by side."""
    one, other = (
        f"{s.title} ({', '.join(x.label for x in s.sides.values())})"
        for s in (old.acceptance.study, new.acceptance.study)
    )
    said = (
        f"These are answers about two conflicts: {one}, and {other}. They have no side in common, so that no chance, group or "
        "printed result of the one stands beside any of the other. Choose two answers to one study, or to copies of it."
    )
    nothing = pl.DataFrame(schema=ANSWERS)
    return Finding("changes-answer", "What changed in the answer?", said, nothing, "the studies of both runs")


def _shared(old: Room, new: Room) -> list[str]:
    """Proposals of the same terms in both studies, of sides that are the same."""
    one, other = old.acceptance.study, new.acceptance.study
    if list(one.sides) != list(other.sides):
        return []
    return [
        p for p, x in other.proposals.items() if p in one.proposals and dict(one.proposals[p].terms) == dict(x.terms)
    ]


def _under_rules(old: Room, new: Room) -> Room | None:
    """The first run's acceptance under the second's rules; None where they do not fit together."""
    one, other = old.acceptance.study, new.acceptance.study
    alike = (
        one.constituencies() == other.constituencies()
        and one.space == other.space
        and one.composition == other.composition
    )
    if not alike:
        return None
    study = dataclasses.replace(one, sides=other.sides)
    return ratify(dataclasses.replace(old.acceptance, study=study), audience_costs_on=new.with_costs)


def compare_acceptance(old: Room, new: Room) -> pl.DataFrame:
    """Acceptance of shared proposals by constituencies that both runs know, the largest change first."""
    pairs = [p for p in new.acceptance.study.constituencies() if p in old.acceptance.study.constituencies()]
    rows = []
    for p in _shared(old, new):
        draws = [r.acceptance.shares(p) for r in (old, new)]
        for pair in pairs:
            was, now = (
                interval(d[:, r.acceptance.study.constituencies().index(pair)])
                for d, r in zip(draws, (old, new), strict=True)
            )
            rows.append(
                {"proposal": p, "side": pair[0], "constituency": pair[1], "before": was["mean"], "mean": now["mean"]}
                | {"low": now["low"], "high": now["high"], "moved": now["mean"] - was["mean"]}
            )
    if not rows:
        return pl.DataFrame()
    return pl.DataFrame(rows).sort(pl.col("moved").abs(), descending=True, maintain_order=True)


def compare_evidence(differing: Iterable[Differing]) -> pl.DataFrame:
    """Printed results that are in one run alone, or read otherwise.

    Returns
    -------
    Columns change (new, changed, gone), side, constituency, date, instrument, wording, before, after.
    """
    rows = [
        {"change": "new" if was is None else "gone" if now is None else "changed"}
        | {k: (now or was or {})[k] for k in ("side", "constituency", "date", "instrument", "wording")}
        | {"before": say_result(was), "after": say_result(now)}
        for _, was, now in differing
    ]
    schema = ("change", "side", "constituency", "instrument", "wording", "before", "after")
    table = (
        pl.DataFrame(rows, infer_schema_length=None) if rows else pl.DataFrame(schema=dict.fromkeys(schema, pl.String))
    )
    return table.sort("change", maintain_order=True) if rows else table


def compare_declared(old: Room, new: Room) -> pl.DataFrame:
    """What the two studies declare otherwise, in words: columns what, before, after."""
    one, other = (dict(_facts(r.acceptance.study)) for r in (old, new))
    rows = [
        {"what": k, "before": one.get(k, ""), "after": other.get(k, "")}
        for k in dict.fromkeys([*other, *one])
        if one.get(k, "") != other.get(k, "")
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(("what", "before", "after"), pl.String))


def _facts(study: Study) -> Iterator[tuple[str, str]]:
    """Everything declared that an answer depends on, as pairs of name and words."""
    yield "Evidence up to", f"{study.as_of}"
    for i in study.space.issues:
        yield f"Issue {i.label}", ", ".join(o.label for o in i.options)
    labels = {i.id: {o.id: o.label for o in i.options} for i in study.space.issues}
    for s, side in study.sides.items():
        yield f"Rule of {side.label}", study.rule_in_words(s)
        yield f"Groups of {side.label}", ", ".join(c.label for c in side.constituencies.values())
        for pledge in side.commitments:
            broken = "; ".join(labels[i][o] for i, options in pledge.breaks.items() for o in options)
            yield f"Pledge of {side.label}: {pledge.label}", f"{pledge.rung}; broken by {broken}"
        for issue, order in side.order.items():
            yield f"Order of {side.label}: {_issue(study, issue)}", _listed(labels[issue], order)
        for issue, options in side.red_lines.items():
            yield f"Red lines of {side.label}: {_issue(study, issue)}", _listed(labels[issue], options)
    for p in study.proposals.values():
        yield f"Proposal {p.label}", study.in_words(dict(p.terms))


def _issue(study: Study, issue: str) -> str:
    return next(i.label for i in study.space.issues if i.id == issue)


def _listed(labels: Mapping[str, str], options: Any) -> str:
    return options if isinstance(options, str) else ", ".join(labels[o] for o in options)


def _say_answer(table: pl.DataFrame, study: Study) -> str:
    labels = {i: p.label for i, p in study.proposals.items()}
    together = table.filter(what="All at once")
    if not together.height:
        return "The two runs have no proposal in common that could be compared."
    row = _moved_most(together)
    if abs(row["after"] - row["before"]) < MOVED:
        return f"No proposal's chance to be carried by all moved by {100 * MOVED:.0f} points or more."
    by_rules = ""
    if row["with_rules"] is not None and abs(row["with_rules"] - row["before"]) >= MOVED / 2:
        alone = percent(row["with_rules"])
        by_rules = f" The changed rules and pledges alone make it {alone}; the rest is evidence, or the fit itself."
        if alone == percent(row["after"]):
            by_rules = " The changed rules and pledges make all of that."
    was, now = (f"{percent(row[k])} ({likelihood_word(row[k])})" for k in ("before", "after"))
    return f"What moved most is {labels[row['proposal']]}: {was} became {now} for all leaders at once.{by_rules}"


def _moved_most(together: pl.DataFrame) -> dict[str, Any]:
    order = (pl.col("after") - pl.col("before")).abs()
    return together.sort(order, descending=True, maintain_order=True).row(0, named=True)


def _say_acceptance(new: Room, table: pl.DataFrame) -> str:
    if not table.height:
        return "The two runs have no group and proposal in common."
    row, study = table.row(0, named=True), new.acceptance.study
    if percent(row["before"]) == percent(row["mean"]):
        return "No group's acceptance of a shared proposal moved by a point."
    who, what = study.full_label(row["side"], row["constituency"]), study.proposals[row["proposal"]].label
    return f"Most of all {who} on {what}: {percent(row['before'])} became {percent(row['mean'])}."


def _basis(old: Room, new: Room) -> str:
    methods = sorted({old.acceptance.fit.method, new.acceptance.fit.method})
    mixed = "; one run is an approximation, the other is not: part of any change is that" if len(methods) > 1 else ""
    return (
        f"chances of both runs{mixed}; “With rules”: acceptance of the first under the rules and pledges of the second"
    )
