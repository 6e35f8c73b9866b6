"""What the answer hangs on, and what to ask next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from winset.late import late

if TYPE_CHECKING:
    from winset.exploration.asking import Asking, ask_next
    from winset.exploration.boxes import Box, find_boxes
    from winset.exploration.designed import Designed, weigh_assumptions
    from winset.exploration.hanging import Hanging, HangingTogether, hang, hang_change, hang_together
    from winset.exploration.headline import find_headline
    from winset.exploration.hindsight import Hindsight, judge_hindsight, list_days, look_from
    from winset.exploration.indices import Indices, estimate_indices
    from winset.exploration.questionnaire import Questionnaire, draft_questionnaire
    from winset.exploration.regret import Robustness, measure_regret, weigh_robustness
    from winset.exploration.settling import Settling, tell_apart
    from winset.exploration.sources import Sources, leave_sources_out
    from winset.exploration.tipping import Tipping, tip
    from winset.exploration.trees import Tree, find_tree
    from winset.exploration.weighing import Weighed, weigh

__all__ = [
    "Asking",
    "Box",
    "Designed",
    "Hanging",
    "HangingTogether",
    "Hindsight",
    "Indices",
    "Questionnaire",
    "Robustness",
    "Settling",
    "Sources",
    "Tipping",
    "Tree",
    "Weighed",
    "ask_next",
    "draft_questionnaire",
    "estimate_indices",
    "find_boxes",
    "find_headline",
    "find_tree",
    "hang",
    "hang_change",
    "hang_together",
    "judge_hindsight",
    "leave_sources_out",
    "list_days",
    "look_from",
    "measure_regret",
    "tell_apart",
    "tip",
    "weigh",
    "weigh_assumptions",
    "weigh_robustness",
]

__getattr__ = late(
    __name__,
    {
        "asking": ("Asking", "ask_next"),
        "boxes": ("Box", "find_boxes"),
        "designed": ("Designed", "weigh_assumptions"),
        "hanging": ("Hanging", "HangingTogether", "hang", "hang_change", "hang_together"),
        "hindsight": ("Hindsight", "judge_hindsight", "list_days", "look_from"),
        "headline": ("find_headline",),
        "indices": ("Indices", "estimate_indices"),
        "questionnaire": ("Questionnaire", "draft_questionnaire"),
        "regret": ("Robustness", "measure_regret", "weigh_robustness"),
        "settling": ("Settling", "tell_apart"),
        "sources": ("Sources", "leave_sources_out"),
        "tipping": ("Tipping", "tip"),
        "trees": ("Tree", "find_tree"),
        "weighing": ("Weighed", "weigh"),
    },
)
