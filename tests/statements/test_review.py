"""Articles, the review file, the screen, and the way into the evidence."""

from __future__ import annotations

import asyncio
import csv
import http.server
import io
import json
import threading
import zipfile
from dataclasses import replace

import pytest

pytest.importorskip("spacy")

from winset.cli.commands import invoke
from winset.errors import StudyError, UsageError
from winset.evidence import gather
from winset.statements import ask_endpoint, propose, read_article, read_review, review_text
from winset.study import load

ARTICLE = (
    "“I would take the deal tomorrow,” said a soldier at the river. “My mother would take it tonight.”\n\n"
    "The army denied that it would leave the valley.\n\n"
    "Residents said that they would accept almost any settlement.\n"
)
PAGE = "<html><head><title>Voices</title></head><body><article><h1>Voices</h1>{}</article></body></html>"


def zipped(name, content):
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return raw.getvalue()


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "voices.txt"
    path.write_text(ARTICLE)
    return path


def test_text_pages_and_pdf_give_the_same_candidates(article, tmp_path):
    (page := tmp_path / "voices.html").write_text(PAGE.format("".join(f"<p>{p}</p>" for p in ARTICLE.split("\n\n"))))
    plain, saved = (propose(read_article(p)) for p in (article, page))
    assert [c.text for c in plain.candidates] == [c.text for c in saved.candidates]
    assert len(plain.candidates) == 4
    assert [c.status for c in plain.candidates] == ["open"] * 4
    for c in plain.candidates:
        assert ARTICLE[c.start : c.end] == c.text


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.odt", b"x", "unknown kind `.odt`"),
        ("a.docx", b"x", "is no .docx"),
        ("a.docx", zipped("other.xml", b"<a/>"), "cannot be read as a Word file"),
        ("a.docx", zipped("word/document.xml", b"<a"), "is no valid XML"),
        ("a.docx", zipped("word/document.xml", b"a" * 2**24), "zip bomb"),
        ("a.txt", b"\x00\x01 a b c \x00", "is no text"),
        ("a.txt", b" \n\n \t\n", "holds no text"),
        ("a.txt", b"Der Sprecher sagte, die Soldaten wollen bleiben. " * 20, "only English is read"),
        ("a.txt", "Солдаты сказали, что перемирия не будет. ".encode() * 20, "only English is read"),
        ("a.html", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "no article was found|holds no text"),
        ("a.txt", b"", "holds no text"),
        ("a.txt", b"\xff\x00\x81", "neither UTF-8 nor UTF-16"),
        ("a.pdf", b"not a pdf", "cannot be read as PDF"),
        ("a.html", b"<html></html>", "no article was found"),
    ],
)
def test_bad_articles_are_told(tmp_path, name, content, said):
    (path := tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError, match=said):
        read_article(path)


def test_a_word_file_and_a_page_named_text_give_the_same_candidates(article, tmp_path):
    docx = pytest.importorskip("docx")
    document = docx.Document()
    for part in ARTICLE.split("\n\n"):
        document.add_paragraph(part.strip())
    document.save(tmp_path / "voices.docx")
    (tmp_path / "page.txt").write_text(
        "<!DOCTYPE html>" + PAGE.format("".join(f"<p>{p}</p>" for p in ARTICLE.split("\n\n")))
    )
    plain = [c.text for c in propose(read_article(article)).candidates]
    for name in ("voices.docx", "page.txt"):
        assert [c.text for c in propose(read_article(tmp_path / name)).candidates] == plain


def test_a_missing_article_says_that_nothing_is_fetched(tmp_path):
    with pytest.raises(UsageError, match="nothing is fetched"):
        read_article(tmp_path / "https:" / "example.org")


def test_a_pdf_of_many_pages_is_read(tmp_path):
    import pypdf

    writer = pypdf.PdfWriter()
    for _ in range(500):
        writer.add_blank_page(200, 200)
    writer.write(path := tmp_path / "long.pdf")
    with pytest.raises(UsageError, match="a scan"):
        read_article(path)


