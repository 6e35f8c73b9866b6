"""What stands on the two pages of a brief, as plain values: every shape of the brief prints the same."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import polars as pl

from winset.brief.sections import list_sections, say_method, say_sources
from winset.findings import Finding
from winset.findings.wording import percent, span
from winset.language import AND, ENGLISH, Language, day, join, tr, trn
from winset.runs import Run
from winset.study import Normal, Study, Threshold, Uniform, mean_share
from winset.study.ratification import Coalition, clauses, limit, members

MOST_ROWS, MOST_GROUPS = 10, 7
"""Proposals and constituencies that fit on a page; the annex has all of them."""

MOST_THINGS = 5
"""Things that the answer hangs on, drawn on the second page."""


@dataclass(frozen=True)
class Group:
    """A constituency of the picture.

    Parameters
    ----------
    least, most
        Share that the rule asks of it, or both ends of it; None where the rule asks none of it alone.
    """

    key: tuple[str, str]
    side: str
    label: str
    least: float | None
    most: float | None


@dataclass(frozen=True)
class Summary:
    """Two pages.

    Parameters
    ----------
    answer
        Three sentences at most.
    groups
        Constituencies of the picture, in their order.
    picture
        Columns proposal, label, small, group, side, mean, low, high, asked, blocks, p_all: what the picture draws.
    chances
        By proposal: label, chance by side and for all at once, in words.
    left_out
        How many proposals and constituencies only the annex has.
    sections
        Heading and sentences of each short section, in their order.
    hangs
        What the answer hangs on most: thing, its part of the doubt in words, and as numbers with both ends.
    """

    title: str
    question: str
    as_of: str
    answer: tuple[str, ...]
    groups: tuple[Group, ...]
    picture: pl.DataFrame
    chances: tuple[tuple[str, ...], ...]
    sides: tuple[str, ...]
    left_out: str
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    hangs: tuple[tuple[str, str, float, float, float], ...]
    sources: str
    method: str
    language: Language = ENGLISH

    def only(self, sections: Collection[int]) -> Summary:
        """The pages with some of their sections, by their place; those that are left out are named at the end."""
        kept = tuple(x for n, x in enumerate(self.sections) if n in sections)
        left = [heading for n, (heading, _) in enumerate(self.sections) if n not in sections]
        said = tr("These pages leave out: {sections}.", sections=join(left, "; "))
        return replace(self, sections=kept, method=join([self.method, said], " ")) if left else self

    def told(self, language: Language) -> Summary:
        """The same pages in another language; labels of the study stay as their author wrote them."""
        said = {f.name: _told(getattr(self, f.name), language) for f in fields(self)}
        return replace(self, **said | {"language": language})


def _told(value: Any, language: Language) -> Any:
    """Texts of a language, wherever they stand in a tuple."""
    if isinstance(value, tuple):
        return tuple(_told(v, language) for v in value)
    return language.say(value) if isinstance(value, str) else value


def summarise(run: Run) -> Summary:
    """The two pages of a run."""
    study, found = run.study, {f.id: f for f in run.findings()}
    table = found["proposals"].table.filter(pl.col("proposal").is_in(study.on_record()))
    groups = _groups(study)
    order = (
        table.select("proposal", "p_all")
        .unique(maintain_order=True)
        .sort("p_all", descending=True)["proposal"]
        .to_list()
    )
    shown = [p for p in study.on_record() if p in order[:MOST_ROWS]]
    return Summary(
        title=study.title,
        question=study.question,
        as_of=day(study.as_of),
        answer=_answer(found),
        groups=groups,
        picture=_picture(run, table, found["blocks"].table, groups, shown),
        chances=_chances(study, table, shown),
        sides=tuple(s.label for s in study.sides.values()),
        left_out=_left_out(study, order, shown, groups),
        sections=tuple((heading, said) for heading, said in list_sections(run, found) if said),
        hangs=_hangs(found),
        sources=say_sources(run),
        method=say_method(run),
    )


def _hangs(found: dict[str, Finding]) -> tuple[tuple[str, str, float, float, float], ...]:
    """The things that tell most, as far as there is room."""
    hanging = found.get("hangs-on-carried")
    if hanging is None:
        return ()
    rows = hanging.table.head(MOST_THINGS).select("thing", "share", "low", "high").rows()
    return tuple((hanging.names.get(thing, thing), span(*three), *three) for thing, *three in rows)


def _groups(study: Study) -> tuple[Group, ...]:
    """Constituencies that a rule names, then the others while there is room."""
    named, asked = [], {}
    for s, side in study.sides.items():
        for clause in clauses(side.ratification):
            for c in members(clause):
                if (s, c) not in named:
                    named.append((s, c))
                if not isinstance(clause, Coalition) and (s, c) not in asked:
                    asked[s, c] = limit(clause)
    others = [pair for pair in study.constituencies() if pair not in named]
    kept = [*named, *others][: max(MOST_GROUPS, len(named))]
    in_order = [pair for pair in study.constituencies() if pair in kept]
    return tuple(Group((s, c), study.sides[s].label, study.label(s, c), *_ends(asked.get((s, c)))) for s, c in in_order)


def _ends(threshold: Threshold | None) -> tuple[float | None, float | None]:
    match threshold:
        case None:
            return None, None
        case Uniform():
            return threshold.uniform
        case Normal():
            mean, sd = threshold.normal
            return max(mean - 1.645 * sd, 0.0), min(mean + 1.645 * sd, 1.0)
        case _:
            return mean_share(threshold), mean_share(threshold)


def _picture(
    run: Run, table: pl.DataFrame, blocks: pl.DataFrame, groups: Sequence[Group], shown: Sequence[str]
) -> pl.DataFrame:
    words, numbers, marks = (
        ("proposal", "label", "group", "side"),
        ("mean", "low", "high", "p_all"),
        ("asked", "blocks"),
    )
    schema = {
        **dict.fromkeys(words, pl.String),
        **dict.fromkeys(numbers, pl.Float64),
        **dict.fromkeys(marks, pl.Boolean),
    }
    study, rows = run.study, []
    for p in shown:
        blockers = _blockers(blocks, p)
        for g in groups:
            cell = table.filter(
                (pl.col("proposal") == p) & (pl.col("side") == g.key[0]) & (pl.col("constituency") == g.key[1])
            )
            row = cell.row(0, named=True)
            rows.append(
                {"proposal": p, "label": study.proposals[p].label, "group": f"{g.side}: {g.label}", "side": g.side}
                | {k: row[k] for k in ("mean", "low", "high", "p_all")}
                | {"asked": _was_asked(run, p, g.key), "blocks": g.key in blockers}
            )
    return pl.DataFrame(rows, schema=schema)


def _blockers(blocks: pl.DataFrame, proposal: str) -> set[tuple[str, str]]:
    """The constituency of each side whose clause fails in more than half of the draws, most often of its side."""
    table = blocks.filter((pl.col("proposal") == proposal) & (pl.col("fails") > 0.5) & pl.col("asked"))
    worst = table.sort("fails", descending=True).unique("side", keep="first", maintain_order=True)
    return set(worst.select("side", "constituency").iter_rows())


def _was_asked(run: Run, proposal: str, group: tuple[str, str]) -> bool:
    """Whether people asked as this constituency answered a question about the whole proposal."""
    terms = dict(run.study.proposals[proposal].terms)
    asked = [q for q, x in run.study.questions.items() if x.offer == terms and x.against is None]
    rows = run.responses.table.filter(pl.col("question").is_in(asked)).select("side", "constituency")
    return run.study.asked_as(*group) in set(rows.iter_rows())


def _answer(found: dict[str, Finding]) -> tuple[str, ...]:
    return tuple(found[f].sentence for f in ("proposals", "best", "repair") if f in found and found[f].sentence)


def _chances(study: Study, table: pl.DataFrame, shown: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    rows = []
    for p in shown:
        part = table.filter(pl.col("proposal") == p)
        by_side = dict(part.select("side", "p_side").unique(maintain_order=True).iter_rows())
        rows.append((study.proposals[p].label, *(percent(by_side[s]) for s in study.sides), percent(part["p_all"][0])))
    return tuple(rows)


def _left_out(study: Study, order: Sequence[str], shown: Sequence[str], groups: Sequence[Group]) -> str:
    proposals, people = len(order) - len(shown), len(study.constituencies()) - len(groups)
    said = [trn("{n} more proposal", "{n} more proposals", proposals)] if proposals else []
    said += [trn("{n} more group", "{n} more groups", people)] if people else []
    return tr("{more} in the annex.", more=join(said, AND)) if said else ""
