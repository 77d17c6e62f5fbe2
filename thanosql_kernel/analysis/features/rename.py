"""Renaming: the edits for every place that names a thing, the columns that carry a model's name among them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from thanosql_kernel.analysis.features.findings import Edit
from thanosql_kernel.analysis.features.references import Use, column_maker, find_use, same_uses
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.analysis.meaning.occurrences import occurrences
from thanosql_kernel.analysis.text.blocks import shift
from thanosql_kernel.analysis.text.words import quoted
from thanosql_kernel.catalog import View
from thanosql_kernel.errors import ThanoSQLError, UnknownName
from thanosql_kernel.models.spec import spec_of
from thanosql_kernel.statements.foresight import find_model
from thanosql_kernel.wording import Said
from thanosql_kernel.wording.names import TS206

#: The index of a document and an edit in it.
DocumentEdit = tuple[int, Edit]


def rename(document: Document, offset: int, new_name: str) -> tuple[Edit, ...] | ThanoSQLError:
    """The edits that give what the word at ``offset`` names another name; see `find_renames`."""
    found = find_renames([document], 0, offset, new_name)
    return found if isinstance(found, ThanoSQLError) else tuple(edit for _, edit in found)


def find_renames(
    documents: Sequence[Document], index: int, offset: int, new_name: str
) -> tuple[DocumentEdit, ...] | ThanoSQLError:
    """The edits that give what a word names another name, in every document.

    Tables, aliases, columns that the text itself names (AS, ``result_col``) and models can be renamed; the columns
    that a model generates follow its name. Returns the reason if the word cannot be renamed.
    """
    use = find_use(documents, index, offset)
    problem = _problem(documents, use, new_name) if use else _refuse(TS206.NO_NAME_HERE())
    if use is None or problem is not None:
        return problem or _refuse(TS206.NO_NAME_HERE())
    found = {(edit.document, edit.location.span): text for edit, text in _renamed(documents, use, new_name)}
    return tuple((number, Edit(span, text)) for (number, span), text in sorted(found.items()))


def _problem(documents: Sequence[Document], use: Use, new_name: str) -> ThanoSQLError | None:
    """Why the word cannot have that name."""
    word = use.word
    if not new_name.strip() or "\n" in new_name:
        return _refuse(TS206.NEEDS_LETTER())
    if new_name.lower() == word.name.lower() and word.kind != "model":
        return None
    if word.kind == "column":
        return _column_problem(documents, use) or _collision(documents, use, new_name)
    if word.kind == "alias":
        taken = any(
            other.name.lower() == new_name.lower()
            for other in occurrences(use.part)
            if other.kind in ("alias", "table")
        )
        return _refuse(TS206.IN_STATEMENT(name=new_name)) if taken else None
    catalogs = [document.known_after.catalog for document in documents]
    if word.kind == "table" and any(catalog.find(new_name) for catalog in catalogs):
        return _refuse(TS206.TABLE_THERE(name=new_name))
    if word.kind == "table" and _is_only_stored(documents, use):
        stored = TS206.STORED_VIEW if isinstance(word.table, View) else TS206.STORED_TABLE
        return _refuse(stored(name=word.name, new=quoted(new_name)))
    return None


def _refuse(message: Said) -> ThanoSQLError:
    return UnknownName(message)


def _is_only_stored(documents: Sequence[Document], use: Use) -> bool:
    """Whether the table is one of the database that no statement here makes."""
    if not use.part.known.has_database:
        return False
    return not any(other.word.defines for other in same_uses(documents, use))


def _column_problem(documents: Sequence[Document], use: Use) -> ThanoSQLError | None:
    maker = column_maker(documents, use)
    if maker is None:
        return _refuse(TS206.OF_DATA(name=use.word.name))
    text = documents[maker.document].text[maker.span.start : maker.span.end]
    if use.word.name.lower() not in text.lower():
        return _refuse(TS206.OF_MODEL(name=use.word.name))
    return None


def _collision(documents: Sequence[Document], use: Use, new_name: str) -> ThanoSQLError | None:
    """Why the column's name, old or new, would mean two things in a statement that changes."""
    name, new = use.word.name, new_name.lower()
    for part in {id(other.part): other.part for other in same_uses(documents, use)}.values():
        words = [word for word in occurrences(part) if word.kind == "column"]
        given = {word.name.lower() for word in words if word.defines}
        stored = {word.name.lower() for word in words if word.table is not None}
        if name.lower() in given & stored:
            return _refuse(TS206.COLUMN_AND_NAME(name=name))
        tables = (part.known.find(word.name) for word in occurrences(part) if word.kind == "table")
        seen = {column.name.lower() for table in tables if table for column in table.columns}
        if new in seen | {word.name.lower() for word in words}:
            return _refuse(TS206.COLUMN_IN_STATEMENT(name=new_name))
    return None


def _renamed(documents: Sequence[Document], use: Use, new_name: str) -> Iterator[tuple[Use, str]]:
    """The words to change and what to write."""
    for other in same_uses(documents, use):
        yield other, _written(documents, other, new_name)
    follow = _followers(documents, use, new_name)
    if follow is None:
        return
    for number, document in enumerate(documents):
        for part in document.parts:
            for word in occurrences(part):
                name = follow(word.name) if word.kind == "column" else None
                if name is not None:
                    other = Use(number, part, word)
                    yield other, _written(documents, other, name)


def _followers(documents: Sequence[Document], use: Use, new_name: str) -> Callable[[str], str | None] | None:
    """What the columns that carry the name will be called; None when none does."""
    if use.word.kind == "model":
        return _model_columns(documents, use, new_name)
    if use.word.kind == "column" and _numbers_its_columns(documents, use):
        pattern = re.compile(rf"{re.escape(use.word.name)}(\d+)\Z", re.IGNORECASE)
        return lambda name: f"{new_name}{match[1]}" if (match := pattern.match(name)) else None
    return None


def _model_columns(
    documents: Sequence[Document], use: Use, new_name: str
) -> Callable[[str], str | None] | None:
    """``{model}_{base}`` and ``{model}_{base}_similarity1`` under the new name, and the base of that if it is known."""
    catalogs = [document.known_after.catalog for document in documents]
    old = next((model for catalog in catalogs if (model := find_model(catalog, use.word.name))), None)
    new = next((model for catalog in catalogs if (model := find_model(catalog, new_name))), old)
    if old is None or new is None:
        return None
    prefix = f"{use.word.name}_{spec_of(old).base}"
    pattern = re.compile(rf"{re.escape(prefix)}(_similarity\d+)?\Z", re.IGNORECASE)
    base = spec_of(new).base
    return lambda name: f"{new_name}_{base}{match[1] or ''}" if (match := pattern.match(name)) else None


def _numbers_its_columns(documents: Sequence[Document], use: Use) -> bool:
    """Whether the name stands where a statement is told a column's, and it makes v1, v2 … of v."""
    option, statement = use.word.option, use.part.block.statement
    if statement is None or option is None or option.role != "new column":
        return False
    at = use.word.span.start
    return any(
        added.span.start <= at < added.span.end and added.column.name.lower() != use.word.name.lower()
        for made in (statement, *statement.children())
        for added in made.makes(use.part.known).added
    )


def _written(documents: Sequence[Document], use: Use, name: str) -> str:
    """The name as it must be written there."""
    if not use.word.in_string:
        return quoted(name)
    span = shift(use.word.span, use.part.start)
    quote = documents[use.document].text[span.start - 1]
    return name.replace(quote, quote * 2)
