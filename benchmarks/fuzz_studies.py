"""Study files with mistakes at random: each must be read, or refused in a sentence. One line of JSON."""

from __future__ import annotations

import argparse
import collections
import json
import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from tests.study.fuzzing import Mutator, Outcome


def fuzz(mutations: int, seed: int, sample: int) -> dict:
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as scratch:
        mutator = Mutator(Path(scratch))
        outcomes = [mutator.run(f"{seed}-{n}") for n in range(mutations)]
    counts = collections.Counter(o.how for o in outcomes)
    bad = [o for o in outcomes if o.how not in {"loaded", "refused"}]
    for outcome in random.Random(seed).sample([o for o in outcomes if o.how == "refused"], sample):
        print(f"[{outcome.number}] {outcome.said.replace(scratch + '/', '')}", file=sys.stderr)
    return {
        "name": "study files with mistakes at random",
        "mutations": mutations,
        "seed": seed,
        "loaded": counts["loaded"],
        "refused": counts["refused"],
        "crashes": len(bad),
        "kinds": [_tell(how, [o for o in bad if o.how == how]) for how in dict.fromkeys(o.how for o in bad)],
        "seconds": round(time.perf_counter() - began, 1),
    }


def _tell(how: str, outcomes: list[Outcome]) -> dict:
    print(f"--- {how}\n{outcomes[0].said[-2000:]}", file=sys.stderr)
    return {"what": how, "times": len(outcomes), "numbers": [o.number for o in outcomes[:3]], "file": outcomes[0].file}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutations", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sample", type=int, default=0, help="Refusals to print on stderr, to be read by a person.")
    given = parser.parse_args()
    print(json.dumps(fuzz(given.mutations, given.seed, given.sample), ensure_ascii=False))
