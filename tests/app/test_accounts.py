"""People with accounts: who enters, what each may see and do, and what is kept of it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from starlette.testclient import TestClient

from winset.app import Workspace, accounts_of, create_app, keep_backup, restore_backup
from winset.app import accounts as told
from winset.app.accounts import EDIT, OWN, READ, Accounts, User
from winset.app.guard import Guard
from winset.app.people import in_words
from winset.cli.commands import invoke
from winset.errors import UsageError

HOST = "cases.example.org"
WORDS = "four words in a row"


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that cost little, since dozens are made here."""
    monkeypatch.setattr(told, "PasswordHasher", lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def accounts(place: Workspace) -> Accounts:
    known = accounts_of(place.folder)
    for name, role in (("olena", OWN), ("ed", EDIT), ("rita", READ)):
        known.add(name, WORDS, role)
    return known


@pytest.fixture
def door(place: Workspace, accounts: Accounts) -> Iterator[TestClient]:
    """A browser at the door of a server that others reach."""
    app = create_app(place, Guard(frozenset({HOST}), accounts, secure=True))
    with TestClient(app, base_url=f"https://{HOST}", follow_redirects=False) as client:
        yield client


def enter(door: TestClient, name: str, password: str = WORDS) -> str:
    """Enter; the key of this user's forms, or nothing."""
    answer = door.post("/enter", data={"name": name, "password": password})
    return door.get("/").text.partition('data-form="')[2].partition('"')[0] if answer.status_code == 303 else ""


@pytest.fixture
def study(door: TestClient) -> str:
    form = enter(door, "ed")
    return door.post("/new", data={"form": form, "name": "River", "sides": "2"}).headers["location"].rpartition("/")[2]


def test_nobody_sees_anything_before_the_door(door: TestClient) -> None:
    answer = door.get("/studies/River.xlsx")
    assert (answer.status_code, answer.headers["location"]) == (303, "/enter?to=/studies/River.xlsx")
    assert door.get("/api/runs").status_code == 401
    assert door.post("/new", data={"form": "x", "name": "y"}).status_code == 401
    assert door.get("/enter").status_code == 200


def test_a_wrong_password_and_an_unknown_name_say_the_same(door: TestClient) -> None:
    said = [door.post("/enter", data={"name": n, "password": "not the words"}) for n in ("ed", "nobody")]
    assert [s.status_code for s in said] == [403, 403]
    assert all("name or password is wrong" in s.text for s in said)


def test_too_many_tries_lock_a_name_for_a_while(door: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(told.TRIES):
        door.post("/enter", data={"name": "ed", "password": "not the words"})
    assert "too many wrong passwords" in door.post("/enter", data={"name": "ed", "password": WORDS}).text
    assert enter(door, "olena")
    later = told.time.time() + told.LOCKED + 1
    monkeypatch.setattr(told.time, "time", lambda: later)
    assert enter(door, "ed")


def test_the_cookie_is_for_this_host_by_tls_alone(door: TestClient) -> None:
    cookie = door.post("/enter", data={"name": "ed", "password": WORDS}).headers["set-cookie"]
    assert cookie.startswith("__Host-winset=")
    assert all(x in cookie.lower() for x in ("httponly", "samesite=strict", "secure", "path=/"))
    assert "max-age" in door.get("/enter").headers["strict-transport-security"]


@pytest.mark.parametrize("to", ["https://evil.example", "//evil.example", "/\\evil.example", ""])
def test_the_door_leads_nowhere_else(door: TestClient, to: str) -> None:
    answer = door.post("/enter", data={"name": "ed", "password": WORDS, "to": to})
    assert answer.headers["location"] == "/"


def test_a_link_of_another_site_leads_in_at_the_second_step(door: TestClient) -> None:
    answer = door.get("/runs/x", headers={"sec-fetch-site": "cross-site"})
    assert 'http-equiv="refresh"' in answer.text


def test_a_reader_looks_and_changes_nothing(door: TestClient, study: str) -> None:
    form = enter(door, "rita")
    page = door.get(f"/studies/{study}").text
    assert "Interviews</button>" not in page
    assert "Download the workbook" not in page
    assert 'class="reads"' in page
    assert door.get(f"/studies/{study}/sheets/Terms").status_code == 200
    for path in (f"/studies/{study}/sheets/Interviews", f"/studies/{study}/sheets/My own", f"/studies/{study}/download",
                 f"/studies/{study}/articles/a", f"/pass-on?study={study}&voices=true", "/people"):  # fmt: skip
        assert door.get(path).status_code == 403, path
    for path in (f"/studies/{study}/archive", f"/studies/{study}/fit", f"/studies/{study}/duplicate", "/new"):
        assert door.post(path, data={"form": form, "name": "mine"}).status_code == 403, path
    cells = {"form": form, "tag": "", "cells": {"B2": "x"}}
    assert door.post(f"/studies/{study}/sheets/Start", json=cells).status_code == 403
    assert door.post("/people", data={"form": form, "name": "rita", "role": OWN, "password": WORDS}).status_code == 403


def every_get(app: FastAPI) -> list[str]:
    return sorted(path for path, ways in app.openapi()["paths"].items() if "get" in ways)


def test_no_page_shows_a_reader_what_somebody_said(door: TestClient, study: str, place: Workspace) -> None:
    """Every address that answers to GET is asked, so that one added later is asked as well."""
    said = "we buried three of ours by the weir"
    form = enter(door, "ed")
    seen = door.get(f"/studies/{study}/sheets/Interviews").json()
    head = next(n for n, row in enumerate(seen["rows"], 1) if any("Note" in str(c) for c in row))
    column = chr(ord("A") + next(i for i, c in enumerate(seen["rows"][head - 1]) if "Note" in str(c)))
    cell = f"{column}{head + 1}"
    cells = {"form": form, "tag": seen["tag"], "before": {}, "cells": {cell: said}}
    before = seen["rows"][head][ord(column) - ord("A")] if len(seen["rows"]) > head else ""
    cells["before"] = {cell: before}
    assert door.post(f"/studies/{study}/sheets/Interviews", json=cells).status_code == 200
    assert said in door.get(f"/studies/{study}/sheets/Interviews").text
    enter(door, "rita")
    asked = 0
    for path in every_get(cast(FastAPI, door.app)):
        address = (
            path.replace("{name}", study)
            .replace("{article}", "a")
            .replace("{file}", "a.sav")
            .replace("{number}", "1")
            .replace("{kind}", "hangs")
        )
        for sheet in seen and ("Interviews", "Start", "People"):
            answer = door.get(address.replace("{sheet}", sheet), follow_redirects=True)
            assert said not in answer.text, address
            assert answer.status_code < 500, address
            asked += 1
    assert asked > 40
    assert place.folder.is_dir()


def test_a_form_of_one_user_is_not_good_for_another(door: TestClient) -> None:
    theirs = enter(door, "olena")
    enter(door, "ed")
    assert "load the page again" in door.post("/new", data={"form": theirs, "name": "River"}).text


def test_a_version_says_who_made_it(door: TestClient, study: str, place: Workspace) -> None:
    form = enter(door, "ed")
    door.post(f"/studies/{study}/sheets", data={"form": form, "sheet": "Votes"})
    assert place.versions(study)[0].who == "ed"
    assert "(ed)" in door.get(f"/studies/{study}").text


def test_an_owner_adds_a_reader_and_sees_who_did_what(door: TestClient, accounts: Accounts) -> None:
    form = enter(door, "olena")
    answer = door.post("/people", data={"form": form, "name": "newcomer", "role": READ, "password": WORDS})
    assert answer.status_code == 303
    assert ("newcomer", READ) in accounts.listed()
    page = door.get("/people").text
    assert "made or changed an account" in page
    assert "POST" not in page.partition("Who did what")[2]
    assert WORDS not in page
    door.post("/people/remove", data={"form": form, "name": "newcomer"})
    assert not enter(door, "newcomer")


def test_who_leaves_or_loses_the_account_is_out(door: TestClient, accounts: Accounts) -> None:
    form = enter(door, "ed")
    door.post("/leave", data={"form": form})
    assert door.get("/").status_code == 303
    enter(door, "ed")
    accounts.add("ed", "other words in a row", EDIT)
    assert door.get("/").status_code == 303


def test_sessions_end_by_themselves(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    session = accounts.enter("ed", WORDS, "here")
    assert isinstance(accounts.whose(session), User)
    later = told.time.time() + told.IDLE + 1
    monkeypatch.setattr(told.time, "time", lambda: later)
    assert accounts.whose(session) is None


def test_nothing_in_the_file_lets_anybody_in(accounts: Accounts) -> None:
    session = accounts.enter("ed", WORDS, "here")
    content = b"".join(p.read_bytes() for p in accounts.file.parent.glob("accounts.sqlite*"))
    assert session.encode() not in content
    assert WORDS.encode() not in content
    assert b"$argon2id$" in content
    assert accounts.file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("name", "password", "role", "said"),
    [("ed", "short", EDIT, "12 to 200"), ("<b>", WORDS, EDIT, "letters"), ("ed", WORDS, "owner", "did you mean `own`"),
     ("olena", WORDS, READ, "only owner")],
)  # fmt: skip
def test_what_will_not_do_is_said(accounts: Accounts, name: str, password: str, role: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        accounts.add(name, password, role)


def test_the_last_owner_stays(accounts: Accounts) -> None:
    with pytest.raises(UsageError, match="only owner"):
        accounts.remove("olena")


def test_others_reach_no_server_without_accounts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["--host", "0.0.0.0"], ["--public", "https://cases.example.org"]):
        assert invoke(["serve", str(tmp_path / "cases"), "--no-browser", *words]) == 2
        assert "--add-user NAME --role own" in capsys.readouterr().err


def test_addresses_that_are_none_are_refused(
    place: Workspace, accounts: Accounts, capsys: pytest.CaptureFixture[str]
) -> None:
    assert accounts.listed()
    for words in (["--host", "0.0.0.0"], ["--public", "cases.example.org"], ["--public", "https://a.example/path"]):
        assert invoke(["serve", str(place.folder), "--no-browser", *words]) == 2
        assert "https://cases.example.org" in capsys.readouterr().err


def test_accounts_are_made_from_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path / "cases")
    monkeypatch.setattr("sys.stdin", __import__("io").StringIO(f"{WORDS}\n"))
    assert invoke(["serve", folder, "--add-user", "olena", "--role", "own"]) == 0
    assert invoke(["serve", folder, "--users"]) == 0
    assert "olena: own" in capsys.readouterr().out
    assert invoke(["serve", folder, "--remove-user", "olna"]) == 2
    assert "did you mean `olena`" in capsys.readouterr().err


def test_a_backup_comes_back_whole(door: TestClient, study: str, place: Workspace, tmp_path: Path) -> None:
    kept = tmp_path / "kept.zip"
    assert keep_backup(place.folder, kept) > 2
    assert kept.stat().st_mode & 0o077 == 0
    again = tmp_path / "again"
    restore_backup(kept, again)
    assert (again / study).read_bytes() == (place.folder / study).read_bytes()
    assert ("ed", EDIT) in accounts_of(again).listed()
    with sqlite3.connect(again / ".winset" / "accounts.sqlite") as base:
        assert base.execute("pragma integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04nonsense", None])
