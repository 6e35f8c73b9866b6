"""Measure acceptance: priors, likelihood, fit, diagnostics, and the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from winset.acceptance.backend import set_up
from winset.late import late

set_up()

if TYPE_CHECKING:
    from winset.acceptance.acceptance import HIGH, LOW, Acceptance, evidence_share, interval
    from winset.acceptance.cells import Cells, as_measured
    from winset.acceptance.diagnostics import Diagnostics
    from winset.acceptance.draws import AcceptanceDraws, make_draws, refusal
    from winset.acceptance.draws import acceptance as acceptance_of
    from winset.acceptance.export import from_tree, to_tree
    from winset.acceptance.fit import Posterior, sample_laplace, sample_prior
    from winset.acceptance.fitted import flatten
    from winset.acceptance.measuring import assume, draw_truth, measure, prepare
    from winset.acceptance.nuts import sample_nuts
    from winset.acceptance.printed import printed_numbers
    from winset.acceptance.priors import DOUBLED, PRIORS, Prior, prior_table, scale_priors
    from winset.acceptance.problem import Problem, pose
    from winset.acceptance.sensitivity import predict_without, vary, vary_selection

_WHERE = {
    "acceptance": ("HIGH", "LOW", "Acceptance", "evidence_share", "interval"),
    "cells": ("Cells", "as_measured"),
    "diagnostics": ("Diagnostics",),
    "draws": ("AcceptanceDraws", "acceptance_of", "make_draws", "refusal"),
    "export": ("from_tree", "to_tree"),
    "fit": ("Posterior", "sample_laplace", "sample_prior"),
    "fitted": ("flatten",),
    "measuring": ("assume", "draw_truth", "measure", "prepare"),
    "nuts": ("sample_nuts",),
    "printed": ("printed_numbers",),
    "priors": ("DOUBLED", "PRIORS", "Prior", "prior_table", "scale_priors"),
    "problem": ("Problem", "pose"),
    "sensitivity": ("predict_without", "vary", "vary_selection"),
}
__getattr__ = late(__name__, _WHERE, {"acceptance_of": "acceptance"})
"""A run is opened and asked without the libraries that fit it."""

__all__ = [
    "DOUBLED",
    "HIGH",
    "LOW",
    "PRIORS",
    "Acceptance",
    "AcceptanceDraws",
    "Cells",
    "Diagnostics",
    "Posterior",
    "Prior",
    "Problem",
    "acceptance_of",
    "as_measured",
    "assume",
    "draw_truth",
    "evidence_share",
    "flatten",
    "from_tree",
    "interval",
    "make_draws",
    "measure",
    "pose",
    "predict_without",
    "prepare",
    "printed_numbers",
    "prior_table",
    "refusal",
    "sample_laplace",
    "sample_nuts",
    "sample_prior",
    "scale_priors",
    "to_tree",
    "vary",
    "vary_selection",
]
