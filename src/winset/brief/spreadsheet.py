"""The answer as a workbook: every table of the brief and its annex, for whoever goes on in Excel."""

from __future__ import annotations

from winset.brief.summary import Summary
from winset.findings import Finding
from winset.findings.labelling import label_values
from winset.runs import Run
from winset.study import Study
from winset.workbook.tabling import Tab, tabs_bytes


def to_xlsx(run: Run, summary: Summary) -> bytes:
    """A sheet for the answer, and one for each finding that has a table.

    Parameters
    ----------
    summary
        The two pages of the run.
    """
    lines = (summary.title, f"{summary.question} Evidence up to {summary.as_of}.", *summary.answer)
    sides, record = run.study.sides, run.study.on_record()
    chances = {p: run.room.carry(p)["probability"].to_list() for p in record}
    order = sorted(record, key=lambda p: chances[p][-1], reverse=True)
    heads = ("Proposal", *(s.label for s in sides.values()), "All at once") if record else ()
    rows = [[run.study.proposals[p].label, *chances[p]] for p in order]
    first = Tab("Answer", lines, heads, ("", *("share" for _ in heads[1:])), rows)
    return tabs_bytes([first, *(_tab(f, run.study) for f in run.findings() if f.table.width)])


def _tab(found: Finding, study: Study) -> Tab:
    headings, kinds, rows = label_values(found.table, study)
    said = tuple(line for line in (found.sentence, f"({found.rests_on})" if found.rests_on else "") if line)
    name = found.id.replace("-", " ").capitalize()
    return Tab(name, (found.question, *said), tuple(headings), tuple(kinds), rows)
