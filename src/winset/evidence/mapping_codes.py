"""A first draft of codings.yaml: which code is which stance on which question."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Sequence

from winset.coding.coded import JOINT, Coded
from winset.errors import UsageError
from winset.study import Study

LIKELY = 0.6
"""Likeness from which a question is proposed for a code."""

SIDES = {
    -2: r"strongly (against|disagree|opposed?)|never|refus",
    -1: r"against|reject|oppos|disagree|\bno\b|contra|negative",
    2: r"strongly (for|agree|support)|fully",
    1: r"\bfor\b|accept|support|agree|\byes\b|\bpro\b|in favou?r|positive",
    0: r"neutral|neither|ambivalent|mixed|unsure|undecided",
}
"""Words of codes by stance; the first that fits, strong ones before weak ones."""


def draft_codings(coded: Coded, files: Sequence[str], study: Study | None = None) -> str:
    """Text of a codings.yaml to be checked by a person; guesses are marked by a comment.

    Raises
    ------
    UsageError
        If the files hold no code.
    """
    if not coded.codes:
        raise UsageError(f"{', '.join(files)}: holds no code to map")
    lines = [
        "# Drafted from the files' codes. Put right what stands behind `#`; `winset check` tells what is missing.",
        "codings:",
        "  interviews-1:",
        f"    files: [{', '.join(_quoted(f) for f in files)}]",
        "    instrument: name-it  # an id of instruments.yaml (kind: interviews)",
        "    source: name-it      # an id of sources.csv",
        "    date: 2025-01-01     # middle of the field work",
        *_people(coded, study),
        "    codes:               # question and stance (-2 strongly against ... 2 strongly for), a theme, or ignore",
    ]
    return "\n".join([*lines, *(_code(c, study) for c in coded.codes)]) + "\n"


def _people(coded: Coded, study: Study | None) -> list[str]:
    """An attribute with few values, or one constituency for all."""
    groups = [c for _, c in study.constituencies()] if study else []
    for (name,), rows in coded.cases.group_by("attribute", maintain_order=True):
        values = rows["value"].unique(maintain_order=True).to_list()
        if 2 <= len(values) <= 12 and any(_near(v, groups) for v in values):
            listed = ", ".join(f"{_quoted(v)}: {_near(v, groups) or 'name-it'}" for v in values)
            return [
                "    constituencies:      # guessed",
                f"      {{column: {_quoted(str(name))}, values: {{{listed}}}}}",
            ]
    return ["    constituency: name-it"]


def _near(value: str, groups: Sequence[str]) -> str | None:
    return next(iter(difflib.get_close_matches(value.lower(), groups, n=1, cutoff=LIKELY)), None)


def _code(code: str, study: Study | None) -> str:
    stance = next((s for s, pattern in SIDES.items() if re.search(pattern, code.lower())), None)
    if stance is None:
        return f"      {_quoted(code)}: {{theme: {_quoted(code.rsplit(JOINT, 1)[-1].lower())}}}  # guessed: a reason"
    question = _question(code, study) if study else None
    said = "guessed" if question else "stance guessed"
    return f"      {_quoted(code)}: {{question: {question or 'name-it'}, stance: {stance}}}  # {said}"


def _question(code: str, study: Study | None) -> str | None:
    topic = code.split(JOINT, maxsplit=1)[0].lower()
    scored = [
        (max(difflib.SequenceMatcher(None, topic, t.lower()).ratio() for t in (q, q.replace("-", " "))), q)
        for q in (study.questions if study else ())
    ]
    best = max(scored, default=(0.0, ""))
    return best[1] if best[0] >= LIKELY else None


def _quoted(text: str) -> str:
    return text if re.fullmatch(r"[A-Za-z][A-Za-z0-9_.]*", text) else json.dumps(text, ensure_ascii=False)
