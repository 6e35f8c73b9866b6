"""Levels of a file matched to options of a study's issues, by how alike their words are."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from winset.study import NOT_SHOWN, Study
from winset.terms import Issue

LIKELY = 0.55
"""Likeness from which an option is proposed for a level."""


def closest_issue(name: str, levels: Sequence[str], study: Study) -> Issue | None:
    """Issue whose name is most alike; ties are broken by how well the levels fit its options."""
    shown = [x for x in levels if x != NOT_SHOWN]

    def fit(issue: Issue) -> float:
        own = max(_alike(name, issue.id), _alike(name, issue.label))
        inside = sum(max(_alike(x, t) for o in issue.options for t in (o.id, o.label)) for x in shown) / max(
            len(shown), 1
        )
        return own + 2 * inside

    best = max(study.space.issues, key=fit)
    return best if fit(best) > 3 * LIKELY else None


def closest_option(level: str, issue: Issue) -> str | None:
    """Option whose id or label is most alike, if it is alike at all."""
    scored = [(max(_alike(level, o.id), _alike(level, o.label)), o.id) for o in issue.options]
    likeness, option = max(scored)
    return option if likeness >= LIKELY else None


def _alike(a: str, b: str) -> float:
    """Likeness of two names, from 0 to 1; one that holds all words of the other is close."""
    a, b = (x.lower().replace("-", " ") for x in (a, b))
    words = set(a.split()), set(b.split())
    inside = 0.8 if words[0] <= words[1] or words[1] <= words[0] else 0.0
    return max(inside, difflib.SequenceMatcher(None, a, b).ratio())
