"""The server: routes put together, and started on this machine alone."""

from __future__ import annotations

import contextlib
import secrets
import socket
import threading
import webbrowser
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.exception_handlers import http_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.responses import Response

from winset.app import answers, articles, asking, evidence, files, pages, people, studies, talks
from winset.app.accounts import ACCOUNTS, OWN, Accounts, NotAllowedError
from winset.app.guard import Guard
from winset.app.hands import Hands
from winset.app.jobs import Jobs
from winset.app.looked import Looked
from winset.app.looking import settle
from winset.app.opened import Shelf
from winset.app.workspace import HIDDEN, Workspace
from winset.errors import NotHereError, UsageError, WinsetError
from winset.room.scoring import cores

LOOPBACK = "127.0.0.1"
EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 -- refused without accounts
"""Addresses that mean every one of this machine's."""
PORT = 8400
"""Where people have accounts, so that a proxy finds it."""
HERE = Path(__file__).parent


def create_app(workspace: Workspace, guard: Guard) -> FastAPI:
    """The app of a workspace.

    Parameters
    ----------
    guard
        Who may ask.
    """
    shelf, hands = Shelf(), Hands(cores() if guard.accounts else 0)
    jobs = Jobs(workspace, finished=lambda run: _warm(shelf, workspace.run(run)))

    @contextlib.asynccontextmanager
    async def live(_: FastAPI) -> AsyncIterator[None]:
        jobs.start()
        yield
        jobs.stop()
        hands.stop()

    app = FastAPI(title="winset", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json", lifespan=live)
    app.state.workspace, app.state.guard, app.state.shelf, app.state.jobs = workspace, guard, shelf, jobs
    app.state.looked = Looked(workspace, hands=hands)
    app.middleware("http")(guard)
    app.mount("/static", StaticFiles(directory=HERE / "static"))
    for rooms in (pages, asking, evidence, studies, articles, files, people, talks, answers):
        app.include_router(rooms.routes)
    app.add_exception_handler(WinsetError, _say)  # pyright: ignore[reportArgumentType]
    app.add_exception_handler(RequestValidationError, _say_field)  # pyright: ignore[reportArgumentType]
    app.add_exception_handler(Exception, _say_broken)
    app.add_exception_handler(HTTPException, _say_nothing)  # pyright: ignore[reportArgumentType]
    return app


async def _say_nothing(request: Request, error: HTTPException) -> Response:
    """An address where nothing is, as a page; what leads elsewhere leads there."""
    if error.status_code not in (404, 405):
        return await http_exception_handler(request, error)
    return _say(request, NotHereError("there is no page at this address; the first page leads to all that is here"))


def _say_broken(request: Request, error: Exception) -> Response:
    """A mistake of ours: nothing of it is told but where to look; the terminal has the rest."""
    said = "something went wrong here that should not have; the terminal in which the server runs tells what it was"
    return _say(request, WinsetError(said), status=500)


SECRET = ("pass", "key", "secret", "form", "token")
"""Parts of the names of fields that no page repeats."""


def _say_field(request: Request, error: RequestValidationError) -> Response:
    """What an address or a form says that cannot be: which field, what stands there and what may."""
    found = []
    for m in error.errors():
        name, why = str(m["loc"][-1]), f"{m['msg'][:1].lower()}{m['msg'][1:]}"
        given = "" if any(s in name for s in SECRET) else f" is `{str(m.get('input'))[:60]}`"
        found.append(f"`{name}`{given}: {why}")
    return _say(request, UsageError("; ".join(dict.fromkeys(found))))


def _say(request: Request, error: WinsetError, status: int = 0) -> Response:
    """A mistake of a user is a sentence."""
    status = status or (403 if isinstance(error, NotAllowedError) else 404 if isinstance(error, NotHereError) else 422)
    if request.url.path.startswith("/api/") or "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"error": str(error)}, status_code=status)
    came = urlsplit(request.headers.get("referer", ""))
    back = f"{came.path or '/'}{'?' + came.query if came.query else ''}"
    return pages.show(request, "mistake.html", status=status, said=str(error), back=back)


def _warm(shelf: Shelf, folder: Path) -> None:
    """Open a run as soon as it is made, so that whoever waits for it need not wait again."""
    with contextlib.suppress(WinsetError, OSError):
        shelf.open(folder)


def serve(
    folder: Path,
    *,
    port: int = 0,
    browser: bool = True,
    host: str = LOOPBACK,
    public: Sequence[str] = (),
    say: Callable[[str], Any] = print,
) -> None:
    """Serve a workspace until Ctrl-C: to this machine alone, or to people with accounts.

    Parameters
    ----------
    port
        0 for one that is free; where people have accounts, for 8400.
    host
        Address to listen at; any but this machine's own asks for accounts.
    public
        Addresses under which browsers reach it, ``https://cases.example.org``, where a proxy stands before it.

    Raises
    ------
    UsageError
        If the folder cannot be used, the port is taken, or others could reach it and nobody has an account.
    """
    import uvicorn

    hold_workspace(folder)
    if host == LOOPBACK and not public:
        listening = _listen(host, port)
        own = listening.getsockname()[1]
        guard = Guard(frozenset({f"{LOOPBACK}:{own}", f"localhost:{own}"}), token=secrets.token_urlsafe(24))
        address = f"http://{LOOPBACK}:{own}/?token={guard.token}"
        said = f"on this machine only; open\n  {address}"
        if browser:
            threading.Timer(0.6, lambda: webbrowser.open(address)).start()
    else:
        guard, addresses = _guard_for_people(folder, host, port or PORT, public)
        listening = _listen(host, port or PORT)
        said = f"to people with accounts, at\n  {' and '.join(addresses)}"
        if not guard.secure:
            said += "\nPasswords travel readable without TLS: put a proxy before it (docs, Run a server)."
    say(f"winset serves {folder.resolve()} {said}\nCtrl-C ends it; nothing is lost.")
    app = create_app(Workspace(folder.resolve()), guard)
    settle()  # the address is open by now: who comes at once waits a second
    uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=3)).run(sockets=[listening])


