"""HELP: what statements there are, and how one is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from thanosql_kernel.errors import Span, ThanoSQLError, UnknownName, nearest
from thanosql_kernel.sql import edits
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.statements.foresight import Foresight
from thanosql_kernel.statements.options import Option
from thanosql_kernel.statements.registry import documented_types, heads, titles
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.wording import statements
from thanosql_kernel.wording.names import DID_YOU_MEAN, TS207


@dataclass(frozen=True)
class Help(Statement):
    """``HELP [statement words]``."""

    heads = (("HELP",),)
    syntax = "HELP [statement]"
    help = statements.HELP
    example = "HELP CONVERT"

    asked: str
    asked_span: Span

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read the words of a statement, on the line of HELP."""
        start = cursor.start_of(words)
        first, asked = cursor.here().start, list[str]()
        for word in heads():
            cursor.want("word", word)
        while (token := cursor.peek()) is not None and (token.kind == "word" or token.text == "."):
            if "\n" in cursor.source[cursor.span_from(start).end : token.start]:
                break
            asked.append(token.upper)
            cursor.at += 1
        text = " ".join(asked).replace(" . ", ".")
        return cls(cursor.span_from(start), words, text, cursor.span_from(first))

    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """Words that begin no statement."""
        if self.asked and not _kinds(self.asked):
            known_ = [title.upper().split() for kind in documented_types() for title in titles(kind)]
            words = (" ".join(head[:count]) for head in known_ for count in range(1, len(head) + 1))
            meant = nearest(self.asked, words)
            yield UnknownName(
                TS207.NO_STATEMENT(words=self.asked),
                span=self.asked_span,
                hint=str(DID_YOU_MEAN(name=meant)) if meant else TS207.HELP_ALONE(),
                fixes=[edits.writing(self.asked_span, meant)] if meant else [],
            )

    def run(self, runtime: Runtime) -> Message:
        """The page."""
        if not self.asked:
            return Message(_overview(), markdown=_overview_markdown())
        kinds = _kinds(self.asked)
        return Message("\n\n".join(map(page, kinds)), markdown="\n\n---\n\n".join(map(page_markdown, kinds)))


def _kinds(words: str) -> list[type[Statement]]:
    """The statements that the words begin."""
    return [
        kind
        for kind in documented_types()
        if any(f"{title.upper()} ".startswith(f"{words} ") for title in titles(kind))
    ]


#: The first words of statements as a newcomer needs them; all others follow by name.
_ORDER = "COPY CONVERT SEARCH PRINT SELECT CREATE EXPORT PREDICT LIST DESCRIBE GET SET SHOW INSERT".split()


def _rows() -> list[tuple[str, str]]:
    kinds = sorted(documented_types(), key=_place)
    return [(kind.syntax, str(kind.help)) for kind in kinds if kind.is_supported() and kind.syntax]


def _place(kind: type[Statement]) -> tuple[int, str]:
    word = kind.syntax.partition(" ")[0]
    return (_ORDER.index(word) if word in _ORDER else len(_ORDER), kind.syntax)


def _overview() -> str:
    return "\n".join(f"{syntax}\n    {text}" for syntax, text in _rows())


def _overview_markdown() -> str:
    # No table: JupyterLab and nbconvert disagree on how a | is written in the code of one. No line break either:
    # nbconvert's sanitiser would print it as text.
    return "\n".join(f"- `{syntax}`: {text}" for syntax, text in _rows())


def page(kind: type[Statement]) -> str:
    """The help page of a statement as plain text."""
    lines = [kind.syntax, "", str(kind.help)]
    if kind.option_specs:
        lines += [
            "",
            str(statements.OPTIONS),
            *(f"  {option.name}: {describe_option(option)}" for option in kind.option_specs),
        ]
    return "\n".join([*lines, *([""] if kind.example else []), *example_text(kind.example)])


def page_markdown(kind: type[Statement]) -> str:
    """The help page of a statement as Markdown."""
    parts = [f"```sql\n{kind.syntax}\n```", str(kind.help)]
    if kind.option_specs:
        rows = "\n".join(
            f"| `{option.name}` | {_cell(describe_option(option))} |" for option in kind.option_specs
        )
        parts.append(f"| {statements.OPTION} | |\n| --- | --- |\n{rows}")
    return "\n\n".join([*parts, *example_markdown(kind.example)])


def example_text(example: str) -> list[str]:
    """The last line of a page as plain text; none without an example."""
    return [statements.EXAMPLE(example=example)] if example else []


def example_markdown(example: str) -> list[str]:
    """The last part of a page as Markdown; none without an example."""
    return [f"{statements.EXAMPLE_HEADING}\n\n```sql\n{example}\n```"] if example else []


def describe_option(option: Option) -> str:
    """What an option does, its values and its default, in one line."""
    values = " | ".join(option.choices) or str(statements.KINDS[option.kind])
    described = statements.DESCRIBED if option.default is None else statements.DESCRIBED_WITH_DEFAULT
    return described(doc=option.doc, values=values, default=option.default)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
