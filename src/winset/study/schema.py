"""JSON Schema of the files that people write, for their editors."""

from __future__ import annotations

from typing import Any, Literal

from winset.study.files import CodingsFile, ExperimentsFile, InstrumentsFile, QuestionsFile, StudyFile
from winset.study.war import TalksFile

MODELS = {
    "study": StudyFile,
    "questions": QuestionsFile,
    "instruments": InstrumentsFile,
    "experiments": ExperimentsFile,
    "codings": CodingsFile,
    "talks": TalksFile,
}


FileName = Literal["study", "questions", "instruments", "experiments", "codings", "talks"]


def json_schema(file: FileName = "study") -> dict[str, Any]:
    """JSON Schema of one of the files.

    Examples
    --------
    >>> json_schema()["title"]
    'StudyFile'
    """
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **MODELS[file].model_json_schema()}
