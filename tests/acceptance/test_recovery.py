"""What is true comes out again: answers simulated from known shares, fitted, compared.

Shares are those of large polls, so that what is left is what the model makes of them. Fits are approximate (fast).
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.acceptance.small import poll, question, side, write_small

from winset.acceptance import Acceptance, measure, prepare, vary
from winset.acceptance.cells import AGAINST, DECIDED, FOR
from winset.verification import leave_one_out

PLAN = "land=split;water=joint"


def fit(folder: Path, sides: dict, questions: dict, polls: list[str], **more: object) -> Acceptance:
    return measure(write_small(folder, sides, questions, polls, **more), fast=True)


def whole(**shares: float) -> dict:
    """Constituencies of a whole and its parts."""
    return {"all": {"label": "All", "parts": shares}, **{c: {"label": c} for c in shares}}


def mean(found: Acceptance, who: str, what: str = PLAN, **said: str) -> float:
    table = found.support(what, endorsed=said or None)
    return float(table.row(list(table["constituency"]).index(who), named=True)["mean"])


def width(found: Acceptance, who: str) -> float:
    row = found.support(PLAN).row(list(found.support(PLAN)["constituency"]).index(who), named=True)
    return float(row["high"] - row["low"])


def test_parts_nobody_polled_follow_from_the_whole_and_the_other_part(tmp_path: Path) -> None:
    """.8 x 30 + .2 x 80 = 40: from the whole's 40 and the Arabs' 80 (another sample), Jews are at 30."""
    groups = whole(jews=0.8, arabs=0.2)
    waves = [f"2025-01-{d:02d}" for d in (3, 10, 17)]
    polls = [poll("q", "all", 2000, "accept 40", "reject 60", start=d, end=d) for d in waves]
    polls += [poll("q", "arabs", 900, "accept 80", "reject 20", start=d, end=d, sample="arab") for d in waves]
    found = fit(tmp_path, {"a": side(constituencies=groups)}, {"q": question()}, polls)
    assert mean(found, "jews") == pytest.approx(0.30, abs=0.07)
    shares = found.shares(PLAN)
    assert shares[:, 0] == pytest.approx(0.8 * shares[:, 1] + 0.2 * shares[:, 2], abs=1e-9)


def test_oversampled_parts_leave_the_whole_where_it_is(tmp_path: Path) -> None:
    """Settlers are 5 % of all and a third of the sample: their 10 must not drag the whole's 45 down."""
    groups = whole(most=0.95, settlers=0.05)
    polls = [poll("q", "all", 600, "accept 45", "reject 55"), poll("q", "settlers", 200, "accept 10", "reject 90")]
    found = fit(tmp_path, {"a": side(constituencies=groups)}, {"q": question()}, polls)
    assert mean(found, "all") == pytest.approx(0.45, abs=0.08)
    assert mean(found, "settlers") < 0.3


def test_a_leaders_word_is_measured_and_can_be_taken_back(tmp_path: Path) -> None:
    """As it is 20, if the leader accepts it 52: four in ten of those against follow."""
    asked = {"plain": question(), "backed": question(endorsed={"leader": "for"})}
    waves = [f"2025-01-{d:02d}" for d in (3, 10, 17, 24)]
    polls = [poll("plain", "public", 1500, "accept 20", "reject 80", start=d, end=d) for d in waves]
    polls += [poll("backed", "public", 1500, "accept 52", "reject 48", start=d, end=d) for d in waves]
    found = fit(tmp_path, {"a": side()}, asked, polls)
    assert mean(found, "public") == pytest.approx(0.20, abs=0.07)
    assert mean(found, "public", leader="for") == pytest.approx(0.52, abs=0.08)


@pytest.mark.slow  # a word of one's own leader is measured above, in the ordinary suite
def test_a_word_from_another_side_works_the_other_way(tmp_path: Path) -> None:
    polls = [poll("q", c, 1000, "accept 50", "reject 50", side=c[-1]) for c in ("public-a", "public-b")]
    sides = {s: side(constituencies={f"public-{s}": {"label": s}}) for s in "ab"}
    found = fit(tmp_path, sides, {"q": question(side=["a", "b"])}, polls)
    assert mean(found, "public-a", b="for") < mean(found, "public-a")
    assert mean(found, "public-b", b="for") > mean(found, "public-b")


@pytest.mark.slow
def test_one_question_to_two_publics_keeps_them_apart(tmp_path: Path) -> None:
    sides = {"a": side(), "b": side()}
    said = {"a": ("accept 30", "reject 70"), "b": ("accept 70", "reject 30")}
    polls = [poll("q", "public", 1500, *answers, side=s) for s, answers in said.items()]
    found = fit(tmp_path, sides, {"q": question(side=["a", "b"])}, polls)
    both = found.support(PLAN)["mean"]
    assert both[0] < 0.42 < 0.58 < both[1]


