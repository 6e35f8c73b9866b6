"""JSON Schema of the files that people write, for their editors."""

from __future__ import annotations

import ast
import inspect
import textwrap
from itertools import pairwise
from typing import Any, Literal

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from winset.study.declared import Declared
from winset.study.files import MODELS

FileName = Literal["study", "questions", "instruments", "experiments", "codings", "talks"]


def json_schema(file: FileName = "study") -> dict[str, Any]:
    """JSON Schema of one of the files.

    Examples
    --------
    >>> json_schema()["title"]
    'StudyFile'
    """
    made = MODELS[file].model_json_schema(schema_generator=_Described)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


class _Described(GenerateJsonSchema):
    """Fields with what stands below them in the source, read here and not wherever a study is: that costs a twentieth second."""

    def model_schema(self, schema: Any) -> JsonSchemaValue:
        """Schema of a model, with what its fields are for."""
        found = super().model_schema(schema)
        said = {k: v for cls in reversed(schema["cls"].__mro__) for k, v in _read_fields(cls).items()}
        for name, field in found.get("properties", {}).items():
            if name in said:
                field["description"] = said[name]
        return found


def _read_fields(cls: type) -> dict[str, str]:
    """Texts below the fields of a class."""
    if not issubclass(cls, Declared):
        return {}
    (node,) = ast.parse(textwrap.dedent(inspect.getsource(cls))).body
    assert isinstance(node, ast.ClassDef)
    return {
        ast.unparse(field.target): inspect.cleandoc(text.value.value)
        for field, text in pairwise(node.body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }
