"""Does the model foresee what it was not shown? Backtests beside naive baselines."""

from winset.verification.backtest import Scorecard, verify

__all__ = ["Scorecard", "verify"]
