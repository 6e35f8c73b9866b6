"""Does the model foresee what it was not shown? Backtests beside naive baselines."""

from winset.verification.backtest import Scorecard, verify
from winset.verification.calibration import Calibration, calibrate
from winset.verification.left_out import LeftOut, leave_one_out

__all__ = ["Calibration", "LeftOut", "Scorecard", "calibrate", "leave_one_out", "verify"]
