"""``python -m winset``."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line."""
    from winset.cli import run_cli

    sys.exit(run_cli(sys.argv[1:]))


if __name__ == "__main__":
    main()
