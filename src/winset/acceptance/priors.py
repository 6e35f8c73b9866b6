"""Every prior of the acceptance model in one table, with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl


@dataclass(frozen=True)
class Prior:
    """One prior.

    Parameters
    ----------
    family
        ``normal`` (centre, scale), ``half-normal`` (scale), ``log-normal`` (median, log sd),
        ``beta`` (a, b), ``uniform`` (low, high).
    first, second
        Parameters of the family, in the order above; ``second`` is unused by ``half-normal``.
    unit
        ``probit`` is the latent scale whose person-level noise has standard deviation one.
    """

    name: str
    family: str
    first: float
    second: float
    unit: str
    what: str
    reason: str


_TABLE = (
    Prior("level", "normal", 0.0, 0.8, "probit", "acceptance of a middling package by a side at the first date",
          "flat over shares from about 10 to 90 %"),
    Prior("drift", "log-normal", 0.06, 0.5, "probit a month", "monthly step of a side's level",
          "questions asked again by one pollster move by .04 to .10 a month's root in four publics, `wander` among it"),
    Prior("wander", "log-normal", 0.04, 0.5, "probit a month", "monthly step of a question's deviation between its waves",
          "opinions on one term move apart from the side's level: about as much, and less than it"),
    Prior("offset", "normal", 0.0, 0.5, "probit", "a constituency's level against its side",
          "groups within a public differ by 5 to 20 points in the polls read"),
    Prior("total_range", "log-normal", 3.5, 0.35, "probit", "from the worst to the best whole package for a side",
          "plans polled side by side in May 2025 differ by 1.3 probit on five of 14 issues"),
    Prior("range_spread", "normal", 0.0, 0.15, "log", "a constituency's total range against its side's",
          "partial pooling"),
    Prior("importance", "normal", 0.0, 0.8, "logit", "importance of an issue for a side (softmax, sums to one)",
          "the largest of 14 issues weighs about four times the median one"),
    Prior("importance_spread", "normal", 0.0, 0.3, "logit", "a constituency's importances against its side's",
          "partial pooling"),
    Prior("step", "normal", 0.0, 0.6, "logit", "ordered shares between the worst and the best option (softmax)",
          "steps between neighbouring options differ by a factor of two or so"),
    Prior("wobble", "normal", 0.0, 0.05, "probit", "departure of an option from the declared order",
          "orders are declared by analysts and may be wrong in detail"),
    Prior("wobble_tested", "normal", 0.0, 0.4, "probit", "departure from the declared order of options that an experiment showed",
          "random designs tell every option from every other, so that people may contradict their leaders' order"),
    Prior("unasked", "normal", 0.0, 0.35, "probit", "departure from the order of an option that nobody of a side was asked about",
          "new questions on a term miss by .5 probit, of which .2 is wording: .45 for a lone term, .35 within a plan"),
    Prior("unasked_spread", "normal", 0.0, 0.2, "probit", "a constituency's own departure where it was not asked",
          "groups of one public differ by a tenth to a third of a probit on the same term"),
    Prior("unasked_far", "half-normal", 0.3, 0.0, "probit", "how much worse its far end is than the order says, if unasked",
          "a tenth to a quarter who refuse it at any price, as they do declared red lines, take .15 to .35 probit"),
    Prior("person_spread", "log-normal", 0.5, 0.3, "share of range", "spread of people's part-worths about their group's",
          "people within a group differ on terms about half as much as terms differ; toplines cannot tell"),
    Prior("refusal", "normal", -2.0, 0.8, "logit", "share refusing an option that may be a red line, beyond milder ones",
          "Dill, Howlett & Mueller-Crepon 2024; Manekin, Grossman & Mitts 2019: a tenth to a half refuse at any price"),
    Prior("refusal_spread", "normal", 0.0, 0.4, "logit", "a constituency's refusing share against its side's",
          "partial pooling"),
    Prior("lapse", "uniform", 0.0, 0.1, "share", "careless or fixed answers, each way",
          "keeps acceptance off 0 and 1; uncapped it can flip a chain"),
    Prior("question_mood", "log-normal", 0.6, 0.35, "probit", "deviation of a question that names no term",
          "in September 2024, 54 % for talks and 20 % for concessions in one sample"),
    Prior("question_vague", "log-normal", 0.45, 0.35, "probit", "deviation of a loosely worded term",
          "between mood and term"),
    Prior("question_clause", "log-normal", 0.5, 0.35, "probit", "deviation of a clause of a treaty",
          "as for terms: fitted .40 and .71"),
    Prior("question_term", "log-normal", 0.5, 0.35, "probit", "deviation of one or two concrete terms",
          "fitted with room for more, .48 (Russia and Ukraine) and .57 (Israel and Palestine); new terms miss by as much"),
    Prior("question_package", "log-normal", 0.2, 0.35, "probit", "deviation of a whole plan",
          "two wordings in random halves (Chronicles 2024) differ by .28 probit, .2 each; three conflicts: .16, .16, .33"),
    Prior("clause_level", "uniform", 0.0, 1.0, "share", "how far a clause asked alone is judged against no deal",
          "0: against the same treaty without it, 1: against no deal; the wording rarely says which"),
    Prior("clause_focus", "log-normal", 4.0, 0.25, "factor", "weight of a clause asked alone against its weight in a whole deal",
          "a lone term looms larger than one among many (Schkade & Kahneman 1998); the size is a guess, from 2.5 to 6"),
    Prior("term_focus", "log-normal", 1.4, 0.25, "factor", "weight of one or two terms offered alone against that in a plan",
          "held-out terms of two conflicts lie 1.3 and 1.4 times as far apart as whole plans let expect"),
    Prior("kind_mean", "normal", 0.0, 0.2, "probit", "what all questions of a kind share against whole plans",
          "packages are liked better than their parts (Shamir & Shikaki 2010); the size differs by conflict"),
    Prior("cue_leader", "normal", 0.0, 0.5, "logit", "share that follows the own leader's word, among those it could move",
          "Russian Field March 2024: of 40 % for fighting on, 21 would follow the president and 19 would not"),
    Prior("cue_voice", "normal", -1.1, 0.7, "logit", "share that follows a party or another leader of the own side",
          "party cues move a tenth to a half (Bullock 2011; Druckman, Peterson & Slothuus 2013): a quarter"),
    Prior("cue_other", "normal", -2.2, 0.7, "logit", "share that moves away from what a leader or voice of another side backs",
          "a plan loses 5 to 15 points when the adversary is its author (Maoz, Ward, Katz & Ross 2002): a tenth"),
    Prior("cue_spread", "normal", 0.0, 0.4, "logit", "one speaker's word on one side against words of his kind",
          "partial pooling"),
    Prior("cue_group", "normal", 0.0, 0.25, "logit", "a constituency's following against its side's",
          "partial pooling"),
    Prior("stability", "beta", 8.0, 3.0, "share", "part of an answer's noise that stays with the person at the next question",
          "attitudes asked again correlate at .6 to .85 (Alwin 2007, ch. 7)"),
    Prior("voters", "normal", 0.0, 0.1, "probit", "people who say that they will vote against their whole constituency",
          "the gap of likely voters to all is some 2 to 4 points in pre-election polls; no direction is known"),
    Prior("falsification", "half-normal", 0.1, 0.0, "share", "people who give the loyal answer out of fear",
          "Chapkovski & Schaub 2022: 71 % asked directly, 61 % by list; Frye et al. 2023: lists deflate themselves"),
    Prior("deflation", "half-normal", 0.07, 0.0, "share", "agreement that a list experiment loses by itself",
          "Frye et al. 2023: placebo lists lose about as much as lists of war support seem to unmask"),
    Prior("house", "normal", 0.0, 0.06, "probit", "a pollster's own bias",
          "house effects of 1 to 4 points (Jackman 2005): 2.4 points"),
    Prior("shared", "normal", 0.0, 0.06, "probit", "a bias that all pollsters of a side share",
          "1.2 points in 239 Australian polls; 1.5 to 3 points assumed"),
    Prior("selection_respondent-driven", "normal", 0.0, 0.5, "log odds", "selection of people who were named by others",
          "chains of acquaintance reach their like; no direction is known, odds from .4 to 2.3"),
    Prior("selection_self-identified", "normal", 0.0, 0.5, "log odds", "selection of people who name themselves members",
          "reached at random, but they decide whom to tell"),
    Prior("selection_journalist", "normal", 0.0, 1.0, "log odds", "selection of people whom a reporter reached",
          "odds from .2 to 5; one term for all voices of an instrument, so that no number of them shrinks it"),
    Prior("selection_public-voices", "normal", -0.7, 1.0, "log odds", "selection of people who publish",
          "those who publish are the most outspoken, here against concessions: odds of one half, from .1 to 2.6"),
    Prior("selection_vetted", "normal", -0.7, 1.0, "log odds", "selection of people whom a party chose",
          "a party shows those who hold its line: odds of one half, from .1 to 2.6"),
    Prior("coder_error", "beta", 2.0, 18.0, "share", "statements coded as another stance than the true one",
          "trained coders err on about one statement in ten"),
    Prior("coder_step", "beta", 2.0, 2.0, "share", "how much rarer each further step of a miscoding is",
          "neighbours are confused most (Dawid & Skene 1979, table 2); 1 would make all errors alike, as on a nominal scale"),
    Prior("coder_spread", "normal", 0.0, 0.5, "logit", "a coder's error against coders at large", "partial pooling"),
    Prior("confusion_spread", "normal", 0.0, 0.5, "logit", "a coder's error on one stance, and lean to one label",
          "partial pooling"),
    Prior("cluster_polls", "log-normal", 0.004, 0.5, "share", "correlation of answers in one poll beyond sampling",
          "polls miss by about twice their sampling error (Shirani-Mehr et al. 2018)"),
    Prior("cluster_interviews", "beta", 1.0, 9.0, "share", "correlation of voices within one set of interviews",
          "mean .1: eleven voices of one report are worth about five"),
    Prior("cutpoint", "log-normal", 0.7, 0.4, "probit", "distance between neighbouring answers",
          "a typical scale splits each side of the border in two"),
    Prior("unordered", "normal", 0.0, 1.0, "share of range", "place of an option where nobody knows the order",
          "scaled by the mean range of so many normals, so that unordered options spread as far as ordered ones"),
    Prior("undecided", "beta", 2.0, 14.0, "share", "don't-knows where the print leaves them out",
          "the don't-knows printed in the study's polls have a mean near one in eight"),
    Prior("undecided_lean", "normal", 0.0, 1.0, "normal quantile", "where in the declared range the undecided of a side lean",
          "any share in the range is as likely as another"),
    Prior("vote_swing", "normal", -0.04, 0.13, "probit", "Yes on the day of a vote against its last polls",
          "Fisher & Renwick 2016: past referendums moved 1.5 points to the status quo, 95 % within 10 points"),
    Prior("vote_gap", "normal", 0.0, 0.5, "log odds", "odds of voting of those who accept against those who reject",
          "no direction is known; at a turnout of 37 % (Colombia 2016) half of such gaps move the result by more than 5 points"),
    Prior("audience_cost", "normal", 0.4, 0.15, "probit", "price at home of breaking a commitment, middle rung",
          "Tomz 2007: about 16 points of approval"),
    Prior("audience_inconsistency", "uniform", 0.3, 0.7, "share", "part of that price not already in measured acceptance",
          "Kertzer & Brutger 2016; Nomikos & Sambanis 2019: part is dislike of the terms themselves"),
    Prior("audience_rung_low", "uniform", 0.5, 0.75, "factor", "price on the lowest rung", "Tomz 2007, by escalation"),
    Prior("audience_rung_medium", "uniform", 0.75, 1.25, "factor", "price on the middle rung", "Tomz 2007, by escalation"),
    Prior("audience_rung_high", "uniform", 1.5, 2.0, "factor", "price on the highest rung", "an annexation or a law"),
)  # fmt: skip

PRIORS: Mapping[str, Prior] = {p.name: p for p in _TABLE}
"""All priors by name."""

DOUBLED = {
    "selection": (
        "selection_respondent-driven",
        "selection_self-identified",
        "selection_journalist",
        "selection_public-voices",
        "selection_vetted",
    ),
    "falsification": ("falsification",),
    "deflation": ("deflation",),
    "shared bias": ("shared", "house"),
}
"""What a brief doubles to show how far its answer rests on it."""


def prior_table() -> pl.DataFrame:
    """The priors as a table.

    Examples
    --------
    >>> prior_table().columns[:3]
    ['name', 'family', 'first']
    """
    return pl.DataFrame([vars(p) for p in PRIORS.values()])


def scale_priors(names: tuple[str, ...], factor: float) -> dict[str, Prior]:
    """Priors with the width of some multiplied: the second parameter, or the only one."""
    changed = dict(PRIORS)
    for n in names:
        p = PRIORS[n]
        changed[n] = (
            replace(p, first=p.first * factor) if p.family == "half-normal" else replace(p, second=p.second * factor)
        )
    return changed
