"""One run told week by week, so that a person can check it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from winset.talks.week import (
    BROKE_DOWN,
    BROKE_OFF,
    BY_FIRST,
    COUNTERED,
    EXCHANGED,
    FAILED_FIRST,
    LIMITED,
    LULL,
    MOBILISED,
    NO_TEXT,
    REFUSED_FIRST,
    ROUND_HELD,
    TALKING,
)

if TYPE_CHECKING:
    from winset.talks.paths import Paths

BECAME = {2: "a cease-fire begins", 3: "an agreement is signed and carried at home", 4: "the attacker has taken its aim by force",
          5: "the attacker is thrown back", LULL: "the fighting dies down, nothing is signed"}  # fmt: skip


def tell(paths: Paths, run: int) -> list[str]:
    """What happened in a run; rounds without a text are told as a count."""
    told, before, silent = [], TALKING, 0
    for week in range(paths.state.shape[1]):
        state, news = int(paths.state[run, week]), int(paths.news[run, week])
        parts = []
        if news & ROUND_HELD and news & NO_TEXT and not news & (EXCHANGED | LIMITED):
            silent += 1
        elif news & ROUND_HELD:
            parts.append(_round(paths, run, week, news))
        if state != before or news & BROKE_DOWN:
            parts += _turn(before, state, news)
        if news & EXCHANGED:
            parts.append("prisoners are exchanged")
        if news & LIMITED:
            parts.append("a limited cease-fire begins")
        if news & MOBILISED:
            parts.append("a mobilisation is announced")
        if parts:
            skipped = f" (rounds without a text before: {silent})" if silent else ""
            told.append(f"week {week + 1}{skipped}: {'; '.join(parts)}. {_where(paths, run, week)}")
            silent = 0
        before = state
    if silent:
        told.append(f"then {silent} rounds without a text")
    return told or ["nothing happened"]


def _turn(before: int, state: int, news: int) -> list[str]:
    if news & BROKE_DOWN:
        return ["it breaks down, the war is back"]
    if news & BROKE_OFF:
        return ["talks break off"]
    if state in BECAME:
        return [BECAME[state]]
    if state == TALKING:
        return ["talks resume"]
    return ["talks end"] if before == TALKING else ["the war is back"]


def _round(paths: Paths, run: int, week: int, news: int) -> str:
    sides = [s.label for s in paths.study.sides.values()]
    speakers = [*sides, "The mediator"]
    who = next((speakers[n] for n in range(3) if news & (BY_FIRST << n)), "")
    if news & NO_TEXT:
        return f"{who} has no text to table"
    label = paths.labels[paths.tabled[run, week]]
    text = f'{who} tables "{label}"' if not news & COUNTERED else f'{who} is refused; "{label}" is tabled in return'
    refused = [sides[n] for n in range(2) if news & (REFUSED_FIRST << n)]
    failed = [sides[n] for n in range(2) if news & (FAILED_FIRST << n)]
    if refused:
        return f"{text}; {' and '.join(refused)} will not sign"
    return f"{text}; both sign" + (f", it fails at home in {' and '.join(failed)}" if failed else "")


def _where(paths: Paths, run: int, week: int) -> str:
    unit = paths.study.war.front.unit if paths.study.war else ""
    room = paths.carried[run, week, 2]
    return (
        f"Front {paths.front[run, week]:+,.0f} {unit}; {room} of {len(paths.labels)} packages could be carried by both"
    )
