"""SQLite files of a workspace: accounts, fits."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

PATIENCE = 30
"""Seconds to wait for another who writes."""


@contextlib.contextmanager
def open_base(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection whose changes are kept together, or not at all."""
    base = sqlite3.connect(file, timeout=PATIENCE)
    try:
        with base:
            yield base
    finally:
        base.close()
