"""What a run was made from: hashes of inputs, versions, seed, times."""

from __future__ import annotations

import hashlib
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

LIBRARIES = ("winset", "jax", "numpyro", "numpy", "polars", "xarray")
INPUTS = ("*.yaml", "*.csv", "*.tsv", "*.csv.gz", "*.parquet", "*.arrow", "*.feather", "*.sav", "*.zsav", "*.dta",
          "*.qdpx", "*.qde", "*.json", "*.jsonl", "*.zip")  # fmt: skip


TALKS = ("talks.yaml", "history.csv")
"""The war beside the talks says nothing of acceptance: a posterior outlives a change of it."""


def input_files(folder: Path) -> list[Path]:
    """Files that a study is made of."""
    return sorted(p for pattern in INPUTS for p in folder.glob(pattern))


def fingerprint(folder: Path, settings: dict[str, Any]) -> str:
    """One hash over a study's files and the settings of a run."""
    digest = hashlib.sha256(repr(sorted(settings.items())).encode())
    for path in input_files(folder):
        if path.name in TALKS:
            continue
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def provenance(folder: Path, settings: dict[str, Any], seconds: dict[str, float]) -> dict[str, Any]:
    """Record of a run, without names of machines or folders."""
    return {
        "inputs": {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in input_files(folder)},
        "settings": settings,
        "fingerprint": fingerprint(folder, settings),
        "versions": {name: version(name) for name in LIBRARIES} | {"python": platform.python_version()},
        "seconds": {k: round(v, 2) for k, v in seconds.items()},
    }
