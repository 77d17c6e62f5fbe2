"""What fits where the grammar of a statement wants something: words, names, options, values, paths."""

from __future__ import annotations

from collections.abc import Iterator

from thanosql_kernel.analysis.features.completion.all_columns import all_columns
from thanosql_kernel.analysis.features.completion.items import (
    Completion,
    Tier,
    column_item,
    is_vector,
    model_item,
    spec_item,
    table_item,
)
from thanosql_kernel.analysis.features.completion.paths import entries
from thanosql_kernel.analysis.features.completion.ranking import Recent, closeness
from thanosql_kernel.analysis.features.completion.vocabulary import type_items
from thanosql_kernel.analysis.meaning.place import Place
from thanosql_kernel.analysis.text.given import option_text
from thanosql_kernel.analysis.text.words import quoted
from thanosql_kernel.catalog import Column, Readable, Table, View
from thanosql_kernel.images.endings import PICTURES
from thanosql_kernel.models.bases import BASES
from thanosql_kernel.models.spec import SPECS
from thanosql_kernel.sql.token_reader import Want
from thanosql_kernel.statements.options import Option
from thanosql_kernel.statements.registry import find_head, functions, heads, is_runnable
from thanosql_kernel.statements.settings import SETTINGS
from thanosql_kernel.wording import counted, editor, statements

_PATH_KINDS = (".csv", ".tsv", ".json", ".jsonl", ".parquet", ".pq", ".pqt", ".xlsx", ".xls")
#: By an option's kind, its value with a place for the caret.
_SNIPPETS = {"text": "'$1'", "texts": "'$1'", "text or number": "'$1'", "list": "[$1]"}
#: Words behind which a bracket may hold a query.
_BEFORE_QUERY = frozenset("IN EXISTS ANY ALL NOT AND OR WHERE ON HAVING SELECT".split())
#: Words of statements that people begin most, in order: the first, and the second where several may follow.
_COMMON_HEADS = (
    "SELECT COPY CONVERT SEARCH PRINT CREATE PREDICT BUILD DESCRIBE LIST SHOW WITH GET IMAGE TEXT MODEL"
).split()
#: Words behind which a name is a new one.
#: What names of a kind may be, of tables and views.
_LISTED: dict[str, tuple[type, ...]] = {
    "table": (Table,),
    "new table": (Table,),
    "view": (View,),
    "table or view": (Table, View),
}


def for_want(place: Place, want: Want, recent: Recent) -> Iterator[Completion]:
    """What fits where the grammar wants this."""
    if want.kind == "word" and not place.quote:
        yield from _word(place, want.text)
    elif want.kind == "name":
        yield from _names(place, want.text, recent)
    elif want.kind == "option" and not place.quote:
        yield from _options(place)
    elif want.kind == "value":
        yield from _values(place, want.text, recent)
    elif want.kind == "path":
        yield from _files(place, _PATH_KINDS)
    elif want.kind == "type" and not place.quote:
        yield from type_items()
    elif want.kind == "query" and not place.quote and _may_hold_query(place):
        yield Completion("SELECT", "keyword", "", str(editor.QUERY), tier=Tier.EXPECTED)


def head_order(word: str) -> int:
    """The place of a first word among those of statements, the ones that people begin most in front."""
    return _COMMON_HEADS.index(word) if word in _COMMON_HEADS else len(_COMMON_HEADS)


# -- words -------------------------------------------------------------------------------------------------------------
def _word(place: Place, word: str) -> Iterator[Completion]:
    option = next((option for option in place.inputs if option.name == word), None)
    if option is not None:
        yield _option_item(option, place.inputs.index(option))
    elif _may_follow(place, word):
        # What the grammar wants goes in front of the words of SQL, behind the names that could stand there too.
        takes_name = any(want.kind == "name" for want in place.wants)
        yield Completion(
            word,
            "statement" if place.statement is None or place.in_sql else "keyword",
            tier=Tier.KEYWORD if takes_name else Tier.EXPECTED,
            order=head_order(word),
        )


def _may_follow(place: Place, word: str) -> bool:
    """Whether a statement that goes on with the word is run; the first words of statements are offered elsewhere."""
    if not place.before and place.may_begin:
        return False
    if not _may_hold_query(place):
        return False
    for count in range(min(3, len(place.before)), -1, -1):
        words = (*(token.upper for token in place.before[len(place.before) - count :]), word)
        if any(head.words[: count + 1] == words for head in heads().get(words[0], ())):
            return is_runnable(words)
    head = find_head(place.before)
    kind = place.statement or (head.kind if head else None)
    return kind is None or word not in kind.unsupported_words


def _may_hold_query(place: Place) -> bool:
    """Whether a query may begin here: in no bracket of a call, of USING or of EXCLUDE."""
    if len(place.before) < 2 or place.before[-1].text != "(" or place.wants_only_query:
        return True
    before = place.before[-2]
    return not before.is_name or before.upper in _BEFORE_QUERY


