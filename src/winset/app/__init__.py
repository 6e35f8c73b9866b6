"""The app: a case from the first table to the brief, in a browser, on one's own machine."""

from __future__ import annotations

from winset.app.serving import create_app, serve
from winset.app.workspace import Workspace

__all__ = ["Workspace", "create_app", "serve"]