def test_the_review_file_is_read_as_it_was_written(article, tmp_path):
    found = propose(read_article(article), load("istanbul-2025"))
    (path := tmp_path / "r.jsonl").write_text(review_text(found))
    assert read_review(path) == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "1: no valid JSON"),
        ('{"a": 1}\n', "1: is no review file"),
        ('{"winset": "statements", "version": 9}\n', "another version"),
        ('{"winset": "statements", "version": 1, "file": "x"}\n{"a": 1}\n', "2: is no candidate"),
    ],
)
def test_a_damaged_review_file_is_told_with_its_line(tmp_path, text, said):
    (path := tmp_path / "r.jsonl").write_text(text)
    with pytest.raises(StudyError, match=said):
        read_review(path)


def on_screen(review, study, *keys):
    """Press keys on the screen; the review that was kept."""
    from winset.cli.reviewing import ReviewScreen

    kept = [review]
    screen = ReviewScreen(review, study, kept.append)

    async def press():
        async with screen.run_test(size=(120, 40)) as pilot:
            for key in keys:
                await pilot.press(key)
            await pilot.pause()

    asyncio.run(press())
    return kept[-1], screen


def test_keys_accept_correct_skip_and_undo(article, folder):
    study = load(folder)
    review = propose(read_article(article), study)
    typed = [*"army 7"]
    keys = ["e", *["backspace"] * 40, *typed, "enter", "c", "c", "q", "4", "a"]
    kept, screen = on_screen(review, study, *[{" ": "space"}.get(k, k) for k in keys])
    first = kept.candidates[0]
    assert (first.speaker, first.constituency, first.stance, first.status) == ("army 7", "army", 1, "accepted")
    assert screen.at == 1
    kept, _ = on_screen(kept, study, "s")
    assert kept.candidates[1].status == "skipped"
    typed, _ = on_screen(review, study, "g", *"river-b", "right", "enter")
    assert typed.candidates[0].question == "river-border"
    again, _ = on_screen(review, study, "s", "s", "u")
    assert [c.status for c in again.candidates][:2] == ["skipped", "open"]


def test_nothing_incomplete_can_be_accepted_and_denied_words_get_no_stance(article, folder):
    study = load(folder)
    review = propose(read_article(article))
    kept, _ = on_screen(review, study, "a")
    assert kept.candidates[0].status == "open"
    denied = next(n for n, c in enumerate(review.candidates) if c.kind == "negated")
    kept, _ = on_screen(review, study, *["n"] * denied, "5")
    assert kept.candidates[denied].stance is None


def reporter(folder):
    path = folder / "instruments.yaml"
    line = "  reporter: {label: Reporter, by: Paper, mode: telephone, kind: interviews, selection: journalist, population: y}\n"
    path.write_text(path.read_text() + line)


def test_only_accepted_statements_enter_the_evidence(article, folder, capsys):
    reporter(folder)
    path = article.with_name("voices.txt.review.jsonl")
    assert invoke(["statements", "read", str(article), "--study", str(folder)]) == 0
    add = ["statements", "add", str(path), "--study", str(folder), "--instrument", "reporter"]
    add += ["--source", "release", "--date", "2025-01", "--coder", "anna"]
    assert invoke(add) == 2
    assert "was accepted" in capsys.readouterr().err
    review = read_review(path)
    done = replace(review.candidates[0], constituency="army", question="river-border", stance=1, status="accepted")
    path.write_text(review_text(review.with_candidate(0, done)))
    assert invoke(add) == 0
    rows = list(csv.DictReader((folder / "interviews.csv").read_text().splitlines()))
    assert [(r["speaker"], r["stance"], r["coder"]) for r in rows] == [("a soldier at the river", "1", "anna")]
    assert "take the deal" not in (folder / "interviews.csv").read_text()
    assert gather(load(folder)).table.filter(instrument="reporter").height == 1
    assert invoke(add) == 0
    assert len(list(csv.DictReader((folder / "interviews.csv").read_text().splitlines()))) == 1


