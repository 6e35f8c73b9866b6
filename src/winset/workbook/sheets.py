"""The sheets of a workbook: what each is for, its columns, and what each column takes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """A column of a sheet.

    Parameters
    ----------
    heading
        As it stands in the sheet.
    key
        Field that it fills.
    says
        What to write, shown when the pointer rests on the heading.
    choices
        Name of the list that its cells are chosen from: fixed words, or the ids that another sheet declares.
    width
        In characters.
    needed
        Whether a sheet without it cannot be read.
    """

    heading: str
    key: str
    says: str
    choices: str = ""
    width: int = 16
    needed: bool = False


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook.

    Parameters
    ----------
    open_ended
        Headings that may follow, in words; empty where there are none.
    optional
        Whether a new workbook comes without it.
    """

    name: str
    says: str
    columns: tuple[Column, ...]
    open_ended: str = ""
    optional: bool = False

    def column(self, key: str) -> Column:
        """The column that fills a field."""
        return next(c for c in self.columns if c.key == key)


SIDE = Column("Side", "side", "Id of the side", "sides", needed=True)
SOURCE, SOURCE_NEEDED = (Column("Source", "source", "Id of the source", "sources", needed=n) for n in (False, True))
GROUP = Column("Group", "constituency", "Id of the group", "groups", needed=True)
NOTE = Column("Note", "note", "What else is known", width=40)
"""Columns that several sheets have."""

FIXED = {
    "yes-no": ("yes", "no"),
    "kind": ("mood", "vague", "clause", "term", "package"),
    "asked": ("direct", "list"),
    "loyal": ("accept", "reject"),
    "instrument-kind": ("poll", "experiment", "interviews"),
    "selection": ("random", "respondent-driven", "self-identified", "journalist", "public-voices", "vetted"),
    "published": ("institute", "press"),
    "rung": ("low", "medium", "high"),
    "stance": ("-2", "-1", "0", "1", "2"),
    "what": ("losses", "front", "mobilisation"),
}
"""Words that a column takes."""

DECLARED = {
    "issues": ("Terms", "issue"),
    "options": ("Terms", "option"),
    "terms": ("Terms", "term"),
    "sides": ("Sides", "id"),
    "groups": ("Groups", "id"),
    "proposals": ("Proposals", "id"),
    "scales": ("Scales", "id"),
    "questions": ("Questions", "id"),
    "instruments": ("Instruments", "id"),
    "sources": ("Sources", "id"),
}
"""Sheet and column in which the ids of a list are declared."""

START = Sheet(
    "Start",
    "What the case is about",
    (
        Column("What", "what", "Leave these words as they are", width=24, needed=True),
        Column("Value", "value", "Write here", width=90, needed=True),
    ),
)

FACTS = (
    ("Study", "study", "Short id: lower-case letters, digits, dashes"),
    ("Title", "title", "What a reader sees first"),
    ("Question", "question", "What the study is to answer"),
    ("As of", "as_of", "Last day whose evidence counts, for instance 2025-06-05"),
    ("Smallest group shown", "minimum_count", "Groups of fewer people are shown nowhere; 5 if empty"),
    ("Words may be quoted", "quotations", "yes if speakers agreed that a brief quotes them"),
    ("Asked about", "asked", "Id of a proposal that the answer should lead with; copy this row for more"),
    ("Note", "notes", "A line that the brief prints; copy this row for more"),
    ("Never together", "never", "Two terms that no package may combine: land=north and water=joint"),
    ("Only together", "only_with", "A term that stands only beside another: land=split only with water=joint"),
)
"""Rows of the first sheet: words, field, what to write."""

TERMS = Sheet(
    "Terms",
    "What could be agreed: a row an option, options of one issue one below the other. Order, by side: 1 is best for it; ? where nobody knows",
    (
        Column("Issue", "label", "What is on the table, in words; may stay empty where the row above says it", width=22, needed=True),
        Column("Issue id", "issue", "Short id: lower-case letters, digits, dashes; made from the words if empty"),
        Column("Option", "option_label", "One way to settle it, in words", width=24, needed=True),
        Column("Option id", "option", "Short id; made from the words if empty"),
        Column("Meaning", "meaning", "What it would mean, in a sentence", width=46),
    ),
    "Order: SIDE (or SIDE.GROUP where a group differs), Refused: SIDE (an x where some would refuse it at any price)",
)  # fmt: skip
TERMS_LATE = (
    Column("Several at once", "several", "yes if a package may hold several options of this issue, or none", "yes-no"),
    Column("Issue searched", "issue_searched", "no if the search for packages leaves the whole issue open", "yes-no"),
    Column("Option searched", "searched", "no if the search for packages may not choose this option", "yes-no"),
)
"""Columns that most studies leave empty, after those of the sides."""
ORDER, REFUSED = "Order: ", "Refused: "