def hold_workspace(folder: Path) -> None:
    """Make a workspace of a folder.

    Raises
    ------
    UsageError
        If it is a file, or may not be written to.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file; name a folder for your studies")
    try:
        (folder / HIDDEN).mkdir(parents=True, exist_ok=True)
        (folder / HIDDEN).chmod(0o700)
    except OSError as error:
        raise UsageError(
            f"{folder} cannot be used ({error.strerror or error}); name a folder that you may write to"
        ) from error


def accounts_of(folder: Path) -> Accounts:
    """Accounts of a workspace."""
    hold_workspace(folder)
    return Accounts(folder / HIDDEN / ACCOUNTS)


def _guard_for_people(folder: Path, host: str, port: int, public: Sequence[str]) -> tuple[Guard, list[str]]:
    """Who may ask a server that others reach, and its addresses."""
    known = accounts_of(folder)
    if OWN not in dict(known.listed()).values():
        raise UsageError(
            f"others could reach this server, and nobody has an account: make an owner first, with "
            f"`winset serve {folder} --add-user NAME --role own`"
        )
    if not public and host in EVERYWHERE:
        raise UsageError("say under which address browsers reach it: --public https://cases.example.org")
    addresses = list(public) or [f"http://{host}:{port}"]
    for address in addresses:
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.strip("/") or parts.query:
            raise UsageError(f"`{address}` is no address of a server; write https://cases.example.org")
    secure = all(urlsplit(a).scheme == "https" for a in addresses)
    return Guard(frozenset(urlsplit(a).netloc.lower() for a in addresses), known, secure), addresses


def _listen(host: str, port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()  # whoever opens the address at once waits, and is not turned away
    except (OSError, OverflowError) as error:
        raise UsageError(f"port {port} of {host} cannot be used ({error}); name another one with --port") from None
    return listening