def test_rows_that_do_not_fit_leave_the_evidence_as_it_was(article, folder, capsys):
    reporter(folder)
    review = propose(read_article(article))
    bad = replace(review.candidates[0], constituency="navy", question="river-border", stance=1, status="accepted")
    (path := article.with_name("r.jsonl")).write_text(review_text(review.with_candidate(0, bad)))
    add = ["statements", "add", str(path), "--study", str(folder), "--instrument", "reporter"]
    assert invoke([*add, "--source", "release", "--date", "2025-01", "--coder", "anna"]) == 2
    assert "unknown constituency `navy`" in capsys.readouterr().err
    assert not (folder / "interviews.csv").exists()


def test_a_screen_without_a_terminal_is_a_sentence(article, capsys):
    assert invoke(["statements", "read", str(article)]) == 0
    path = str(article.with_name("voices.txt.review.jsonl"))
    assert invoke(["statements", "review", path, "--study", "istanbul-2025"]) == 2
    assert "needs a terminal" in capsys.readouterr().err


def test_decisions_are_not_overwritten(article, capsys):
    assert invoke(["statements", "read", str(article)]) == 0
    assert invoke(["statements", "read", str(article)]) == 2
    assert "holds your decisions" in capsys.readouterr().err
    assert invoke(["statements", "read", str(article), "--again"]) == 0
    assert article.with_name("voices.txt.review.jsonl.before").exists()


def test_an_endpoint_is_never_asked_without_the_flag(article, capsys):
    assert invoke(["statements", "read", str(article), "--endpoint", "http://127.0.0.1:9"]) == 2
    assert "nothing was sent" in capsys.readouterr().err
    assert not article.with_name("voices.txt.review.jsonl").exists()


def test_what_an_endpoint_suggests_is_marked_and_denied_words_are_not_sent(article, folder):
    asked = []

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            said = json.dumps({"constituency": "army", "question": "river-border", "stance": 2})
            body = json.dumps({"choices": [{"message": {"content": said}}]}).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    review = ask_endpoint(
        propose(read_article(article)), load(folder), f"http://127.0.0.1:{server.server_port}", "small"
    )
    server.shutdown()
    server.server_close()
    assert len(asked) == 3
    assert {(c.by, c.stance) for c in review.candidates if c.kind != "negated"} == {("small", 2)}
    assert all(c.by == "rules" and c.stance is None for c in review.candidates if c.kind == "negated")
    assert all(c.status == "open" for c in review.candidates)
    with pytest.raises(UsageError, match="did not answer as asked"):
        ask_endpoint(review, load(folder), "http://127.0.0.1:9", "small")
    with pytest.raises(UsageError, match="no http address"):
        ask_endpoint(review, load(folder), "file:///etc/passwd", "small")


def test_how_many_is_typed_on_the_screen_and_the_sentence_is_shown(tmp_path, folder):
    from winset.cli.reviewing import marked

    (path := tmp_path / "a.txt").write_text(
        "It rained. Nine of the fourteen soldiers oppose the truce. It rained again.\n"
    )
    study = load(folder)
    review = propose(read_article(path), study)
    assert review.candidates[0].sentence == "Nine of the fourteen soldiers oppose the truce."
    cleared = ["m", *["backspace"] * 20]
    kept, screen = on_screen(review, study, *cleared, *"12", "space", *"of", "space", *"14", "enter")
    assert (kept.candidates[0].count, kept.candidates[0].of) == (12, 14)
    kept, screen = on_screen(review, study, *cleared, "x", "enter")
    assert kept == review
    assert marked(screen.candidate) == "It rained. → Nine of the fourteen soldiers oppose the truce. ← It rained again."