SIDES = Sheet(
    "Sides",
    "Who negotiates, who signs, and whose Yes it takes",
    (
        Column("Side", "label", "In words", width=20, needed=True),
        Column("Side id", "id", "Short id; made from the words if empty"),
        Column("Leader", "leader.label", "Who signs", width=24, needed=True),
        Column("Who must agree", "ratification",
               "public at least 50%, army not below 20-40%, mean of 0.6 public + 0.4 army at least 50%, "
               "vote of public at least 50% turnout 60-80%; joined by and, or, with brackets", width=44, needed=True),
        Column("Basis", "ratification_basis", "Why this is the rule, and where it is written", width=40),
        Column("People have reason to fear", "repressive", "yes if people asked to their face may give the loyal answer", "yes-no"),
        Column("Undecided who accept", "undecided", "Share of the undecided who would accept in the end: 40%, or 20-60%; empty: as those who decided"),
        Column("Regime", "leader.regime", "Democracy, one-party rule ..."),
        Column("Note on the leader", "leader.note", "What else is known", width=30),
    ),
)  # fmt: skip

GROUPS = Sheet(
    "Groups",
    "Groups at home whose acceptance matters",
    (
        SIDE,
        Column("Group", "label", "In words", width=28, needed=True),
        Column("Group id", "id", "Short id; made from the words if empty"),
        Column("Size", "size", "How many they are", width=24),
        Column("What is known", "known", "In a phrase", width=40),
    ),
)

PARTS = Sheet(
    "Parts",
    "Groups that make up another: a row a part",
    (
        Column("Whole", "whole", "Group that is made up, as side.group; or a new id where it takes people of several sides", width=24, needed=True),
        Column("Part", "part", "Group that is part of it, as side.group", width=24, needed=True),
        Column("Share", "share", "Its share of the whole: 35%, 30-40%, or 35% ± 2%", needed=True),
        Column("Whole, in words", "label", "Only where the whole takes people of several sides", width=30),
    ),
    optional=True,
)  # fmt: skip

SPEAKERS = Sheet(
    "Speakers",
    "Parties and further leaders whose word on a plan was polled",
    (
        SIDE,
        Column("Speaker", "label", "In words", width=30, needed=True),
        Column("Speaker id", "id", "Short id; made from the words if empty"),
        NOTE,
    ),
    optional=True,
)

PLEDGES = Sheet(
    "Pledges",
    "What leaders have said in public that they will not give up, and which terms would go back on it",
    (
        SIDE,
        Column("Pledge", "label", "In words", width=36, needed=True),
        Column("Pledge id", "id", "Short id; made from the words if empty"),
        Column("Since", "since", "Day on which it was first said", needed=True),
        Column("Weight", "rung", "low: a statement; medium: said again and again; high: a law or an annexation", "rung", needed=True),
        Column("Broken by", "breaks", "Terms: land=split|north, water=own", width=36, needed=True),
        SOURCE,
        NOTE,
    ),
    optional=True,
)  # fmt: skip

PROPOSALS = Sheet(
    "Proposals",
    "Packages that somebody put on record: a row a proposal, a column an issue; an empty cell is left open, ? is in the text but was not read",
    (
        Column("Proposal", "label", "In words", width=34, needed=True),
        Column("Proposal id", "id", "Short id; made from the words if empty"),
        Column("Sponsor", "sponsor", "Who put it forward", width=20, needed=True),
        Column("Date", "date", "Day, for instance 2025-05-16", needed=True),
        SOURCE_NEEDED,
        Column("Status", "status", "Public text, reported, leaked ..."),
        Column("Like", "plan", "Id of a proposal whose terms hold here too, but for those ticked in this row", "proposals"),
    ),
    "then the id of each issue",
)  # fmt: skip

