"""Does the model foresee what it was not shown? Backtests beside naive baselines."""

from winset.verification.attitudes import Attitudes, fit_attitudes
from winset.verification.backtest import Trial, foresee, verify
from winset.verification.baselines import BASELINES
from winset.verification.coverage import Coverage, check_coverage
from winset.verification.folds import HELD, LATER, Fold, cut_at, cut_often, leave_terms_out
from winset.verification.left_out import LeftOut, leave_one_out
from winset.verification.scorecard import ANY, VOTE, Scorecard

__all__ = [
    "ANY",
    "BASELINES",
    "HELD",
    "LATER",
    "VOTE",
    "Attitudes",
    "Coverage",
    "Fold",
    "LeftOut",
    "Scorecard",
    "Trial",
    "check_coverage",
    "cut_at",
    "cut_often",
    "fit_attitudes",
    "foresee",
    "leave_one_out",
    "leave_terms_out",
    "verify",
]
