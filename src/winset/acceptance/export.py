"""Fit <-> labelled tree that ArviZ opens."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import xarray as xr

from winset.acceptance.acceptance import Acceptance
from winset.acceptance.diagnostics import Diagnostics
from winset.acceptance.draws import FIELDS, make_draws
from winset.acceptance.fit import Fit
from winset.acceptance.measuring import flatten
from winset.acceptance.model import Problem
from winset.errors import RunError
from winset.evidence import Responses
from winset.study import Study

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
        with xr.open_datatree(path, engine="h5netcdf") as tree:
            samples = {str(k): v.values for k, v in tree["posterior"].data_vars.items()}
            if "log_likelihood" in tree.children:
                samples["log_likelihood"] = tree["log_likelihood"]["log_likelihood"].values
            prior = {str(k): v.values[0] for k, v in tree["prior"].data_vars.items()}
            stats = {str(k): v.values for k, v in tree["sample_stats"].data_vars.items()}
            method, seed = str(tree.attrs["method"]), int(tree.attrs["seed"])
            verdict = json.loads(tree.attrs["verdict"])
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
        prior=make_draws(problem, prior, seed + 1),
        fit=fit,
        diagnostics=Diagnostics(**verdict | {"touched": tuple(verdict["touched"])}),
        seed=seed,
        hearing=problem.meaning.hearing,
    )


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
    variables = {}
    for name, v in values.items():
        named = DIMS.get(name, tuple(f"{name}_dim_{i}" for i in range(v.ndim - 2)))
        variables[name] = (("chain", "draw", *named), v.astype(np.float32) if v.dtype == np.float64 else v)
    used = {d for dims, _ in variables.values() for d in dims}
    return xr.Dataset(variables, coords={k: v for k, v in coords.items() if k in used})
