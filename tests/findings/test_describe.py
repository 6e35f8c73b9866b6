from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import polars as pl

from winset.evidence import gather
from winset.findings import describe, likelihood_word
from winset.findings.answers import list_answers
from winset.findings.labelling import label_table
from winset.runs import Run
from winset.study import load


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


def test_what_was_said_is_told_as_it_was_printed(tiny_run: Run, edit: Callable[[str, str, str], Path]) -> None:
    """Shares that add up to 101 stay what the pollster printed, and so does half a point."""
    edit("polls.csv", ",accept,41,", ",accept,52.5,")
    study = load(edit("polls.csv", ",reject,48,", ",reject,48.5,"))
    printed = dataclasses.replace(tiny_run.acceptance, responses=gather(study))
    said = list_answers(printed).filter(side="north", question="river-border")["said"].to_list()
    assert said == ["reject 48.5 %, accept 52.5 %"]
    older = dataclasses.replace(printed.responses, table=printed.responses.table.with_columns(share=None))
    rescaled = list_answers(dataclasses.replace(printed, responses=older)).filter(side="north", question="river-border")
    assert rescaled["said"].to_list() == ["reject 48 %, accept 52 %"]


def test_no_id_stands_where_a_package_is_meant(tiny_run: Run) -> None:
    table = pl.DataFrame({"on_average": ["land=split;water=own", "no deal"]})
    shown = str(label_table(table, tiny_run.study))
    assert "land=" not in shown
    assert "Along the river" in shown
    assert "no deal" in shown
