"""Write the reference pages that are made from code: ``python docs/generate.py``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from winset.acceptance import PRIORS
from winset.cli.commands import app
from winset.cli.output import EVERYWHERE
from winset.study import json_schema
from winset.study.schema import FileName
from winset.talks import TALK_PRIORS

REFERENCE = Path(__file__).parent / "reference"
SCHEMAS = Path(__file__).parent.parent / "src" / "winset" / "studies" / "_schema"


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
    lines += ["", "## Talks", "", "Parameters of `winset simulate`; a mechanism is switched off with `--off`.", ""]
    lines += [
        "| name | mechanism | family | parameters | unit | what | source | basis |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for t in TALK_PRIORS.values():
        numbers = f"{t.first:g}" if t.family == "half-normal" else f"{t.first:g}, {t.second:g}"
        said = f"{t.unit} | {t.what} | {t.source} | {t.basis}"
        lines.append(f"| `{t.name}` | {t.mechanism} | {t.family} | {numbers} | {said} |")
    return "\n".join(lines) + "\n"


def commands_page() -> str:
    """Every command with its first sentence."""
    lines = [
        "# Commands",
        "",
        "`winset COMMAND --help` lists the options. Results go to stdout, progress to stderr; `--json` is for programs.",
        f"Every command takes {', '.join(f'`{o}` ({said})' for o, said in EVERYWHERE.items())}, at any place; mistakes and",
        "warnings are told all the same.",
        "Exit codes: 0 done, 1 a result you asked to fail on (`run --fail-if-unfit`), 2 a mistake to mend, 130 interrupted.",
        "`winset --install-completion` sets up tab completion.",
        "",
        "| command | what it does |",
        "|---|---|",
    ]
    lines += [f"| `winset {name}` | {said} |" for name, said in commands()]
    return "\n".join(lines) + "\n"


def commands() -> Iterator[tuple[str, str]]:
    """Every command, those of groups included, with its first sentence."""
    groups = [
        ("", app),
        *((f"{g.name or g.typer_instance.info.name} ", g.typer_instance) for g in app.registered_groups),
    ]
    for prefix, group in groups:
        for command in group.registered_commands:
            assert command.callback is not None
            said = (command.callback.__doc__ or "").strip().splitlines()[0]
            yield prefix + (command.name or command.callback.__name__.replace("_", "-")), said


def schemas() -> dict[Path, str]:
    """Text of every JSON Schema that ships with the package, by its path."""
    names: tuple[FileName, ...] = ("study", "questions", "instruments", "experiments", "codings", "talks")
    return {SCHEMAS / f"{n}.json": json.dumps(json_schema(n), indent=1) + "\n" for n in names}


if __name__ == "__main__":
    (REFERENCE / "priors.md").write_text(priors_page())
    (REFERENCE / "commands.md").write_text(commands_page())
    for path, text in schemas().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    sys.exit(0)
