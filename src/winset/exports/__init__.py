"""Survey exports as programs write them: what their columns hold, and one row a profile of them."""

from winset.exports.layout import Layout, layout_of
from winset.exports.reshaping import OUTSIDE, Long, reshape
from winset.exports.rows import drop_gaps

__all__ = ["OUTSIDE", "Layout", "Long", "drop_gaps", "layout_of", "reshape"]
