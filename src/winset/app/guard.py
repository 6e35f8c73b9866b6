"""Who may ask: whoever opened the address that the terminal printed, or people with accounts; with pages of this app."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response

from winset.app.accounts import OWN, Accounts, User

COOKIE = "winset"
ENTRANCE = "/enter"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
    "frame-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
BRIEF = "sandbox allow-scripts allow-downloads allow-popups; frame-ancestors 'none'"
"""A brief has a policy of its own in its text; here it also loses the app's address, cookies and answers."""
LARGEST = 40 * 2**20
"""Bytes of a request."""
AGAIN = '<!DOCTYPE html><html lang="en"><title>winset</title><meta http-equiv="refresh" content="0">'
"""To whoever follows a link of another site: browsers keep a strict cookie to themselves then, and send it the next time."""


@dataclass(frozen=True)
class Guard:
    """Keys of one start of the server, or the accounts of its people.

    Parameters
    ----------
    hosts
        Names under which the server may be asked, with the port: anything else is a page that rebinds names (DNS rebinding).
    accounts
        Absent: only whoever opened the address with the token.
    secure
        Whether browsers reach it by TLS.
    """

    hosts: frozenset[str]
    accounts: Accounts | None = None
    secure: bool = False
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    session: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    form: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    async def __call__(self, request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        """Let a request through, or say why not."""
        refused = self._refuse(request)
        if refused is not None:
            return self._dress(refused, request)
        if self.accounts is not None:
            return self._dress(await self._as_somebody(request, call_next, self.accounts), request)
        given = request.query_params.get("token", "")
        if given and hmac.compare_digest(given, self.token):
            answer = RedirectResponse(request.url.path, status_code=303)
            self.hand_out(answer, self.session)
            return self._dress(answer, request)
        if not hmac.compare_digest(request.cookies.get(self.cookie, ""), self.session):
            said = "Open the address that `winset serve` printed: it holds a key, so that nobody else on this machine gets in."
            return self._dress(PlainTextResponse(said, status_code=403), request)
        request.state.user = User("", OWN, self.form)
        return self._dress(await call_next(request), request)

    async def _as_somebody(
        self, request: Request, call_next: Callable[[Request], Awaitable[Response]], accounts: Accounts
    ) -> Response:
        path, writes = request.url.path, request.method not in {"GET", "HEAD"}
        if path == ENTRANCE or path.startswith("/static/"):
            request.state.user = User("", "", "")
            return await call_next(request)
        user = await run_in_threadpool(accounts.whose, request.cookies.get(self.cookie, ""))
        if user is None:
            pressed = writes and "text/html" in request.headers.get("accept", "")
            if path.startswith("/api/") or (writes and not pressed):
                return JSONResponse({"error": f"you are no longer in; enter at {ENTRANCE}"}, status_code=401)
            if request.headers.get("sec-fetch-site") == "cross-site":
                return HTMLResponse(AGAIN)
            asked = "/" if pressed else f"{path}?{request.url.query}" if request.url.query else path
            return RedirectResponse(f"{ENTRANCE}?to={quote(asked)}", status_code=303)
        request.state.user = user
        answer = await call_next(request)
        if writes or getattr(request.state, "words", False):
            about = getattr(request.state, "about", "")
            what = f"{request.method} {path}: {answer.status_code} {about}".rstrip()
            await run_in_threadpool(accounts.note, user.name, place_of(request), what)
        return answer

    def _refuse(self, request: Request) -> Response | None:
        if request.headers.get("host", "") not in self.hosts:
            return PlainTextResponse("This server answers to its own address only.", status_code=421)
        if int(request.headers.get("content-length") or 0) > LARGEST:
            return PlainTextResponse(f"Larger than {LARGEST // 2**20} MiB.", status_code=413)
        if request.method in {"GET", "HEAD"}:
            return None
        origin = request.headers.get("origin")
        if origin is not None and urlsplit(origin).netloc not in self.hosts:
            return PlainTextResponse("Another site asked this.", status_code=403)
        return None

    @property
    def cookie(self) -> str:
        """Name of the cookie; with TLS one that no other name of the domain can set."""
        return f"__Host-{COOKIE}" if self.secure else COOKIE

    def hand_out(self, answer: Response, session: str) -> None:
        """Give a browser the secret of a session."""
        answer.set_cookie(self.cookie, session, httponly=True, samesite="strict", secure=self.secure)

    def _dress(self, answer: Response, request: Request) -> Response:
        """Headers that every answer wears."""
        brief = request.url.path.endswith("/brief.html")
        answer.headers["Content-Security-Policy"] = BRIEF if brief else POLICY
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Referrer-Policy"] = "same-origin"
        answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if self.secure:
            answer.headers["Strict-Transport-Security"] = "max-age=31536000"
        if not request.url.path.startswith("/static/"):
            answer.headers["Cache-Control"] = "no-store"
        return answer


def place_of(request: Request) -> str:
    """Address that a request came from."""
    return request.client.host if request.client else ""
