"""Who may ask, and what a page may do."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from winset.app import Workspace
from winset.app.guard import Guard


def test_nobody_enters_without_the_address_of_the_terminal(stranger: TestClient, guard: Guard) -> None:
    assert stranger.get("/").status_code == 403
    assert stranger.get("/", params={"token": "guess"}).status_code == 403
    entered = stranger.get("/", params={"token": guard.token})
    assert entered.status_code == 303
    assert entered.headers["location"] == "/"
    assert stranger.get("/").status_code == 200


def test_the_key_is_out_of_reach_of_scripts_and_of_other_sites(stranger: TestClient, guard: Guard) -> None:
    cookie = stranger.get("/", params={"token": guard.token}).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert guard.token.lower() not in cookie


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:9", "localhost.evil.example:8321", ""])
def test_a_name_that_was_bound_to_this_machine_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:9"])
def test_another_site_cannot_change_anything(client: TestClient, guard: Guard, origin: str) -> None:
    asked = {"form": guard.form, "name": "mine"}
    assert client.post("/new", data=asked, headers={"origin": origin}).status_code == 403
    assert client.get("/api/studies").json() == []


def test_a_form_without_its_key_changes_nothing(client: TestClient) -> None:
    answer = client.post("/new", data={"form": "guess", "name": "mine"})
    assert answer.status_code == 422
    assert "load the page again" in answer.text
    assert client.get("/api/studies").json() == []


OUTSIDE = (
    "/studies/..%2f..%2fetc%2fpasswd",
    "/studies/%2e%2e",
    "/runs/..%2fstudy",
    "/runs/../../etc",
    "/studies/.winset",
)


@pytest.mark.parametrize("path", [*OUTSIDE, "/component/..%2f__init__.py"])
def test_no_path_of_a_request_reaches_the_disk(client: TestClient, path: str) -> None:
    assert client.get(path).status_code in {404, 422}


def test_markup_in_a_name_stays_text(client: TestClient) -> None:
    answer = client.get("/studies/<script>alert(1)")
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/runs/valley/package?probability=abc", 422, "`probability` is `abc`: "),
        ("/runs/nothing", 404, "there is no finished run `nothing` here"),
        ("/studies/nothing", 404, "there is no study `nothing` here"),
    ],
)
def test_an_address_that_cannot_be_is_a_page_with_a_sentence(
    client: TestClient, path: str, status: int, said: str
) -> None:
    answer = client.get(path)
    assert (answer.status_code, said in answer.text) == (status, True)
    assert "<h1>" in answer.text
    assert client.get(path, headers={"accept": "application/json"}).json()["error"].startswith(said[:10])


def test_a_mistake_of_ours_is_a_page_that_leads_back(
    client: TestClient, place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Workspace) -> list[str]:
        raise ZeroDivisionError("a secret of ours")

    monkeypatch.setattr(Workspace, "studies", broken)
    outside = TestClient(client.app, base_url=client.base_url, cookies=client.cookies, raise_server_exceptions=False)
    page = outside.get("/", headers={"accept": "text/html"})
    assert page.status_code == 500
    assert "something went wrong here that should not have" in page.text
    assert "secret" not in page.text
