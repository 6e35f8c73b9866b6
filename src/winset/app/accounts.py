"""People with accounts: names, roles, sessions and tries, and a record of who did what, in one SQLite file."""

from __future__ import annotations

import contextlib
import hashlib
import re
import secrets
import sqlite3
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from winset.app.bases import open_base
from winset.errors import UsageError, suggest

ACCOUNTS = "accounts.sqlite"
"""Name of the file."""
READ, EDIT, OWN = "read", "edit", "own"
ROLES = {
    READ: "looks at studies and answers, not at the words of speakers; changes nothing",
    EDIT: "changes studies, asks for answers, reads the words of speakers",
    OWN: "all that, and accounts",
}
NAME = re.compile(r"^[^\W_][\w.@+-]{0,39}$")
SHORTEST, LONGEST = 12, 200
"""Characters of a password: long ones are hard to guess, and what hashes endless ones can be tired out."""
TRIES, TRIES_OF_PLACE, LOCKED = 5, 30, 15 * 60
"""Wrong passwords for a name, and from one address, until nothing is tried for so many seconds."""
IDLE, LONGEST_SESSION = 12 * 3600, 7 * 24 * 3600
"""Seconds after which who does nothing, and who entered so long ago, must enter again."""
MOST_DONE = 100_000
"""Lines of the record; the oldest go."""
TABLES = """
create table if not exists people (name text primary key, hash text not null, role text not null, since real not null);
create table if not exists sessions (token text primary key, name text not null, began real not null, used real not null);
create table if not exists tries (name text not null, place text not null, at real not null);
create table if not exists done (at real not null, name text not null, place text not null, what text not null);
"""


@dataclass(frozen=True)
class User:
    """Who asks.

    Parameters
    ----------
    name
        Empty for whoever sits at this machine and opened the address that the terminal printed.
    form
        Key of the forms of this user's pages.
    """

    name: str
    role: str
    form: str

    @property
    def edits(self) -> bool:
        """Whether this user may change studies, and read the words of speakers."""
        return self.role in {EDIT, OWN}

    @property
    def owns(self) -> bool:
        """Whether this user may change accounts."""
        return self.role == OWN


@dataclass(frozen=True)
class Done:
    """One line of the record."""

    when: str
    name: str
    place: str
    what: str


class NotAllowedError(UsageError):
    """Who asks may not do that."""


