"""Operators of a rule in postfix order: compiled loops know them, and so do tables that need no loop."""

ALL, ANY, NOTHING = -1, -2, -3
"""Both of the two topmost rows, either of them, none."""
