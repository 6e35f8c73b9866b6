"""The command that opens the app, to one person or to people with accounts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from winset.cli.output import forget_ctrl_c, out, say
from winset.errors import UsageError

if TYPE_CHECKING:
    from winset.app.accounts import Accounts

HERE = "the machine itself"
"""Where what is typed on a terminal is done, in the record."""


def serve(
    folder: Annotated[Path, typer.Argument(help="Folder for studies and runs; made where there is none.")] = Path(),
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port; 0 takes one that is free, with accounts 8400.")
    ] = 0,
    browser: Annotated[bool, typer.Option(help="Open the browser.")] = True,
    host: Annotated[
        str, typer.Option(help="Address to listen at; any but this machine's own asks for accounts.")
    ] = "127.0.0.1",
    public: Annotated[
        list[str] | None,
        typer.Option(help="Address that people type, https://cases.example.org, where a proxy stands before the app."),
    ] = None,
    add_user: Annotated[
        str | None,
        typer.Option(help="Make an account, or give one another role and password; asks for the password."),
    ] = None,
    role: Annotated[str, typer.Option(help="Role of that account: read, edit or own.")] = "read",
    remove_user: Annotated[str | None, typer.Option(help="Close an account.")] = None,
    users: Annotated[bool, typer.Option("--users", help="List accounts.")] = False,
    backup: Annotated[Path | None, typer.Option(help="Keep the whole folder in one .zip, while it is served.")] = None,
    restore: Annotated[Path | None, typer.Option(help="Bring such a .zip back, into an empty folder.")] = None,
) -> None:
    """Work in a browser: from a workbook to a brief, alone on this machine, or several with accounts."""
    try:
        from winset.app import accounts_of, keep_backup, restore_backup
        from winset.app import serve as serve_app
    except ImportError:
        raise UsageError("the app needs a little more; install it with `pip install 'winset[app]'`") from None
    forget_ctrl_c()
    if add_user is not None:
        known = accounts_of(folder)
        known.add(add_user, _ask_password(), role)
        known.note("", HERE, f"made or changed an account ({add_user}: {role})")
        out(f"{add_user} may enter, to {role}")
    elif remove_user is not None:
        known = _existing(folder)
        known.remove(remove_user)
        known.note("", HERE, f"closed an account ({remove_user})")
        out(f"the account of {remove_user} is closed")
    elif users:
        for name, may in _existing(folder).listed():
            out(f"{name}: {may}")
    elif backup is not None:
        out(f"{keep_backup(folder, backup)} files kept in {backup}")
    elif restore is not None:
        out(f"{restore_backup(restore, folder)} files brought back into {folder}")
    else:
        serve_app(folder, port=port, browser=browser, host=host, public=public or (), say=say)


def _existing(folder: Path) -> Accounts:
    """Accounts of a folder that is served already: a mistyped name makes no new one."""
    from winset.app import accounts_of

    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder that `winset serve` made")
    return accounts_of(folder)


def _ask_password() -> str:
    """Typed twice and not shown; or one line of what is piped in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    return typer.prompt("Password", hide_input=True, confirmation_prompt=True)
