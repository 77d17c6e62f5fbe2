"""SET and SHOW SETTINGS: what users can adjust."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from thanosql_kernel.duck.words import is_setting
from thanosql_kernel.errors import ParseError, Span, ThanoSQLError, Unsupported, nearest
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Name, Scalar, Value
from thanosql_kernel.statements.changes import Relation
from thanosql_kernel.statements.foresight import Foresight, Makes, text_columns
from thanosql_kernel.statements.options import Option, Shape, value_problems
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.wording import (
    LANGUAGES,
    answers,
    grammar,
    indexes,
    set_language,
    statements,
    web,
    workers,
)
from thanosql_kernel.wording.grammar import TS102
from thanosql_kernel.wording.refusals import TS600

SETTINGS: dict[str, Option] = {
    option.name: option
    for option in (
        Option("display.rows", "integer", statements.ROWS_SHOWN, default=20, minimum=1),
        Option("display.images", "boolean", statements.SMALL_PICTURES, default=False),
        Option("display.tiles", "integer", statements.TILES_SHOWN, default=100, minimum=1),
        Option(
            "display.progress",
            "text",
            statements.PROGRESS_SHOWN,
            default="auto",
            choices=("auto", "widget", "text", "off"),
        ),
        Option("network.private", "boolean", web.PRIVATE_NETWORK, default=False),
        Option("network.cache_mb", "integer", web.CACHE_MB, default=2000, minimum=100),
        Option("search.index", "boolean", indexes.USE, default=True),
        Option(
            "engine",
            "text",
            workers.ENGINE,
            default="local",
            choices=("local", "ray"),
            shape=Shape(re.compile(r"ray://[\w.\-\[\]:]+:\d{1,5}"), "ray://host:port"),
        ),
        Option("engine.workers", "integer", workers.WORKERS, default=0, minimum=0, maximum=10_000),
        Option("language", "text", statements.LANGUAGE, default="auto", choices=("auto", *LANGUAGES)),
    )
}
LANGUAGE = SETTINGS["language"]
_SWITCHES = {"on": True, "off": False, "true": True, "false": False}


@dataclass(frozen=True)
class SetSetting(Statement):
    """``SET name = value``."""

    heads = (("SET",),)
    syntax = "SET setting = value"
    help = statements.SET
    example = "SET display.rows = 50"

    setting: Name
    value: Value

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows SET."""
        start = cursor.start_of(words)
        setting = _read_setting(cursor)
        if not cursor.accept("TO"):
            cursor.expect("=")
        value = cursor.value(setting.text.lower())
        return cls(cursor.span_from(start), words, setting, value)

    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """An unknown setting, or a value of the wrong kind."""
        option = SETTINGS.get(self.setting.text.lower())
        listed = grammar.THE_SETTINGS(settings=", ".join(SETTINGS))
        if option is None and is_setting(self.setting.text):
            message = TS600.DUCKDB_SETTING(name=self.setting)
            yield Unsupported(message, span=self.setting.span, hint=listed)
        elif option is None:
            yield ParseError(
                TS102.NO_SETTING(name=self.setting),
                span=self.setting.span,
                hint=listed,
                meant=_nearest_setting(self.setting.text),
            )
        elif not self._resets and not (option.kind == "boolean" and self._switch is not None):
            yield from value_problems(option, self.value, option.name)

    @property
    def _resets(self) -> bool:
        return self.value.form == "word" and self.value.text.lower() == "default"

    @property
    def _switch(self) -> bool | None:
        return _SWITCHES.get(self.value.text.lower()) if isinstance(self.value.value, str) else None

    def run(self, runtime: Runtime) -> Message:
        """Change it."""
        option = SETTINGS[self.setting.text.lower()]
        given = self._switch if option.kind == "boolean" and self._switch is not None else self.value.value
        value = option.default if self._resets else given
        if isinstance(value, list):
            raise AssertionError("lists are no setting's kind")
        if option is LANGUAGE:
            set_language(None if value == LANGUAGE.default else str(value))
        runtime.set_setting(option.name, value)
        return Message(answers.VALUE_IS(name=option.name, value=shown(value)))


@dataclass(frozen=True)
class ShowSettings(Statement):
    """``SHOW SETTINGS``."""

    heads = (("SHOW", "SETTINGS"),)
    syntax = "SHOW SETTINGS"
    help = statements.SHOW_SETTINGS
    example = "SHOW SETTINGS"
    table_valued = True

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Nothing follows the words."""
        return cls(cursor.span_from(cursor.start_of(words)), words)

    def evaluate(self, runtime: Runtime) -> Relation:
        """One row a setting."""
        import pyarrow as pa

        options = SETTINGS.values()
        data = {
            "setting": [option.name for option in options],
            "value": [shown(runtime.setting(option.name)) for option in options],
            "default_value": [shown(option.default) for option in options],
            "description": [str(option.doc) for option in options],
        }
        return runtime.rows(pa.table(data))

    def makes(self, known: Foresight) -> Makes:
        """Rows with always the same columns."""
        names = ("setting", "value", "default_value", "description")
        return Makes(known.catalog, lambda: text_columns(*names))


def shown(value: Scalar) -> str:
    """A value as SET takes it."""
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)


def _read_setting(cursor: Cursor) -> Name:
    """Read ``display.rows``: words joined by dots."""
    first = cursor.name("setting")
    text, end = first.text, first.span.end
    while cursor.accept("."):
        part = cursor.name("setting")
        text, end = f"{text}.{part.text}", part.span.end
    return Name(text, Span(first.span.start, end), "setting")


def _nearest_setting(name: str) -> str | None:
    """The setting of nearly that name, or of that name behind its dot."""
    by_last_word = {setting.rpartition(".")[2]: setting for setting in SETTINGS}
    return nearest(name, SETTINGS) or by_last_word.get(name.lower())
