"""What the answer hangs on, and what to ask next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from winset.late import late

if TYPE_CHECKING:
    from winset.exploration.asking import Asking, ask_next
    from winset.exploration.boxes import Box, find_boxes
    from winset.exploration.hanging import Hanging, hang
    from winset.exploration.headline import find_headline
    from winset.exploration.indices import Indices, estimate_indices
    from winset.exploration.questionnaire import Questionnaire, draft_questionnaire
    from winset.exploration.regret import Robustness, measure_regret, weigh_robustness
    from winset.exploration.settling import Settling, tell_apart
    from winset.exploration.tipping import Tipping, tip
    from winset.exploration.weighing import Weighed, weigh

__all__ = [
    "Asking",
    "Box",
    "Hanging",
    "Indices",
    "Questionnaire",
    "Robustness",
    "Settling",
    "Tipping",
    "Weighed",
    "ask_next",
    "draft_questionnaire",
    "estimate_indices",
    "find_boxes",
    "find_headline",
    "hang",
    "measure_regret",
    "tell_apart",
    "tip",
    "weigh",
    "weigh_robustness",
]

__getattr__ = late(
    __name__,
    {
        "asking": ("Asking", "ask_next"),
        "boxes": ("Box", "find_boxes"),
        "hanging": ("Hanging", "hang"),
        "headline": ("find_headline",),
        "indices": ("Indices", "estimate_indices"),
        "questionnaire": ("Questionnaire", "draft_questionnaire"),
        "regret": ("Robustness", "measure_regret", "weigh_robustness"),
        "settling": ("Settling", "tell_apart"),
        "tipping": ("Tipping", "tip"),
        "weighing": ("Weighed", "weigh"),
    },
)