# -- names -------------------------------------------------------------------------------------------------------------
def _names(place: Place, kind: str, recent: Recent) -> Iterator[Completion]:
    if kind == "model":
        yield from _models(place, recent)
    elif kind == "base model":
        yield from _bases(place, recent)
    elif kind in _LISTED:
        if kind != "new table" or not _is_new(place):
            for table in place.known.readable():
                if isinstance(table, _LISTED[kind]):
                    yield table_item(table, quote=place.quote, order=recent.order(table.name))
    elif kind == "column":
        yield from _columns(place)
    elif kind == "data set":
        yield Completion("sample_photos", "dataset")
    elif kind == "setting":
        yield from _settings(place)
    elif kind == "function":
        yield from _functions(place)
    elif kind == "variable":
        yield from (Completion(quoted(name, place.quote), "variable") for name in place.known.variables)


def _bases(place: Place, recent: Recent) -> Iterator[Completion]:
    """What BUILD MODEL makes models of, and models to go on from; elsewhere the kinds of models that can be had."""
    first = place.tokens[0].upper if place.tokens else ""
    if first == "BUILD":
        for number, base in enumerate(BASES.values()):
            yield Completion(base.name, "model", "", str(base.summary), tier=Tier.EXPECTED, order=number)
    if first in ("BUILD", "FIT"):
        for model in place.known.catalog.models.values():
            is_start = model.trained is not None
            tier = Tier.EXPECTED if is_start and first == "FIT" else Tier.NEAR
            if is_start or first == "BUILD":
                yield model_item(model, quote=place.quote, tier=tier, order=recent.order(model.name))
        return
    for spec in SPECS.values():
        for name in (spec.name, *spec.aliases):
            yield spec_item(spec, name, tier=Tier.NEAR if name == spec.name else Tier.FAR)


def _is_new(place: Place) -> bool:
    """Whether the table at the caret must not exist yet: COPY and CREATE OR REPLACE replace one."""
    words = [token.upper for token in place.before]
    if words[:1] == ["CREATE"]:
        return "REPLACE" not in words
    return words[-1:] in (["TO"], ["INTO"])


def _models(place: Place, recent: Recent) -> Iterator[Completion]:
    """The models, those that made a column first, then those used last."""
    tables = place.known.catalog.tables.values()
    made = {column.generated.model for table in tables for column in table.columns if column.generated}
    searches = place.statement is not None and bool(place.before) and place.before[-1].upper == "USING"
    for model in place.known.catalog.models.values():
        tier = Tier.EXPECTED if searches and model.name in made else Tier.NEAR
        yield model_item(model, quote=place.quote, tier=tier, order=recent.order(model.name))


def _columns(place: Place) -> Iterator[Completion]:
    named = {token.name.lower() for token in place.before if token.is_name}
    for number, column in enumerate(place.target_columns or ()):
        tier = Tier.UNLIKELY if column.name.lower() in named else Tier.NEAR
        yield column_item(column, quote=place.quote, tier=tier, order=number)


def _functions(place: Place) -> Iterator[Completion]:
    """The functions that FUNCTION has; behind a module's name those of the module."""
    before = f"{place.owner.lower()}." if place.owner else ""
    for kind in dict.fromkeys(functions().values()):
        if (name := kind.called[0]).startswith(before):
            yield Completion(name.removeprefix(before), "function", "", str(kind.help))


def _settings(place: Place) -> Iterator[Completion]:
    before = f"{place.owner.lower()}." if place.owner else ""
    for number, setting in enumerate(SETTINGS.values()):
        if setting.name.startswith(before):
            name = setting.name.removeprefix(before)
            kind = str(statements.KINDS[setting.kind])
            yield Completion(name, "option", kind, str(setting.doc), order=number)


# -- options -----------------------------------------------------------------------------------------------------------
def _options(place: Place) -> Iterator[Completion]:
    for number, option in enumerate(place.options):
        if option.name not in place.given and _fits(place, option):
            yield _option_item(option, number)


def _fits(place: Place, option: Option) -> bool:
    """Whether the statement is run with the option."""
    return (
        place.statement is not None
        and not option.instead
        and option.has_effect
        and not _is_of_another_kind(place, option)
    )


def _option_item(option: Option, number: int) -> Completion:
    text, value = f"{option.name}=", _SNIPPETS.get(option.kind)
    kind, snippet = str(statements.KINDS[option.kind]), text + value if value else ""
    return Completion(text, "option", kind, str(option.doc), snippet=snippet, order=number)


def _is_of_another_kind(place: Place, option: Option) -> bool:
    """Whether it is the option of another kind of files: ``audio_col`` of PRINT IMAGE."""
    head = find_head(place.tokens)
    kind = option.name.partition("_")[0].upper()
    if head is None or kind == head.words[-1]:
        return False
    return any(words[-1] == kind for words in head.kind.heads)


