"""Runs of the talks as a labelled tree on disk."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import xarray as xr

from winset.runs.atomic import write_whole
from winset.talks import TALK_PRIORS, Paths
from winset.talks.paths import STATES

EVENTS = (
    "rounds",
    "rounds_without_text",
    "refusals_a",
    "refusals_b",
    "breakdowns",
    "package",
    "week_signed",
    "failed_a",
    "failed_b",
)


def save_paths(path: Path, paths: Mapping[str, Paths]) -> None:
    """Write runs of some scenarios as one NetCDF file, a group each, every parameter drawn beside them."""
    tree = xr.DataTree.from_dict({f"/{name}": _dataset(p) for name, p in paths.items()})
    write_whole(path, bytes(tree.to_netcdf(None, engine="h5netcdf")))


def _dataset(paths: Paths) -> xr.Dataset:
    sides = list(paths.study.sides)
    return xr.Dataset(
        {
            "state": (("run", "week"), paths.state, {"meaning": "; ".join(f"{n} {s}" for n, s in enumerate(STATES))}),
            "front": (("run", "week"), paths.front, {"unit": paths.study.war.front.unit if paths.study.war else ""}),
            "mood": (("run", "week", "side"), paths.mood, {"unit": "probit"}),
            "room": (("run", "week"), paths.room, {"meaning": "packages on the table that both leaders could carry"}),
            "events": (("run", "event"), paths.events),
            "parameters": (("run", "parameter"), paths.parameters),
        },
        coords={
            "week": np.arange(1, paths.state.shape[1] + 1),
            "side": sides,
            "event": list(EVENTS),
            "parameter": list(TALK_PRIORS),
        },
        attrs={"scenario": paths.scenario.label, "seed": paths.seed, "packages": " | ".join(map(str, paths.packages))},
    )
