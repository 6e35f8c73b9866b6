"""Terms are spelt out: a yes/no issue for each option where an issue takes several, a plan's terms where it is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from winset.errors import StudyError, UsageError
from winset.room import ratify, restrict
from winset.study import Study, load
from winset.terms import parse_any

ISSUE = """  aid:
    label: Aid
    several: true
    options: {release: Release of prisoners, money: {label: Money, meaning: a fund}, troops: Troops}
sides:
"""


@pytest.fixture
def folder(folder: Path) -> Path:
    """The tiny study with one such issue."""
    path = folder / "study.yaml"
    text = path.read_text().replace("sides:\n", ISSUE, 1)
    text = text.replace("water: [own, joint]\n", "water: [own, joint]\n      aid: [release, none, troops, money]\n", 1)
    text = text.replace("water: [joint, own]\n", "water: [joint, own]\n      aid: [money, release, none, troops]\n", 1)
    text = text.replace("water: joint}}", "water: joint, aid: [release, money]}}")
    text = text.replace("breaks: {land: [split, south]}", "breaks: {land: [split, south], aid: troops}")
    text = text.replace("    commitments:", "    red_lines: {aid: [troops]}\n    commitments:")
    path.write_text(text)
    return folder


def change(folder: Path, old: str, new: str, file: str = "study.yaml") -> Path:
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1))
    return folder


def mistakes(folder: Path) -> str:
    with pytest.raises(StudyError) as caught:
        load(folder)
    return str(caught.value)


def test_each_option_is_an_issue_with_and_without(folder: Path) -> None:
    study = load(folder)
    assert [i.id for i in study.space.issues] == ["land", "water", "aid.release", "aid.money", "aid.troops"]
    issue = study.space.issue("aid.money")
    assert issue.label == "Aid: Money"
    assert [(o.id, o.meaning) for o in issue.options] == [("with", "a fund"), ("without", "")]


def test_what_is_not_listed_is_without(folder: Path) -> None:
    terms = load(folder).proposals["mediator-2025-01"].terms
    assert str(terms) == "land=split;water=joint;aid.release=with;aid.money=with;aid.troops=without"


@pytest.mark.parametrize(
    ("written", "read"), [("[]", {"without"}), ("none", {"without"}), ("troops", {"with", "without"})]
)
def test_none_and_one_are_written_short(folder: Path, written: str, read: set[str]) -> None:
    study = load(change(folder, "aid: [release, money]", f"aid: {written}"))
    terms = study.proposals["mediator-2025-01"].terms
    assert {o for i, o in terms.items() if i.startswith("aid.")} == read
    assert (terms["aid.troops"] == "with") == ("with" in read)


def test_an_issue_that_is_not_named_stays_open_and_one_option_may_be_named_alone(folder: Path) -> None:
    terms = load(change(folder, "aid: [release, money]", "aid.money: with")).proposals["mediator-2025-01"].terms
    assert str(terms) == "land=split;water=joint;aid.money=with"


def test_an_order_tells_welcome_from_unwelcome(folder: Path) -> None:
    sides = load(folder).sides
    assert sides["north"].order["aid.release"] == ("with", "without")
    assert sides["north"].order["aid.money"] == ("without", "with")
    assert sides["south"].order["aid.money"] == ("with", "without")


def test_red_lines_and_pledges_speak_of_having_an_option(folder: Path) -> None:
    north = load(folder).sides["north"]
    assert north.red_lines == {"aid.troops": ("with",)}
    assert north.commitments[0].breaks == {"land": ("split", "south"), "aid.troops": ("with",)}


def test_questions_and_what_is_not_read_are_spelt_out(folder: Path) -> None:
    change(folder, "offer: {land: split}", "offer: {land: split, aid: release}", "questions.yaml")
    change(folder, "terms: {land: split, water: joint, aid: [release, money]}", "terms: {land: split}, not_read: [aid]")
    study = load(folder)
    assert study.questions["river-border"].offer["aid.money"] == "without"
    assert study.proposals["mediator-2025-01"].not_read == ("aid.release", "aid.money", "aid.troops")


def test_the_command_line_takes_both_ways_of_writing(folder: Path) -> None:
    study = load(folder)
    short, _ = study.find("land=north;aid=release+money")
    assert str(short) == "land=north;aid.release=with;aid.money=with;aid.troops=without"
    assert str(study.find("aid.release=with")[0]) == "aid.release=with"
    assert restrict(study.space, {"aid": "none"}).size == 6
    assert restrict(study.space, {}, [parse_any("aid=money and aid=troops")]).count == 36
    with pytest.raises(UsageError, match=r"unknown option `relase` for issue `aid`; did you mean `release`"):
        study.find("aid=relase")
    with pytest.raises(UsageError, match="settled twice"):
        study.find("aid=release;aid.money=with")
    with pytest.raises(UsageError, match="two options for one issue"):
        study.find("land=north+south")


def test_constraints_name_options_of_such_issues(folder: Path) -> None:
    with (folder / "study.yaml").open("a") as file:
        file.write("never: [aid=troops and land=north]\nonly_with: [aid=money only with aid=release]\n")
    study = load(folder)
    assert [str(c) for c in study.constraints] == [
        "aid.troops=with and land=north",
        "aid.money=with only with aid.release=with",
    ]
    change(folder, "only with aid=release", "only with aid=release|troops")
    assert "`aid` takes several options at once" in mistakes(folder)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("aid: [release, money]}", "aid: [relaese, money]}", "study.yaml:54: unknown option `relaese` for issue `aid`; did you"),
        ("aid: [release, money]}", "aid: [release], aid.money: with}", "`aid.money` is settled twice"),
        ("aid: [release, money]}", "aid: [release, none]}", "`none` stands beside other options"),
        ("aid: [release, money]}", "aid: [Release]}", "is no id"),
        ("water: joint, aid", "water: [joint, own], aid", "two options for one issue (`water`: joint, own); keep one"),
        ("aid: [release, none, troops, money]", "aid: [release, troops, money]", "study.yaml:37: order of `aid` lacks `none`"),
        ("aid: [release, none, troops, money]", "aid: [release, none, money]", "order of `aid` lacks option `troops`"),
        ("aid: [release, none, troops, money]", "aid: [none, release, troops, mony]", "did you mean `money`"),
        ("      aid: [release, none, troops, money]\n", "", "no order for issue `aid`; list its options from best to worst"),
        ("red_lines: {aid: [troops]}", "red_lines: {aid: [trops]}", "did you mean `troops`"),
        ("red_lines: {aid: [troops]}", "red_lines: {aid: none}", "`aid.release: [without]`"),
        ("aid: troops}", "aid: tanks}", "unknown option `tanks` for issue `aid`"),
        ("troops: Troops}", "troops: Troops, none: Nothing}", "leave it out here"),
        ("  aid:\n    label: Aid", "  aid.money: {label: M, options: {x: X}}\n  aid:\n    label: Aid", "rename one"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(folder: Path, old: str, new: str, said: str) -> None:
    text = mistakes(change(folder, old, new))
    assert said in text
    assert "study.yaml:" in text


def test_a_study_with_such_an_issue_runs(folder: Path) -> None:
    from winset.acceptance import measure
    from winset.evidence import gather

    study: Study = load(folder)
    room = ratify(measure(study, gather(study), fast=True))
    assert room.scores.space.count == 48
    assert room.best(1)["package"][0].count("aid.") == 3
    assert room.repair("mediator-2025-01", 0.6).ladder.height


def test_a_question_and_a_proposal_may_name_a_plan(folder: Path) -> None:
    change(
        folder,
        "proposals:",
        "proposals:\n  changed: {label: C, sponsor: S, date: 2025-01-02, source: text,"
        " terms: {plan: mediator-2025-01, land: south}}",
    )
    study = load(
        change(folder, "offer: {land: split}", "offer: {plan: mediator-2025-01, water: own}", "questions.yaml")
    )
    plan = dict(study.proposals["mediator-2025-01"].terms.terms)
    assert dict(study.proposals["changed"].terms.terms) == plan | {"land": "south"}
    assert any(dict(q.offer) == plan | {"water": "own"} for q in study.questions.values())


def test_a_plan_alone_stands_for_all_its_terms(folder: Path) -> None:
    study = load(change(folder, "offer: {land: split}", "offer: mediator-2025-01", "questions.yaml"))
    assert any(dict(q.offer) == dict(study.proposals["mediator-2025-01"].terms.terms) for q in study.questions.values())


def test_a_plan_that_is_not_there(folder: Path) -> None:
    said = mistakes(change(folder, "offer: {land: split}", "offer: mediator-2025-02", "questions.yaml"))
    assert "no proposal `mediator-2025-02`; did you mean `mediator-2025-01`?" in said


def test_a_plan_built_on_itself(folder: Path) -> None:
    entry = "  {a}: {{label: C, sponsor: S, date: 2025-01-02, source: s, terms: {{plan: {b}, land: south}}}}"
    said = mistakes(
        change(folder, "proposals:", "\n".join(["proposals:", entry.format(a="x", b="y"), entry.format(a="y", b="x")]))
    )
    assert "is built on itself" in said
