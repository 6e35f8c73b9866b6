"""What an answer hangs on and what to ask next, beside the peers: SALib, nested Monte Carlo, and PRIM in NumPy and in the
EMA Workbench.
"""

from __future__ import annotations

import contextlib
import io
import time
from pathlib import Path

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import binom
from timing import report, timed

SEED = 1


def indices() -> None:
    """First-order indices from 100,000 draws of 50 inputs: ours and SALib's given-data estimators."""
    from SALib.analyze import delta, rbd_fast

    from winset.exploration import estimate_indices

    rng = np.random.default_rng(SEED)
    x = rng.uniform(-np.pi, np.pi, (100_000, 50))
    y = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    problem = {"num_vars": 50, "names": [f"x{j}" for j in range(50)], "bounds": [[-np.pi, np.pi]] * 50}
    ours = timed(lambda: estimate_indices(x, y, resamples=0), 3)
    share = estimate_indices(x, y, resamples=0).share[:3]
    few = {**problem, "num_vars": 5, "names": problem["names"][:5], "bounds": problem["bounds"][:5]}
    with contextlib.redirect_stdout(io.StringIO()):
        fast = timed(lambda: rbd_fast.analyze(problem, x, y, num_resamples=2, seed=SEED), 1)
        clock = time.perf_counter()
        theirs = delta.analyze(few, x[:20_000, :5], y[:20_000], num_resamples=2, seed=SEED, method="sobol")
        slow = time.perf_counter() - clock
        first = rbd_fast.analyze(problem, x, y, num_resamples=2, seed=SEED)["S1"][:3]
    said = "published .3139 .4424 0"
    report(
        "first-order indices, 100,000 draws x 50 inputs",
        ours,
        "SALib rbd_fast, 2 resamples",
        fast,
        f"{said}; ours {share.round(4)}, theirs {np.round(first, 4)}",
    )
    small = timed(lambda: estimate_indices(x[:20_000, :5], y[:20_000], resamples=0), 3)
    report(
        "the same, 20,000 draws x 5 inputs",
        small,
        "SALib delta (sobol), 2 resamples",
        slow,
        f"theirs {np.round(theirs['S1'][:3], 4)}",
    )


def nested(outer: int, inner: int, seed: int) -> float:
    """Expected gain by brute force: of a poll of twenty, pick .4 for sure or 1 where theta > .2."""
    rng = np.random.default_rng(seed)
    theta = rng.normal(size=inner)
    seen = rng.binomial(20, ndtr(rng.normal(size=outer)))
    after = binom.pmf(seen[:, None], 20, ndtr(theta))
    chance = (after * (theta > 0.2)).sum(1) / after.sum(1)
    return float(np.maximum(0.4, chance).mean() - max(0.4, np.mean(theta > 0.2)))


def value() -> None:
    """A thousand questions by regression, beside nested Monte Carlo at equal error."""
    from winset.exploration.value import pick_gains

    grid = np.linspace(-6, 6, 4001)
    weight = np.exp(-(grid**2) / 2)
    weight /= weight.sum()
    likely = binom.pmf(np.arange(21)[:, None], 20, ndtr(grid)) * weight
    good = grid > 0.2
    exact = np.maximum(0.4 * likely.sum(1), likely[:, good].sum(1)).sum() - max(0.4, weight[good].sum())

    def regress(seed: int, questions: int = 1) -> np.ndarray:
        rng = np.random.default_rng(seed)
        theta = rng.normal(size=1600)
        answers = rng.binomial(20, ndtr(theta)[:, None], (1600, questions)) / 20
        options = np.stack([np.full(1600, 0.4), theta > 0.2], axis=1).astype(float)
        return pick_gains(ndtri((answers * 20 + 0.5) / 21), options).mean(0)

    error = np.sqrt(np.mean([(regress(s)[0] - exact) ** 2 for s in range(100)]))
    ours = timed(lambda: regress(SEED, 1000), 3)
    size = 20
    while np.sqrt(np.mean([(nested(size, size, s) - exact) ** 2 for s in range(30)])) > error:
        size = int(size * 1.5)
    theirs = timed(lambda: nested(size, size, SEED), 3) * 1000
    note = f"root mean square error {100 * error:.2f} points; nested {size} x {size} draws a question"
    report("expected gain of 1,000 questions, 1,600 draws", ours, "nested Monte Carlo at equal error", theirs, note)


def plant() -> tuple[np.ndarray, np.ndarray]:
    """100,000 runs of 40 inputs: it happens in .9 of those in a box of three inputs, in .05 of the others."""
    rng = np.random.default_rng(SEED)
    x = rng.uniform(size=(100_000, 40))
    inside = (x[:, 0] > 0.6) & (x[:, 1] < 0.5) & (x[:, 2] > 0.2) & (x[:, 2] < 0.7)
    return x, rng.uniform(size=len(x)) < np.where(inside, 0.9, 0.05)