SCALES = Sheet(
    "Scales",
    "Answers finer than accept or reject",
    (
        Column("Scale id", "id", "Short id", needed=True),
        Column("Answers", "answers", "From least to most accepting, with commas: no-way, rather-not, rather-yes, yes", width=60, needed=True),
        Column("Accepts from", "accepts_from", "First answer that counts as accepting", needed=True),
        Column("Neutral", "neutral", "Answer in the middle that is neither, if there is one"),
    ),
    optional=True,
)  # fmt: skip

TERM_COLUMNS, MOST_TERMS = 3, 40


def _term_column(n: int) -> Column:
    return Column(f"Term {n}", f"term{n}", "A term that the question names: land=split", "terms", width=22)


QUESTIONS = Sheet(
    "Questions",
    "What people were asked, read as an offer: the terms that the question names",
    (
        Column("Question id", "id", "Short id", width=24, needed=True),
        Column("Wording", "wording", "As it was asked", width=60, needed=True),
        Column("Side", "side", "Id of the side that was asked; with commas if several", "sides", needed=True),
        Column("Kind", "kind", "mood: names no term. vague: names one loosely. term: one or two terms offered as the way to end the conflict. "
               "clause: a term as part of a treaty. package: a whole plan", "kind", needed=True),
        Column("Scale", "scale", "Id of a scale; empty: accept or reject", "scales"),
        Column("Plan", "plan", "Id of the proposal that was asked about", "proposals", width=20),
        *(_term_column(n) for n in range(1, TERM_COLUMNS + 1)),
        Column("Not read", "not_read", "Issues that the offer settles in words that nobody could read, with commas"),
        Column("Against", "against", "If two packages were put side by side: the other one, as the id of a proposal or land=north, water=own", width=20),
        Column("Who speaks", "endorsed", "If the question says who is for or against: leader for, opposition against", width=20),
        Column("Only asked of", "base", "refused QUESTION, accepted QUESTION, voters, or a share of the sample: 50%"),
        Column("How asked", "asked", "list for a list experiment; empty: directly", "asked"),
        Column("Loyal answer", "loyal", "The answer that somebody afraid would give, if there is one", "loyal"),
    ),
)  # fmt: skip
QUESTIONS_LATE = tuple(_term_column(n) for n in range(TERM_COLUMNS + 1, MOST_TERMS + 1))

POLLS = Sheet(
    "Polls",
    "Figures as printed: a row a question and group, a column an answer, in per cent",
    (
        Column("Question", "question", "Id of the question", "questions", width=24, needed=True),
        Column("Asked by", "instrument", "Id of the instrument", "instruments", width=18, needed=True),
        Column("Side", "side", "Id of the side; may stay empty where the question was put to one side", "sides"),
        GROUP,
        Column("Start", "start", "Day, month or year: 2025-05-22, 2025-05, 2025", needed=True),
        Column("End", "end", "As for the start; empty: as the start"),
        Column("n", "n", "How many were asked: 1600, 400-600, or ? where it is not printed", width=10, needed=True),
        Column("Source", "source", "Id of the source", "sources", width=18, needed=True),
    ),
    "a column for each answer: accept, reject, dont-know, refused, neither, or the answers of a scale",
)
POLLS_LATE = (
    Column("In counts", "counts", "yes if the row holds people, not per cent", "yes-no", width=10),
    Column("Margin", "margin", "Printed margin of error, in points", width=10),
    Column("Effective n", "n_eff", "If printed", width=12),
    Column("Sample", "sample", "A common name where several rows tell of the same people", width=14),
    Column("Confidence", "confidence", "How sure the figure is", width=12),
    Column("Poll id", "poll", "Made from the rest if empty", width=26),
    NOTE,
)
"""Columns after those of the answers."""
NO_ANSWER = ("dont-know", "refused", "neither")

INTERVIEWS = Sheet(
    "Interviews",
    "What people said: a row a statement; no names, a pseudonym for each speaker",
    (
        Column("Statement id", "statement", "Short id", needed=True),
        Column("Asked by", "instrument", "Id of the instrument", "instruments", needed=True),
        Column("Speaker", "speaker", "A pseudonym", needed=True),
        Column("Side", "side", "May stay empty where the question was put to one side", "sides"),
        GROUP,
        Column("Date", "date", "Day, month or year", needed=True),
        Column("Question", "question", "Id of the question that it answers; empty if it names no offer", "questions", width=24, needed=True),
        Column("Stance", "stance", "-2 strongly against, -1 against, 0 neither, 1 for, 2 strongly for", "stance", width=9, needed=True),
        Column("People", "count", "How many say so; 1 for one voice", width=9, needed=True),
        SOURCE_NEEDED,
        Column("Coder", "coder", "Who judged the stance, if there were several"),
        Column("How", "how", "How the stance was told"),
        Column("Part of", "part_of", "Id of the statement in which these people are counted already"),
        Column("Theme", "theme", "A reason, in a few words", width=24),
        Column("Place", "locator", "Where in the source"),
        NOTE,
    ),
)  # fmt: skip

