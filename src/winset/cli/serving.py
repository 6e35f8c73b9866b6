"""The command that opens the app."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from winset.cli.output import forget_ctrl_c, say
from winset.errors import UsageError


def serve(
    folder: Annotated[Path, typer.Argument(help="Folder for studies and runs; made where there is none.")] = Path(),
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on this machine; 0 takes one that is free.")] = 0,
    browser: Annotated[bool, typer.Option(help="Open the browser.")] = True,
) -> None:
    """Work in a browser, on this machine alone: from a workbook to a brief."""
    try:
        from winset.app import serve as serve_app
    except ImportError:
        raise UsageError("the app needs a little more; install it with `pip install 'winset[app]'`") from None
    forget_ctrl_c()
    serve_app(folder, port=port, browser=browser, say=say)