def test_a_country_printed_only_in_sum_informs_both_sides(tmp_path: Path) -> None:
    sides = {"a": side(), "b": side()}
    whole = {"cyprus": {"label": "All of Cyprus", "parts": {"a.public": 0.75, "b.public": 0.25}}}
    polls = [
        poll("q", "public", 3000, "accept 20", "reject 80", side="a"),
        poll("q", "cyprus", 3000, "accept 33", "reject 67"),
    ]
    found = fit(tmp_path, sides, {"q": question(side=["a", "b"])}, polls, wholes=whole)
    assert found.support(PLAN)["mean"][1] > 0.5  # (.33 - .75 x .20) / .25 = .72
    assert found.predictive().height == 2


def test_incentives_asked_of_those_who_refused_are_not_read_as_asked_of_all(tmp_path: Path) -> None:
    """Plan 40; of the 60 against, 25 % would accept it with water kept: everybody with it is at 40 + 15 = 55 at most."""
    offer = {"land": "split", "water": "own"}
    asked = {
        "plan": question(),
        "sweet": question(offer=offer, base={"refused": "plan"}),
        "sweet-all": question(offer=offer),
    }
    polls = [
        poll("plan", "public", 2000, "accept 40", "reject 60"),
        poll("sweet", "public", 1200, "accept 25", "reject 75"),
    ]
    based = fit(tmp_path / "based", {"a": side()}, asked, polls)
    naive = fit(tmp_path / "naive", {"a": side()}, asked, [polls[0], polls[1].replace("sweet", "sweet-all")])
    what = "land=split;water=own"
    assert mean(based, "public", what) == pytest.approx(0.55, abs=0.06)
    assert mean(naive, "public", what) < mean(based, "public", what) - 0.1


def test_half_a_sample_weighs_half(tmp_path: Path) -> None:
    asked = {"q": question(base={"share": 0.5})}
    found = fit(tmp_path, {"a": side()}, asked, [poll("q", "public", 1000, "accept 40", "reject 60")])
    assert found.responses.table["weight"].sum() == pytest.approx(500)


UNDECIDED = [
    poll("q", "public", 2000, "accept 31", "reject 40", "dont-know 29", start=f"2025-01-0{d}") for d in (3, 5, 7)
]


def test_the_undecided_lean_as_declared(tmp_path: Path) -> None:
    """31 for, 40 against, 29 undecided of whom one in ten accepts in the end: 31 + 2.9 = 34 of all, not 31 / 71 = 44."""
    lean = fit(tmp_path, {"a": side(undecided=0.1)}, {"q": question()}, UNDECIDED)
    assert mean(lean, "public") == pytest.approx(0.34, abs=0.05)


@pytest.mark.slow
def test_undecided_who_may_lean_either_way_widen_the_interval_and_are_moved_to_both_ends(tmp_path: Path) -> None:
    lean = fit(tmp_path / "lean", {"a": side(undecided=0.1)}, {"q": question()}, UNDECIDED)
    like = fit(tmp_path / "like", {"a": side()}, {"q": question()}, UNDECIDED)
    assert mean(like, "public") == pytest.approx(0.44, abs=0.05)
    unsure = fit(tmp_path / "unsure", {"a": side(undecided={"uniform": [0.0, 0.6]})}, {"q": question()}, UNDECIDED)
    assert width(unsure, "public") > 1.1 * width(lean, "public")
    ends = vary(lean.study, prepare(lean.study, lean.responses), ["plan"], 1, lean.fit.mode)
    means = dict(zip(ends["variant"], ends["mean"], strict=True))
    assert means["undecided lean low"] == pytest.approx(0.31, abs=0.05)  # none of them
    assert means["undecided lean high"] == pytest.approx(0.60, abs=0.05)  # all of them


@pytest.mark.slow
def test_a_constituency_that_wants_the_opposite_is_not_dragged_along(tmp_path: Path) -> None:
    """Both are asked about splitting; only the whole side's order says what the other options are worth to them."""
    order = {"land": ["give", "split", "keep"]}
    groups = {"public": {"label": "Public"}, "minority": {"label": "Minority", "order": order}}
    polls = [poll("q", c, 1500, "accept 50", "reject 50") for c in groups]
    found = fit(tmp_path, {"a": side(constituencies=groups)}, {"q": question(offer={"land": "split"})}, polls)
    assert mean(found, "public", "land=keep") > mean(found, "public", "land=give")
    assert mean(found, "minority", "land=keep") < mean(found, "minority", "land=give")


@pytest.mark.slow
def test_where_nobody_knows_the_order_answers_tell_it(tmp_path: Path) -> None:
    orders = {"land": "unordered", "water": ["own", "joint"]}
    asked = {o: question(kind="term", offer={"land": o}) for o in ("keep", "split", "give")}
    said = {"keep": 30, "split": 75, "give": 25}
    polls = [
        poll(o, "public", 1500, f"accept {n}", f"reject {100 - n}", start=f"2025-01-{d:02d}")
        for o, n in said.items()
        for d in (3, 5, 7)
    ]
    found = fit(tmp_path, {"a": side(order=orders)}, asked, polls)
    best = [mean(found, "public", f"land={o}") for o in said]
    assert best[1] > max(best[0], best[2]) + 0.1