INSTRUMENTS = Sheet(
    "Instruments",
    "Who asked, how, and whom",
    (
        Column("Instrument id", "id", "Short id", width=20, needed=True),
        Column("Instrument", "label", "In words", width=30, needed=True),
        Column("By", "by", "Pollster or reporter", width=24, needed=True),
        Column("Mode", "mode", "Telephone, face to face, online ...", needed=True),
        Column("Kind", "kind", "poll, experiment or interviews", "instrument-kind", needed=True),
        Column("Selection", "selection", "How people came into the sample", "selection", needed=True),
        Column("Population", "population", "Adults of the country ...", width=24, needed=True),
        Column("Face to face", "direct", "yes if people answer a stranger in person, so that fear can bend the answer", "yes-no"),
        Column("Published by", "published", "press if figures come from newspapers; empty: the institute", "published"),
        Column("Design effect", "design_effect", "Printed n over effective n, 1 at least"),
        Column("Basis of it", "design_effect_basis", "Where that is from", width=30),
    ),
)  # fmt: skip

SOURCES = Sheet(
    "Sources",
    "Where each figure was read",
    (
        Column("Source id", "id", "Short id", width=20, needed=True),
        Column("Publisher", "publisher", "Who published it", width=30, needed=True),
        Column("Title", "title", "Of the text", width=60, needed=True),
        Column("Date", "date", "Of publication"),
        Column("Address", "url", "Web address", width=40),
    ),
)

RESULTS = Sheet(
    "Votes",
    "Votes as they came out after the as-of date: never evidence, only to compare with",
    (
        Column("Day", "day", "Day of the vote", needed=True),
        SIDE,
        Column("Group", "constituency", "Id of the group that voted", "groups", needed=True),
        Column("Proposal", "proposal", "Id of the proposal", "proposals", needed=True),
        Column("Yes", "yes", "Per cent of the votes", needed=True),
        SOURCE_NEEDED,
        Column("Turnout", "turnout", "Per cent who voted"),
        NOTE,
    ),
    optional=True,
)

HISTORY = Sheet(
    "History",
    "What the war did month by month; only for simulated talks",
    (
        Column("Month or day", "day", "2025-03, or 2025-03-17", needed=True),
        SIDE,
        Column("What", "what", "losses, front or mobilisation", "what", needed=True),
        Column("Value", "value", "Losses of the month, gain of the attacker, 1 for a mobilisation", needed=True),
        SOURCE,
        NOTE,
    ),
    optional=True,
)

TREE = (
    Column("Where", "path", "Names of the fields on the way, with strokes between", width=60, needed=True),
    Column("Value", "value", "What holds there", width=60, needed=True),
)
TREES = {"War": "talks.yaml", "Experiments": "experiments.yaml", "Codings": "codings.yaml"}
"""Sheets that hold a file as it is, a row a value."""
WAR, EXPERIMENTS, CODINGS = (
    Sheet(name, f"{name}: a row a value, as in {file}", TREE, optional=True) for name, file in TREES.items()
)

MORE = Sheet(
    "More",
    "Whatever no other sheet has a place for: a row a value, beginning with the name of the file",
    TREE,
    optional=True,
)

SHEETS = (START, TERMS, SIDES, GROUPS, PARTS, SPEAKERS, PLEDGES, PROPOSALS, SCALES, QUESTIONS, POLLS, INTERVIEWS, INSTRUMENTS, SOURCES,
          RESULTS, HISTORY, WAR, EXPERIMENTS, CODINGS, MORE)  # fmt: skip
"""All sheets, in their order."""
LATE = {"Terms": TERMS_LATE, "Questions": QUESTIONS_LATE, "Polls": POLLS_LATE}
"""Columns that a sheet may have beyond those that it always has."""
TABLES = {"Polls": "polls.csv", "Interviews": "interviews.csv", "Sources": "sources.csv", "Votes": "results.csv", "History": "history.csv"}  # fmt: skip
"""Sheets that become a table of a study folder."""
