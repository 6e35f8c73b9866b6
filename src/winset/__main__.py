"""``python -m winset``."""

from __future__ import annotations

import os
import sys

INTERRUPTED = 130


def main() -> None:
    """Run the command line."""
    from winset.cli import run_cli

    code = run_cli(sys.argv[1:])
    if code == INTERRUPTED:
        # A compiler or sampler thread may still be at work; leaving by the usual door crashes on it.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    main()
