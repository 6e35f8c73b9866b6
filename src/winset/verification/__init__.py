"""Does the model foresee what it was not shown? Backtests beside naive baselines."""

from winset.verification.attitudes import Attitudes, fit_attitudes
from winset.verification.backtest import Scorecard, verify
from winset.verification.coverage import Coverage, check_coverage
from winset.verification.left_out import LeftOut, leave_one_out

__all__ = [
    "Attitudes",
    "Coverage",
    "LeftOut",
    "Scorecard",
    "check_coverage",
    "fit_attitudes",
    "leave_one_out",
    "verify",
]
