"""What the answer hangs on, and what to ask next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from winset.late import late

if TYPE_CHECKING:
    from winset.exploration.hanging import Hanging, hang
    from winset.exploration.headline import find_headline
    from winset.exploration.indices import Indices, estimate_indices
    from winset.exploration.weighing import Weighed, weigh

__all__ = ["Hanging", "Indices", "Weighed", "estimate_indices", "find_headline", "hang", "weigh"]

__getattr__ = late(
    __name__,
    {
        "hanging": ("Hanging", "hang"),
        "headline": ("find_headline",),
        "indices": ("Indices", "estimate_indices"),
        "weighing": ("Weighed", "weigh"),
    },
)
