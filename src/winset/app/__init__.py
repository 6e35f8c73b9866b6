"""The app: a case from the first table to the brief, in a browser, alone or with people who have accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from winset.late import late

if TYPE_CHECKING:
    from winset.app.backups import keep_backup, restore_backup
    from winset.app.serving import accounts_of, create_app, serve
    from winset.app.workspace import Workspace

__getattr__ = late(
    __name__,
    {
        "backups": ("keep_backup", "restore_backup"),
        "serving": ("accounts_of", "create_app", "serve"),
        "workspace": ("Workspace",),
    },
)

__all__ = ["Workspace", "accounts_of", "create_app", "keep_backup", "restore_backup", "serve"]
