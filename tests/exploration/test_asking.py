"""What to ask next, on the tiny study."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from winset.cli import run_cli
from winset.errors import UsageError
from winset.exploration import ask_next
from winset.exploration.prospects import (
    Offer,
    Prospect,
    find_constituency,
    list_offers,
    pose,
    was_asked,
    ways_to_reach,
)
from winset.exploration.questionnaire import word_offer
from winset.exploration.simulated import prepare_simulator
from winset.exploration.value import told_share

PLAN = "mediator-2025-01"


@pytest.fixture(scope="module")
def found(tiny_run):
    return ask_next(tiny_run.room, PLAN)


def test_a_constituency_that_no_poll_reached_can_only_be_interviewed(tiny_run):
    ways = ways_to_reach(tiny_run.acceptance)
    pairs = tiny_run.study.constituencies()
    assert ways[pairs.index(("north", "army"))] == ("journalist",)
    assert ways[pairs.index(("north", "public"))] == ("random", "journalist")


def test_offers_are_the_proposals_their_parts_and_every_term(tiny_run):
    offers = list_offers(tiny_run.room, {"land": "split", "water": "joint"}, [{"land": "north", "water": "own"}])
    labels = [o.label for o in offers]
    assert "Mediator's text" in labels
    assert "Package 1 of the search" in labels
    assert "The valley: All to South" in labels
    assert len({(o.codes, o.endorsed) for o in offers}) == len(offers)


def test_a_share_without_end_is_the_acceptance_of_the_room(tiny_run):
    """With no wording, no house and no selection what people say is what the room takes them to accept, prices aside."""
    import dataclasses

    still = prepare_simulator(tiny_run.room)
    nothing = {k: 0 * v for k, v in still.wording.items()}
    still = dataclasses.replace(
        still,
        wording=nothing,
        kind_mean=0 * still.kind_mean,
        house=0 * still.house,
        shared=0 * still.shared,
        focus=0 * still.focus + 1,
    )
    codes = tuple(int(c) for c in tiny_run.study.space.encode({"land": "split", "water": "joint"}))
    assert still.shares(Offer("", codes), "random") == pytest.approx(tiny_run.acceptance.shares(PLAN))


def test_the_word_of_a_leader_is_a_question_of_its_own(tiny_run):
    """Who follows whom is not known, so that a question with a leader's word tells less of acceptance without it."""
    study, plan = tiny_run.study, {"land": "split", "water": "joint"}
    offers = list_offers(tiny_run.room, plan, [])
    spoken = [o for o in offers if o.endorsed]
    assert {dict(o.endorsed)["leader"] for o in spoken} == {"for", "against"}
    assert {o.codes for o in spoken} == {tuple(int(c) for c in study.space.encode(plan))}
    simulator = prepare_simulator(tiny_run.room)
    plain = next(o for o in offers if o.codes == spoken[0].codes and not o.endorsed)
    assert (simulator.lean(plain)[0] == simulator.lean(spoken[0])[0]).all()  # one text, one wording
    acceptance = [simulator.shares(o, "random").mean() for o in (plain, *spoken)]
    assert acceptance[1] > acceptance[0] > acceptance[2]
    assert was_asked(tiny_run.acceptance, offers, Prospect(offers.index(spoken[0]), 0, "random", 9)) == 0
    told = pose(study, offers, Prospect(offers.index(spoken[0]), 0, "random", 9))
    assert "Prime minister of North is for it." in word_offer(study, told, "yes-no")


def test_more_people_tell_more_up_to_a_ceiling(tiny_run, found):
    told = found.sizes["tells"].to_list()
    assert told == sorted(told)
    assert told[-1] < 0.98
    simulator, room = prepare_simulator(tiny_run.room), tiny_run.room
    offer = Offer("", tuple(int(c) for c in tiny_run.study.space.encode({"land": "split", "water": "joint"})))
    target = tiny_run.acceptance.shares(PLAN)[:, :1]
    raw = [
        told_share(simulator.answers([offer], [Prospect(0, 0, "random", n)]), target)[0, 0]
        for n in (5, 50, 500, 50_000)
    ]
    assert np.all(np.diff(raw) > -0.02)
    assert raw[0] < raw[-1] - 0.1
    assert room is tiny_run.room


def test_ranks_are_ordered_and_lie_in_their_intervals(found):
    told = found.ranked["tells"].to_list()
    assert told == sorted(told, reverse=True)
    assert found.ranked.filter(
        (found.ranked["low"] > found.ranked["tells"]) | (found.ranked["high"] < found.ranked["tells"])
    ).is_empty()
    assert found.picking["gain"].max() <= found.perfect + 1e-9
    assert found.together["tells"].to_list() == sorted(found.together["tells"])
    assert found.voices is None or found.voices["worth"] >= 0


