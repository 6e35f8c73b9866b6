"""What an answer hangs on, and which packages are never bad, said."""

from __future__ import annotations

import polars as pl

from winset.exploration import Hanging, HangingTogether, Robustness
from winset.exploration.regret import AS_DECLARED
from winset.exploration.things import PEOPLE
from winset.findings.asking import FOUND
from winset.findings.finding import Finding, describe
from winset.findings.wording import likelihood_word, percent, span
from winset.language import join, tr, trn

SHOWN = 12
"""Rows of a table of things: as many as a reader looks at."""

GIVEN_DATA = (
    "first-order indices from the posterior draws, no new fit (Plischke, Borgonovo & Smith 2013); 90 % intervals by bootstrap; "
    "things go together, so that shares do not add up"
)


@describe.register
def _(noun: Hanging) -> list[Finding]:
    likely = likelihood_word(noun.outcome[0])
    if noun.name == "carried":
        question = tr("What does it hang on whether all leaders could carry {about}?", about=noun.about)
        number = tr("The margin by which all leaders could carry it")
        chance = tr("{whole} %", whole=span(*noun.outcome)) if noun.outcome[0] >= 0.005 else percent(noun.outcome[0])
        middle = tr("chance {chance}: {likely}", chance=chance, likely=likely)
    elif noun.name == "changed":
        change = "least change" if noun.mends else "best change (which does not mend it)"
        question = f"What does it hang on how much the {change} of {noun.about} adds?"
        number = f"What “{noun.number}” adds to the margin by which all leaders could carry the text"
        middle = f"the chance rises by {span(*noun.outcome)} points"
    else:
        question = f"What does {noun.number} of {noun.about} hang on?"
        number = noun.number[0].upper() + noun.number[1:]
        middle = f"{percent(noun.outcome[0])} on average, audience costs taken off"
    basis = f"{GIVEN_DATA}; what stays below {100 * noun.floor:.1f} % of the variance is not told from noise"
    said = _say_things(noun, number, middle)
    things = Finding(f"hangs-on-{noun.name}", question, said, noun.table, basis, names=noun.names)
    kinds = Finding(
        f"hangs-on-{noun.name}-kinds",
        "And of all things of a kind at once?",
        _say_kinds(noun),
        noun.kinds,
        "ridge regression on things and their squares, scored on draws held back: a lower bound, since products are not seen",
    )
    return [things, kinds]


@describe.register
def _(noun: HangingTogether) -> list[Finding]:
    question = f"And what do two things tell about {noun.about} only together?"
    if not noun.table.height:
        said = f"Nothing: of {noun.tried} pairs of the things that tell most alone none stands out from noise."
    else:
        row, most = noun.table.row(0, named=True), noun.totals.sort("total", descending=True).row(0, named=True)
        said = (
            f"{row['first']} and {row['second']} take away {span(*_three(row))} % of the doubt that neither does alone, most of "
            f"{noun.tried} pairs. Known with all that it tells only together with one other, “{most['thing']}” is worth "
            f"{span(most['total'], most['low'], most['high'])} %, alone {percent(most['share'])}."
        )
    basis = f"second-order indices; {GIVEN_DATA}; what stays below {100 * noun.floor:.1f} % is not told from noise"
    return [Finding("hangs-on-together", question, said, noun.table.head(SHOWN), basis)]


def _say_things(noun: Hanging, number: str, middle: str) -> str:
    what = {"number": number, "middle": middle, "tried": noun.tried}
    if not noun.table.height:
        return tr("{number} ({middle}) hangs on no single thing: none of {tried} stands out from noise.", **what)
    first = noun.table.row(0, named=True)
    thing = noun.names.get(first["thing"], first["thing"])
    most = tr("{number} ({middle}) hangs most on this: {thing}.", number=number, middle=middle, thing=thing)
    said = [most, _say_swing(first, noun.swings)]
    if (n := noun.table.height) > 1:
        said.append(
            trn(
                "Of {tried} things that it could hang on, {n} stands out from noise.",
                "Of {tried} things that it could hang on, {n} stand out from noise.",
                n,
                tried=noun.tried,
            )
        )
    return join(said, " ")