def _values(place: Place, name: str, recent: Recent) -> Iterator[Completion]:
    """Values for the option of that name."""
    options = (*place.options, *place.inputs, *SETTINGS.values())
    option = next((o for o in options if name.lower() in (o.name, *o.aliases)), None)
    if option is None:
        return
    for number, choice in enumerate(option.choices):
        text = choice if place.quote else f"'{choice}'"
        # Nobody writes down what holds anyway.
        order = number + 100 * (choice == option.default)
        yield Completion(text, "value", "", str(option.doc), typed_as=choice, order=order)
    if option.kind == "boolean" and not place.quote:
        for number, word in enumerate(("on", "off") if option.name in SETTINGS else ("True", "False")):
            yield Completion(word, "value", "", str(option.doc), order=number)
    if option.role == "column":
        yield from _column_values(place, option, recent)
    elif option.role in ("table", "new table"):
        yield from _table_values(place, recent)
    elif option.role == "model":
        yield from _model_values(place, recent)
    elif option.role == "path" and place.quote:
        yield from _files(place, tuple(PICTURES))


def _column_values(place: Place, option: Option, recent: Recent) -> Iterator[Completion]:
    """Columns that hold what the option is about; those that the model or the option means first."""
    model, usual = _model_of(place), option.name.replace("_col", "_path")
    for table, column in _columns_of(place, option.of) if option.of else _known_columns(place):
        if _may_be_named(column, option):
            fits = column.generated is not None and column.generated.model == model
            yield Completion(
                column.name if place.quote else f"'{column.name}'",
                "column",
                " · ".join(part for part in (column.type, table.name if table else "") if part),
                typed_as=column.name,
                tier=Tier.EXPECTED if fits or column.name in (option.default, usual) else Tier.NEAR,
                order=recent.order(table.name) if table else 0,
            )


def _may_be_named(column: Column, option: Option) -> bool:
    """Whether a column may be what an option names: vectors, times, labels and groups of any kind, else texts."""
    if option.name.endswith("emb_col"):
        return is_vector(column)
    if option.name in ("date_col", "time_col"):
        return column.type.startswith(("TIMESTAMP", "DATE")) or not column.type
    takes_any = option.name.endswith("label_col") or option.name == "group_by"
    return not is_vector(column) if takes_any else column.type in ("VARCHAR", "")


def _columns_of(place: Place, option: str) -> Iterator[tuple[Readable | None, Column]]:
    """The columns of the table that another option names."""
    name = option_text(place.tokens, (option,))
    table = place.known.catalog.find(name) if name is not None else None
    yield from ((table, column) for column in (table.columns if table is not None else ()))


def _known_columns(place: Place) -> Iterator[tuple[Readable | None, Column]]:
    """The columns of the statement's query; before there is one, those of all tables, each name and type once."""
    columns = place.target_columns
    if columns is not None:
        yield from ((None, column) for column in columns)
        return
    wanted = place.typed.lower()
    for name, owned in all_columns(place.known.catalog).different.items():
        if closeness(name, wanted) is not None:
            yield from ((one.table, one.column) for one in owned)


def _model_of(place: Place) -> str | None:
    """The model that the statement names."""
    pairs = zip(place.tokens, place.tokens[1:], strict=False)
    return next((after.name for token, after in pairs if token.upper == "USING" and after.is_name), None)


def _table_values(place: Place, recent: Recent) -> Iterator[Completion]:
    named = {token.name.lower() for token in place.tokens if token.is_name}
    for table in place.known.catalog.tables.values():
        text = table.name if place.quote else f"'{table.name}'"
        tier = Tier.EXPECTED if table.name.lower() in named else Tier.NEAR
        order = recent.order(table.name)
        yield Completion(
            text, "table", counted(table.rows, "row"), typed_as=table.name, tier=tier, order=order
        )


def _model_values(place: Place, recent: Recent) -> Iterator[Completion]:
    """The models whose vectors others can be trained on."""
    for model in place.known.catalog.models.values():
        if model.trained is None:
            text = model.name if place.quote else f"'{model.name}'"
            yield Completion(text, "model", typed_as=model.name, order=recent.order(model.name))


def _files(place: Place, endings: tuple[str, ...]) -> Iterator[Completion]:
    """Folders and fitting files that the path typed so far leads to."""
    if place.known.folder is None or not place.quote:
        return
    doubled = 2 * place.quote
    for entry in entries(place.known.folder, place.typed.replace(doubled, place.quote), endings):
        path = entry.path.replace(place.quote, doubled)
        yield (
            Completion(f"{path}/", "file", str(editor.KINDS["folder"]))
            if entry.is_folder
            else Completion(path, "file")
        )
