"""A vote against acceptance: known answers, and what a user may get wrong."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import logit

from winset.acceptance import measure
from winset.errors import StudyError
from winset.findings import describe
from winset.panel.describing import describe_panel
from winset.room import Room, ratify
from winset.room.rules import draw_thresholds, draw_votes
from winset.room.votes import CastVotes
from winset.study import AllOf, Vote, load
from winset.study.loading import shipped
from winset.study.ratification import rule_in_words
from winset.verification import verify

VALLEY = Path(__file__).parents[1] / "valley"
SHARES = st.floats(0.02, 0.98)


def cast(turnout: float, gap: float, swing: float = 0.0, at_least: float = 0.5) -> CastVotes:
    return CastVotes(at_least, np.array([turnout]), np.array([gap]), np.array([swing]))


@given(SHARES, st.floats(-2, 2))
def test_with_full_turnout_and_no_swing_a_vote_is_acceptance(share: float, gap: float) -> None:
    assert cast(1.0, gap).yes(np.array([share])) == pytest.approx([share], abs=1e-8)


@given(SHARES, st.floats(0.05, 0.95), st.floats(-2, 2))
def test_turnouts_of_both_camps_add_up_and_differ_by_the_gap(share: float, turnout: float, gap: float) -> None:
    """Yes votes over those who accept, No votes over those who reject: two turnouts, their log odds apart by the gap."""
    yes = cast(turnout, gap).yes(np.array([share]))[0]
    accepting, rejecting = yes * turnout / share, (1 - yes) * turnout / (1 - share)
    assert logit(accepting) - logit(rejecting) == pytest.approx(gap, abs=1e-4)


def test_half_the_voters_with_twice_the_odds() -> None:
    """By hand: 40 of 100 accept, 24 of them and 30 of the others vote (odds 1.5 and 1): 24 of 54 votes, turnout 54."""
    assert cast(0.54, np.log(1.5)).yes(np.array([0.4])) == pytest.approx([24 / 54])


@given(st.floats(0.1, 1.0), st.floats(-1.5, 1.5), st.floats(-0.4, 0.4), st.floats(0.2, 0.8))
def test_the_acceptance_that_carries_just_carries(turnout: float, gap: float, swing: float, asked: float) -> None:
    votes = cast(turnout, gap, swing, asked)
    assert votes.yes(votes.carried_by) == pytest.approx([asked], abs=1e-6)


def test_votes_leave_the_draws_of_other_clauses_reproducible() -> None:
    rule = AllOf.model_validate(
        {"all_of": [{"vote": {"of": "a", "at_least": 0.5, "turnout": 0.6}}, {"support": "b", "at_least": 0.4}]}
    )
    drawn, votes = draw_thresholds(rule, 500, seed=3), draw_votes(rule, 500, seed=3)
    assert drawn[0] == pytest.approx(votes["a"].carried_by)
    assert (drawn[1] == 0.4).all()


def _valley(tmp_path: Path, rule: str) -> Path:
    folder = tmp_path / "study"
    folder.mkdir(parents=True)
    for file in VALLEY.iterdir():
        if file.is_file():
            (folder / file.name).write_bytes(file.read_bytes())
    text = (folder / "study.yaml").read_text()
    old = next(x for x in text.splitlines() if "ratification:" in x and "{support" in x)
    (folder / "study.yaml").write_text(text.replace(old, f"{old.split('ratification:')[0]}ratification: {rule}"))
    return folder


def test_a_room_with_a_vote_agrees_with_its_own_draws(tmp_path: Path) -> None:
    """The chance of the leader is the share of draws in which the vote is carried; the vote stands beside acceptance."""
    folder = _valley(tmp_path, "{vote: {of: public, at_least: 0.5, turnout: {uniform: [0.4, 0.7]}}}")
    study = load(folder)
    side = next(s for s, x in study.sides.items() if isinstance(x.ratification, Vote))
    room = ratify(measure(study, fast=True))
    what = next(iter(study.proposals))
    table = room.votes(what)
    carried = room.carry(what).row(list(room.carry(what)["side"]).index(side), named=True)["probability"]
    assert table["side"].to_list() == [side]
    assert table["carried"][0] == pytest.approx(carried)
    assert table["low"][0] < table["mean"][0] < table["high"][0]
    plain = ratify(measure(load(_valley(tmp_path / "plain", "{support: public, at_least: 0.5}")), fast=True))
    assert plain.votes(what).is_empty()
    place = study.constituencies().index((side, "public"))
    assert table["accepts"][0] == pytest.approx(float(plain.shares(what)[:, place].mean()), abs=0.005)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("{vote: {of: public, at_least: 0.5}}", "turnout"),
        ("{vote: {of: publik, at_least: 0.5, turnout: 0.7}}", "did you mean `public`"),
        ("{vote: {of: public, at_least: 0.5, turnout: 70}}", "turnout"),
        ("{vote: public}", "vote"),
    ],
)
def test_a_vote_that_says_too_little_is_refused(tmp_path: Path, rule: str, said: str) -> None:
    with pytest.raises(StudyError, match=said):
        load(_valley(tmp_path, rule))


def test_a_vote_in_words() -> None:
    rule = Vote.model_validate({"vote": {"of": "public", "at_least": 0.5, "turnout": {"uniform": [0.8, 0.9]}}})
    assert rule_in_words(rule) == "public at least 50% of the votes (turnout 80% to 90%)"


ISLAND = "{vote: {of: valley, at_least: 0.5, turnout: {uniform: [0.5, 0.7]}}}"


def _joint(tmp_path: Path, north: str = ISLAND, south: str = ISLAND) -> Path:
    """The valley's two publics as one electorate, three fifths of it in the north."""
    folder = tmp_path / "study"
    shutil.copytree(VALLEY, folder)
    text = (folder / "study.yaml").read_text()
    head, rest = text.split("    ratification:             #", 1)
    body = rest.split("    order:                    #", 1)[1]
    text = f"{head}    ratification: {north}\n    order:                    #{body}"
    text = text.replace("    ratification: {support: public, at_least: 0.5}", f"    ratification: {south}")
    whole = "wholes:\n  valley: {label: The whole valley, parts: {north.public: 0.6, south.public: 0.4}}\nsides:\n"
    (folder / "study.yaml").write_text(text.replace("sides:\n", whole, 1))
    return folder


