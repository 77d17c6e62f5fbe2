"""What the word under the pointer is, in a few lines: for an editor's hover and for Shift-Tab in a notebook."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

from thanosql_kernel.analysis.features import samples
from thanosql_kernel.analysis.meaning.document import Document, Part
from thanosql_kernel.analysis.meaning.occurrences import Occurrence, occurrence_at
from thanosql_kernel.analysis.meaning.selected import given_column, star_at
from thanosql_kernel.analysis.meaning.sources import find_source
from thanosql_kernel.analysis.text.blocks import shift
from thanosql_kernel.analysis.text.clauses import query_of
from thanosql_kernel.catalog import Column, Model, Readable, View
from thanosql_kernel.errors import Span
from thanosql_kernel.models.bases import find_base
from thanosql_kernel.models.spec import ModelSpec, find_spec, spec_of
from thanosql_kernel.statements.convert import generated_name
from thanosql_kernel.statements.film_options import with_frames
from thanosql_kernel.statements.foresight import Columns, are_all, find_model
from thanosql_kernel.statements.help_page import (
    describe_option,
    example_markdown,
    example_text,
    page,
    page_markdown,
)
from thanosql_kernel.statements.options import Option
from thanosql_kernel.statements.settings import SETTINGS
from thanosql_kernel.visible import visible
from thanosql_kernel.wording import counted, editor, training
from thanosql_kernel.wording.functions import COMMON
from thanosql_kernel.wording.viewed import with_views

_MOST_COLUMNS = 30
_MOST_TEXT = 400


@dataclass(frozen=True, slots=True)
class Hover:
    """A description.

    Attributes:
        span: The word that it describes.
        markdown: For editors.
        plain: The same for a terminal.
    """

    span: Span
    markdown: str
    plain: str


def hover(document: Document, offset: int) -> Hover | None:
    """What the word at ``offset``, or right in front of it, is; None where there is nothing to say."""
    part = document.part_at(offset)
    word = occurrence_at(part, offset) if part else None
    if part is None or word is None:
        return _star(part, offset) if part is not None else None
    text = _statement_page(word) if word.kind == "statement word" else _describe(part, word)
    if text is None:
        return None
    markdown, plain = (visible(shown, lines=True) for shown in text)
    return Hover(shift(word.span, part.start), markdown, plain)


def _star(part: Part, offset: int) -> Hover | None:
    """The columns that ``*`` stands for."""
    found = star_at(part, offset)
    lines = _columns_list(found[1]) if found is not None and found[1] else None
    if found is None or lines is None:
        return None
    markdown, plain = (
        visible("\n".join([f"**{editor.COLUMNS}**", *lines]), lines=True),
        "\n".join([str(editor.COLUMNS), *lines]),
    )
    return Hover(shift(found[0], part.start), markdown, visible(plain.replace("`", ""), lines=True))


def _statement_page(word: Occurrence) -> tuple[str, str] | None:
    return (page_markdown(word.statement), page(word.statement)) if word.statement else None


def _describe(part: Part, word: Occurrence) -> tuple[str, str] | None:
    """Title, lines and an example as Markdown and as plain text."""
    title, lines = word.name, None
    if word.kind in ("option", "value") and word.option is not None:
        title, lines = word.option.name, [describe_option(word.option)]
    elif word.kind == "setting" and (setting := _setting(word.name)) is not None:
        title, lines = setting.name, [describe_option(setting)]
    elif word.kind == "model":
        lines = _model_lines(word.name, find_model(part.known.catalog, word.name))
    elif word.kind == "base model":
        lines = _base_lines(part, word.name)
    elif word.kind == "table":
        lines = _table_lines(_table(part, word))
    elif word.kind in ("column", "field"):
        lines = _column_lines(part, word)
    elif word.kind == "alias":
        lines = _alias_lines(part, word)
    elif word.kind == "function" and word.name in COMMON:
        lines = [str(COMMON[word.name])]
    if lines is None:
        return None
    kind, sample = editor.KINDS[_kind(part, word)], _sample(part, word)
    markdown = "\n\n".join([f"**{kind}** `{title}`", *lines, *example_markdown(sample)])
    plain = "\n".join([f"{kind} {title}", *lines]).replace("`", "")
    return markdown, "\n".join([plain, *example_text(sample)])


def _kind(part: Part, word: Occurrence) -> str:
    """What the word is, as people are told."""
    if word.kind == "table" and isinstance(_table(part, word), View):
        return "view"
    return {"value": "option", "base model": "model"}.get(word.kind, word.kind)


def _sample(part: Part, word: Occurrence) -> str:
    """How the thing is used; empty for what needs no example."""
    if word.option is not None:
        return samples.option_sample(word.option, word.statement)
    if word.kind == "setting" and (setting := _setting(word.name)) is not None:
        return samples.setting_sample(setting)
    if word.kind in ("column", "field") and (column := _column(part, word)) is not None:
        return samples.column_sample(column, word.table.name if word.table else None)
    if word.kind == "model":
        return samples.model_sample(word.name, find_model(part.known.catalog, word.name))
    named = {
        "table": samples.table_sample,
        "base model": samples.base_model_sample,
    }
    return named[word.kind](word.name) if word.kind in named else ""


def _setting(name: str) -> Option | None:
    """The setting whose name ends in the word."""
    ends = (item for item in SETTINGS.values() if item.name.rpartition(".")[2] == name.lower())
    return next(ends, None)


def _model_lines(name: str, model: Model | None) -> list[str] | None:
    if model is None:
        return None
    lines = _spec_lines(spec_of(model))
    if model.trained is not None and model.trained.gives == "labels":
        return [*lines, str(training.GETS_LABEL())]
    lines.append(editor.GENERATES(column=generated_name(name, model)))
    if model.folder is not None:
        lines.append(editor.WEIGHTS_IN(folder=model.folder))
    if model.repo is not None:
        lines.append(f"https://huggingface.co/{model.repo}")
    return lines


def _base_lines(part: Part, name: str) -> list[str] | None:
    """What models are made of: a kind that is trained here, a model of the database, a kind that can be had."""
    base, spec = find_base(name), find_spec(name)
    if base is not None:
        return [str(base.summary)]
    model = part.known.catalog.models.get(name)
    return _model_lines(name, model) if model is not None else _spec_lines(spec) if spec is not None else None


def _spec_lines(spec: ModelSpec) -> list[str]:
    if not spec.dim:
        return [str(it) for it in (spec.summary, spec.choose) if it]
    kinds = reduce(_both, (str(editor.EMBEDDED[kind]) for kind in spec.modalities))
    facts = {"summary": spec.summary, "languages": spec.languages, "licence": spec.licence}
    lines = [editor.SPEC(dim=spec.dim, kinds=kinds, **facts)]
    return [*lines, str(spec.choose)] if spec.choose else [*lines]


def _both(one: str, other: str) -> str:
    return editor.BOTH(one=one, other=other)


def _table(part: Part, word: Occurrence) -> Readable | None:
    """The table or view that the word names."""
    made = _table_made(part, word.name) if word.defines or word.table is None else None
    return made if isinstance(made, View) else word.table or made


def _table_lines(table: Readable | None) -> list[str] | None:
    if table is None:
        return None
    if isinstance(table, View):
        statement = " ".join(table.statement.split())[:_MOST_TEXT]
        return [editor.VIEW_OF(statement=statement), *_columns_list(table.columns)]
    rows = counted(table.rows, "row") if table.version else editor.MADE_HERE()
    return [rows, *_columns_list(table.columns)]


def _table_made(part: Part, name: str) -> Readable | None:
    """The table or view as the statement itself will leave it."""
    statement = part.block.statement
    return part.known.after((statement,)).find(name) if statement else None


def _columns_list(columns: Columns) -> list[str]:
    shown = (columns or ())[:_MOST_COLUMNS]
    lines = [f"- `{column.name}` {' · '.join(_facts(column))}".rstrip() for column in shown]
    more = len(columns or ()) - len(shown)
    tail = [f"- {editor.MORE(count=more)}"] if more > 0 else [] if are_all(columns) else ["- …"]
    return ["\n".join([*lines, *tail])] if lines or tail else []


def _column_lines(part: Part, word: Occurrence) -> list[str] | None:
    column = _column(part, word)
    if column is None:
        return None
    of = editor.OF_VIEW if isinstance(word.table, View) else editor.OF_TABLE
    where = [of(name=word.table.name)] if word.table else []
    return [" · ".join([*_facts(column), *where])] if _facts(column) or where else None


def _column(part: Part, word: Occurrence) -> Column | None:
    return word.column or given_column(part, word.name, word.span.start) or _column_made(part, word.name)


def _column_made(part: Part, name: str) -> Column | None:
    """The column as the statement itself, or one nested in it, will make it."""
    statement = part.block.statement
    if statement is None:
        return None
    for made in (statement, *statement.children()):
        for column in made.makes(part.known).columns or ():
            if column.name.lower() == name.lower():
                return column
    return None


def _facts(column: Column) -> list[str]:
    made = column.generated
    facts = [column.type] if column.type else []
    if made is not None:
        weights = (
            f" ({made.weights.name} {made.weights.revision})".replace(" )", ")") if made.weights.name else ""
        )
        kinds, source = editor.EMBEDDED[made.kind], made.source
        said = editor.MADE_BY(model=made.model, weights=weights, kinds=kinds, source=source)
        facts.append(with_frames(with_views(said, made.views), made.sampling))
    return facts


def _alias_lines(part: Part, word: Occurrence) -> list[str] | None:
    statement = query_of(part.block.tokens)
    scope = part.known.names.at(statement, word.span.start) if statement else None
    source = find_source(scope.sources, word.name) if scope else None
    columns = source.columns if source else scope.ctes.get(word.name.lower()) if scope else None
    return _columns_list(columns) or None
