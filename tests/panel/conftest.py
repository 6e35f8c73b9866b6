"""A study with everything that the component must work out: parts, a vote, words, a text not read, what goes together never."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from winset.acceptance import measure
from winset.evidence import gather
from winset.room import Room, ratify
from winset.study import load

VALLEY = Path(__file__).parents[1] / "valley"
PUBLIC = """public: {label: General public, parts: {rural: {uniform: [0.2, 0.4]}, urban: 0.7}}
      rural: {label: In the country}
      urban: {label: In town}"""
LEADER = """leader: {label: Prime minister of North}
    voices: {unity: {label: Unity party}}"""
VOTE = "ratification: {vote: {of: public, at_least: 0.5, turnout: {uniform: [0.6, 0.8]}}}"
DRAFT = """terms: {land: split, water: joint}}
  draft:
    {label: A draft, sponsor: Mediator, date: 2025-01-16, source: text, not_read: [water], terms: {land: split}}
never: [land=north and water=joint]"""
CHANGES = {
    "public: {label: General public}": PUBLIC,
    "leader: {label: Prime minister of North}": LEADER,
    "ratification: {support: public, at_least: 0.5}": VOTE,
    "terms: {land: split, water: joint}}": DRAFT,
}


@pytest.fixture(scope="session")
def rich_room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    folder = Path(shutil.copytree(VALLEY, tmp_path_factory.mktemp("rich") / "study"))
    text = (folder / "study.yaml").read_text()
    for old, new in CHANGES.items():
        assert old in text
        text = text.replace(old, new, 1)
    (folder / "study.yaml").write_text(text)
    study = load(folder)
    return ratify(measure(study, gather(study), fast=True))