def test_what_is_no_backup_brings_nothing_back(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "x.zip"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(UsageError, match="nothing was brought back"):
        restore_backup(file, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_a_backup_goes_nowhere_it_should_not(place: Workspace, tmp_path: Path) -> None:
    (place.folder / ".winset").mkdir(exist_ok=True)
    with pytest.raises(UsageError, match="elsewhere"):
        keep_backup(place.folder, place.folder / "kept.zip")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("x")
    keep_backup(place.folder, tmp_path / "kept.zip")
    with pytest.raises(UsageError, match="not empty"):
        restore_backup(tmp_path / "kept.zip", tmp_path / "full")


def test_every_change_has_words_in_the_record(door: TestClient) -> None:
    paths = [
        path for path, ways in cast(FastAPI, door.app).openapi()["paths"].items() if "post" in ways and path != "/enter"
    ]
    for path in paths:
        said = in_words(f"POST {path.replace('{number}', '1')}: 303")
        assert not said.startswith(("POST", "/")), path
    assert in_words("POST /studies/a.xlsx/fit: 403") == "asked for an answer to a.xlsx: refused"


def test_names_have_no_capitals(door: TestClient, accounts: Accounts) -> None:
    accounts.add("Rita", WORDS, READ)
    assert [n for n, _ in accounts.listed()].count("rita") == 1
    assert enter(door, "RITA")


def test_a_link_keeps_what_it_asks_for(door: TestClient) -> None:
    assert door.get("/runs/x/talks?scenario=a&story=5").headers["location"].endswith("talks%3Fscenario%3Da%26story%3D5")
    pressed = door.post("/new", data={"name": "x"}, headers={"accept": "text/html"})
    assert (pressed.status_code, pressed.headers["location"]) == (303, "/enter?to=/")


def test_nobody_shuts_the_door_on_themselves(door: TestClient, accounts: Accounts) -> None:
    accounts.add("other", WORDS, OWN)
    form = enter(door, "olena")
    answer = door.post("/people", data={"form": form, "name": "Olena", "role": READ, "password": WORDS})
    assert "somebody else" in answer.text
    assert ("olena", OWN) in accounts.listed()


def test_the_record_keeps_who_read_words(door: TestClient, study: str, accounts: Accounts) -> None:
    enter(door, "ed")
    door.get(f"/studies/{study}/sheets/Interviews")
    assert "sheets/Interviews: 200" in accounts.noted()[0].what


def test_a_backup_brings_no_session_and_no_wait_back(door: TestClient, place: Workspace, tmp_path: Path) -> None:
    enter(door, "ed")
    for _ in range(told.TRIES):
        door.post("/enter", data={"name": "rita", "password": "not the words"})
    run = place.folder / "runs" / "a" / "findings.json"
    run.parent.mkdir(parents=True)
    run.write_text("[]")
    os.utime(run, (10**9, 10**9))
    keep_backup(place.folder, tmp_path / "kept.zip")
    restore_backup(tmp_path / "kept.zip", tmp_path / "again")
    again = accounts_of(tmp_path / "again")
    assert again.whose(door.cookies["__Host-winset"]) is None
    assert again.enter("rita", WORDS, "here")
    assert abs((tmp_path / "again" / "runs" / "a" / "findings.json").stat().st_mtime - 10**9) <= 2


def test_a_damaged_or_missing_file_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["serve", str(tmp_path / "caes"), "--users"]) == 2
    assert not (tmp_path / "caes").exists()
    (tmp_path / ".winset").mkdir()
    (tmp_path / ".winset" / "accounts.sqlite").write_bytes(b"no database, whatever it is called" * 9)
    assert invoke(["serve", str(tmp_path), "--users"]) == 2
    assert "is damaged" in capsys.readouterr().err
