"""Commands that hand a case on: one file out of studies and runs, and back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from winset.cli.output import out, out_json, say
from winset.errors import UsageError

Passphrase = Annotated[bool, typer.Option("--passphrase", help="Seal by a passphrase, which is asked for.")]
PassphraseFile = Annotated[
    Path | None, typer.Option(help="File whose first line is the passphrase, where nobody is there to type it.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def pack(
    what: Annotated[list[Path], typer.Argument(help="Study folders, workbooks, run folders.")],
    to: Annotated[
        Path | None,
        typer.Option("--out", help="File to write; default the first name with .winset (sealed: .winset.age)."),
    ] = None,
    voices: Annotated[bool, typer.Option("--voices", help="Take along what single people said.")] = False,
    keys: Annotated[bool, typer.Option("--keys", help="Take along who is behind which pseudonym.")] = False,
    passphrase: Passphrase = False,
    passphrase_file: PassphraseFile = None,
    recipients: Annotated[
        list[str] | None,
        typer.Option(
            "--to", help="Seal to a public key, age1... or ssh-ed25519..., or a file of them; may be repeated."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Put studies and runs into one file to hand on; what it holds, and what stays at home, is said first."""
    from winset.runs.atomic import write_whole
    from winset.runs.packing import SUFFIX
    from winset.runs.packing import pack as pack_all
    from winset.runs.sealing import SUFFIX as SEALED
    from winset.runs.sealing import check_passphrase, seal

    word = _read_passphrase(passphrase_file, asked=passphrase, twice=True)
    if word is not None:
        check_passphrase(word)
    sealed = word is not None or bool(recipients)
    place = to or Path(f"{what[0].resolve().stem}{SUFFIX}{SEALED if sealed else ''}")
    if place.exists():
        raise UsageError(f"{place} is there already, and nothing is overwritten; name another: --out FILE")
    if not place.resolve().parent.is_dir():
        raise UsageError(f"there is no folder {place.parent}; make it first, or write to another: --out FILE")
    packed = pack_all(what, voices=voices, keys=keys)
    say(packed.sentence)
    if packed.stays:
        say("--voices takes along what people said, --keys who is behind the pseudonyms")
    content = seal(packed.content, passphrase=word, recipients=recipients or ()) if sealed else packed.content
    write_whole(place, content)
    if as_json:
        told = {"file": str(place), "bytes": len(content), "sealed": sealed}
        out_json(told | {"holds": list(packed.holds), "stays": list(packed.stays)})
        return
    how = "sealed" if sealed else "not sealed: whoever has the file can read it (--passphrase, --to)"
    out(f"{place}: {len(content) / 1e6:.1f} MB, {how}")
    key = " --passphrase" if word is not None else " --identity KEY-FILE" if sealed else ""
    say(f"whoever gets it: winset unpack {place.name}{key}")


def unpack(
    file: Annotated[Path, typer.Argument(help="File that `winset pack` wrote.")],
    into: Annotated[Path, typer.Option("--out", help="Folder into which its studies and runs go.")] = Path(),
    passphrase: Annotated[bool, typer.Option("--passphrase", help="It is sealed by a passphrase; ask for it.")] = False,
    passphrase_file: PassphraseFile = None,
    identity: Annotated[list[Path] | None, typer.Option(help="File with a secret key; may be repeated.")] = None,
    as_json: Json = False,
) -> None:
    """Unfold a file that was handed on; every part is checked, and nothing is overwritten."""
    from winset.runs.packing import unpack as unpack_all
    from winset.runs.sealing import is_sealed, unseal

    content = _read(file)
    if is_sealed(content):
        word = _read_passphrase(passphrase_file, asked=passphrase, twice=False)
        content = unseal(content, passphrase=word, identities={str(f): _read(f) for f in identity or ()})
    found = unpack_all(content, into)
    if as_json:
        out_json({"folders": [str(x.folder) for x in found], "holds": [x.says for x in found]})
        return
    for x in found:
        out(f"{x.folder}: {x.says}")
    say("every part is as it was packed")


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be read ({error.strerror or error})") from error


def _read_passphrase(file: Path | None, *, asked: bool, twice: bool) -> str | None:
    """The passphrase, from a file or typed."""
    if file is not None:
        try:
            return file.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{file} cannot be read ({getattr(error, 'strerror', error)})") from error
    if not asked:
        return None
    if not sys.stdin.isatty():
        raise UsageError("nobody is there to type a passphrase; add --passphrase-file FILE")
    return str(typer.prompt("Passphrase", hide_input=True, confirmation_prompt=twice))