@pytest.fixture(scope="module")
def joint(tmp_path_factory: pytest.TempPathFactory) -> Room:
    return ratify(measure(load(_joint(tmp_path_factory.mktemp("joint"))), fast=True))


def test_one_electorate_of_two_sides_is_one_vote(joint: Room) -> None:
    """By enumeration: the mean of both publics, one turnout, gap and swing; both leaders win or lose together."""
    room, study = joint, joint.acceptance.study
    what, shares = next(iter(study.proposals)), room.shares(next(iter(study.proposals)))
    pairs = study.constituencies()
    at = {pair: shares[:, pairs.index(pair)] for pair in pairs}
    mixed = 0.6 * at["north", "public"] + 0.4 * at["south", "public"]
    assert at["north", "valley"] == pytest.approx(mixed)
    cast = room.cast(what)
    assert (cast["north", "valley"][0] == cast["south", "valley"][0]).all()
    by_side = dict(room.carry(what).select("side", "probability").iter_rows())
    assert by_side["north"] == by_side["south"] == by_side["all"]
    assert by_side["all"] == pytest.approx(float(cast["north", "valley"][1].mean()))
    assert len(room.blocks(what)["constituency"].unique()) == 1
    assert study.full_label("south", "valley") == "The whole valley"


def test_the_search_counts_a_joint_vote_as_the_room_does(joint: Room) -> None:
    for row in joint.best(4).iter_rows(named=True):
        alone = dict(joint.carry(row["package"]).select("side", "probability").iter_rows())
        assert row["p_all"] == pytest.approx(alone["all"], abs=1e-9)


def test_the_page_that_one_plays_with_knows_a_joint_vote(joint: Room) -> None:
    (one,), (two,) = (s["clauses"] for s in describe_panel(joint)["sides"])
    pairs = joint.acceptance.study.constituencies()
    for clause in (one, two):
        assert {pairs[n]: w for n, w in clause["weights"]} == {("north", "public"): 0.6, ("south", "public"): 0.4}


@pytest.mark.parametrize(
    ("south", "said"),
    [
        (ISLAND.replace("valley", "valey"), "did you mean `valley`"),
        (ISLAND.replace("0.7", "0.9"), "another at_least or turnout; write the same in both"),
    ],
)
def test_a_joint_vote_told_in_two_ways_is_refused(tmp_path: Path, south: str, said: str) -> None:
    with pytest.raises(StudyError, match=said):
        load(_joint(tmp_path, south=south))


RESULTS = "day,side,constituency,proposal,yes,source\n"


def test_a_turnout_is_read_and_checked(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    shutil.copytree(shipped()["cyprus-2004"], folder)
    assert load(folder).results[0].turnout == pytest.approx(0.8918)
    text = (folder / "results.csv").read_text()
    (folder / "results.csv").write_text(text.replace("89.18", "high"))
    with pytest.raises(StudyError, match="turnout `high` is no number"):
        load(folder)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2004-04-01,greek-cypriots,public,annan-5,24,votes-2004", "set as_of before it"),
        ("2004-04-24,greek-cypriots,akel,annan-5,24,votes-2004", "its votes are of public"),
        ("2004-04-24,greeks,public,annan-5,24,votes-2004", "did you mean `greek-cypriots`"),
        ("2004-04-24,greek-cypriots,public,annan-6,24,votes-2004", "unknown proposal"),
        ("2004-04-24,greek-cypriots,public,annan-5,240,votes-2004", "from 0 to 100"),
        ("2004-04-24,greek-cypriots,public,annan-5,most,votes-2004", "is no number"),
        ("24 April,greek-cypriots,public,annan-5,24,votes-2004", "write 2004-04-24"),
        ("2004-04-24,greek-cypriots,public,annan-5,24,nobody", "unknown source"),
    ],
)
def test_results_that_cannot_be_are_refused_by_line(tmp_path: Path, row: str, said: str) -> None:
    folder = tmp_path / "study"
    shutil.copytree(shipped()["cyprus-2004"], folder)
    (folder / "results.csv").write_text(RESULTS + row + "\n")
    with pytest.raises(StudyError, match=said) as told:
        load(folder)
    assert "results.csv:2" in str(told.value)


@pytest.mark.slow
def test_a_vote_far_from_what_was_foreseen_is_said_to_be_missed(tmp_path: Path) -> None:
    """A result that is wrong on purpose moves no estimate: the interval stays where the polls have it."""
    folder = tmp_path / "study"
    shutil.copytree(shipped()["cyprus-2004"], folder)
    (folder / "results.csv").write_text(RESULTS + "2004-04-24,greek-cypriots,public,annan-5,90,votes-2004\n")
    card = verify(load(folder), dt.date(2004, 4, 18))
    assert card.polls.is_empty()
    assert card.votes["high"][0] < 0.5
    assert card.votes["covered"].to_list() == [False]
    assert "MISSED" in describe(card)[0].sentence