@pytest.mark.slow
def test_an_unprinted_n_is_doubtful_and_not_worthless(tmp_path: Path) -> None:
    widths = {}
    for n in ("2000", "?", "60"):
        found = fit(
            tmp_path / n.replace("?", "q"),
            {"a": side()},
            {"q": question()},
            [poll("q", "public", n, "accept 40", "reject 60")],
        )
        widths[n] = width(found, "public")
    assert widths["2000"] < widths["?"] + 0.01 < widths["60"]
    table = found.predictive()
    assert table["n_printed"].all()


@pytest.mark.slow  # its likelihood is held against quadrature in the ordinary suite
def test_a_range_brings_out_its_middle_less_sharply(tmp_path: Path) -> None:
    waves, found = [f"2025-01-{d:02d}" for d in (3, 10, 17, 24)], {}
    for accept, reject in (("66", "34"), ("56-76", "24-44")):
        polls = [poll("q", "public", 2000, f"accept {accept}", f"reject {reject}", start=d, end=d) for d in waves]
        found[accept] = fit(tmp_path / accept, {"a": side()}, {"q": question()}, polls)
        assert mean(found[accept], "public") == pytest.approx(0.66, abs=0.06)
    exact, ranged = (width(x, "public") for x in found.values())
    assert exact < ranged


def test_one_printed_answer_is_scored_on_what_was_printed(tmp_path: Path) -> None:
    asked = {f"q{n}": question() for n in range(3)}
    polls = [
        poll("q0", "public", 1000, "accept 38"),
        poll("q1", "public", 1000, "reject 55"),
        poll("q2", "public", 1000, "accept 60-66", "reject 34-40"),
    ]
    found = fit(tmp_path, {"a": side()}, asked, polls)
    table = found.predictive().sort("question")
    assert table["measure"].to_list() == [FOR, AGAINST, DECIDED]
    assert table["observed"].to_list() == pytest.approx([0.38, 0.55, 0.63])


def test_what_is_known_on_a_day_had_ended_by_then(tmp_path: Path) -> None:
    """Field work from 1 to 29 January is not known on the 16th, though its middle is the 15th."""
    asked = {"long": question(), "short": question()}
    polls = [
        poll("long", "public", 1000, "accept 40", "reject 60", start="2025-01-01", end="2025-01-29"),
        poll("short", "public", 1000, "accept 40", "reject 60", start="2025-01-10", end="2025-01-12"),
    ]
    study = write_small(tmp_path, {"a": side()}, asked, polls)
    found = measure(study, fast=True, until=dt.date(2025, 1, 16))
    known = dict(zip(found.cells.names["question"], found.known, strict=True))
    assert known == {"long": False, "short": True}
    assert found.responses.table["question"].unique().to_list() == ["short"]


@pytest.mark.slow
def test_a_walk_steps_by_the_time_passed(tmp_path: Path) -> None:
    """Fifteen years of yearly waves: a step of a year is the root of twelve monthly ones; years stand on the axis."""
    years = [(str(2009 + y), f"accept {40 + y}", f"reject {60 - y}") for y in range(15)]
    polls = [poll("q", "public", 1000, *said, start=y, end=y) for y, *said in years]
    study = write_small(tmp_path, {"a": side()}, {"q": question()}, polls)
    found = measure(study, fast=True)
    layout = found.draws.layout
    assert np.diff(layout.knots)[:14].tolist() == [12] * 14
    steps = np.diff(found.prior.level[:, 0], axis=1)[:, :14] / found.prior.drift[:, :1]
    assert steps.std() == pytest.approx(np.sqrt(12), rel=0.1)
    between = found.draws.level_at(dt.date(2012, 1, 15)).std()
    assert between > 0.9 * found.draws.level_at(dt.date(2012, 7, 15)).std()


@pytest.mark.slow
def test_a_whole_that_says_nothing_more_can_be_left_out(tmp_path: Path) -> None:
    """A whole printed beside all its parts has no weight in the fit; it is predicted, and leaving it out changes nothing."""
    groups = whole(jews=0.8, arabs=0.2)
    said = {"all": (1000, 40), "jews": (800, 30), "arabs": (200, 80)}
    polls = [poll("q", c, n, f"accept {s}", f"reject {100 - s}") for c, (n, s) in said.items()]
    found = fit(tmp_path, {"a": side(constituencies=groups)}, {"q": question()}, polls)
    table = leave_one_out(found).table
    assert table.height == 3
    assert not table.filter(pl.col("constituency") == "all")["refitted"][0]
    assert found.predictive().height == 3