class Accounts:
    """Accounts of a workspace.

    Parameters
    ----------
    file
        Made where there is none.

    Raises
    ------
    UsageError
        If the file is no such file.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        file.parent.mkdir(parents=True, exist_ok=True)
        self._hasher = PasswordHasher()  # RFC 9106, low memory
        self._hashing = threading.Semaphore(2)  # a hash takes 64 MiB, and anybody may ask for one
        self._nobody = self._hasher.hash(secrets.token_urlsafe(16))
        try:
            with self._open() as base:
                base.execute("pragma journal_mode = wal")
                base.executescript(TABLES)
        except sqlite3.DatabaseError as error:
            raise UsageError(
                f"{file} is damaged or cannot be used ({error}); bring a backup back, or move it away and make accounts anew"
            ) from None
        file.chmod(0o600)

    def listed(self) -> list[tuple[str, str]]:
        """Names and roles."""
        with self._open() as base:
            return base.execute("select name, role from people order by lower(name)").fetchall()

    def add(self, name: str, password: str, role: str = READ) -> None:
        """A new account, or another password and role of one that there is; its sessions end.

        Raises
        ------
        UsageError
            If the name, password or role will not do, or nobody would own the workspace.
        """
        name = name.strip().lower()
        if not NAME.match(name):
            raise UsageError("a name has up to 40 letters, digits and . @ + - _, and begins with a letter or digit")
        if role not in ROLES:
            raise UsageError(f"no role is called `{role}`{suggest(role, ROLES)}")
        if not SHORTEST <= len(password) <= LONGEST:
            raise UsageError(
                f"a password has {SHORTEST} to {LONGEST} characters; a few words in a row are easy to keep"
            )
        if role != OWN:
            self._keep_an_owner(name)
        with self._open() as base:
            base.execute(
                "insert into people values (?, ?, ?, ?) on conflict (name) do update set hash = excluded.hash, "
                "role = excluded.role",
                (name, self._hasher.hash(password), role, time.time()),
            )
            base.execute("delete from sessions where name = ?", (name,))
            base.execute("delete from tries")  # who makes accounts lets people in again

    def remove(self, name: str) -> None:
        """Close an account.

        Raises
        ------
        UsageError
            If there is none of that name, or nobody would own the workspace.
        """
        name, names = name.strip().lower(), [n for n, _ in self.listed()]
        if name not in names:
            raise UsageError(f"nobody is called `{name}` here{suggest(name, names)}")
        self._keep_an_owner(name)
        with self._open() as base:
            base.execute("delete from people where name = ?", (name,))
            base.execute("delete from sessions where name = ?", (name,))

    def _keep_an_owner(self, name: str) -> None:
        owners = [n for n, role in self.listed() if role == OWN]
        if owners == [name]:
            raise UsageError(f"{name} is the only owner; make somebody else one first")

    def enter(self, name: str, password: str, place: str) -> str:
        """A session's secret for whoever knows the password.

        Parameters
        ----------
        place
            Address that it is asked from.

        Raises
        ------
        UsageError
            If name or password is wrong, or too many were tried.
        """
        now, name = time.time(), name.strip().lower()
        with self._open() as base:
            base.execute("delete from tries where abs(at - ?) > ?", (now, LOCKED))
            own = base.execute("select count(*) from tries where name = ?", (name,)).fetchone()[0]
            near = base.execute("select count(*) from tries where place = ?", (place,)).fetchone()[0]
            row = base.execute("select hash from people where name = ?", (name,)).fetchone()
        if own >= TRIES or near >= TRIES_OF_PLACE:
            raise UsageError(f"too many wrong passwords; wait {LOCKED // 60} minutes")
        if not self._fits(row[0] if row else self._nobody, password) or row is None:
            with self._open() as base:
                base.execute("insert into tries values (?, ?, ?)", (name, place, now))
            self.note(name, place, "a wrong password")
            raise UsageError("name or password is wrong")
        token = secrets.token_urlsafe(32)
        with self._open() as base:
            if self._hasher.check_needs_rehash(row[0]):
                base.execute("update people set hash = ? where name = ?", (self._hasher.hash(password), name))
            base.execute("delete from tries where name = ?", (name,))
            base.execute("delete from sessions where used < ? or began < ?", (now - IDLE, now - LONGEST_SESSION))
            base.execute("insert into sessions values (?, ?, ?, ?)", (_digest(token), name, now, now))
        self.note(name, place, "entered")
        return token

    def _fits(self, kept: str, password: str) -> bool:
        with self._hashing, contextlib.suppress(VerificationError):
            return self._hasher.verify(kept, password[:LONGEST])
        return False

    def whose(self, token: str) -> User | None:
        """Whose session it is; None if it is nobody's any more."""
        now, held = time.time(), _digest(token)
        with self._open() as base:
            row = base.execute(
                "select name, role, began, used from sessions join people using (name) where token = ?", (held,)
            ).fetchone()
            if row is None or now - row[3] > IDLE or now - row[2] > LONGEST_SESSION:
                return None
            if now - row[3] > 60:
                base.execute("update sessions set used = ? where token = ?", (now, held))
        return User(row[0], row[1], _digest(f"form {token}"))

    def leave(self, token: str) -> None:
        """End a session."""
        with self._open() as base:
            base.execute("delete from sessions where token = ?", (_digest(token),))

    def note(self, name: str, place: str, what: str) -> None:
        """Keep who did what."""
        with self._open() as base:
            base.execute("insert into done values (?, ?, ?, ?)", (time.time(), name[:40], place, what[:300]))
            base.execute("delete from done where rowid <= (select max(rowid) from done) - ?", (MOST_DONE,))

    def forget(self) -> None:
        """End all sessions, and forget wrong passwords: the file lies elsewhere now."""
        with self._open() as base:
            base.execute("delete from sessions")
            base.execute("delete from tries")

    def noted(self, most: int = 500) -> list[Done]:
        """The record, the latest first."""
        with self._open() as base:
            rows = base.execute("select * from done order by at desc, rowid desc limit ?", (most,)).fetchall()
        return [Done(time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(at)), *rest) for at, *rest in rows]

    def _open(self) -> contextlib.AbstractContextManager[sqlite3.Connection]:
        return open_base(self.file)


def _digest(token: str) -> str:
    """What is kept of a secret: who reads the file cannot enter with it."""
    return hashlib.sha256(token.encode()).hexdigest()
