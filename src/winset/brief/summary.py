"""What stands on the two pages of a brief, as plain values: every shape of the brief prints the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from winset.findings import Finding
from winset.findings.wording import likelihood_word, percent
from winset.room.asking import never_asked
from winset.runs import Run
from winset.study import Normal, Study, Threshold, Uniform, mean_share
from winset.study.ratification import Coalition, clauses, limit, members
from winset.terms import parse_package

MOST_ROWS, MOST_GROUPS = 10, 7
"""Proposals and constituencies that fit on a page; the annex has all of them."""
EVERYTHING = "without polls"
"""Variant that says nothing where polls are all the evidence."""
HEAVY = 0.05
"""Shift of acceptance that is worth a sentence."""


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
    sources: str
    method: str


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
        as_of=f"{study.as_of:%-d %B %Y}",
        answer=_answer(found),
        groups=groups,
        picture=_picture(run, table, found["blocks"].table, groups, shown),
        chances=_chances(study, table, shown),
        sides=tuple(s.label for s in study.sides.values()),
        left_out=_left_out(study, order, shown, groups),
        sections=tuple((heading, said) for heading, said in _sections(run, found) if said),
        sources=_sources(run),
        method=_method(run),
    )


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
    """Whether this constituency, a part of it or a whole that it is part of answered a question about the whole proposal."""
    terms = dict(run.study.proposals[proposal].terms)
    asked = [q for q, x in run.study.questions.items() if x.offer == terms and x.against is None]
    rows = run.responses.table.filter(pl.col("question").is_in(asked) & (pl.col("side") == group[0]))
    return group[1] in set(rows["constituency"])


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
    counts = ((proposals, "proposal"), (people, "group"))
    said = [f"{n} more {what}{'s' if n > 1 else ''}" for n, what in counts if n]
    return f"{' and '.join(said)} in the annex." if said else ""


def _sections(run: Run, found: dict[str, Finding]) -> list[tuple[str, tuple[str, ...]]]:
    return [
        ("What blocks", _blocked(run.study, found["blocks"].table)),
        ("Whom the least change wins and loses, the price of broken pledges taken off", _moved(run)),
        ("Whose word counts", _spoken(found)),
        ("What they might carry", _packages(run, found)),
        ("What the answer hangs on most", _hangs_on(run, found)),
        ("What to ask next", _next(found)),
        ("What nobody was asked", _unasked(run)),
        ("How sure this is", _sure(run)),
    ]


def _blocked(study: Study, blocks: pl.DataFrame) -> tuple[str, ...]:
    """By side: the rule, and whose part of it fails most often for the proposals shown."""
    said = []
    for s, side in study.sides.items():
        rule, parts = study.rule_in_words(s), list(clauses(side.ratification))
        if not blocks.height:
            said.append(f"{side.label}. What it takes: {rule}.")
            continue
        own = blocks.filter((pl.col("side") == s) & pl.col("proposal").is_in(study.on_record()))
        fails = [own["fails"].gather_every(len(parts), n) for n in range(len(parts))]
        hardest = max(range(len(parts)), key=lambda n: fails[n].sum())
        who = ", ".join(study.label(s, c) for c in members(parts[hardest]))
        often, count = int((fails[hardest] > 0.5).sum()), len(fails[hardest])
        many = f"{count} proposal{'s' if count > 1 else ''}"
        part = f"The part on {who}" if len(parts) > 1 else "This"
        fail = f"{part} more likely fails than holds for {often} of {many}"
        held = fail if often else f"It more likely holds than fails for {many}"
        said.append(f"{side.label}. What it takes: {rule}. {held}.")
    return tuple(said)


def _packages(run: Run, found: dict[str, Finding]) -> tuple[str, ...]:
    """The likeliest package of terms that all who decide were asked about, and of any terms."""
    said = []
    for table in (found["best"].table, found["win-sets"].table):
        if not table.height:
            continue
        best = table.row(0, named=True)
        package = dict(parse_package(best["package"]).terms)
        never = never_asked(run.study, run.acceptance.draws, package)
        which = "Of any terms" if never else "Of terms that all who decide were asked about"
        sides = ", ".join(f"{side.label} {percent(best[f'p_{s}'])}" for s, side in run.study.sides.items())
        said.append(f"{which} ({percent(best['p_all'])} all at once; {sides}): {run.study.in_words(package)}.")
        more = f"; and {len(never) - 4} more" if len(never) > 4 else ""
        said += [f"Ask first: {'; '.join(never[:4])}{more}."] if never else []
    return tuple(dict.fromkeys(said))


def _moved(run: Run) -> tuple[str, ...]:
    if run.repair is None or not run.repair.effects.height or run.repair.ladder.height < 2:
        return ()
    study = run.study
    moved = run.repair.effects.with_columns(change=pl.col("after") - pl.col("before"))
    one = run.repair.ladder.filter(changes=1)
    said = (
        [f"The one change that helps most: {one['what'][0]}, {percent(one['p_all'][0])} for all at once."]
        if one.height
        else []
    )
    for word, part in (
        ("Wins", moved.filter(pl.col("change") > 0.02).sort("change", descending=True)),
        ("Loses", moved.filter(pl.col("change") < -0.02).sort("change")),
    ):
        listed = [
            f"{study.full_label(r['side'], r['constituency'])} {percent(r['before'])} to {percent(r['after'])}"
            for r in part.head(4).iter_rows(named=True)
        ]
        said += [f"{word}: {'; '.join(listed)}."] if listed else []
    return tuple(said)


def _hangs_on(run: Run, found: dict[str, Finding]) -> tuple[str, ...]:
    hanging = [f for i, f in found.items() if i.startswith("hangs-on-") and not i.endswith("-kinds")]
    first = tuple(f"{f.question} {f.sentence}" for f in hanging)
    if "sensitivity" not in found:
        return first
    study, table = run.study, found["sensitivity"].table
    decide = {(s, c) for s, side in study.sides.items() for c in members(side.ratification)}
    deciding = pl.struct("side", "constituency").map_elements(
        lambda r: tuple(r.values()) in decide, return_dtype=pl.Boolean
    )
    kept = pl.col("proposal").is_in(study.on_record()) & deciding & (pl.col("variant") != EVERYTHING)
    table = table.filter(kept).with_columns(size=pl.col("shift").abs())
    worst = table.sort("size", descending=True).unique("variant", keep="first", maintain_order=True).head(2)
    said = [
        f"{r['variant'][:1].upper()}{r['variant'][1:]}: {100 * r['shift']:+.0f} points for "
        f"{study.proposals[r['proposal']].label} among {study.full_label(r['side'], r['constituency'])}."
        for r in worst.iter_rows(named=True)
        if r["size"] >= HEAVY
    ]
    return first + (tuple(said) or ("No assumption that was varied moves any proposal by five points or more.",))


def _spoken(found: dict[str, Finding]) -> tuple[str, ...]:
    return (found["words-spoken"].sentence,) if "words-spoken" in found else ()


def _next(found: dict[str, Finding]) -> tuple[str, ...]:
    return (found["ask"].sentence,) if "ask" in found else ()


def _unasked(run: Run) -> tuple[str, ...]:
    study, said = run.study, []
    silent = [study.full_label(s, c) for s, c in study.constituencies() if run.acceptance.answers(s, c) < 1]
    if silent:
        said.append(
            f"Nothing was asked of: {', '.join(silent)}; their numbers are the prior and the side's other groups."
        )
    for s, side in study.sides.items():
        offers = [q.offer for q in study.questions.values() if s in q.sides]
        never = [i.label for i in study.space.issues if not any(i.id in o for o in offers)]
        if never:
            said.append(f"{side.label}, no question on: {', '.join(never)}.")
    return tuple(said)


def _sure(run: Run) -> tuple[str, ...]:
    keys = ("question", "instrument", "side", "constituency", "date")
    printed = run.responses.table.filter(pl.col("respondent").is_null()).select(keys).n_unique()
    rests = f"Intervals are 90 %: what the model doubts, not what it cannot imagine. They rest on {printed} printed results."
    if run.acceptance.fit.method.startswith("Laplace"):
        return (rests, "Every number is a quick approximation; the reference fit, which takes minutes, was not made.")
    fit = run.acceptance.diagnostics
    checks = "The fit passed its checks." if fit.passed else f"The fit FAILED its checks: {fit.sentence}"
    return (rests, checks)


def _sources(run: Run) -> str:
    used = run.responses.table["source"].unique().to_list()
    publishers = list(dict.fromkeys(run.study.sources[s].publisher for s in sorted(used) if s in run.study.sources))
    first = ", ".join(publishers[:6])
    more = f" and {len(publishers) - 6} more" if len(publishers) > 6 else ""
    return f"{len(used)} sources of {len(publishers)} publishers ({first}{more}); each figure with its source in the annex."


def _method(run: Run) -> str:
    costs = "with" if run.room.with_costs else "without"
    words = ((0.05, "below 10 %"), (0.2, "below 33 %"), (0.5, "to 66 %"), (0.7, "to 90 %"))
    said = ", ".join(f"{likelihood_word(p)} {until}" for p, until in words)
    draws = f"{run.acceptance.fit.method}, {len(run.room.ballot.draws):,} draws"
    return f"{draws}; chances {costs} the price of broken pledges; words for chances: {said}."
