"""Sheets that declare the world of a study -> what stands in its YAML files."""

from __future__ import annotations

from collections.abc import Mapping

from winset.errors import suggest
from winset.study.declared import PLAN
from winset.workbook.draft import Draft, Names, make_id
from winset.workbook.known import (
    ID,
    ID_SAYS,
    QUESTIONS,
    STUDY,
    UNKNOWN,
    Declared,
    named,
    own_id,
    put_texts,
    read_flag,
    value_of,
)
from winset.workbook.questionsheets import declare_instruments, declare_questions, declare_scales
from winset.workbook.sheets import FACTS
from winset.workbook.sidesheets import (
    declare_groups,
    declare_parts,
    declare_pledges,
    declare_rules,
    declare_sides,
    declare_speakers,
)
from winset.workbook.tables import Table, plain
from winset.workbook.termsheet import declare_terms


def declare_all(tables: Mapping[str, Table], draft: Draft) -> Declared:
    """Fill study.yaml, questions.yaml and instruments.yaml, and list what they declare."""
    known = Declared()
    _facts(tables["Start"], draft)
    declare_sides(tables["Sides"], draft, known)
    declare_groups(tables["Groups"], draft, known)
    declare_terms(tables["Terms"], draft, known)
    declare_rules(tables["Sides"], draft, known)
    declare_parts(tables["Parts"], draft, known)
    declare_speakers(tables["Speakers"], draft, known)
    known.sources = Names.of(name for _, name in named(tables["Sources"], draft, Names()))
    for line, name in named(tables["Proposals"], draft, known.proposals):
        draft.put(STUDY, ("proposals", name), {}, line.cell("id"))
    if asked := draft.get(STUDY, ("asked",)):
        asked[:] = [known.proposals.find(p) for p in asked]
    declare_pledges(tables["Pledges"], draft, known)
    _proposals(tables["Proposals"], draft, known)
    declare_scales(tables["Scales"], draft, known)
    for line, name in named(tables["Questions"], draft, known.questions):
        draft.put(QUESTIONS, ("questions", name), {}, line.cell("id"))
    declare_questions(tables["Questions"], draft, known)
    declare_instruments(tables["Instruments"], draft, known)
    return known


def _facts(table: Table, draft: Draft) -> None:
    fields = {plain(words): key for words, key, _ in FACTS}
    for line in table:
        key = fields.get(plain(line["what"]))
        if key is None:
            if line["value"]:
                said = f"unknown `{line['what']}`{suggest(line['what'], [w for w, _, _ in FACTS])}"
                draft.wrong(line.cell("what"), said if line["what"] else "no word beside this value; say what it is")
        elif not line["value"]:
            draft.mark(STUDY, (key,), line.cell("value"))
        elif key in {"notes", "never", "only_with", "asked"}:
            draft.add_item(STUDY, (key,), line["value"], line.cell("value"))
        elif draft.get(STUDY, (key,)) is not None:
            draft.wrong(line.cell("what"), f"`{line['what']}` stands twice; keep one row")
        elif key == "study" and not ID.fullmatch(line["value"]):
            name = make_id(line["value"]) or "my-case"
            draft.wrong(line.cell("value"), f"`{line['value']}` is no id; use {ID_SAYS}, for instance `{name}`")
            draft.put(STUDY, (key,), name, line.cell("value"))
        elif key == "quotations":
            draft.put(STUDY, (key,), bool(read_flag(line, "value", draft)), line.cell("value"))
        else:
            value = value_of(line, "value")
            draft.put(STUDY, (key,), value if key in {"as_of", "minimum_count"} else line["value"], line.cell("value"))


def _proposals(table: Table, draft: Draft, known: Declared) -> None:
    issues = {h: known.issues.find(h) for h in table.extra}
    for heading, issue in issues.items():
        if issue not in known.issues:
            said = f"`{heading}` is no issue of sheet Terms{suggest(heading, known.issues)}"
            draft.wrong(table.heading(heading), f"{said} (put a heading of your own in brackets)")
    for line in table:
        name = own_id(line)
        if draft.get(STUDY, ("proposals", name)) != {}:
            continue  # told before
        here = ("proposals", name)
        put_texts(draft, STUDY, here, line, {"label": "label", "sponsor": "sponsor", "status": "status"})
        if line["source"]:
            draft.put(STUDY, (*here, "source"), known.sources.find(line["source"]), line.cell("source"))
        if line["date"]:
            draft.put(STUDY, (*here, "date"), value_of(line, "date"), line.cell("date"))
        for key in ("source", "date"):
            draft.mark(STUDY, (*here, key), line.cell(key))
        draft.put(STUDY, (*here, "terms"), {}, line.cell("label"))
        if line["plan"]:
            draft.put(STUDY, (*here, "terms", PLAN), known.proposals.find(line["plan"]), line.cell("plan"))
        for heading, issue in issues.items():
            if line[heading] == UNKNOWN:
                draft.add_item(STUDY, (*here, "not_read"), issue, line.cell(heading))
            elif line[heading]:
                draft.put(STUDY, (*here, "terms", issue), known.option(issue, line[heading]), line.cell(heading))