def _say_swing(row: dict, swings: str) -> str:
    """What knowing a thing would take away, and how the outcome goes with it."""
    what = {"share": span(*_three(row)), "outcome": swings}
    if row["swing_low"] * row["swing_high"] <= 0:
        return tr(
            "Known exactly, it would take away {share} % of the doubt; {outcome} is about the same where it is high as where it "
            "is low.",
            **what,
        )
    low, high = sorted(abs(row[k]) for k in ("swing_low", "swing_high"))
    what["points"] = span(abs(row["swing"]), low, high)
    if row["swing"] >= 0:
        return tr(
            "Known exactly, it would take away {share} % of the doubt; where it is in its highest third, {outcome} is {points} "
            "points higher than where it is in its lowest.",
            **what,
        )
    return tr(
        "Known exactly, it would take away {share} % of the doubt; where it is in its highest third, {outcome} is {points} "
        "points lower than where it is in its lowest.",
        **what,
    )


def _three(row: dict) -> tuple[float, float, float]:
    return row["share"], row["low"], row["high"]


def _say_kinds(noun: Hanging) -> str:
    rows = noun.kinds.to_dicts()
    parts = [f"{r['kind']}, {span(*_three(r))} %" for r in rows]
    said = f"Of the doubt would go if these were known: {'; '.join(parts)}."
    if len(rows) < 2 or rows[0]["low"] <= rows[1]["high"]:
        return said
    if rows[0]["kind"] == PEOPLE:
        return f"{said} Asking people can tell more than arguing over assumptions."
    return f"{said} More is owed to {rows[0]['kind']} than to what people think."


CHOICES = 12
"""Packages listed by regret: as many as a reader looks at."""

REGRET = (
    "chances under every combination of assumptions from the posterior draws, no new fit; regret: how much less than the best "
    "under the same assumptions (Savage 1951); Hurwicz: half the best, half the worst; interviews by reweighting; 90 % intervals "
    "by bootstrap"
)


@describe.register
def _(noun: Robustness) -> list[Finding]:
    shown = noun.table.head(CHOICES)
    found = [
        Finding("robust", "Which package is never bad?", _say_robust(noun), shown, f"{noun.combinations} combinations; {REGRET}"),
        Finding(
            "robust-assumptions", "And what does each assumption buy?", _say_buys(noun.assumptions), noun.assumptions,
            "one assumption changed at a time; robust: the package with the least regret; 90 % intervals by bootstrap",
        ),
    ]  # fmt: skip
    terms = noun.terms.filter(pl.col("package").is_in(set(shown["package"]) | set(noun.assumptions["likeliest"])))
    if terms.height:
        found.append(Finding("robust-terms", "What are these packages?", "", terms, FOUND))
    return found


def _say_robust(noun: Robustness) -> str:
    least = noun.table.row(0, named=True)
    likeliest = noun.table.sort("chance", descending=True, maintain_order=True).row(0, named=True)
    points = f"{_span(least, 'regret')} points"
    where = f" (most where {least['where']})" if least["where"] != AS_DECLARED else ""
    said = f"{least['package']} is never more than {points} less likely to be carried than the best under the same assumptions"
    said += f"{where}; its chance runs from {_chance(least, 'worst')} to {_chance(least, 'best')}."
    if least["package"] == likeliest["package"]:
        said += " It is also the likeliest as declared."
    else:
        also = f"{likeliest['package']} ({_chance(likeliest, 'chance')})"
        said += f" The likeliest as declared, {also}, may be {_span(likeliest, 'regret')} points less."
    if not noun.table["never_bad"].any():
        return f"{said} No package is within five points of the best under all {noun.combinations} combinations."
    return said


def _span(row: dict, name: str) -> str:
    return span(row[name], row[f"{name}_low"], row[f"{name}_high"])


def _chance(row: dict, name: str) -> str:
    """A chance and its interval; below half a per cent in one word."""
    return f"{_span(row, name)} %" if row[name] >= 0.005 else percent(row[name])


def _say_buys(table: pl.DataFrame) -> str:
    changed = table.filter(pl.col("assumption") != AS_DECLARED).sort("buys", descending=True)
    if not changed.height:
        return ""
    first, last = changed.row(0, named=True), changed.row(-1, named=True)
    said = f"Most is bought where {first['assumption']}: the best package then has {_chance(first, 'chance')}"
    if last["buys"] < 0:
        said += f"; most is lost where {last['assumption']}: {_chance(last, 'chance')}"
    return f"{said}."
