"""A study folder as it was written -> what stands in each sheet of a workbook; nothing is left behind."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from winset.errors import StudyError
from winset.study.declared import PLAN
from winset.study.rows import Row, read_rows, read_text
from winset.study.yamlsubset import parse_yaml
from winset.terms.several import NONE, PLUS
from winset.workbook.amounts import write_rule, write_share
from winset.workbook.grids import Value
from winset.workbook.known import INSTRUMENTS, QUESTIONS, STUDY
from winset.workbook.sheets import FACTS, NO_ANSWER, ORDER, POLLS_LATE, REFUSED, TABLES, TERM_COLUMNS, TREES

UNKNOWN, YES, NO = "?", "yes", "no"
PLAIN_SCALE = {"answers": ["reject", "accept"], "accepts_from": "accept"}


@dataclass
class Filled:
    """Rows of a sheet, by column key, and keys of the columns that the study adds.

    Parameters
    ----------
    beside
        Headings in brackets of columns that are there to be read by people and are left alone, each with the key of the column
        behind which it stands.
    blank
        Cells that somebody is to fill in, as number of the row and key of the column.
    """

    rows: list[dict[str, Value]] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    beside: dict[str, str] = field(default_factory=dict)
    blank: set[tuple[int, str]] = field(default_factory=set)


def fill_sheets(folder: Path) -> dict[str, Filled]:
    """What stands in each sheet for a study that loads.

    Raises
    ------
    StudyError
        If a file cannot be read.
    """
    documents = {n: _read(folder / n) for n in (STUDY, QUESTIONS, INSTRUMENTS, *TREES.values())}
    study, questions, instruments = (documents[n] for n in (STUDY, QUESTIONS, INSTRUMENTS))
    sheets = {
        "Start": Filled(list(_facts(study))),
        "Terms": _terms(study),
        "Sides": Filled(list(_sides(study))),
        "Groups": Filled(list(_groups(study))),
        "Parts": Filled(list(_parts(study))),
        "Speakers": Filled(list(_speakers(study))),
        "Pledges": Filled(list(_pledges(study))),
        "Proposals": _proposals(study),
        "Scales": Filled(list(_scales(questions))),
        "Questions": _questions(questions),
        "Instruments": Filled(list(_instruments(instruments))),
        "Polls": _polls(folder / TABLES["Polls"]),
    }
    for sheet, file in TABLES.items():
        if sheet != "Polls":
            sheets[sheet] = Filled([{**r.cells} for r in _table(folder / file)])
    for sheet, file in TREES.items():
        sheets[sheet] = Filled([{"path": p, "value": v} for p, v in leaves(documents[file])])
    rest = {n: d for n in (STUDY, QUESTIONS, INSTRUMENTS) if (d := _remains(documents[n]))}
    sheets["More"] = Filled([{"path": p, "value": v} for p, v in leaves(rest)])
    return sheets


def leaves(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Value]]:
    """Every value of maps and lists, with the path of keys that leads to it; ``[0]`` is the first of a list."""
    if isinstance(node, Mapping) and node:
        for key, value in node.items():
            yield from leaves(value, (*path, str(key).replace("~", "~0").replace("/", "~1")))
    elif isinstance(node, list) and node:
        for n, value in enumerate(node):
            yield from leaves(value, (*path, f"[{n}]"))
    elif path:
        yield "/".join(path), "{}" if isinstance(node, Mapping) else "[]" if isinstance(node, list) else node


def _read(path: Path) -> dict[str, Any]:
    """A file's maps and lists, to be emptied while the sheets are filled."""
    if not path.exists():
        return {}
    text, mistakes = read_text(path)
    if mistakes:
        raise StudyError(mistakes)
    return _bare(parse_yaml(text) or {})


