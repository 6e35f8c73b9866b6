"""Studies drawn at random pass their checks, and truths lie among their draws."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from winset.acceptance import acceptance_of, measure, pose
from winset.evidence import gather
from winset.verification.random_studies import draw_study

FEW = 8


def test_a_random_study_is_written_as_a_person_would_and_read_back(tmp_path: Path) -> None:
    """Every result that was drawn is a cell of the likelihood; nothing is lost on the way through the files."""
    made = draw_study(tmp_path / "study", 3, rows=12)
    assert len(pose(made.study, gather(made.study)).cells) == 12


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, 40, FEW))
def test_random_studies_pass_and_hold_their_truths(tmp_path: Path, first: int) -> None:
    """The full table is ``benchmarks/random_studies.py``; here at most one in eight may fail, as by chance one would not."""
    passed, inside, truths = 0, 0, 0
    for seed in range(first, first + FEW):
        made = draw_study(tmp_path / str(seed), seed)
        found = measure(made.study)
        passed += found.diagnostics.passed
        for plan in made.study.proposals:
            terms = made.study.space.encode(made.study.proposals[plan].terms)
            true = acceptance_of(made.truth, terms, made.truth.level_at(made.study.as_of))[0]
            table = found.support(plan)
            held = (table["low"].to_numpy() <= true) & (true <= table["high"].to_numpy())
            inside, truths = inside + int(held.sum()), truths + len(held)
    assert passed >= FEW - 1
    assert inside > 0.75 * truths


def test_what_is_printed_is_what_was_drawn(tmp_path: Path) -> None:
    """Shares as read lie about the model's own probabilities, single answers among them."""
    made = draw_study(tmp_path / "study", 158)
    problem = pose(made.study, gather(made.study))
    people = problem.cells.summed.sum(1)
    seen = problem.cells.summed / np.maximum(people, 1e-9)[:, None]
    spread = np.sqrt(0.25 / np.maximum(people, 1) + 0.25 * made.values["correlation"])
    away = np.abs(seen - made.values["counted"]).max(1) / spread
    assert problem.cells.partial.sum() > 5
    assert np.quantile(away[people > 0], 0.95) < 4
