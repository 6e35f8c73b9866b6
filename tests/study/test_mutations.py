"""Whatever is wrong in a study's files, a person reads a sentence and not a traceback."""

from __future__ import annotations

from pathlib import Path

from tests.study.fuzzing import Mutator, read

MUTATIONS = 400
CRASHED = ("7-924", "7-1886", "7-2309")
"""Mutations that once ended in a traceback: a side that is a word, groups that are a number, sides with an order alone."""


def test_every_mutation_is_loaded_or_refused_in_a_sentence(tmp_path: Path) -> None:
    mutator = Mutator(tmp_path)
    outcomes = [mutator.run(f"1-{n}") for n in range(MUTATIONS)]
    assert [o for o in outcomes if o.how not in {"loaded", "refused"}] == []
    assert {o.how for o in outcomes} == {"loaded", "refused"}
    assert {mutator.run(number).how for number in CRASHED} == {"refused"}


def test_the_studies_that_are_changed_load_as_they_are(tmp_path: Path) -> None:
    assert {read(f)[0] for f in Mutator(tmp_path).folders.values()} == {"loaded"}
