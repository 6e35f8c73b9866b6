"""Who may ask: whoever opened the address that the terminal printed, from this machine, with pages of this app."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

COOKIE = "winset"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
    "frame-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
BRIEF = "sandbox allow-scripts allow-downloads allow-popups; frame-ancestors 'none'"
"""A brief has a policy of its own in its text; here it also loses the app's address, cookies and answers."""
LARGEST = 40 * 2**20
"""Bytes of a request."""


@dataclass(frozen=True)
class Guard:
    """Keys of one start of the server.

    Parameters
    ----------
    hosts
        Names under which the server may be asked, with the port: anything else is a page that rebinds names (DNS rebinding).
    """

    hosts: frozenset[str]
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    session: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    form: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    async def __call__(self, request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        """Let a request through, or say why not."""
        refused = self._refuse(request)
        if refused is not None:
            return _dress(refused, request)
        given = request.query_params.get("token", "")
        if given and hmac.compare_digest(given, self.token):
            answer: Response = RedirectResponse(request.url.path, status_code=303)
            answer.set_cookie(COOKIE, self.session, httponly=True, samesite="strict")
            return _dress(answer, request)
        if not hmac.compare_digest(request.cookies.get(COOKIE, ""), self.session):
            said = "Open the address that `winset serve` printed: it holds a key, so that nobody else on this machine gets in."
            return _dress(PlainTextResponse(said, status_code=403), request)
        return _dress(await call_next(request), request)

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

    def check_form(self, given: str) -> bool:
        """Whether a form or a script is of a page of ours."""
        return hmac.compare_digest(given.encode(), self.form.encode())


def _dress(answer: Response, request: Request) -> Response:
    """Headers that every answer wears."""
    brief = request.url.path.endswith("/brief.html")
    answer.headers["Content-Security-Policy"] = BRIEF if brief else POLICY
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if not request.url.path.startswith("/static/"):
        answer.headers["Cache-Control"] = "no-store"
    return answer
