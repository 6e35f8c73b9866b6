"""Randomised response: a die or a coin hides what each person answers, and the share is known all the same."""

from __future__ import annotations

import numpy as np

from winset.errors import UsageError
from winset.evidence.list_experiment import Prevalence, estimate


def estimate_randomised(yes: int, people: int, asked: float, forced_yes: float = 0.0) -> Prevalence:
    """Randomised response: with chance ``asked`` the question is answered, else yes with chance ``forced_yes``.

    Parameters
    ----------
    asked
        Chance that the device tells a person to answer the sensitive question.
    forced_yes
        Chance of a yes among the others.

    Raises
    ------
    UsageError
        If the design identifies nothing or the counts are impossible.

    Notes
    -----
    P(yes) = asked x share + (1 - asked) x forced_yes (Boruch 1971).
    """
    if not (0 < asked <= 1 and 0 <= forced_yes <= 1 and 0 <= yes <= people and people > 1):
        raise UsageError(
            "randomised response needs 0 < asked <= 1, 0 <= forced_yes <= 1 and at most as many yes as people"
        )
    p = yes / people
    share = (p - (1 - asked) * forced_yes) / asked
    return estimate(share, float(np.sqrt(p * (1 - p) / (people - 1)) / asked), people)


def estimate_warner(yes: int, people: int, asked: float) -> Prevalence:
    """Warner's (1965) design: with chance ``asked`` the statement, else its opposite.

    Raises
    ------
    UsageError
        If ``asked`` is one half, which tells nothing.
    """
    if abs(asked - 0.5) < 1e-6 or not (0 <= asked <= 1 and 0 <= yes <= people and people > 1):
        raise UsageError("Warner's design needs a chance other than one half, and at most as many yes as people")
    p = yes / people
    gain = 2 * asked - 1
    return estimate((p - 1 + asked) / gain, float(np.sqrt(p * (1 - p) / (people - 1)) / abs(gain)), people)