def test_the_same_seed_asks_the_same(tiny_run, found):
    assert ask_next(tiny_run.room, PLAN).ranked.equals(found.ranked)


def test_nobody_and_who_cannot_be_polled_are_told(tiny_run):
    with pytest.raises(UsageError, match="nobody would be asked"):
        ask_next(tiny_run.room, PLAN, people=0, voices=0)
    with pytest.raises(UsageError, match=r"Army.*cannot be polled"):
        ask_next(tiny_run.room, PLAN, voices=0, of="north.army")
    with pytest.raises(UsageError, match=r"did you mean `north\.army`"):
        find_constituency(tiny_run.study, "north.armi")
    with pytest.raises(UsageError, match="more than one side has `public`"):
        find_constituency(tiny_run.study, "public")


def test_the_command_prints_questions_by_their_labels(tiny_run, capsys):
    assert run_cli(["ask", str(tiny_run.folder), "--people", "500"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "What should one ask next about Mediator's text?" in said
    assert PLAN not in said
    assert run_cli(["ask", str(tiny_run.folder), "--of", "Army", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    first = told["findings"][0]
    assert first["id"] == "ask"
    assert {r["of_whom"] for r in first["table"]} == {"Army (North)"}
    assert run_cli(["ask", str(tiny_run.folder), "--people", "0", "--voices", "0"]) == 2
    assert "nobody would be asked" in capsys.readouterr().err


def test_the_set_is_posed_by_the_names_of_the_study_and_written_for_a_pollster(tiny_run, found, tmp_path, capsys):
    assert [p.label for p in found.posed] == found.together["question"].to_list()
    assert {(p.side, p.constituency) for p in found.posed} <= set(tiny_run.study.constituencies())
    path = tmp_path / "next.xlsx"
    assert run_cli(["ask", str(tiny_run.folder), "--questionnaire", str(path)]) == 0
    assert "agree it with a pollster" in capsys.readouterr().err
    assert path.exists()
    assert run_cli(["ask", str(tiny_run.folder), "--questionnaire", str(path)]) == 2
    assert "nothing is overwritten" in capsys.readouterr().err
    assert run_cli(["ask", str(tiny_run.folder), "--people", "0", "--questionnaire", str(tmp_path / "v.xlsx")]) == 2
    assert "interviews alone" in capsys.readouterr().err


ADDED = {
    "questions.yaml": "  plan: {{side: north, kind: package, scale: yes-no, "
    "offer: {{land: split, water: joint}}, wording: Would you sign?}}\n",
    "instruments.yaml": "  new: {{label: New poll, by: Another, mode: telephone, kind: poll, selection: random, "
    "population: adults of North}}\n",
    "polls.csv": "new,plan,new,public,2025-01-20,2025-01-22,1000,accept,{yes:.1f},release\n"
    "new,plan,new,public,2025-01-20,2025-01-22,1000,reject,{no:.1f},release\n",
}
"""A poll on the whole text, by a new pollster."""


@pytest.mark.slow
def test_what_was_expected_of_a_poll_is_what_it_takes_away_when_it_is_fitted(tiny_folder, tmp_path):
    """Nested by brute force: five polls with likely outcomes are added, fitted, and their variances averaged."""
    import shutil

    from scipy.special import ndtr

    from winset.acceptance import measure
    from winset.exploration import weigh
    from winset.room import ratify
    from winset.study import load

    def fit(share: float | None):
        folder = Path(shutil.copytree(tiny_folder, tmp_path / f"study-{share}"))
        for file, text in ADDED.items() if share is not None else ():
            old = (folder / file).read_text().rstrip() + "\n"
            (folder / file).write_text(old + text.format(yes=100 * share, no=100 - 100 * share))
        return ratify(measure(load(folder), seed=1, fast=True))

    room = fit(None)
    weighed = weigh(room, PLAN)
    margin = weighed.margin(weighed.shares())
    codes = tuple(int(c) for c in room.acceptance.study.space.encode({"land": "split", "water": "joint"}))
    answers = prepare_simulator(room).answers([Offer("", codes, True)], [Prospect(0, 0, "random", 1000)])
    expected = told_share(answers, margin[:, None])[0, 0]
    left = []
    for share in np.quantile(ndtr(answers[:, 0]), [0.1, 0.3, 0.5, 0.7, 0.9]):
        again = weigh(fit(float(share)), PLAN)
        left.append(again.margin(again.shares()).var())
    assert 1 - np.mean(left) / margin.var() == pytest.approx(expected, abs=0.1)
