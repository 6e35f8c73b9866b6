"""Terms spelt out: issues that take several options read as one yes/no issue for each, plans named instead of written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from winset.errors import Mistake, UsageError, suggest
from winset.study.declared import PLAN
from winset.study.files import IssueEntry, OptionEntry, ProposalEntry, QuestionsFile, StudyFile
from winset.study.side import UNORDERED, Order, Side
from winset.study.yamlfile import Lines
from winset.terms.several import NONE, WITH, WITHOUT, Options, name_part, parts_of, spell_out

Place = tuple[str | int, ...]
Several = Mapping[str, Sequence[str]]
"""Options of each issue that takes several."""


def spell_study(study: StudyFile, lines: Lines) -> tuple[StudyFile, list[Mistake]]:
    """study.yaml with yes/no issues in the place of those that take several options, and every mistake on the way."""
    several = {i: tuple(e.options) for i, e in study.issues.items() if e.several}
    issues = {name: part for i, e in study.issues.items() for name, part in _parts(i, e).items()}
    options = {i: tuple(e.options) for i, e in issues.items()}
    mistakes = _check_names(study, several, lines)
    sides, proposals = {}, {}
    for s, side in study.sides.items():
        sides[s], wrong = _spell_side(side, several, ("sides", s), lines)
        mistakes += wrong
    whole = _Plans(study.proposals, PLAN not in issues)
    for p, proposal in study.proposals.items():
        proposals[p], wrong = _spell_proposal(proposal, whole, options, ("proposals", p), lines)
        mistakes += wrong
    return study.model_copy(update={"issues": issues, "sides": sides, "proposals": proposals}), mistakes


def spell_questions(questions: QuestionsFile, study: StudyFile, lines: Lines) -> tuple[QuestionsFile, list[Mistake]]:
    """questions.yaml with yes/no issues, given a study that was spelt out."""
    options = {i: tuple(e.options) for i, e in study.issues.items()}
    plans = _Plans(study.proposals, PLAN not in study.issues)
    spelt, mistakes = {}, []
    for q, question in questions.questions.items():
        offer, wrong = _spell_terms(question.offer, plans, ("questions", q, "offer"), options, lines)
        against, more = _spell_terms(question.against or {}, plans, ("questions", q, "against"), options, lines)
        against = None if question.against is None else against
        listed = (*question.not_read, *plans.not_read(question.offer))
        not_read = tuple(i for i in options if i in _spell_issues(listed, options) and i not in offer)
        unknown = [i for i in question.not_read if not parts_of(i, options) and i not in options]
        spelt[q] = question.model_copy(update={"offer": offer, "against": against, "not_read": (*not_read, *unknown)})
        mistakes += [*wrong, *more]
    return questions.model_copy(update={"questions": spelt}), mistakes


def _parts(issue: str, entry: IssueEntry) -> dict[str, IssueEntry]:
    if not entry.several:
        return {issue: entry}
    return {
        name_part(issue, o): IssueEntry(
            label=f"{entry.label}: {option.label}",
            options={WITH: OptionEntry(label=WITH, meaning=option.meaning), WITHOUT: OptionEntry(label=WITHOUT)},
            searched=entry.searched and option.searched,
        )
        for o, option in entry.options.items()
    }


def _check_names(study: StudyFile, several: Several, lines: Lines) -> list[Mistake]:
    mistakes = []
    for issue, options in several.items():
        for o in options:
            place = ("issues", issue, "options", o)
            if o == NONE:
                said = f"`{NONE}` is said of `{issue}` where none of its options holds; leave it out here"
                mistakes.append(lines.mistake(place, said))
            if name_part(issue, o) in study.issues:
                said = f"option `{o}` of `{issue}` is read as issue `{name_part(issue, o)}`, which stands here too; rename one"
                mistakes.append(lines.mistake(place, said))
    return mistakes


def _spell_side(side: Side, several: Several, here: Place, lines: Lines) -> tuple[Side, list[Mistake]]:
    order, mistakes = _spell_order(side.order, several, (*here, "order"), lines, whole=True)
    constituencies = {}
    for c, group in side.constituencies.items():
        place = (*here, "constituencies", c)
        own, wrong = _spell_order(group.order, several, (*place, "order"), lines, whole=False)
        lines_of, more = _spell_held(group.red_lines, several, (*place, "red_lines"), lines)
        constituencies[c] = group.model_copy(update={"order": own, "red_lines": lines_of})
        mistakes += [*wrong, *more]
    red_lines, wrong = _spell_held(side.red_lines, several, (*here, "red_lines"), lines)
    mistakes += wrong
    commitments = []
    for n, commitment in enumerate(side.commitments):
        breaks, wrong = _spell_held(commitment.breaks, several, (*here, "commitments", n, "breaks"), lines)
        commitments.append(commitment.model_copy(update={"breaks": breaks}))
        mistakes += wrong
    changed = {
        "constituencies": constituencies,
        "order": order,
        "red_lines": red_lines,
        "commitments": tuple(commitments),
    }
    return side.model_copy(update=changed), mistakes


def _spell_order(
    orders: Mapping[str, Order], several: Several, here: Place, lines: Lines, *, whole: bool
) -> tuple[dict[str, Order], list[Mistake]]:
    """Yes before no for the options that are listed before ``none``, no before yes for the others.

    Parameters
    ----------
    whole
        Whether every issue must have an order; a constituency has only those that differ from its side's.
    """
    order: dict[str, Order] = {i: o for i, o in orders.items() if i not in several}
    mistakes = []
    for issue, options in several.items():
        listed = orders.get(issue, ())
        spelt = {name_part(issue, o): o for o in options}
        if issue not in orders and (not whole or {*spelt} <= {*order}):
            continue
        if listed == UNORDERED:
            order |= dict.fromkeys(spelt, UNORDERED)
            continue
        said = _wrong_order(issue, listed, options)
        mistakes += [lines.mistake((*here, issue), x) for x in said]
        welcome = listed[: listed.index(NONE)] if NONE in listed else ()
        order |= {i: (WITH, WITHOUT) if o in welcome else (WITHOUT, WITH) for i, o in spelt.items()}
    return order, mistakes


def _wrong_order(issue: str, listed: Sequence[str], options: Sequence[str]) -> list[str]:
    meant = f"`{NONE}` among them: those before it are welcome to this side, those after it unwelcome"
    if not listed:
        return [f"no order for issue `{issue}`; list its options from best to worst for this side, {meant}"]
    known = [*options, NONE]
    said = [f"unknown option `{o}` for issue `{issue}`{suggest(o, known)}" for o in listed if o not in known]
    said += [f"an option of `{issue}` stands twice"] if len({*listed}) < len(listed) else []
    said += [f"order of `{issue}` lacks option `{o}`" for o in options if o not in listed]
    return said + ([] if NONE in listed else [f"order of `{issue}` lacks `{NONE}`; list its options with {meant}"])


def _spell_held(
    named: Mapping[str, tuple[str, ...]], several: Several, here: Place, lines: Lines
) -> tuple[dict[str, tuple[str, ...]], list[Mistake]]:
    """Options that a red line or a pledge speaks of: of an issue that takes several, to have the option at all."""
    spelt: dict[str, tuple[str, ...]] = {}
    mistakes = []
    for issue, options in named.items():
        if issue not in several:
            spelt[issue] = (*spelt.get(issue, ()), *options)
            continue
        for o in options:
            if o in several[issue]:
                part = name_part(issue, o)
                spelt[part] = (*spelt.get(part, ()), WITH)
            elif o == NONE:
                said = f"say which option must not be missing, for instance `{name_part(issue, several[issue][0])}: [{WITHOUT}]`"
                mistakes.append(lines.mistake((*here, issue), said))
            else:
                said = f"unknown option `{o}` for issue `{issue}`{suggest(o, several[issue])}"
                mistakes.append(lines.mistake((*here, issue), said))
    return spelt, mistakes


def _spell_proposal(
    proposal: ProposalEntry, plans: _Plans, options: Options, here: Place, lines: Lines
) -> tuple[ProposalEntry, list[Mistake]]:
    terms, mistakes = _spell_terms(proposal.terms, plans, (*here, "terms"), options, lines)
    not_read = _spell_issues(proposal.not_read, options)
    place = {issue: n for n, issue in enumerate(options)}
    listed = lambda issues: sorted(issues, key=lambda i: place.get(i, len(place)))  # noqa: E731
    spelt = {"terms": {i: terms[i] for i in listed(terms)}, "not_read": tuple(listed(not_read))}
    return proposal.model_copy(update=spelt), mistakes


def _spell_issues(issues: Sequence[str], options: Options) -> list[str]:
    """Issues with yes/no issues in the place of those that take several options."""
    return [i for issue in issues for i in parts_of(issue, options).values() or (issue,)]


@dataclass(frozen=True)
class _Plans:
    """Proposals that terms may name instead of writing theirs out."""

    proposals: Mapping[str, ProposalEntry]
    named: bool
    """Whether ``plan`` is a proposal's name; not where the study has an issue of this id."""

    def chain(self, terms: Mapping[str, str], seen: tuple[str, ...] = ()) -> list[dict[str, str]]:
        """Terms as written, after those of the plan that they name, and of the one that it names.

        Raises
        ------
        UsageError
            Where they name a plan that is not there, or that is built on itself.
        """
        plan = terms.get(PLAN) if self.named else None
        if plan is None:
            return [dict(terms)]
        if plan not in self.proposals:
            known = suggest(plan, [*self.proposals]) or f"; proposals: {', '.join(self.proposals) or 'none yet'}"
            raise UsageError(f"no proposal `{plan}`{known}")
        if plan in seen:
            raise UsageError(f"plan `{plan}` is built on itself; write the terms of one out")
        changed = {i: o for i, o in terms.items() if i != PLAN}
        return [*self.chain(self.proposals[plan].terms, (*seen, plan)), changed]

    def not_read(self, terms: Mapping[str, str]) -> tuple[str, ...]:
        """Issues that nobody could read in the plan that terms name."""
        plan = self.proposals.get(terms.get(PLAN, "")) if self.named else None
        return plan.not_read if plan is not None else ()


def _spell_terms(
    terms: Mapping[str, str], plans: _Plans, here: Place, options: Options, lines: Lines
) -> tuple[dict[str, str], list[Mistake]]:
    """Terms spelt out; what cannot be is left out and told."""
    try:
        chain = plans.chain(terms)
    except UsageError as error:
        return {}, [lines.mistake((*here, PLAN), str(error))]
    spelt: dict[str, str] = {}
    for written in chain[:-1]:  # mistakes in a plan are told where it is written
        spelt |= _spell_own(written, here, options, lines)[0]
    own, mistakes = _spell_own(chain[-1], here, options, lines)
    return spelt | own, mistakes


def _spell_own(
    terms: Mapping[str, str], here: Place, options: Options, lines: Lines
) -> tuple[dict[str, str], list[Mistake]]:
    spelt: dict[str, str] = {}
    mistakes = []
    for issue, value in terms.items():
        try:
            found = spell_out({issue: value}, options)
            twice = [i for i in found if spelt.get(i, found[i]) != found[i]]
            mistakes += [lines.mistake((*here, issue), f"`{i}` is settled twice; keep one") for i in twice]
            spelt |= found
        except UsageError as error:
            mistakes.append(lines.mistake((*here, issue), str(error)))
    return spelt, mistakes
