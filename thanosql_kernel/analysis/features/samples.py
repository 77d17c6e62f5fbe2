"""One line of ThanoSQL that shows how a thing is used, for the pages of hover and Shift-Tab."""

from __future__ import annotations

import re

from thanosql_kernel.analysis.text.words import quoted
from thanosql_kernel.catalog import Column, Model
from thanosql_kernel.models.bases import find_base
from thanosql_kernel.statements.build_model import BuildModel
from thanosql_kernel.statements.options import Option, OptionKind
from thanosql_kernel.statements.statement import Statement

_SIMILARITY = re.compile(r"_similarity\d+\Z")
_VALUES: dict[OptionKind, str] = {
    "text": "'…'",
    "texts": "'a black cat'",
    "text or number": "1",
    "integer": "10",
    "number": "0.5",
    "boolean": "True",
    "list": "['.jpg']",
}


def model_sample(name: str, model: Model | None = None) -> str:
    """How a model is used."""
    if model is not None and model.trained is not None and model.trained.gives == "labels":
        return f"PREDICT USING {quoted(name)} AS SELECT * FROM photos"
    return f"CONVERT USING {quoted(name)} OPTIONS(table_name='photos') AS SELECT * FROM photos"


def base_model_sample(name: str) -> str:
    """How a model is got."""
    return BuildModel.example if find_base(name) is not None else f"GET THANOSQL MODEL {name}"


def table_sample(name: str) -> str:
    """How a table is looked at."""
    return f"SELECT * FROM {quoted(name)} LIMIT 5"


def column_sample(column: Column, table: str | None) -> str:
    """How a column is used: vectors are searched, similarities sort."""
    name, source = quoted(column.name), quoted(table) if table else "…"
    if column.generated is not None:
        model = quoted(column.generated.model)
        return (
            f"SEARCH IMAGE text='a black cat' USING {model} OPTIONS(emb_col='{column.name}') AS "
            f"SELECT * FROM {source}"
        )
    order = f" ORDER BY {name} DESC" if _SIMILARITY.search(column.name) else ""
    return f"SELECT {name} FROM {source}{order} LIMIT 5"


def option_sample(option: Option, statement: type[Statement] | None) -> str:
    """How an option is given; the statement around it is only hinted at."""
    given = f"OPTIONS({option.name}={option_value(option)})"
    return f"{' '.join(statement.heads[0])} … {given} …" if statement else given


def setting_sample(setting: Option) -> str:
    """How a setting is changed."""
    return f"SET {setting.name} = {option_value(setting)}"


def option_value(option: Option) -> str:
    """A value that the option takes: its default or last choice where it has one."""
    if option.choices:
        return f"'{option.choices[-1]}'"
    if option.default is None or isinstance(option.default, bool):
        return _VALUES[option.kind]
    return f"'{option.default}'" if isinstance(option.default, str) else str(option.default)
