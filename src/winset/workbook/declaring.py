"""Sheets that declare the world of a study -> what stands in its YAML files."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from winset.errors import suggest
from winset.study.declared import PLAN
from winset.study.places import Cell
from winset.study.question import PLAIN, READY_SCALES
from winset.terms.several import NONE, PLUS
from winset.workbook.amounts import read_rule, read_share
from winset.workbook.draft import Draft, Names, make_id
from winset.workbook.sheets import FACTS, ORDER, PROPOSALS, REFUSED
from winset.workbook.tables import Line, Table, plain

STUDY, QUESTIONS, INSTRUMENTS = "study.yaml", "questions.yaml", "instruments.yaml"
YES, NO = {"yes", "true", "x", "1"}, {"no", "false", "0"}
UNKNOWN = "?"
COLUMNS = {plain(c.heading) for c in PROPOSALS.columns}
"""Headings of the sheet of proposals, where a column stands for each issue as well."""
DAYS, LONG_DAY = ("date", "since", "value"), len("2025-01-31")
ID, ID_SAYS = re.compile(r"[a-z0-9][a-z0-9._-]*"), "lower-case letters, digits and dashes"


@dataclass
class Declared:
    """Names that a workbook declares."""

    issues: Names = field(default_factory=Names)
    options: dict[str, Names] = field(default_factory=dict)
    several: set[str] = field(default_factory=set)
    sides: Names = field(default_factory=Names)
    groups: dict[str, Names] = field(default_factory=dict)
    proposals: Names = field(default_factory=Names)
    questions: Names = field(default_factory=Names)
    instruments: Names = field(default_factory=Names)
    sources: Names = field(default_factory=Names)
    scales: Names = field(default_factory=Names)

    def group(self, text: str) -> tuple[str, str]:
        """Side and group of ``side.group``; the side is empty where only a group is named."""
        for side in self.sides:
            begin = f"{side}."
            if text.startswith(begin):
                return side, self.groups.get(side, Names()).find(text.removeprefix(begin))
        return "", text

    def alone(self, text: str) -> tuple[str, str]:
        """Side and group of ``side.group``, or of a group that only one side has."""
        side, group = self.group(text)
        has = [s for s, names in self.groups.items() if group in names] if not side else []
        return (has[0], self.groups[has[0]].find(group)) if len(has) == 1 else (side, group)

    def option(self, issue: str, text: str) -> str:
        """Id of an option, or of several with a plus between."""
        known = self.options.get(issue, Names())
        return PLUS.join(known.find(part.strip()) for part in text.split(PLUS)) if PLUS in text else known.find(text)

    def terms(self, text: str) -> dict[str, str]:
        """Terms of ``issue=option, issue=option``.

        Raises
        ------
        ValueError
            If a term is none.
        """
        found: dict[str, str] = {}
        for part in _listed(text):
            issue, equals, option = (x.strip() for x in part.partition("="))
            if not equals or not option:
                raise ValueError(f"`{part}` is no term; write issue=option, for instance {self.example()}")
            issue = self.issues.find(issue)
            option = self.option(issue, option)
            found[issue] = f"{found[issue]}{PLUS}{option}" if issue in found else option
        return found

    def example(self) -> str:
        """A term of this study."""
        issue = next(iter(self.issues), "land")
        return f"`{issue}={next(iter(self.options.get(issue, ['split'])), 'split')}`"


def declare_all(tables: Mapping[str, Table], draft: Draft) -> Declared:
    """Fill study.yaml, questions.yaml and instruments.yaml, and list what they declare."""
    known = Declared()
    _facts(tables["Start"], draft)
    _sides(tables["Sides"], draft, known)
    _groups(tables["Groups"], draft, known)
    _terms(tables["Terms"], draft, known)
    _rules(tables["Sides"], draft, known)
    _parts(tables["Parts"], draft, known)
    _speakers(tables["Speakers"], draft, known)
    known.sources = Names.of(name for _, name in named(tables["Sources"], draft, Names()))
    for line, name in named(tables["Proposals"], draft, known.proposals):
        draft.put(STUDY, ("proposals", name), {}, line.cell("id"))
    if asked := draft.get(STUDY, ("asked",)):
        asked[:] = [known.proposals.find(p) for p in asked]
    _pledges(tables["Pledges"], draft, known)
    _proposals(tables["Proposals"], draft, known)
    _scales(tables["Scales"], draft, known)
    for line, name in named(tables["Questions"], draft, known.questions):
        draft.put(QUESTIONS, ("questions", name), {}, line.cell("id"))
    _questions(tables["Questions"], draft, known)
    _instruments(tables["Instruments"], draft, known)
    return known


def named(table: Table, draft: Draft, known: Names) -> Iterator[tuple[Line, str]]:
    """Lines of a sheet that declares ids, each with its id; one without any, or one that stands twice, is told."""
    for line in table:
        name = read_id(line, "id", line["label"], draft)
        if name and not known.add(name, line["label"] or line["id"]):
            draft.wrong(line.cell("id"), f"`{name}` stands twice on this sheet; ids are unique")
        elif name:
            yield line, name


def read_id(line: Line, key: str, words: str, draft: Draft) -> str:
    """The id in a cell, or one made of the words beside it; empty, and told, where there is neither."""
    text = line[key]
    name = make_id(text or words)
    if not name:
        draft.wrong(line.cell(key), f"an id is missing; write one of {ID_SAYS}")
    elif text and not ID.fullmatch(text):
        draft.wrong(line.cell(key), f"`{text}` is no id; use {ID_SAYS}, for instance `{name}`")
    return text if ID.fullmatch(text) else name


def own_id(line: Line) -> str:
    """Id of a line that was declared before."""
    return line["id"] if ID.fullmatch(line["id"]) else make_id(line["id"] or line["label"])


def _listed(text: str) -> list[str]:
    return [p.strip() for p in text.replace(";", ",").split(",") if p.strip()]


def read_flag(line: Line, key: str, draft: Draft) -> bool | None:
    """Yes or no of a cell, None where it is empty; anything else is told."""
    text = line[key].lower()
    if text in YES or text in NO:
        return text in YES
    if text:
        draft.wrong(line.cell(key), f"`{line[key]}`: write yes or no")
    return None


def _try(draft: Draft, cell: Cell, read: Callable[[], Any]) -> Any:
    """What a reader gives, or None and a mistake at the cell."""
    try:
        return read()
    except ValueError as error:
        draft.wrong(cell, str(error))
        return None


def _put_texts(draft: Draft, file: str, path: tuple, line: Line, keys: Mapping[str, str]) -> None:
    """Set fields that are texts where their cells hold some; ``a.b`` is a field of a field."""
    for key, where in keys.items():
        if line[key]:
            draft.put(file, (*path, *where.split(".")), line[key], line.cell(key))
        elif key in line.columns or key in line.absent:
            draft.mark(file, (*path, *where.split(".")), line.cell(key))


def _value(line: Line, key: str) -> Any:
    """A date, number or text as the cell holds it; texts that are numbers stay texts."""
    value = line.values.get(key)
    day = line.day(key) if key in DAYS else ""
    return dt.date.fromisoformat(day) if isinstance(value, int | float) and len(day) == LONG_DAY else value


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
            value = _value(line, "value")
            draft.put(STUDY, (key,), value if key in {"as_of", "minimum_count"} else line["value"], line.cell("value"))


def _terms(table: Table, draft: Draft, known: Declared) -> None:
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
    _put_texts(draft, STUDY, here, line, {"meaning": "meaning"})
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


def _sides(table: Table, draft: Draft, known: Declared) -> None:
    for line, side in named(table, draft, known.sides):
        here = ("sides", side)
        draft.put(STUDY, (*here, "label"), line["label"] or side, line.cell("label"))
        keys = ("ratification_basis", "leader.label", "leader.regime", "leader.note")
        _put_texts(draft, STUDY, here, line, {k: k for k in keys})
        if (fear := read_flag(line, "repressive", draft)) is not None:
            draft.put(STUDY, (*here, "repressive"), fear, line.cell("repressive"))
        if line["undecided"]:
            share = _try(draft, line.cell("undecided"), lambda line=line: read_share(line["undecided"]))
            if share is not None:
                draft.put(STUDY, (*here, "undecided"), share, line.cell("undecided"))


def _rules(table: Table, draft: Draft, known: Declared) -> None:
    for line in table:
        side = known.sides.find(own_id(line))
        if line["ratification"] and side in known.sides:
            find = known.groups.get(side, Names()).find
            rule = _try(
                draft, line.cell("ratification"), lambda line=line, find=find: read_rule(line["ratification"], find)
            )
            draft.put(STUDY, ("sides", side, "ratification"), rule or _standing(side, known), line.cell("ratification"))
        elif side in known.sides:
            draft.mark(STUDY, ("sides", side, "ratification"), line.cell("ratification"))


def _standing(side: str, known: Declared) -> dict[str, Any]:
    """Stands for a rule that cannot be read, so that the rest can be looked at."""
    return {"support": next(iter(known.groups.get(side, ())), "public"), "at_least": 0.5}


def _side_of(line: Line, draft: Draft, known: Declared) -> str:
    side = known.sides.find(line["side"])
    if side not in known.sides:
        said = f"unknown side `{side}`{suggest(side, known.sides)}" if side else "the side is missing"
        draft.wrong(line.cell("side"), said)
        return ""
    return side


def _groups(table: Table, draft: Draft, known: Declared) -> None:
    for line in table:
        side = _side_of(line, draft, known)
        group = read_id(line, "id", line["label"], draft) if side else ""
        if not group:
            continue
        if not known.groups.setdefault(side, Names()).add(group, line["label"]):
            draft.wrong(line.cell("id"), f"group `{group}` of `{side}` stands twice; ids are unique")
        else:
            here = ("sides", side, "constituencies", group)
            draft.put(STUDY, (*here, "label"), line["label"] or group, line.cell("label"))
            _put_texts(draft, STUDY, here, line, {"size": "size", "known": "known"})


def _parts(table: Table, draft: Draft, known: Declared) -> None:
    for line in table:
        share = _try(draft, line.cell("share"), lambda line=line: read_share(line["share"]))
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


def _speakers(table: Table, draft: Draft, known: Declared) -> None:
    for line in table:
        side, name = _side_of(line, draft, known), read_id(line, "id", line["label"], draft)
        if not side or not name:
            continue
        if draft.get(STUDY, ("sides", side, "voices", name)) is not None:
            draft.wrong(line.cell("id"), f"speaker `{name}` of `{side}` stands twice; ids are unique")
            continue
        draft.put(STUDY, ("sides", side, "voices", name, "label"), line["label"] or name, line.cell("label"))
        _put_texts(draft, STUDY, ("sides", side, "voices", name), line, {"note": "note"})


def _pledges(table: Table, draft: Draft, known: Declared) -> None:
    for line in table:
        side = _side_of(line, draft, known)
        if not side:
            continue
        pledge: dict[str, Any] = {"id": own_id(line), "label": line["label"]}
        pledge |= {k: _value(line, k) for k in ("since", "rung") if line[k]}
        if line["breaks"]:
            breaks = _try(draft, line.cell("breaks"), lambda line=line: _read_broken(line["breaks"], known))
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
    for part in _listed(text):
        issue, equals, options = (x.strip() for x in part.partition("="))
        if not equals:
            raise ValueError(f"`{part}` is no term; write issue=option, for instance {known.example()}")
        issue = known.issues.find(issue)
        found.setdefault(issue, []).extend(known.option(issue, o.strip()) for o in options.split("|"))
    return found


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
        _put_texts(draft, STUDY, here, line, {"label": "label", "sponsor": "sponsor", "status": "status"})
        if line["source"]:
            draft.put(STUDY, (*here, "source"), known.sources.find(line["source"]), line.cell("source"))
        if line["date"]:
            draft.put(STUDY, (*here, "date"), _value(line, "date"), line.cell("date"))
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


def _scales(table: Table, draft: Draft, known: Declared) -> None:
    for line, name in named(table, draft, known.scales):
        here = ("scales", name)
        draft.put(
            QUESTIONS, (*here, "answers"), [make_id(a) or a for a in _listed(line["answers"])], line.cell("answers")
        )
        draft.mark(QUESTIONS, (*here, "accepts_from"), line.cell("accepts_from"))
        for key in ("accepts_from", "neutral"):
            if line[key]:
                draft.put(QUESTIONS, (*here, key), make_id(line[key]) or line[key], line.cell(key))


def _scale(line: Line, draft: Draft, known: Declared) -> str:
    """The scale of a question: one of the sheet of scales, or one that every study has."""
    ready = make_id(line["scale"]) or PLAIN
    if line["scale"] in known.scales or ready not in READY_SCALES:
        if line["scale"] not in known.scales:
            said = f"unknown scale `{line['scale']}`{suggest(line['scale'], dict.fromkeys([*READY_SCALES, *known.scales]))}"
            draft.wrong(
                line.cell("scale"), f"{said}; another takes a row on sheet Scales (Scale id, Answers, Accepts from)"
            )
        return known.scales.find(line["scale"])
    return ready


def _questions(table: Table, draft: Draft, known: Declared) -> None:
    for line in table:
        name = own_id(line)
        if draft.get(QUESTIONS, ("questions", name)) != {}:
            continue  # told before
        here = ("questions", name)
        sides = [known.sides.find(s) for s in _listed(line["side"])]
        if sides:
            draft.put(QUESTIONS, (*here, "side"), sides[0] if len(sides) == 1 else sides, line.cell("side"))
        draft.mark(QUESTIONS, (*here, "side"), line.cell("side"))
        _put_texts(draft, QUESTIONS, here, line, {k: k for k in ("kind", "wording", "asked", "loyal")})
        draft.put(
            QUESTIONS,
            (*here, "scale"),
            _scale(line, draft, known),
            line.cell("scale"),
        )
        _offer(line, here, draft, known)
        if line["against"]:
            cell = line.cell("against")
            read = lambda line=line: _read_against(line["against"], known)  # noqa: E731
            if (against := _try(draft, cell, read)) is not None:
                draft.put(QUESTIONS, (*here, "against"), against, cell)
        for issue in _listed(line["not_read"]):
            draft.add_item(QUESTIONS, (*here, "not_read"), known.issues.find(issue), line.cell("not_read"))
        if line["endorsed"] and (
            said := _try(draft, line.cell("endorsed"), lambda line=line: _read_words(line["endorsed"]))
        ):
            draft.put(QUESTIONS, (*here, "endorsed"), said, line.cell("endorsed"))
        if line["base"] and (base := _try(draft, line.cell("base"), lambda line=line: _read_base(line["base"], known))):
            draft.put(QUESTIONS, (*here, "base"), base, line.cell("base"))


def _offer(line: Line, here: tuple, draft: Draft, known: Declared) -> None:
    draft.put(QUESTIONS, (*here, "offer"), {}, line.cell("plan"))
    if line["plan"]:
        draft.put(QUESTIONS, (*here, "offer", PLAN), known.proposals.find(line["plan"]), line.cell("plan"))
    for key in [k for k in line.values if k.startswith("term")]:
        for issue, option in (_try(draft, line.cell(key), lambda key=key: known.terms(line[key])) or {}).items():
            before = draft.get(QUESTIONS, (*here, "offer", issue))
            if before and issue not in known.several:
                draft.wrong(line.cell(key), f"`{issue}` is settled twice in this question; keep one")
            value = f"{before}{PLUS}{option}" if before and issue in known.several else option
            draft.put(QUESTIONS, (*here, "offer", issue), value, line.cell(key))


def _read_against(text: str, known: Declared) -> dict[str, str]:
    """Terms of the other package: a proposal, terms, or a proposal and terms that differ from it."""
    plans = [p for p in _listed(text) if "=" not in p]
    terms = known.terms(",".join(p for p in _listed(text) if "=" in p))
    if len(plans) > 1:
        raise ValueError(f"`{text}` names two proposals; write one, and terms that differ from it")
    return ({PLAN: known.proposals.find(plans[0])} if plans else {}) | terms


def _read_words(text: str) -> dict[str, str]:
    """Who speaks for or against, of ``leader for, opposition against``."""
    found = {}
    for part in _listed(text):
        who, _, stand = part.rpartition(" ")
        if not who or stand not in {"for", "against"}:
            raise ValueError(f"`{part}`: write who speaks and how, for instance `leader for, opposition against`")
        found[who.strip()] = stand
    return found


def _read_base(text: str, known: Declared) -> dict[str, Any]:
    """Who was asked, of ``refused QUESTION, 50%``."""
    found: dict[str, Any] = {}
    for part in _listed(text):
        word, _, rest = part.partition(" ")
        if word in {"refused", "accepted"} and rest:
            found[word] = known.questions.find(rest.strip())
        elif part == "voters":
            found["voters"] = True
        else:
            share = read_share(part)
            if not isinstance(share, float):
                raise ValueError(f"`{part}`: write refused QUESTION, accepted QUESTION, voters, or a share such as 50%")
            found["share"] = share
    return found


def _instruments(table: Table, draft: Draft, known: Declared) -> None:
    for line, name in named(table, draft, known.instruments):
        here = ("instruments", name)
        texts = ("label", "by", "mode", "kind", "selection", "population", "published", "design_effect_basis")
        _put_texts(draft, INSTRUMENTS, here, line, {k: k for k in texts})
        if (direct := read_flag(line, "direct", draft)) is not None:
            draft.put(INSTRUMENTS, (*here, "direct"), direct, line.cell("direct"))
        if line["design_effect"]:
            draft.put(INSTRUMENTS, (*here, "design_effect"), _value(line, "design_effect"), line.cell("design_effect"))
