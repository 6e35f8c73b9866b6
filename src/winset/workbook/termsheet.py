"""The sheet of terms -> issues, options, what each side likes best and what it refuses."""

from __future__ import annotations

from collections.abc import Mapping

from winset.errors import suggest
from winset.terms.several import NONE
from winset.workbook.draft import Draft, Names
from winset.workbook.known import NO, STUDY, UNKNOWN, YES, Declared, put_texts, read_flag, read_id
from winset.workbook.sheets import ORDER, PROPOSALS, REFUSED
from winset.workbook.tables import Line, Table, plain

COLUMNS = {plain(c.heading) for c in PROPOSALS.columns}
"""Headings of the sheet of proposals, where a column stands for each issue as well."""


def declare_terms(table: Table, draft: Draft, known: Declared) -> None:
    """Issues and options, and what each side makes of them."""
    issue, lines = "", {}
    for line in table:
        issue = _issue(line, issue, draft, known)
        if not issue:
            continue
        if read_flag(line, "several", draft):
            known.several.add(issue)
            draft.put(STUDY, ("issues", issue, "several"), True, line.cell("several"))
        if read_flag(line, "issue_searched", draft) is False:
            draft.put(STUDY, ("issues", issue, "searched"), False, line.cell("issue_searched"))
        if option := _option(line, issue, draft, known):
            lines.setdefault(issue, []).append((option, line))
    for heading in table.extra:
        _judge(heading, table, lines, draft, known)


def _issue(line: Line, above: str, draft: Draft, known: Declared) -> str:
    """The issue of a line: its own, or that of the line above; empty, and told, where there is none."""
    words, name = line["label"], line["issue"]
    if not name and not words:
        if not above:
            draft.wrong(line.cell("label"), "no issue: write what this option settles")
        return above
    issue = known.issues.find(words) if not name and words in known.issues else read_id(line, "issue", words, draft)
    here = ("issues", issue, "label")
    if issue != above and plain(issue) in COLUMNS:
        said = f"`{issue}` is a column of sheet Proposals already; give the issue another id, for instance `{issue}-of-land`"
        draft.wrong(line.cell("issue" if name else "label"), said)
    if issue and issue != above and known.issues.add(issue, words):
        draft.put(STUDY, here, words or issue, line.cell("label"))
    elif issue and words and (before := draft.get(STUDY, here)) not in {words, issue}:
        draft.wrong(line.cell("label"), f"`{issue}` is called `{before}` above and `{words}` here; keep one name")
    return issue


def _judge(
    heading: str, table: Table, lines: Mapping[str, list[tuple[str, Line]]], draft: Draft, known: Declared
) -> None:
    """What a side or group likes best, or refuses: one column of the sheet of terms."""
    readers = {plain(ORDER): _order, plain(REFUSED): _refused}
    read = next((r for begin, r in readers.items() if plain(heading).startswith(begin)), None)
    if read is None:
        said = f"unknown column `{heading}`; write Order: SIDE or Refused: SIDE, or put it in brackets"
        draft.wrong(table.heading(heading), said)
        return
    who = heading.split(":", 1)[1].strip()
    place = _holder(who, known)
    if place is None:
        draft.wrong(table.heading(heading), f"`{heading}`: no such side or group{suggest(who, known.sides)}")
        return
    for issue, options in lines.items():
        read(heading, place, issue, options, draft)


def _option(line: Line, issue: str, draft: Draft, known: Declared) -> str:
    if not any(line[k] for k in ("option_label", "meaning", "option")):
        if any(line[k] for k in line.values if k.startswith((ORDER, REFUSED))):
            draft.wrong(line.cell("option_label"), "no option: write what is ranked or refused here")
        return ""
    option = read_id(line, "option", line["option_label"], draft)
    if not option:
        return ""
    if option == NONE and issue in known.several:
        return option
    if not known.options.setdefault(issue, Names()).add(option, line["option_label"]):
        draft.wrong(line.cell("option"), f"option `{option}` of `{issue}` stands twice; ids are unique")
        return ""
    here = ("issues", issue, "options", option)
    draft.put(STUDY, (*here, "label"), line["option_label"] or option, line.cell("option_label"))
    put_texts(draft, STUDY, here, line, {"meaning": "meaning"})
    if read_flag(line, "searched", draft) is False:
        draft.put(STUDY, (*here, "searched"), False, line.cell("searched"))
    return option


def _holder(text: str, known: Declared) -> tuple[str, ...] | None:
    """Path of the side or group that a heading names."""
    if text in known.sides:
        return ("sides", known.sides.find(text))
    side, group = known.group(text)
    return ("sides", side, "constituencies", group) if side and group in known.groups.get(side, ()) else None


def _order(heading: str, place: tuple, issue: str, options: list[tuple[str, Line]], draft: Draft) -> None:
    ranked: list[tuple[float, str]] = []
    filled = [(o, line) for o, line in options if line[heading]]
    if not filled:
        return
    cell = filled[0][1].cell(heading)
    if any(line[heading] == UNKNOWN for _, line in filled):
        draft.put(STUDY, (*place, "order", issue), "unordered", cell)
        return
    for option, line in filled:
        try:
            ranked.append((float(line[heading]), option))
        except ValueError:
            draft.put(STUDY, (*place, "order", issue), "unordered", cell)
            draft.wrong(
                line.cell(heading),
                f"`{line[heading]}`: write 1 for the best option, 2 for the next, ? where nobody knows",
            )
            return
    places = [r for r, _ in ranked]
    for n, (_, line) in enumerate(filled):
        if places[n] in places[:n]:
            draft.put(STUDY, (*place, "order", issue), "unordered", cell)
            draft.wrong(
                line.cell(heading), f"{line[heading]} stands twice for `{issue}`; give each option a place of its own"
            )
            return
    draft.put(STUDY, (*place, "order", issue), [o for _, o in sorted(ranked)], cell)


def _refused(heading: str, place: tuple, issue: str, options: list[tuple[str, Line]], draft: Draft) -> None:
    filled = [(o, line) for o, line in options if line[heading]]
    if not filled:
        return
    chosen = []
    for n, (option, line) in enumerate(filled):
        text = line[heading].lower()
        if text in NO:
            continue
        if text not in YES and not text.isdigit():
            draft.wrong(
                line.cell(heading),
                f"`{line[heading]}`: write x where some would refuse this at any price, or leave it empty",
            )
            return
        chosen.append((int(text) if text.isdigit() else 0, n, option))
    draft.put(STUDY, (*place, "red_lines", issue), [o for *_, o in sorted(chosen)], filled[0][1].cell(heading))
