"""Who was asked: the side of a row whose question may have been put to several publics."""

from __future__ import annotations

from winset.errors import suggest
from winset.study import Study


def find_side(study: Study, question: str, constituency: str, side: str = "") -> str:
    """Side whose constituency was asked; ``""`` for a whole of several sides.

    Parameters
    ----------
    side
        As the row names it, where two sides of the question have constituencies of the same id.

    Raises
    ------
    ValueError
        With a sentence, if no side or more than one fits.
    """
    asked = study.questions[question].sides
    if side and side not in asked:
        raise ValueError(f"question `{question}` was not put to side `{side}`{suggest(side, asked)}")
    if constituency in study.wholes and not side:
        behind = {s for s, _ in study.composition.shares(("", constituency))}
        if behind <= set(asked):
            return ""
        raise ValueError(f"question `{question}` was not put to all sides of `{constituency}`; name them in its `side`")
    fits = [s for s in asked if constituency in study.sides[s].constituencies and side in ("", s)]
    if len(fits) > 1:
        raise ValueError(f"`{constituency}` is a constituency of {' and of '.join(fits)}; say which in a column `side`")
    if not fits:
        if "," in constituency:
            said = f"`{constituency}` names several groups; declare a whole that they are parts of (`wholes` in study.yaml,"
            raise ValueError(f"{said} or sheet Parts of a workbook), and name it here")
        elsewhere = " and of ".join(s for s, x in study.sides.items() if constituency in x.constituencies)
        known = [c for s in asked for c in study.sides[s].constituencies] + list(study.wholes)
        if elsewhere:
            named = " or ".join(f"`{s}`" for s in ([side] if side else asked))
            raise ValueError(
                f"`{constituency}` is a group of {elsewhere}, not of {named}{suggest(constituency, known)}"
            )
        raise ValueError(f"unknown constituency `{constituency}`{suggest(constituency, known)}")
    return fits[0]
