"""What an answer hangs on and what to ask next, beside the peers: SALib, nested Monte Carlo, and PRIM without a compiler."""

from __future__ import annotations

import contextlib
import io
import time

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


def boxes() -> None:
    """One peeling of 100,000 runs of 40 inputs, beside the same peeling in NumPy."""
    from winset.exploration.boxes import peel

    rng = np.random.default_rng(SEED)
    x = rng.uniform(size=(100_000, 40))
    inside = (x[:, 0] > 0.6) & (x[:, 1] < 0.5) & (x[:, 2] > 0.2) & (x[:, 2] < 0.7)
    y = rng.uniform(size=len(x)) < np.where(inside, 0.9, 0.05)
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


if __name__ == "__main__":
    indices()
    value()
    boxes()
