"""An OpenAI-compatible endpoint that may suggest instead of the rules: off unless asked for by flag, each time.

What it suggests is marked, starts open like everything else, and never touches the kind of a denied report.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import replace

from winset.errors import UsageError
from winset.statements.review import Candidate, Review
from winset.study import Study

TIMEOUT = 60.0
TASK = (
    "You help a human coder. For the statement, answer with JSON only: "
    '{"constituency": one of %s or "", "question": one of %s or "", "stance": -2 to 2 or null}. '
    "Use null where the words do not say it."
)


def ask_endpoint(review: Review, study: Study, url: str, model: str, key: str | None = None) -> Review:
    """Suggestions of a model for every open candidate; this sends the paragraphs to ``url``.

    Raises
    ------
    UsageError
        If the address is no http address, or the endpoint does not answer as it should.
    """
    if urllib.parse.urlsplit(url).scheme not in {"http", "https"}:
        raise UsageError(f"`{url}` is no http address")
    for n, candidate in enumerate(review.candidates):
        if candidate.status == "open" and not candidate.kind.startswith("negated"):
            review = review.with_candidate(n, _asked(candidate, study, url, model, key))
    return review


def _asked(candidate: Candidate, study: Study, url: str, model: str, key: str | None) -> Candidate:
    groups = sorted({c for _, c in study.constituencies()})
    task = TASK % (json.dumps(groups), json.dumps(list(study.questions)))
    said = f"Paragraph: {candidate.context}\nStatement: {candidate.text}\nSpeaker: {candidate.speaker or 'unknown'}"
    messages = [{"role": "system", "content": task}, {"role": "user", "content": said}]
    body = json.dumps({"model": model, "messages": messages, "temperature": 0}).encode()
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
    request = urllib.request.Request(f"{url.rstrip('/')}/chat/completions", body, headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
            content = json.load(answer)["choices"][0]["message"]["content"]
        found = json.loads(content[content.index("{") : content.rindex("}") + 1])
    except (urllib.error.URLError, OSError, ValueError, KeyError, IndexError, TypeError) as error:
        raise UsageError(
            f"the endpoint did not answer as asked ({type(error).__name__}: {error}); nothing was changed"
        ) from None
    stance = found.get("stance")
    return replace(
        candidate,
        constituency=found.get("constituency") if found.get("constituency") in groups else candidate.constituency,
        question=found.get("question") if found.get("question") in study.questions else candidate.question,
        stance=stance if isinstance(stance, int) and -2 <= stance <= 2 else None,
        stance_why=f"suggested by {model}",
        by=model,
    )
