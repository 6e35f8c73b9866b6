"""The declared world: sides, leaders, constituencies, rules, commitments, questions, instruments."""

from typing import TYPE_CHECKING

from winset.late import late
from winset.study.coding import CodeMeaning, Coding
from winset.study.commitment import Commitment
from winset.study.composition import Composition, mean_share
from winset.study.experiment import NOT_SHOWN, Experiment
from winset.study.instrument import Instrument
from winset.study.loading import load
from winset.study.mapping import load_mapping
from winset.study.question import YES_NO, Base, Question, Scale
from winset.study.ratification import AllOf, AnyOf, Coalition, Normal, Rule, Support, Threshold, Uniform, Veto, Vote
from winset.study.side import Constituency, Leader, Side, Voice, Whole
from winset.study.source import Source
from winset.study.speakers import Speaker, contradict_words, find_speaker, parse_endorsed
from winset.study.study import Study
from winset.study.wide import Design, Repeated, Wide, declare_wide

if TYPE_CHECKING:
    from winset.study.scaffold import write_new
    from winset.study.schema import json_schema

__getattr__ = late(__name__, {"scaffold": ("write_new",), "schema": ("json_schema",)})

__all__ = [
    "NOT_SHOWN",
    "YES_NO",
    "AllOf",
    "AnyOf",
    "Base",
    "Coalition",
    "CodeMeaning",
    "Coding",
    "Commitment",
    "Composition",
    "Constituency",
    "Design",
    "Experiment",
    "Instrument",
    "Leader",
    "Normal",
    "Question",
    "Repeated",
    "Rule",
    "Scale",
    "Side",
    "Source",
    "Speaker",
    "Study",
    "Support",
    "Threshold",
    "Uniform",
    "Veto",
    "Voice",
    "Vote",
    "Whole",
    "Wide",
    "contradict_words",
    "declare_wide",
    "find_speaker",
    "json_schema",
    "load",
    "load_mapping",
    "mean_share",
    "parse_endorsed",
    "write_new",
]
