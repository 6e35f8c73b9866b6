"""Sheets of sides, groups, parts, speakers and pledges -> the sides of study.yaml."""

from __future__ import annotations

from typing import Any

from winset.workbook.amounts import read_rule, read_share
from winset.workbook.draft import Draft, Names
from winset.workbook.known import (
    STUDY,
    Declared,
    attempt,
    listed,
    named,
    own_id,
    put_texts,
    read_flag,
    read_id,
    side_of,
    value_of,
)
from winset.workbook.tables import Table


def declare_sides(table: Table, draft: Draft, known: Declared) -> None:
    """Who negotiates, and who signs."""
    for line, side in named(table, draft, known.sides):
        here = ("sides", side)
        draft.put(STUDY, (*here, "label"), line["label"] or side, line.cell("label"))
        keys = ("ratification_basis", "leader.label", "leader.regime", "leader.note")
        put_texts(draft, STUDY, here, line, {k: k for k in keys})
        if (fear := read_flag(line, "repressive", draft)) is not None:
            draft.put(STUDY, (*here, "repressive"), fear, line.cell("repressive"))
        if line["undecided"]:
            share = attempt(draft, line.cell("undecided"), lambda line=line: read_share(line["undecided"]))
            if share is not None:
                draft.put(STUDY, (*here, "undecided"), share, line.cell("undecided"))


def declare_rules(table: Table, draft: Draft, known: Declared) -> None:
    """Whose Yes it takes; read once all groups are known."""
    for line in table:
        side = known.sides.find(own_id(line))
        if line["ratification"] and side in known.sides:
            find = known.groups.get(side, Names()).find
            rule = attempt(
                draft, line.cell("ratification"), lambda line=line, find=find: read_rule(line["ratification"], find)
            )
            draft.put(STUDY, ("sides", side, "ratification"), rule or _standing(side, known), line.cell("ratification"))
        elif side in known.sides:
            draft.mark(STUDY, ("sides", side, "ratification"), line.cell("ratification"))


def _standing(side: str, known: Declared) -> dict[str, Any]:
    """Stands for a rule that cannot be read, so that the rest can be looked at."""
    return {"support": next(iter(known.groups.get(side, ())), "public"), "at_least": 0.5}


def declare_groups(table: Table, draft: Draft, known: Declared) -> None:
    """Groups at home."""
    for line in table:
        side = side_of(line, draft, known)
        group = read_id(line, "id", line["label"], draft) if side else ""
        if not group:
            continue
        if not known.groups.setdefault(side, Names()).add(group, line["label"]):
            draft.wrong(line.cell("id"), f"group `{group}` of `{side}` stands twice; ids are unique")
        else:
            here = ("sides", side, "constituencies", group)
            draft.put(STUDY, (*here, "label"), line["label"] or group, line.cell("label"))
            put_texts(draft, STUDY, here, line, {"size": "size", "known": "known"})


def declare_parts(table: Table, draft: Draft, known: Declared) -> None:
    """Groups that make up another, of one side or of several."""
    for line in table:
        share = attempt(draft, line.cell("share"), lambda line=line: read_share(line["share"]))
        if share is None:
            continue
        side, whole = ("", line["whole"]) if line["label"] else known.alone(line["whole"])
        part_side, part = known.group(line["part"])
        if not part_side:
            own = known.groups.get(side, Names())
            part_side, part = (side, own.find(part)) if part in own else known.alone(part)
        if side:
            place, part = (
                ("sides", side, "constituencies", whole, "parts"),
                part if part_side in {"", side} else line["part"],
            )
        else:
            place = ("wholes", line["whole"], "parts")
            part = f"{part_side}.{part}" if part_side else part
            if line["label"]:
                draft.put(STUDY, ("wholes", line["whole"], "label"), line["label"], line.cell("label"))
        if part in (draft.get(STUDY, place) or {}):
            draft.wrong(line.cell("part"), f"`{line['part']}` stands twice as a part of `{line['whole']}`")
        else:
            draft.put(STUDY, (*place, part), share, line.cell("share"))


def declare_speakers(table: Table, draft: Draft, known: Declared) -> None:
    """Parties and further leaders whose word was polled."""
    for line in table:
        side, name = side_of(line, draft, known), read_id(line, "id", line["label"], draft)
        if not side or not name:
            continue
        if draft.get(STUDY, ("sides", side, "voices", name)) is not None:
            draft.wrong(line.cell("id"), f"speaker `{name}` of `{side}` stands twice; ids are unique")
            continue
        draft.put(STUDY, ("sides", side, "voices", name, "label"), line["label"] or name, line.cell("label"))
        put_texts(draft, STUDY, ("sides", side, "voices", name), line, {"note": "note"})


def declare_pledges(table: Table, draft: Draft, known: Declared) -> None:
    """What leaders have said in public, and which terms would go back on it."""
    for line in table:
        side = side_of(line, draft, known)
        if not side:
            continue
        pledge: dict[str, Any] = {"id": own_id(line), "label": line["label"]}
        pledge |= {k: value_of(line, k) for k in ("since", "rung") if line[k]}
        if line["breaks"]:
            breaks = attempt(draft, line.cell("breaks"), lambda line=line: _read_broken(line["breaks"], known))
            if breaks is None:
                continue
            pledge["breaks"] = breaks
        pledge |= {"source": known.sources.find(line["source"])} if line["source"] else {}
        pledge |= {"note": line["note"]} if line["note"] else {}
        cells = {key: line.cell(key) for key in (*pledge, "since", "rung", "breaks")}
        draft.add_item(STUDY, ("sides", side, "commitments"), pledge, line.cell("label"), cells)


def _read_broken(text: str, known: Declared) -> dict[str, list[str]]:
    """Options by issue of ``land=split|north, water=own``."""
    found: dict[str, list[str]] = {}
    for part in listed(text):
        issue, equals, options = (x.strip() for x in part.partition("="))
        if not equals:
            raise ValueError(f"`{part}` is no term; write issue=option, for instance {known.example()}")
        issue = known.issues.find(issue)
        found.setdefault(issue, []).extend(known.option(issue, o.strip()) for o in options.split("|"))
    return found
