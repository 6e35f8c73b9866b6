"""Files that only whom they are meant for can open: age (age-encryption.org/v1), by its library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyrage

from winset.errors import UsageError

age: Any = pyrage
"""Its names are made in Rust, and no type checker sees them."""

SUFFIX = ".age"
HEADS = (b"age-encryption.org/v1", b"-----BEGIN AGE ENCRYPTED FILE-----")
BY_PASSPHRASE = b"-> scrypt"
SHORTEST = 12
"""Characters under which a passphrase is refused: a file on its way can be tried for years."""


def is_sealed(content: bytes) -> bool:
    """Whether a file is encrypted."""
    return content.startswith(HEADS)


def seal(content: bytes, *, passphrase: str | None = None, recipients: Sequence[str] = ()) -> bytes:
    """Encrypt to a passphrase, or to keys of recipients.

    Parameters
    ----------
    recipients
        Public keys, ``age1...`` or ``ssh-ed25519 ...``, or files with one a line.

    Raises
    ------
    UsageError
        If a key cannot be read, the passphrase is short, or both are given.
    """
    if passphrase is not None and recipients:
        raise UsageError("a file is sealed by a passphrase or to somebody's key, not both; leave one out")
    if passphrase is not None:
        check_passphrase(passphrase)
        return age.passphrase.encrypt(content, passphrase)
    return age.encrypt(content, [_recipient(line) for name in recipients for line in _lines(name)])


def check_passphrase(passphrase: str) -> None:
    """Refuse one that can be guessed.

    Raises
    ------
    UsageError
        If it is short.
    """
    if len(passphrase) < SHORTEST:
        raise UsageError(
            f"a passphrase has {SHORTEST} characters at least; four or five unrelated words are a good one"
        )


def check_key(line: str) -> str:
    """A public key that was written out, and no name of a file.

    Raises
    ------
    UsageError
        If it is none.
    """
    _recipient(line)
    return line


def unseal(content: bytes, *, passphrase: str | None = None, identities: Mapping[str, bytes] | None = None) -> bytes:
    """Decrypt with a passphrase, or with secret keys.

    Parameters
    ----------
    identities
        Files of secret keys by name.

    Raises
    ------
    UsageError
        If what is needed is missing or does not fit.
    """
    locked = BY_PASSPHRASE in content[:400]
    if locked and passphrase is None:
        raise UsageError("this file is sealed by a passphrase, which is missing (`winset unpack` asks by --passphrase)")
    if not locked and not identities:
        raise UsageError(
            "this file is sealed to somebody's key; the file with the secret key is missing (`winset unpack --identity key.txt`)"
        )
    try:
        if locked:
            return age.passphrase.decrypt(content, passphrase)
        return age.decrypt(content, [i for name, text in (identities or {}).items() for i in _identities(name, text)])
    except age.DecryptError as error:
        what = "passphrase" if locked else "secret key"
        raise UsageError(f"the {what} does not open this file, or the file was damaged on its way") from error


def _lines(name: str) -> list[str]:
    """Keys in a file, or the one that is written out."""
    if name.startswith(("age1", "ssh-")):
        return [name]
    try:
        text = Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"`{name}` is neither a public key (age1...) nor a file of them") from error
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _recipient(line: str) -> Any:
    try:
        if line.startswith("ssh-"):
            return age.ssh.Recipient.from_str(line)
        return age.x25519.Recipient.from_str(line)
    except age.RecipientError as error:
        raise UsageError(f"`{line[:20]}...` is no public key; one begins with age1 or ssh-ed25519") from error


def _identities(name: str, text: bytes) -> list[Any]:
    try:
        if text.startswith(b"-----BEGIN"):
            return [age.ssh.Identity.from_buffer(text)]
        keys = [line.strip() for line in text.decode().splitlines() if line.startswith("AGE-SECRET-KEY-")]
        found = [age.x25519.Identity.from_str(k) for k in keys]
    except (UnicodeDecodeError, age.IdentityError) as error:
        raise UsageError(f"{name} holds no secret key that can be read") from error
    if not found:
        raise UsageError(f"{name} holds no secret key; a line of one begins with AGE-SECRET-KEY-")
    return found
