"""The one way out for numbers: console, JSON and brief print what ``describe`` returns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from winset.findings.finding import Finding
from winset.findings.protection import shown
from winset.findings.wording import likelihood_word, percent
from winset.late import late

if TYPE_CHECKING:
    from winset.findings.changes import describe_changes
    from winset.findings.describing import (
        describe,
        describe_evidence,
        describe_prior,
        describe_selection,
        describe_sensitivity,
        describe_support,
    )
    from winset.findings.experiments import describe_checks, describe_design
    from winset.findings.interviews import describe_interviews
    from winset.findings.rooms import (
        describe_best,
        describe_blocks,
        describe_pivots,
        describe_prices,
        describe_scores,
        describe_shifts,
        describe_solutions,
        describe_without,
    )
    from winset.findings.talks import describe_face_checks, describe_scenarios, describe_story
    from winset.findings.tipping import describe_tipping
    from winset.findings.words import describe_heard, describe_likeliest_heard, describe_words, say_words, tell_words

__all__ = [
    "Finding",
    "describe",
    "describe_best",
    "describe_blocks",
    "describe_changes",
    "describe_checks",
    "describe_design",
    "describe_evidence",
    "describe_face_checks",
    "describe_heard",
    "describe_interviews",
    "describe_likeliest_heard",
    "describe_pivots",
    "describe_prices",
    "describe_prior",
    "describe_scenarios",
    "describe_scores",
    "describe_selection",
    "describe_sensitivity",
    "describe_shifts",
    "describe_solutions",
    "describe_story",
    "describe_support",
    "describe_tipping",
    "describe_without",
    "describe_words",
    "likelihood_word",
    "percent",
    "say_words",
    "shown",
    "tell_words",
]

__getattr__ = late(
    __name__,
    {
        "changes": ("describe_changes",),
        "describing": ("describe", "describe_evidence", "describe_prior", "describe_selection", "describe_sensitivity",
                       "describe_support"),
        "experiments": ("describe_checks", "describe_design"),
        "interviews": ("describe_interviews",),
        "tipping": ("describe_tipping",),
        "rooms": ("describe_best", "describe_blocks", "describe_pivots", "describe_prices", "describe_scores", "describe_shifts",
                  "describe_solutions", "describe_without"),
        "talks": ("describe_face_checks", "describe_scenarios", "describe_story"),
        "words": ("describe_heard", "describe_likeliest_heard", "describe_words", "say_words", "tell_words"),
    },
)  # fmt: skip
