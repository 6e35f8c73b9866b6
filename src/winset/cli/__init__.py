"""The command line. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["run_cli"]


def run_cli(arguments: Sequence[str]) -> int:
    """Run the command line; mistakes of the user become sentences.

    Returns
    -------
    Exit code: 0 done, 1 a result the user asked to fail on, 2 a mistake to mend, 130 interrupted.
    """
    from winset.cli.commands import invoke

    return invoke(list(arguments))