def _bare(node: Any) -> Any:
    if isinstance(node, Mapping):
        return {str(k): _bare(v) for k, v in node.items()}
    if isinstance(node, list | tuple):
        return [_bare(v) for v in node]
    if isinstance(node, bool) or node is None or isinstance(node, dt.date):
        return node.date() if isinstance(node, dt.datetime) else node
    for kind in (int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node


def _remains(node: Any) -> Any:
    """What no sheet took; maps that were emptied on the way are gone."""
    if not isinstance(node, dict):
        return node
    return {k: r for k, v in node.items() if (r := _remains(v)) not in ({}, None)}


def _table(path: Path) -> Sequence[Row]:
    """Rows of a table of any columns; the study was checked before."""
    if not path.exists():
        return ()
    text, mistakes = read_text(path)
    header = [h.strip() for h in next(csv.reader(io.StringIO(text, newline="")), [])]
    rows, wrong = read_rows(path, header) if header else ((), [])
    if mistakes or wrong:
        raise StudyError([*mistakes, *wrong])
    return rows


def _take(node: dict[str, Any], keys: Mapping[str, str]) -> dict[str, Value]:
    """Fields that are texts, dates or numbers, taken out of a map under the keys of a sheet."""
    return {
        key: node.pop(name) for name, key in keys.items() if name in node and not isinstance(node[name], dict | list)
    }


def _same(*names: str) -> dict[str, str]:
    return {n: n for n in names}


def _terms_text(terms: Any) -> str:
    """Terms, or the id of a plan, as one text."""
    if isinstance(terms, str):
        return terms
    plan = [str(terms[PLAN])] if PLAN in terms else []
    return ", ".join(plan + [f"{i}={_options(o)}" for i, o in terms.items() if i != PLAN])


def _options(value: Any) -> str:
    return (PLUS.join(map(str, value)) or NONE) if isinstance(value, list) else str(value)


def _facts(study: dict[str, Any]) -> Iterator[dict[str, Value]]:
    for words, key, _ in FACTS:
        held = study.pop(key, None)
        for value in held if isinstance(held, list) else [held]:
            yield {"what": words, "value": (YES if value else NO) if isinstance(value, bool) else value}


def _terms(study: dict[str, Any]) -> Filled:
    filled = Filled()
    issues = study.get("issues", {})
    where: dict[tuple[str, str], dict[str, Value]] = {}
    for issue, entry in issues.items():
        several = entry.pop("several", False)
        several_row = {"several": YES} if several else {}
        several_row |= {"issue_searched": NO} if entry.pop("searched", True) is False else {}
        label = entry.pop("label", issue)
        options = entry.pop("options", {}) | ({NONE: {"label": "None of them"}} if several else {})
        for option, written in options.items():
            told = {"label": written} if isinstance(written, str) else written
            row: dict[str, Value] = {
                "label": label,
                "issue": issue,
                "option": option,
                "option_label": told.pop("label", option),
            }
            row |= _take(told, _same("meaning")) | ({"searched": NO} if told.pop("searched", True) is False else {})
            where[issue, option] = row | several_row
            several_row = {}
            filled.rows.append(where[issue, option])
    for place, holder in _holders(study):
        _orders(place, holder, where, filled)
    return filled


def _holders(study: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Sides and groups by the name that headings have for them."""
    for s, side in study.get("sides", {}).items():
        yield s, side
    for s, side in study.get("sides", {}).items():
        for c, group in side.get("constituencies", {}).items():
            yield f"{s}.{c}", group


def _orders(place: str, holder: dict[str, Any], where: dict[tuple[str, str], dict[str, Value]], filled: Filled) -> None:
    order, refused = holder.pop("order", {}), holder.pop("red_lines", {})
    if order:
        filled.extra.append(ORDER + place)
    for issue, listed in order.items():
        for n, option in enumerate([o for i, o in where if i == issue] if listed == "unordered" else listed, 1):
            where[issue, option][ORDER + place] = UNKNOWN if listed == "unordered" else n
    if refused:
        filled.extra.append(REFUSED + place)
    for issue, options in refused.items():
        chosen = [options] if isinstance(options, str) else options
        known = [o for i, o in where if i == issue]
        in_order = chosen == sorted(chosen, key=known.index)
        for n, option in enumerate(chosen, 1):
            where[issue, option][REFUSED + place] = "x" if in_order else n
        if not chosen:
            where[issue, known[0]][REFUSED + place] = NO


def _sides(study: dict[str, Any]) -> Iterator[dict[str, Value]]:
    for s, side in study.get("sides", {}).items():
        row: dict[str, Value] = {"id": s} | _take(side, _same("label", "ratification_basis"))
        leader = side.pop("leader", {})
        row |= {f"leader.{k}": v for k, v in leader.items()}
        if "ratification" in side:
            row["ratification"] = write_rule(side.pop("ratification"))
        if "repressive" in side:
            row["repressive"] = YES if side.pop("repressive") else NO
        if side.get("undecided") is not None:
            row["undecided"] = write_share(side.pop("undecided"))
        yield row


def _groups(study: dict[str, Any]) -> Iterator[dict[str, Value]]:
    for s, side in study.get("sides", {}).items():
        for c, group in side.get("constituencies", {}).items():
            yield {"side": s, "id": c} | _take(group, _same("label", "size", "known"))


def _parts(study: dict[str, Any]) -> Iterator[dict[str, Value]]:
    for s, side in study.get("sides", {}).items():
        for c, group in side.get("constituencies", {}).items():
            for part, share in (group.pop("parts", None) or {}).items():
                yield {"whole": f"{s}.{c}", "part": f"{s}.{part}", "share": write_share(share)}
    for w, whole in study.get("wholes", {}).items():
        label = whole.pop("label", None)
        for part, share in whole.pop("parts", {}).items():
            yield {"whole": w, "part": part, "share": write_share(share), "label": label}


def _speakers(study: dict[str, Any]) -> Iterator[dict[str, Value]]:
    for s, side in study.get("sides", {}).items():
        for v, voice in side.pop("voices", {}).items():
            yield {"side": s, "id": v} | voice


def _pledges(study: dict[str, Any]) -> Iterator[dict[str, Value]]:
    for s, side in study.get("sides", {}).items():
        for pledge in side.pop("commitments", []):
            breaks = {i: [o] if isinstance(o, str) else o for i, o in pledge.pop("breaks").items()}
            yield {"side": s} | pledge | {"breaks": ", ".join(f"{i}={'|'.join(o)}" for i, o in breaks.items())}


def _proposals(study: dict[str, Any]) -> Filled:
    issues = list(study.get("issues", {}))
    filled = Filled(extra=issues)
    for p, proposal in study.get("proposals", {}).items():
        terms = proposal.pop("terms", {})
        terms = {PLAN: terms} if isinstance(terms, str) else terms
        row: dict[str, Value] = {"id": p} | _take(proposal, _same("label", "sponsor", "date", "source", "status"))
        if PLAN in terms:
            row["plan"] = terms[PLAN]
        row |= {i: _options(o) for i, o in terms.items() if i != PLAN}
        row |= dict.fromkeys(proposal.pop("not_read", ()), UNKNOWN)
        filled.rows.append(row)
    return filled


def _scales(questions: dict[str, Any]) -> Iterator[dict[str, Value]]:
    for name, scale in list(questions.get("scales", {}).items()):
        if name == "yes-no" and scale == PLAIN_SCALE:
            del questions["scales"][name]
            continue
        row: dict[str, Value] = {"id": name} | _take(scale, _same("accepts_from", "neutral"))
        yield row | {"answers": ", ".join(scale.pop("answers", []))}


def _questions(questions: dict[str, Any]) -> Filled:
    filled = Filled()
    for q, question in questions.get("questions", {}).items():
        row: dict[str, Value] = {"id": q} | _take(question, _same("wording", "kind", "scale", "asked", "loyal"))
        if row.get("scale") == "yes-no":
            del row["scale"]
        side = question.pop("side", "")
        row["side"] = ", ".join(side) if isinstance(side, list) else side
        offer = question.pop("offer", {})
        offer = {PLAN: offer} if isinstance(offer, str) else offer
        if PLAN in offer:
            row["plan"] = offer[PLAN]
        terms = [f"{i}={_options(o)}" for i, o in offer.items() if i != PLAN]
        row |= {f"term{n}": term for n, term in enumerate(terms, 1)}
        late = [f"term{n}" for n in range(TERM_COLUMNS + 1, len(terms) + 1)]
        filled.extra += [k for k in late if k not in filled.extra]
        row |= {"not_read": ", ".join(question.pop("not_read", []))}
        if "against" in question:
            row["against"] = _terms_text(question.pop("against"))
        words = question.pop("endorsed", {}) or ({"leader": "for"} if question.pop("deference", False) else {})
        row["endorsed"] = ", ".join(f"{who} {stand}" for who, stand in words.items())
        row["base"] = _base(question.pop("base", None) or {})
        filled.rows.append(row)
    return filled


def _base(base: Mapping[str, Any]) -> str:
    said = [f"{k} {base[k]}" for k in ("refused", "accepted") if base.get(k)]
    said += ["voters"] if base.get("voters") else []
    return ", ".join(said + ([write_share(base["share"])] if base.get("share") is not None else []))


def _instruments(instruments: dict[str, Any]) -> Iterator[dict[str, Value]]:
    for name, told in instruments.get("instruments", {}).items():
        row: dict[str, Value] = {"id": name} | _take(told, {k: k for k in list(told)})
        if "direct" in row:
            row["direct"] = YES if row["direct"] else NO
        yield row


def _polls(path: Path) -> Filled:
    """A row a question and group, a column an answer; figures of one poll from two sources stand in two rows."""
    late = [c.key for c in POLLS_LATE if c.key not in {"counts", "note"}]
    lines: dict[tuple, dict[str, Value]] = {}
    answers: dict[str, None] = {}
    for row in _table(path):
        counted = bool(row["count"])
        key = (row["poll"], row["source"], row["confidence"], row["note"], counted)
        kept = ("question", "instrument", "side", "constituency", "start", "end", "source", "note", *late)
        line = lines.setdefault(key, {k: row[k] for k in kept} | {"n": _number(row["n"])})
        line |= {row["answer"]: _number(row["count"] if counted else row["share"])} | (
            {"counts": YES} if counted else {}
        )
        answers[row["answer"]] = None
    first = [a for a in ("accept", "reject") if a in answers]
    middle = [a for a in answers if a not in {*first, *NO_ANSWER}]
    return Filled(list(lines.values()), [*first, *middle, *(a for a in NO_ANSWER if a in answers)])


def _number(text: str) -> Value:
    """A printed figure as a number where that is the same figure."""
    try:
        value = float(text)
    except ValueError:
        return text
    whole = int(value) if value.is_integer() else value
    return whole if f"{whole:.15g}" == text else text
