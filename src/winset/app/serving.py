"""The server: routes put together, and started on this machine alone."""

from __future__ import annotations

import contextlib
import secrets
import socket
import threading
import webbrowser
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.responses import Response

from winset.app import answers, articles, pages, studies
from winset.app.guard import Guard
from winset.app.jobs import Jobs
from winset.app.opened import Shelf
from winset.app.workspace import HIDDEN, Workspace
from winset.errors import UsageError, WinsetError

LOOPBACK = "127.0.0.1"
HERE = Path(__file__).parent


def create_app(workspace: Workspace, guard: Guard) -> FastAPI:
    """The app of a workspace.

    Parameters
    ----------
    guard
        Who may ask.
    """
    shelf = Shelf()
    jobs = Jobs(workspace, finished=lambda run: _warm(shelf, workspace.run(run)))

    @contextlib.asynccontextmanager
    async def live(_: FastAPI) -> AsyncIterator[None]:
        jobs.start()
        yield
        jobs.stop()

    app = FastAPI(title="winset", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json", lifespan=live)
    app.state.workspace, app.state.guard, app.state.shelf, app.state.jobs = workspace, guard, shelf, jobs
    app.middleware("http")(guard)
    app.mount("/static", StaticFiles(directory=HERE / "static"))
    for routes in (pages.routes, studies.routes, articles.routes, answers.routes):
        app.include_router(routes)
    app.add_exception_handler(WinsetError, _say)  # pyright: ignore[reportArgumentType]
    return app


def _say(request: Request, error: WinsetError) -> Response:
    """A mistake of a user is a sentence."""
    if request.url.path.startswith("/api/") or "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"error": str(error)}, status_code=422)
    back = urlsplit(request.headers.get("referer", "")).path or "/"
    return pages.show(request, "mistake.html", status=422, said=str(error), back=back)


def _warm(shelf: Shelf, folder: Path) -> None:
    """Open a run as soon as it is made, so that whoever waits for it need not wait again."""
    with contextlib.suppress(WinsetError, OSError):
        shelf.open(folder)


def serve(
    folder: Path,
    *,
    port: int = 0,
    browser: bool = True,
    say: Callable[[str], Any] = print,
    ready: threading.Event | None = None,
) -> None:
    """Serve a workspace on this machine until Ctrl-C.

    Parameters
    ----------
    port
        0 for one that is free.

    Raises
    ------
    UsageError
        If the folder cannot be used, or the port is taken.
    """
    import uvicorn

    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file; name a folder for your studies")
    try:
        (folder / HIDDEN).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{folder} cannot be used ({error.strerror or error}); name a folder that you may write to"
        ) from error
    listening = _listen(port)
    own = listening.getsockname()[1]
    guard = Guard(frozenset({f"{LOOPBACK}:{own}", f"localhost:{own}"}), token=secrets.token_urlsafe(24))
    address = f"http://{LOOPBACK}:{own}/?token={guard.token}"
    say(f"winset serves {folder.resolve()} on this machine only; open\n  {address}\nCtrl-C ends it; nothing is lost.")
    if browser:
        threading.Timer(0.6, lambda: webbrowser.open(address)).start()
    app = create_app(Workspace(folder.resolve()), guard)
    uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=3)).run(sockets=[listening])


def _listen(port: int) -> socket.socket:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((LOOPBACK, port))
        listening.listen()  # whoever opens the address at once waits, and is not turned away
    except (OSError, OverflowError) as error:
        raise UsageError(f"port {port} cannot be used ({error}); leave --port out, or name another one") from None
    return listening
