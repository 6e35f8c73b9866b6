"""Write the reference pages that are made from code: ``python docs/generate.py``."""

from __future__ import annotations

import sys
from pathlib import Path

from winset.acceptance import PRIORS
from winset.cli.commands import app

REFERENCE = Path(__file__).parent / "reference"


def priors_page() -> str:
    """Every prior with its reason."""
    lines = [
        "# Priors",
        "",
        "Every prior of the model, from `winset priors`. `normal`: centre and scale; `half-normal`: scale;",
        "`log-normal`: median and log sd; `beta`: a and b; `uniform`: ends.",
        "",
        "| name | family | parameters | unit | what | reason |",
        "|---|---|---|---|---|---|",
    ]
    for p in PRIORS.values():
        numbers = f"{p.first:g}" if p.family == "half-normal" else f"{p.first:g}, {p.second:g}"
        lines.append(f"| `{p.name}` | {p.family} | {numbers} | {p.unit} | {p.what} | {p.reason} |")
    return "\n".join(lines) + "\n"


def commands_page() -> str:
    """Every command with its first sentence."""
    lines = [
        "# Commands",
        "",
        "`winset COMMAND --help` lists the options. Results go to stdout, progress to stderr; `--json` is for programs.",
        "Exit codes: 0 done, 1 a result you asked to fail on (`run --fail-if-unfit`), 2 a mistake to mend, 130 interrupted.",
        "`winset --install-completion` sets up tab completion.",
        "",
        "| command | what it does |",
        "|---|---|",
    ]
    for command in app.registered_commands:
        assert command.callback is not None
        said = (command.callback.__doc__ or "").strip().splitlines()[0]
        lines.append(f"| `winset {command.name or command.callback.__name__}` | {said} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (REFERENCE / "priors.md").write_text(priors_page())
    (REFERENCE / "commands.md").write_text(commands_page())
    sys.exit(0)
