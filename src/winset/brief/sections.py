"""The short sections of the two pages: what blocks, what the answer hangs on, what to ask, how sure."""

from __future__ import annotations

import polars as pl

from winset.evidence.coverage import silent_groups
from winset.findings import Finding
from winset.findings.describing import weigh_assumptions
from winset.findings.rooms import say_changes
from winset.findings.wording import likelihood_word, percent, points
from winset.language import COMMA, SEMICOLON, capital, elsewhere, join, number, tr, trn
from winset.room.asking import never_asked
from winset.runs import Run
from winset.study import Study
from winset.study.ratification import clauses, members
from winset.terms import parse_package

HEAVY = 0.05
"""Shift of acceptance that is worth a sentence."""
METHODS = {str(x): x for x in (tr("NUTS"), tr("NUTS, more careful"), tr("Laplace approximation"))}
"""How a fit was made, by its name."""
VARIANTS = {
    str(x): x
    for x in (
        tr("without polls"), tr("without experiments"), tr("without interviews"), tr("selection doubled"),
        tr("falsification doubled"), tr("deflation doubled"), tr("shared bias doubled"), tr("undecided lean low"),
        tr("undecided lean high"),
    )
}  # fmt: skip
"""Assumptions that are varied, by their names in a table."""


def list_sections(run: Run, found: dict[str, Finding]) -> list[tuple[str, tuple[str, ...]]]:
    """Heading and sentences of each section; empty where a run has nothing to say."""
    return [
        (tr("What it takes at home, and what blocks"), _blocked(run.study, found["blocks"].table)),
        (tr("Whom the least change wins and loses, the price of broken pledges taken off"), _moved(run)),
        (tr("Whose word counts"), _spoken(found)),
        (tr("What they might carry"), _packages(run, found)),
        (tr("What the answer hangs on most"), _hangs_on(run, found)),
        (tr("What to ask next"), _next(found)),
        (tr("What nobody was asked"), _unasked(run)),
        (tr("How sure this is"), _sure(run)),
    ]


def _blocked(study: Study, blocks: pl.DataFrame) -> tuple[str, ...]:
    """By side: the rule, and whose part of it fails most often for the proposals shown."""
    said = []
    for s, side in study.sides.items():
        takes = tr("{side}: {rule}.", side=side.label, rule=study.rule_in_words(s))
        parts = list(clauses(side.ratification))
        if not blocks.height:
            said.append(takes)
            continue
        own = blocks.filter((pl.col("side") == s) & pl.col("proposal").is_in(study.on_record()))
        fails = [own["fails"].gather_every(len(parts), n) for n in range(len(parts))]
        hardest = max(range(len(parts)), key=lambda n: fails[n].sum())
        who = join((study.label(s, c) for c in members(parts[hardest])), COMMA) if len(parts) > 1 else ""
        said.append(join([takes, _say_fails(who, int((fails[hardest] > 0.5).sum()), len(fails[hardest]))], " "))
    return tuple(said)


def _say_fails(who: str, often: int, count: int) -> str:
    """For how many proposals a part of a rule fails; the whole rule where it has no parts."""
    if count == 1 and not often:
        return tr("It more likely holds than fails.")
    if count == 1:
        part = tr("The part on {who} more likely fails than holds.", who=who)
        return part if who else tr("It more likely fails than holds.")
    if not often:
        return trn(
            "It more likely holds than fails for {n} proposal.",
            "It more likely holds than fails for {n} proposals.",
            count,
        )
    if who:
        return trn(
            "The part on {who} more likely fails than holds for {often} of {n} proposal.",
            "The part on {who} more likely fails than holds for {often} of {n} proposals.",
            count,
            who=who,
            often=often,
        )
    return trn(
        "This more likely fails than holds for {often} of {n} proposal.",
        "This more likely fails than holds for {often} of {n} proposals.",
        count,
        often=often,
    )


