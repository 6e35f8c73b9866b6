"""The declared world: sides, leaders, constituencies, rules, commitments, questions, instruments."""

from winset.study.coding import CodeMeaning, Coding
from winset.study.commitment import Commitment
from winset.study.experiment import Experiment, Wide, declare_wide
from winset.study.instrument import Instrument
from winset.study.loading import load
from winset.study.question import YES_NO, Question, Scale
from winset.study.ratification import AllOf, AnyOf, Coalition, Normal, Rule, Support, Threshold, Uniform, Veto
from winset.study.scaffold import write_new
from winset.study.schema import json_schema
from winset.study.side import Constituency, Leader, Side
from winset.study.source import Source
from winset.study.study import Study

__all__ = [
    "YES_NO",
    "AllOf",
    "AnyOf",
    "Coalition",
    "CodeMeaning",
    "Coding",
    "Commitment",
    "Constituency",
    "Experiment",
    "Instrument",
    "Leader",
    "Normal",
    "Question",
    "Rule",
    "Scale",
    "Side",
    "Source",
    "Study",
    "Support",
    "Threshold",
    "Uniform",
    "Veto",
    "Wide",
    "declare_wide",
    "json_schema",
    "load",
    "write_new",
]
