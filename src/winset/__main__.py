"""``python -m winset``."""

from __future__ import annotations

import os
import sys

INTERRUPTED = 130


def main() -> None:
    """Run the command line."""
    try:
        from winset.cli import run_cli

        code = run_cli(sys.argv[1:])
    except KeyboardInterrupt:  # while the program was still being read
        sys.stderr.write("interrupted; nothing was written\n")
        code = INTERRUPTED
    if code == INTERRUPTED:
        # A compiler or sampler thread may still be at work; leaving by the usual door crashes on it.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    main()