def _packages(run: Run, found: dict[str, Finding]) -> tuple[str, ...]:
    """The likeliest package of terms that all who decide were asked about, and of any terms."""
    said = []
    for table in (found["best"].table, found["win-sets"].table):
        if not table.height:
            continue
        best = table.row(0, named=True)
        package = dict(parse_package(best["package"]).terms)
        never = never_asked(run.study, run.acceptance.draws, package)
        sides = ((side.label, percent(best[f"p_{s}"])) for s, side in run.study.sides.items())
        what = {
            "chance": percent(best["p_all"]),
            "sides": join((tr("{side} {chance}", side=side, chance=chance) for side, chance in sides), COMMA),
            "package": run.study.beside_record(package),
        }
        if not never:
            text = tr(
                "Of terms that all who decide were asked about ({chance} all at once; {sides}): {package}.", **what
            )
            said.append(text)
            continue
        said.append(
            tr(
                "Settling {settled} issues, with terms that were never put to some ({chance} all at once; {sides}): {package}.",
                settled=number(len(package)),
                **what,
            )
        )
        first = join(never[:4], SEMICOLON)
        more = len(never) - 4
        said.append(
            trn("Ask first: {terms}; and {n} more.", "Ask first: {terms}; and {n} more.", more, terms=first)
            if more > 0
            else tr("Ask first: {terms}.", terms=first)
        )
    return tuple(dict.fromkeys(said))


def _moved(run: Run) -> tuple[str, ...]:
    if run.repair is None or not run.repair.effects.height or run.repair.ladder.height < 2:
        return ()
    study = run.study
    moved = run.repair.effects.with_columns(change=pl.col("after") - pl.col("before"))
    one = run.repair.ladder.filter(changes=1)
    said = []
    if one.height and one["p_all"][0] > run.repair.ladder["p_all"][0]:
        what, chance = say_changes(one["what"][0]), percent(one["p_all"][0])
        said.append(tr("The one change that helps most: {what}, {chance} for all at once.", what=what, chance=chance))
    wins = _list_moved(study, moved.filter(pl.col("change") > 0.02).sort("change", descending=True))
    loses = _list_moved(study, moved.filter(pl.col("change") < -0.02).sort("change"))
    said += [tr("Wins: {groups}.", groups=wins)] if wins else []
    said += [tr("Loses: {groups}.", groups=loses)] if loses else []
    return tuple(said)


def _list_moved(study: Study, moved: pl.DataFrame) -> str:
    """The first few constituencies, and from where to where their acceptance goes."""
    listed = [
        tr(
            "{group} {before} to {after}",
            group=study.full_label(r["side"], r["constituency"]),
            before=percent(r["before"]),
            after=percent(r["after"]),
        )
        for r in moved.head(4).iter_rows(named=True)
    ]
    return join(listed, SEMICOLON)


def _hangs_on(run: Run, found: dict[str, Finding]) -> tuple[str, ...]:
    hanging = [f for i, f in found.items() if i.startswith("hangs-on-") and not i.endswith("-kinds")]
    first = tuple(join([f.question, f.sentence], " ") for f in hanging)
    if "sensitivity" not in found:
        return first
    study = run.study
    table = weigh_assumptions(study, found["sensitivity"].table).with_columns(size=pl.col("shift").abs())
    worst = table.sort("size", descending=True).unique("variant", keep="first", maintain_order=True).head(2)
    said = [
        tr(
            "{variant}: {shift} for {proposal} among {group}.",
            variant=capital(VARIANTS.get(str(r["variant"]), str(r["variant"]))),
            shift=points(r["shift"], signed=True),
            proposal=study.proposals[r["proposal"]].label,
            group=study.full_label(r["side"], r["constituency"]),
        )
        for r in worst.iter_rows(named=True)
        if r["size"] >= HEAVY
    ]
    return first + (tuple(said) or (tr("No assumption that was varied moves any proposal by five points or more."),))


def _spoken(found: dict[str, Finding]) -> tuple[str, ...]:
    return (found["words-spoken"].sentence,) if "words-spoken" in found else ()


