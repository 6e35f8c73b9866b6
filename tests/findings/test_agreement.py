"""One chance per package and run, wherever it is printed."""

from __future__ import annotations

import polars as pl

from winset.findings import describe, percent
from winset.findings.rooms import describe_pivots, describe_prices, describe_solutions
from winset.runs import Run
from winset.terms import parse_package


def chance(run: Run, what: str) -> float:
    return float(
        run.room.carry(what if what in run.study.proposals else dict(parse_package(what).terms))["probability"][-1]
    )


def test_every_finding_prints_the_same_chance(tiny_run: Run) -> None:
    room, proposal = tiny_run.room, next(iter(tiny_run.study.proposals))
    found = {f.id: f.table for f in tiny_run.findings()}
    found |= {f.id: f.table for f in describe(room.repair(proposal, 0.9))}
    found |= {f.id: f.table for f in describe_solutions(room.acceptance.study, room.solve())}
    found |= {f.id: f.table for f in describe_prices(room, proposal)}
    told = []
    for table in found.values():
        for column in ("package", "proposal"):
            if {column, "p_all"} <= set(table.columns):
                told += table.select(column, "p_all").filter(pl.col(column) != "no deal").unique().rows()
    assert len(told) > 10
    for what, p_all in told:
        assert abs(chance(tiny_run, what) - p_all) < 1e-6, what
    for side in tiny_run.study.sides:
        p_side = room.carry(proposal).filter(side=side)["probability"][0]
        own = found["proposals"].filter(proposal=proposal, side=side)["p_side"].unique().to_list()
        assert own == [p_side]
        pivots = describe_pivots(room, proposal)[0].table.filter(side=side)["p_side"]
        assert all(abs(p - p_side) < 1e-9 for p in pivots)


def test_a_proposal_without_a_chance_is_no_headline(tiny_run: Run) -> None:
    from winset.findings.describing import _headline

    table = tiny_run.room.proposal_table().with_columns(p_all=pl.lit(0.003), p_side=pl.lit(0.12))
    more = pl.concat([table, table.with_columns(label=pl.lit("Another"), proposal=pl.lit("another"))])
    chances = more.select("proposal", "label", "p_all").unique(maintain_order=True)
    said = _headline(tiny_run.study, more, chances)
    assert said.startswith("None of 2 proposals on record has a chance worth the name")
    assert f"in North ({percent(0.12)})" in said
