"""What a word is worth: shares that follow, and acceptance with and without, in findings, brief and command line."""

from __future__ import annotations

import json

import pytest

from winset.acceptance import assume
from winset.brief import write_brief
from winset.cli import run_cli
from winset.errors import UsageError
from winset.findings import describe, describe_support, say_words
from winset.findings.words import describe_heard, list_following
from winset.room import ratify
from winset.runs import open_run
from winset.study import load

VOICE = "leader: {label: Prime minister of North}\n    voices: {unity: {label: Unity party}}"


def named(findings):
    return {f.id: f for f in findings}


def test_who_follows_is_told_by_constituency_with_what_was_asked(spoken_run):
    table = named(spoken_run.findings())["words"].table
    asked = table.filter(basis="asked")
    assert set(asked["speaker"]) == {"Prime minister of North"}
    assert set(asked["stand"]) == {"for"}
    assert (asked["answers"] > 0).all()
    assert set(table.filter(relation="voice")["basis"]) == {"never asked: prior only"}
    others = table.filter(side="south", relation="leader", stand="for")
    assert set(others["basis"]) == {"never asked: from other words of the kind"}
    assert table.height == len(spoken_run.study.composition.leaves) * 3 * 2


def test_a_few_answers_are_not_counted_out(spoken_run):
    import dataclasses

    few = dataclasses.replace(spoken_run.study, minimum_count=10**6)
    acceptance = dataclasses.replace(spoken_run.acceptance, study=few)
    assert named(describe(acceptance))["words"].table.filter(basis="asked")["answers"].to_list() == [None]


def test_nothing_is_told_where_nobody_speaks(tiny_run):
    assert not {"words", "words-likeliest"} & {f.id for f in tiny_run.findings()}
    assert "What is a leader" not in write_brief(tiny_run).read_text()


def test_a_word_that_was_asked_about_is_told_with_whom_nobody_asked(spoken_run):
    found = named(spoken_run.findings())["words-spoken"]
    (row,) = found.table.to_dicts()
    room = ratify(spoken_run.acceptance, endorsed={"north": "for"})
    assert (row["stand"], row["unasked"]) == ("for", "South")
    assert row["p_all"] == pytest.approx(room.carry("mediator-2025-01")["probability"][-1])
    assert "in South nobody was asked about that word: prior only" in found.sentence


def test_a_declared_voice_is_told_from_the_prior(study, edit):
    acceptance = assume(load(edit("study.yaml", "leader: {label: Prime minister of North}", VOICE)))
    found = named(describe(acceptance))["words"]
    assert "the prior only" in found.sentence
    assert set(list_following(acceptance)["basis"]) == {"never asked: prior only"}


def test_the_brief_shows_the_likeliest_proposal_with_each_leader_for_it(spoken_run):
    found = named(spoken_run.findings())["words-likeliest"]
    shares = [spoken_run.acceptance.shares("mediator-2025-01", endorsed=e) for e in ({}, {"leader": "for"})]
    assert found.table["mean"].to_list() == pytest.approx(shares[0].mean(0).tolist())
    assert found.table["heard"].to_list() == pytest.approx(shares[1].mean(0).tolist())
    assert found.table["change"].to_list() == pytest.approx((shares[1] - shares[0]).mean(0).tolist())
    assert found.sentence.endswith(
        "Nobody was asked about President of South for an offer (South): that rests on priors."
    )
    page = write_brief(spoken_run).read_text()
    assert "What is a leader&#39;s word worth?" in page
    assert "never asked: prior only" in page


def test_speakers_are_named_as_people_say_them(spoken_run):
    said = say_words(spoken_run.study, {"leader": "for", "unity": "against", "south": "for"})
    assert (
        said == "with each side's own leader and President of South speaking for it and Unity party speaking against it"
    )
    assert say_words(spoken_run.study, {}) == ""
    with pytest.raises(UsageError, match="did you mean `unity`"):
        say_words(spoken_run.study, {"unty": "for"})


def test_a_word_is_set_beside_no_word(tiny_run):
    words = {"leader": "for"}
    room = ratify(tiny_run.acceptance, endorsed=words)
    heard, carry = describe_heard(room, "mediator-2025-01")
    plain, without = describe_support(tiny_run.room, "mediator-2025-01")
    assert heard.table["mean"].to_list() == plain.table["mean"].to_list()
    assert heard.table["heard"].to_list() == pytest.approx(
        tiny_run.acceptance.support("mediator-2025-01", endorsed=words)["mean"].to_list()
    )
    assert carry.table["without"].to_list() == pytest.approx(without.table["probability"].to_list())
    assert "Prime minister of North for an offer (North); President of South for an offer (South)" in heard.sentence
    assert heard.sentence.startswith("With each side's own leader speaking for it: ")


@pytest.mark.parametrize(
    "command",
    [
        ["support", "mediator-2025-01"],
        ["repair", "mediator-2025-01"],
        ["pivots", "mediator-2025-01"],
        ["room"],
        ["solve"],
    ],
)
def test_commands_hear_words(tiny_run, capsys, command):
    arguments = [command[0], str(tiny_run.folder), *command[1:], "--json", "--endorsed"]
    assert run_cli([*arguments, "north:for,south:against"]) == 0
    found = json.loads(capsys.readouterr().out)["findings"]
    said = "with Prime minister of North speaking for it and President of South speaking against it"
    assert found[0]["sentence"].lower().startswith(said.lower())
    assert all(f["rests_on"].endswith(said) for f in found)


def test_a_room_opened_with_words_is_the_one_made_with_them(tiny_run):
    words = {"leader": "for"}
    opened = open_run(tiny_run.folder, with_rooms=False, endorsed=words).room
    made = ratify(tiny_run.acceptance, endorsed=words)
    assert opened.carry("mediator-2025-01").equals(made.carry("mediator-2025-01"))


@pytest.mark.parametrize(
    ("text", "said"), [("leadr", "did you mean `leader`"), ("leader:pro", "write leader:for or leader:against")]
)
def test_an_unknown_speaker_or_stand_is_a_sentence(tiny_run, capsys, text, said):
    assert run_cli(["support", str(tiny_run.folder), "land=split", "--endorsed", text]) == 2
    assert said in capsys.readouterr().err
