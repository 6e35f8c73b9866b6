"""What a run was made from: hashes of inputs, versions, seed, times."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

LIBRARIES = ("winset", "jax", "numpyro", "numpy", "polars", "xarray")
INPUTS = ("*.yaml", "*.csv", "*.tsv", "*.csv.gz", "*.parquet", "*.arrow", "*.feather", "*.sav", "*.zsav", "*.dta",
          "*.qdpx", "*.qde", "*.json", "*.jsonl", "*.zip")  # fmt: skip


DECLARED = ("study.yaml", "questions.yaml", "instruments.yaml", "experiments.yaml", "codings.yaml", "talks.yaml", "history.csv",
            "results.csv", "sources.csv")  # fmt: skip
"""Read into the study, and known by what they say; every other file is evidence, and known by its bytes."""


def input_files(folder: Path) -> list[Path]:
    """Files that a study is made of."""
    return sorted(p for pattern in INPUTS for p in folder.glob(pattern))


def evidence_files(folder: Path) -> list[Path]:
    """Files that readers of evidence may read."""
    return [p for p in input_files(folder) if p.name not in DECLARED]


def provenance(
    folder: Path, settings: Mapping[str, Any], parts: Mapping[str, str], seconds: Mapping[str, float]
) -> dict[str, Any]:
    """Record of a run, without names of machines or folders."""
    return {
        "inputs": {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in input_files(folder)},
        "settings": settings,
        "parts": parts,
        "versions": {name: version(name) for name in LIBRARIES} | {"python": platform.python_version()},
        "seconds": {k: round(v, 2) for k, v in seconds.items()},
    }
