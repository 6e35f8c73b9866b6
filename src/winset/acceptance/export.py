"""Fit <-> labelled tree that ArviZ opens."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np

from winset.acceptance.acceptance import Acceptance
from winset.acceptance.diagnostics import Diagnostics
from winset.acceptance.draws import FIELDS, make_draws, restore_draws
from winset.acceptance.fitted import Fit, flatten
from winset.acceptance.problem import Problem
from winset.errors import RunError
from winset.evidence import Responses
from winset.study import Study

if TYPE_CHECKING:
    import xarray as xr

DIMS = {
    "worth": ("constituency", "issue", "option"),
    "log_kept": ("constituency", "issue", "option"),
    "level": ("constituency", "knot"),
    "importance": ("constituency", "issue"),
    "person_variance": ("constituency", "issue"),
    "open_variance": ("constituency", "issue"),
    "total": ("constituency",),
    "drift": ("side",),
    "mix": ("group", "leaf"),
    "follow": ("leaf", "speaker", "stand"),
    "question_bias": ("question",),
    "instrument_bias": ("instrument",),
    "log_odds": ("instrument",),
    "confusion": ("scale", "coder", "stance", "label"),
    "answers": ("cell", "category"),
    "bins": ("cell", "bin"),
    "correlation": ("cell",),
    "log_likelihood": ("cell",),
}


def to_tree(acceptance: Acceptance) -> xr.DataTree:
    """Posterior, prior, sample statistics, log-likelihood and observed data, with names on every axis."""
    import xarray as xr

    fit, coords = acceptance.fit, _coords(acceptance)
    posterior = {k: v for k, v in fit.samples.items() if k not in {"log_likelihood", "counted"}}
    prior = {f: getattr(acceptance.prior, f)[None] for f in FIELDS}
    groups = {
        "posterior": _dataset(posterior, coords),
        "prior": _dataset(prior, coords),
        "sample_stats": _dataset({"diverging": fit.diverging, "n_steps": fit.steps}, coords),
        "observed_data": xr.Dataset({"accepted": ("cell", acceptance.cells.observed())}),
    }
    if "log_likelihood" in fit.samples:
        groups["log_likelihood"] = _dataset({"log_likelihood": fit.samples["log_likelihood"]}, coords)
    tree = xr.DataTree.from_dict(groups)
    verdict = json.dumps(dataclasses.asdict(acceptance.diagnostics))
    tree.attrs = {"method": fit.method, "seed": acceptance.seed, "seconds": str(dict(fit.seconds)), "verdict": verdict}
    return tree


def from_tree(path: Path, study: Study, responses: Responses, problem: Problem) -> Acceptance:
    """Acceptance from a saved tree and the study it was fitted on.

    Raises
    ------
    RunError
        If the file is damaged or belongs to another study.
    """
    try:
        with h5py.File(path) as tree:
            samples = _values(tree, "posterior")
            if "log_likelihood" in tree:
                samples |= _values(tree, "log_likelihood")
            prior = {k: v[0] for k, v in _values(tree, "prior").items()}
            stats = _values(tree, "sample_stats")
            method, seed = str(tree.attrs["method"]), int(np.asarray(tree.attrs["seed"]).flat[0])
            verdict = json.loads(str(tree.attrs["verdict"]))
    except (OSError, KeyError, ValueError) as error:
        raise RunError(f"{path} cannot be read ({error}); run again to write it anew") from error
    fit = Fit(method, samples, stats["diverging"].astype(bool), stats["n_steps"], {})
    if fit.samples["worth"].shape[2] != len(problem.layout.constituencies):
        raise RunError(f"{path} was fitted on another study; run again")
    return Acceptance(
        study=study,
        responses=responses,
        cells=problem.cells,
        known=np.ones(len(problem.cells), bool),
        draws=make_draws(problem, flatten(fit), seed),
        prior=restore_draws(problem, prior, seed + 1),
        fit=fit,
        diagnostics=Diagnostics(**verdict | {"touched": tuple(verdict["touched"])}),
        seed=seed,
        hearing=problem.meaning.hearing,
    )


def _values(tree: h5py.File, group: str) -> dict[str, np.ndarray]:
    """Variables of a group of a netCDF file; what only names an axis is none. Opened so in a tenth of the time of a tree."""
    held: Any = tree[group]
    return {str(k): v[()] for k, v in held.items() if "CLASS" not in v.attrs}


def _coords(acceptance: Acceptance) -> dict[str, list]:
    study, layout = acceptance.study, acceptance.draws.layout
    return {
        "constituency": [f"{s}/{c}" for s, c in study.constituencies()],
        "side": list(layout.sides),
        "group": [".".join(filter(None, g)) for g in layout.groups],
        "leaf": [".".join(layout.groups[n]) for n in layout.leaves],
        "speaker": [x.id for x in study.speakers],
        "stand": ["for", "against"],
        "issue": [i.id for i in study.space.issues],
        "question": list(acceptance.cells.questions),
        "instrument": list(acceptance.cells.instruments),
        "coder": list(acceptance.cells.voices.coders),
    }


def _dataset(values: Mapping[str, np.ndarray], coords: Mapping[str, list]) -> xr.Dataset:
    import xarray as xr

    variables = {}
    for name, v in values.items():
        named = DIMS.get(name, tuple(f"{name}_dim_{i}" for i in range(v.ndim - 2)))
        variables[name] = (("chain", "draw", *named), v.astype(np.float32) if v.dtype == np.float64 else v)
    used = {d for dims, _ in variables.values() for d in dims}
    return xr.Dataset(variables, coords={k: v for k, v in coords.items() if k in used})
