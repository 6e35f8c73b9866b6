"""A study's evidence and declarations as the model takes them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from winset.acceptance.cells import Cells, build_cells
from winset.acceptance.layout import Layout, lay_out
from winset.acceptance.meaning import Meaning, read_meaning
from winset.acceptance.tasks import Tasks, build_tasks, tested_options
from winset.acceptance.walks import Walk, heard_at, lay_walk
from winset.evidence import Responses
from winset.study import Study


@dataclass(frozen=True)
class Problem:
    """Evidence and declarations as the model takes them."""

    cells: Cells
    tasks: Tasks
    meaning: Meaning
    layout: Layout
    walk: Walk


def pose(study: Study, responses: Responses) -> Problem:
    """A study's evidence and declarations as the model takes them."""
    layout = lay_out(study, responses.table["date"].unique().to_list())
    cells = build_cells(study, responses, layout)
    tasks = build_tasks(study, responses, layout, cells.questions, cells.instruments)
    layout = replace(layout, tested=tested_options(tasks, layout))
    meaning = read_meaning(study, cells, tasks, layout)
    return Problem(cells, tasks, meaning, layout, lay_walk(layout, heard_at(cells, meaning, layout)))