def _next(found: dict[str, Finding]) -> tuple[str, ...]:
    return (found["ask"].sentence,) if "ask" in found else ()


def _unasked(run: Run) -> tuple[str, ...]:
    study, said = run.study, []
    silent = [study.full_label(s, c) for s, c in silent_groups(study, run.responses) if not study.repeats(s, c)]
    if silent:
        groups = join(silent, COMMA)
        said.append(
            tr(
                "Nothing was asked of: {groups}; their numbers are the prior and the side's other groups.",
                groups=groups,
            )
        )
    for s, side in study.sides.items():
        offers = [q.offer for q in study.questions.values() if s in q.sides]
        never = [i.label for i in study.space.issues if not any(i.id in o for o in offers)]
        if never:
            said.append(tr("{side}, no question on: {terms}.", side=side.label, terms=join(never, COMMA)))
    return tuple(said)


def _sure(run: Run) -> tuple[str, ...]:
    rests = trn(
        "Intervals are 90 %: what the model doubts, not what it cannot imagine. They rest on {n} printed result.",
        "Intervals are 90 %: what the model doubts, not what it cannot imagine. They rest on {n} printed results.",
        run.responses.printed,
    )
    if run.acceptance.fit.method.startswith("Laplace"):
        quick = tr("Every number is a quick approximation; the reference fit, which takes minutes, was not made.")
        return (rests, quick)
    return (rests, say_fit(run))


def say_fit(run: Run) -> str:
    """Whether the fit may be used without a warning."""
    fit = run.acceptance.diagnostics
    if fit.passed:
        return tr("The fit passed its checks.")
    facts = trn(
        "{n} divergence in {draws} draws, largest R-hat {rhat}, least effective draws {least}.",
        "{n} divergences in {draws} draws, largest R-hat {rhat}, least effective draws {least}.",
        fit.divergences,
        draws=number(fit.draws),
        rhat=number(fit.worst_rhat, 3),
        least=number(fit.least_effective),
    )
    return tr("The fit FAILED its checks: {facts}", facts=elsewhere(fit.sentence, facts))


def say_sources(run: Run) -> str:
    """On how many publications the numbers rest, and whose."""
    used = run.responses.table["source"].unique().to_list()
    publishers = list(dict.fromkeys(run.study.sources[s].publisher for s in sorted(used) if s in run.study.sources))
    first, more = join(publishers[:6], COMMA), len(publishers) - 6
    if more > 0:
        first = trn("{names} and {n} more", "{names} and {n} more", more, names=first)
    return tr(
        "{sources} of {publishers} ({names}); each figure with its source in the annex.",
        sources=trn("{n} source", "{n} sources", len(used)),
        publishers=trn("{n} publisher", "{n} publishers", len(publishers)),
        names=first,
    )


def say_method(run: Run) -> str:
    """How the numbers were made, and what the words for chances mean."""
    method = run.acceptance.fit.method
    words = (
        tr("{word} below {share}", word=likelihood_word(0.05), share=percent(0.1)),
        tr("{word} below {share}", word=likelihood_word(0.2), share=percent(0.33)),
        tr("{word} to {share}", word=likelihood_word(0.5), share=percent(0.66)),
        tr("{word} to {share}", word=likelihood_word(0.7), share=percent(0.9)),
    )
    what = {"method": METHODS.get(method, method), "words": join(words, COMMA)}
    draws = len(run.room.ballot.draws)
    if run.room.with_costs:
        return trn(
            "{method}, {n} draw; chances with the price of broken pledges; words for chances: {words}.",
            "{method}, {n} draws; chances with the price of broken pledges; words for chances: {words}.",
            draws,
            **what,
        )
    return trn(
        "{method}, {n} draw; chances without the price of broken pledges; words for chances: {words}.",
        "{method}, {n} draws; chances without the price of broken pledges; words for chances: {words}.",
        draws,
        **what,
    )
