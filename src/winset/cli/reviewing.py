"""The terminal screen on which a person accepts, corrects or skips what was found in an article."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.suggester import SuggestFromList
from textual.widgets import Footer, Header, Input, Static

from winset.errors import UsageError, suggest
from winset.statements import Candidate, Review, declare_many
from winset.study import Study

STANCES = {"1": -2, "2": -1, "3": 0, "4": 1, "5": 2}
NAMES = {-2: "strongly against", -1: "against", 0: "neither", 1: "for", 2: "strongly for", None: "not said"}
NOBODY = "(nobody is named: read the context)"


class ReviewScreen(App[None]):
    """One candidate at a time; every change is kept at once, and `u` takes it back."""

    TITLE = "winset statements"
    AUTO_FOCUS = None
    ENABLE_COMMAND_PALETTE = False
    CSS = """
    #context { height: auto; max-height: 12; padding: 1 2; color: $text-muted; overflow-y: auto; }
    #said { height: auto; padding: 1 2; text-style: bold; }
    #fields { height: auto; padding: 0 2; }
    #message { height: auto; padding: 1 2; color: $warning; }
    Input { display: none; }
    Input.shown { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "accept", "accept"),
        Binding("s", "skip", "skip"),
        Binding("u", "undo", "undo"),
        Binding("c", "cycle('constituency')", "constituency"),
        Binding("q", "cycle('question')", "question"),
        *(Binding(k, f"stance({v})", NAMES[v], show=False) for k, v in STANCES.items()),
        Binding("0", "stance(None)", "no stance", show=False),
        Binding("g", "edit('question')", "type question", show=False),
        Binding("e", "edit('speaker')", "speaker"),
        Binding("t", "edit('theme')", "reason"),
        Binding("m", "edit('how_many')", "how many"),
        Binding("l", "same_speaker", "same speaker as above", show=False),
        Binding("right,n", "move(1)", "next", show=False),
        Binding("left,p", "move(-1)", "back", show=False),
        Binding("x,ctrl+q", "quit", "save and leave"),
    ]

    def __init__(self, review: Review, study: Study, keep: Callable[[Review], None]) -> None:
        super().__init__()
        self.review, self.study, self.keep = review, study, keep
        self.at = next((n for n, c in enumerate(review.candidates) if c.status == "open"), 0)
        self.before: list[tuple[int, Review]] = []
        self.editing = ""

    def compose(self) -> ComposeResult:
        """Lay the screen out."""
        yield Header()
        with Vertical():
            yield Static(id="said", markup=False)
            yield Static(id="fields", markup=False)
            yield Static(id="context", markup=False)
            yield Static(id="message", markup=False)
            yield Input(id="input")
        yield Footer()

    def on_mount(self) -> None:
        """Show the first open candidate."""
        self._show()

    @property
    def candidate(self) -> Candidate:
        """The candidate on the screen."""
        return self.review.candidates[self.at]

    def action_accept(self) -> None:
        """Accept, if nothing is missing."""
        c = self.candidate
        if not c.complete:
            lacking = [
                *([] if c.speaker else ["speaker (e)"]),
                *([] if c.constituency else ["constituency (c)"]),
                *([] if c.stance is not None else ["stance (1 strongly against ... 5 strongly for)"]),
                *([] if c.question or c.theme else ["question (q) or reason (t)"]),
            ]
            self._show(f"cannot be accepted yet; missing: {', '.join(lacking)}")
            return
        self._change(replace(c, status="accepted"), move=True)

    def action_skip(self) -> None:
        """Leave the candidate out of the evidence."""
        self._change(replace(self.candidate, status="skipped"), move=True)

    def action_undo(self) -> None:
        """Take the last change back, whatever it was."""
        if not self.before:
            self._show("nothing to undo")
            return
        self.at, self.review = self.before.pop()
        self.keep(self.review)
        self._show("undone")

    def action_cycle(self, field: str) -> None:
        """Next constituency or question, from none to the last."""
        c = self.candidate
        options = self._constituencies() if field == "constituency" else self._questions()
        current = getattr(c, field)
        place = options.index(current) if current in options else 0
        self._change(replace(c, **{field: options[(place + 1) % len(options)]}))

    def action_stance(self, stance: int | None) -> None:
        """Set the stance; denied words have none."""
        if stance is not None and self.candidate.kind.startswith("negated"):
            self._show("denied or negated words: no stance can be read off them")
            return
        self._change(replace(self.candidate, stance=stance, stance_why="by hand"))

    def action_same_speaker(self) -> None:
        """Take the speaker of the candidate above."""
        if self.at:
            above = self.review.candidates[self.at - 1]
            self._change(
                replace(self.candidate, speaker=above.speaker, constituency=above.constituency, speaker_why="by hand")
            )

    def action_move(self, step: int) -> None:
        """Go to another candidate without deciding."""
        self.at = (self.at + step) % len(self.review.candidates)
        self._show()

    def action_edit(self, field: str) -> None:
        """Type the speaker, the reason, or a question with completion."""
        self.editing = field
        box = self.query_one(Input)
        box.suggester = SuggestFromList(self._questions()) if field == "question" else None
        box.value, box.placeholder = getattr(self.candidate, field), f"{field}, then Enter; Escape leaves it"
        box.add_class("shown")
        self.call_after_refresh(box.focus)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep what was typed."""
        if not self.editing:
            return
        if self.editing == "question" and event.value.strip() not in self._questions():
            self._close()
            self._show(f"no question `{event.value}`{suggest(event.value, self._questions()[1:])}")
            return
        if self.editing == "how_many":
            try:
                changed = declare_many(self.candidate, event.value)
            except UsageError as error:
                self._close()
                self._show(str(error))
                return
            self._change(changed)
            self._close()
            return
        why = {"speaker_why": "by hand"} if self.editing == "speaker" else {}
        self._change(replace(self.candidate, **{self.editing: event.value.strip()}, **why))
        self._close()

    def on_key(self, event: object) -> None:
        """Escape leaves the box as it was."""
        if getattr(event, "key", "") == "escape" and self.editing:
            self._close()

    def _close(self) -> None:
        self.editing = ""
        self.query_one(Input).remove_class("shown")
        self.set_focus(None)
        self._show()

    def _change(self, candidate: Candidate, *, move: bool = False) -> None:
        self.before.append((self.at, self.review))
        self.review = self.review.with_candidate(self.at, candidate)
        self.keep(self.review)
        if move:
            after = [*range(self.at + 1, len(self.review.candidates)), *range(self.at)]
            self.at = next((n for n in after if self.review.candidates[n].status == "open"), self.at)
        self._show()

    def _constituencies(self) -> Sequence[str]:
        return ["", *dict.fromkeys(c for _, c in self.study.constituencies())]

    def _questions(self) -> Sequence[str]:
        group = self.candidate.constituency
        sides = {s for s, c in self.study.constituencies() if not group or c == group}
        return ["", *(q for q, x in self.study.questions.items() if set(x.sides) & set(sides))]

    def _show(self, message: str = "") -> None:
        c = self.candidate
        read = sum(x.status != "open" for x in self.review.candidates)
        self.sub_title = f"{self.at + 1} of {len(self.review.candidates)}, {read} read"
        self.query_one("#said", Static).update(f"[{c.kind}] {c.text}")
        wording = self.study.questions[c.question].wording if c.question in self.study.questions else ""
        again = f"; the same people as {c.same_as}?" if c.same_as else ""
        many = f"   ({told})" if (told := told_amount(c)) else ""
        mark = "" if c.by == "rules" else f"   SUGGESTED BY {c.by}: not by a person"
        self.query_one("#fields", Static).update(
            f"speaker       {c.speaker or NOBODY}   ({c.speaker_why}{again})\n"
            f"how many      {c.how_many}{many}\n"
            f"constituency  {c.constituency or '-'}\n"
            f"question      {c.question or '-'}   {wording}\n"
            f"stance        {NAMES[c.stance]}   ({c.stance_why or 'no suggestion'}){mark}\n"
            f"reason        {c.theme or '-'}\n"
            f"status        {c.status}"
        )
        self.query_one("#context", Static).update(marked(c))
        done = all(x.status != "open" for x in self.review.candidates)
        hint = "all read; x leaves" if done else "1 strongly against ... 5 strongly for, 0 none"
        self.query_one("#message", Static).update(message or hint)


def told_amount(c: Candidate) -> str:
    """What stands behind a number of people: the words, and whether it counts those who think otherwise."""
    words = f"`{c.quantifier}`, a range to be declared" if c.quantifier else ""
    others = "of those who would not: the stance is what the rest think" if c.turned else ""
    return "; ".join(x for x in (words, others) if x)


def marked(c: Candidate) -> str:
    """The paragraph with the sentence around the words between arrows."""
    if not c.sentence or c.sentence == c.context or c.sentence not in c.context:
        return c.context
    before, after = c.context.split(c.sentence, 1)
    return f"{before}→ {c.sentence} ←{after}"