def boxes() -> None:
    """One peeling of 100,000 runs of 40 inputs, beside the same peeling in NumPy."""
    from winset.exploration.boxes import peel

    x, y = plant()
    peel(x[:500], y[:500])
    ours, theirs = timed(lambda: peel(x, y), 3), timed(lambda: plain_peel(x, y), 1)
    report(
        "PRIM, one peeling of 100,000 runs x 40 inputs",
        ours,
        "the same rule in NumPy",
        theirs,
        "down to 2 % of the runs",
    )


def plain_peel(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same rule by quantiles of what is left, as packages in Python peel."""
    low, high = np.full(x.shape[1], -np.inf), np.full(x.shape[1], np.inf)
    lows, highs = [low.copy()], [high.copy()]
    smallest = 0.02 * len(y)
    while len(y) > smallest and not y.all():
        best = None
        for j in range(x.shape[1]):
            least, most = np.quantile(x[:, j], [0.05, 0.95])
            for side, keep in ((0, x[:, j] >= least), (1, x[:, j] <= most)):
                score = (y[keep].mean() - y.mean()) / (len(y) - keep.sum())
                if best is None or score > best[0]:
                    best = (score, j, side, least if side == 0 else most, keep)
        _, j, side, edge, keep = best
        (low if side == 0 else high)[j] = edge
        x, y = x[keep], y[keep]
        lows.append(low.copy())
        highs.append(high.copy())
    return np.array(lows), np.array(highs)


def workbench() -> None:
    """The same peeling in the EMA Workbench (Kwakkel 2017), and its published example: Bryant & Lempert's (2010) 882 runs."""
    try:
        import ema_workbench
        import pandas as pd
        from ema_workbench.analysis import prim
    except ImportError:  # in no dependency group: it brings a plotting stack that nothing here needs
        print("PRIM beside the EMA Workbench is left out: `uv pip install ema-workbench` brings it", flush=True)
        return
    from winset.exploration.boxes import peel

    def theirs(x: pd.DataFrame, y: np.ndarray, share: float, smallest: float) -> np.ndarray:
        """Limits by step and end; peeling alone, since pasting has no counterpart here."""
        found = prim.Prim(x, y.astype(int), threshold=0.5, peel_alpha=share, mass_min=smallest)
        box = found._peel(prim.PrimBox(found, found.box_init, found.yi_remaining))
        return np.array([b.to_numpy(float) for b in box.box_lims])

    x, y = plant()
    frame = pd.DataFrame(x, columns=[f"x{j}" for j in range(x.shape[1])])
    peel(x[:500], y[:500])
    began = time.perf_counter()
    limits = theirs(frame, y, 0.05, 0.02)
    slow = time.perf_counter() - began
    fast = timed(lambda: peel(x, y), 5)
    same = compare_trails(x, y, peel(x, y), limits)
    report(
        "PRIM, one peeling of 100,000 runs x 40 inputs", fast, f"EMA Workbench {ema_workbench.__version__}", slow, same
    )
    path = Path(ema_workbench.__file__).parent / "examples" / "data" / "bryant et al 2010 data.csv"
    table = pd.read_csv(path, index_col=False)
    frame, y = table.iloc[:, 2:11], table.iloc[:, 15].to_numpy() == 1
    x = frame.to_numpy(float)
    found = peel(x, y, share=0.1, smallest=0.05)
    limits = theirs(frame, y, 0.1, 0.05)
    inside = ((x >= found[0][21]) & (x <= found[1][21])).all(1)
    told = (
        f"box 21, published coverage .7528 density .7701: ours {y[inside].sum() / y.sum():.4f} {y[inside].mean():.4f}"
    )
    fast, slow = timed(lambda: peel(x, y, share=0.1, smallest=0.05), 5), timed(lambda: theirs(frame, y, 0.1, 0.05), 3)
    said = f"{compare_trails(x, y, found, limits)}; {told}"
    report(
        "PRIM, Bryant & Lempert's 882 runs x 9 inputs", fast, f"EMA Workbench {ema_workbench.__version__}", slow, said
    )


def compare_trails(x: np.ndarray, y: np.ndarray, ours: tuple[np.ndarray, np.ndarray], limits: np.ndarray) -> str:
    """How many boxes of two trails hold the same cases, and what their density and coverage differ by at most."""
    steps, same, apart = min(len(limits), len(ours[0])), 0, 0.0
    for step in range(steps):
        mine = ((x >= ours[0][step]) & (x <= ours[1][step])).all(1)
        other = ((x >= limits[step, 0]) & (x <= limits[step, 1])).all(1)
        same += int(np.array_equal(mine, other))
        hits = y[mine].sum(), y[other].sum()
        apart = max(apart, abs(hits[0] / mine.sum() - hits[1] / other.sum()), abs(hits[0] - hits[1]) / y.sum())
    trails = f"trails of {len(ours[0])} and {len(limits)} boxes"
    return f"{trails}, {same} of {steps} hold the same cases; density and coverage differ by {apart:.4f} at most"


if __name__ == "__main__":
    indices()
    value()
    boxes()
    workbench()
