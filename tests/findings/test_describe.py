from __future__ import annotations

import json

from winset.findings import describe, likelihood_word
from winset.runs import Run


def test_every_finding_speaks_twice(tiny_run: Run) -> None:
    for f in tiny_run.findings():
        assert f.question.endswith("?")
        assert f.rests_on
        json.dumps(f.as_dict(), default=str)


def test_findings_have_their_own_names(tiny_run: Run) -> None:
    ids = [f.id for f in tiny_run.findings()]
    assert len(ids) == len(set(ids))


def test_nothing_is_certain() -> None:
    assert likelihood_word(1.0) == "almost certain"
    assert likelihood_word(0.0) == "almost certainly not"


def test_an_unknown_noun_is_refused() -> None:
    import pytest

    with pytest.raises(TypeError):
        describe(3)
