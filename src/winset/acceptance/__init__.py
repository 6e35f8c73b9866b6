"""Measure acceptance: priors, likelihood, fit, diagnostics, and the answers."""

import os

# Four virtual CPU devices let four chains run side by side; must be set before JAX starts.
if "xla_force_host_platform_device_count" not in os.environ.get("XLA_FLAGS", ""):
    os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} --xla_force_host_platform_device_count=4".strip()

import jax

jax.config.update("jax_enable_x64", True)  # counts of thousands in log-gamma lose digits in single precision

from winset.acceptance.acceptance import HIGH, LOW, Acceptance, evidence_share, interval  # noqa: E402
from winset.acceptance.cells import Cells, as_measured  # noqa: E402
from winset.acceptance.diagnostics import Diagnostics  # noqa: E402
from winset.acceptance.draws import AcceptanceDraws, acceptance, make_draws, refusal  # noqa: E402
from winset.acceptance.export import from_tree, to_tree  # noqa: E402
from winset.acceptance.fit import Posterior, sample_laplace, sample_nuts, sample_prior  # noqa: E402
from winset.acceptance.measuring import assume, draw_truth, flatten, measure, pose, prepare  # noqa: E402
from winset.acceptance.model import Problem  # noqa: E402
from winset.acceptance.printed import printed_numbers  # noqa: E402
from winset.acceptance.priors import DOUBLED, PRIORS, Prior, prior_table, scale_priors  # noqa: E402
from winset.acceptance.sensitivity import predict_without, vary, vary_selection  # noqa: E402

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

acceptance_of = acceptance
"""Acceptance in closed form (not named like this package's module of the noun)."""
