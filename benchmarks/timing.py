"""How every case is timed and printed."""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Callable


def timed(work: Callable[[], object], repeats: int = 3) -> float:
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return sorted(times)[len(times) // 2]


def report(name: str, ours: float, peer: str, theirs: float, note: str) -> None:
    line = {
        "name": name,
        "ours_s": round(ours, 4),
        "peer": peer,
        "peer_s": round(theirs, 4),
        "ratio": round(theirs / ours, 2),
    }
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(line | {"peak_mb": round(peak), "note": note}), flush=True)
