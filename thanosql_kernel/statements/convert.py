"""CONVERT: embed a column of pictures or texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import cast

from thanosql_kernel.catalog import (
    Catalog,
    Column,
    EmbeddingKind,
    GeneratedColumn,
    Model,
    View,
    Weights,
    old_names,
)
from thanosql_kernel.catalog.model import find_column
from thanosql_kernel.errors import ModelError, ParseError, Span, ThanoSQLError
from thanosql_kernel.films.sampling import Sampling
from thanosql_kernel.images.viewed import MOST_VIEWS
from thanosql_kernel.models.spec import spec_of
from thanosql_kernel.sql.identifiers import quote_if_needed
from thanosql_kernel.sql.parameters import literal_of
from thanosql_kernel.sql.query import is_result_name
from thanosql_kernel.statements.changes import Relation
from thanosql_kernel.statements.film_options import (
    FRAME_OPTIONS,
    VIDEO_COL,
    frame_problems,
    given_sampling,
    sampling_of,
    written,
)
from thanosql_kernel.statements.foresight import (
    Added,
    Columns,
    Foresight,
    Makes,
    find_model,
    some,
    with_column,
    with_table,
)
from thanosql_kernel.statements.options import RESULT_COL, TABLE_NAME, Option
from thanosql_kernel.statements.results import Result
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.using import EmbedsColumn
from thanosql_kernel.statements.vectors import EmbedReport, EmbedWish, OnError
from thanosql_kernel.statements.views import whole_table
from thanosql_kernel.wording import (
    answers,
    counted,
    editor,
    films,
    instead,
    old_options,
    photos,
    statements,
    viewed,
)
from thanosql_kernel.wording.grammar import TS104
from thanosql_kernel.wording.models import TS403
from thanosql_kernel.wording.training import TS404

_NOUNS: dict[EmbeddingKind, str] = {"image": "picture", "text": "text", "video": "video"}


@dataclass(frozen=True)
class Convert(EmbedsColumn):
    """``CONVERT USING model [OPTIONS(...)] AS query``."""

    heads = (("CONVERT", "USING"),)
    syntax = "CONVERT USING model [OPTIONS(image_col='image_path', table_name='t', …)] AS query"
    help = statements.CONVERT
    example = (
        "CONVERT USING clip OPTIONS(image_col='image_path', table_name='photos') AS SELECT * FROM photos"
    )
    option_specs = (
        Option("image_col", "text", statements.IMAGE_COL, default="image_path", role="column"),
        Option("text_col", "text", statements.TEXT_COL, default="text", role="column"),
        Option("convert_type", "text", statements.CONVERT_TYPE, choices=("image", "text", "video")),
        Option("batch_size", "integer", statements.BATCH_SIZE, default=16, minimum=1),
        Option("views", "integer", viewed.OPTION, minimum=1, maximum=MOST_VIEWS),
        VIDEO_COL,
        *FRAME_OPTIONS,
        RESULT_COL,
        TABLE_NAME,
        Option(
            "on_error",
            "text",
            statements.ON_ERROR,
            default="null",
            choices=("null", "fail"),
        ),
        Option("max_epochs", "integer", old_options.MAX_EPOCHS, has_effect=False),
        Option("file_name", "text", old_options.FILE_NAME, has_effect=False),
        Option("audio_col", "text", statements.AUDIO_COL, role="column", instead=instead.CONVERTED),
    )

    @property
    def kind(self) -> EmbeddingKind:
        """What is embedded: what ``convert_type`` says, else what the one column given holds, else pictures."""
        stated = self.options.text("convert_type")
        if stated is not None:
            return cast(EmbeddingKind, stated.lower())
        given = {item.name.lower() for item in self.given}
        if "image_col" in given:
            return "image"
        return "text" if "text_col" in given else "video" if "video_col" in given else "image"

    def result_column(self, model: Model) -> str:
        """Name of the vector column."""
        return self.options.text("result_col") or generated_name(self.model.text, model)

    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """A model that cannot embed this kind of thing, a query without the column that nobody named."""
        yield from super().check(known)
        model = known.catalog.models.get(self.model.text)
        if known.has_database and model is not None and seen_as(self.kind) not in spec_of(model).modalities:
            yield cannot_embed(model, seen_as(self.kind), self.model.span)
        yield from frame_problems(self.options, self.kind)
        given = self.options.given_span("views")
        if self.kind == "text" and given is not None:
            yield ParseError(TS104.VIEWS_OF_TEXTS(), span=given, hint=TS104.LEAVE_VIEWS_OUT())
        yield from self.check_source(known)

    def run(self, runtime: Runtime) -> Result:
        """Embed and store, or add the column to the table the query names, or only show the rows."""
        plain = self.query.plain_table()
        stored_as = self.options.text("table_name")
        if stored_as is None and plain is not None:
            table = runtime.catalog.find_table(plain)
            stored_as = None if table is None else table.name
        rows, column, report = self.embed(runtime, stored_as)
        if stored_as is None:
            runtime.notice(self._unstored(column, runtime.catalog))
        runtime.keep(rows)
        shown = runtime.sample(rows, [self.source, column])
        model = runtime.catalog.model(self.model.text)
        return replace(shown, heading=self._heading(rows, column, report, stored_as, model))

    def _heading(
        self, rows: Relation, column: str, report: EmbedReport, stored_as: str | None, model: Model
    ) -> str:
        """How many rows are ready, and the search that can be next."""
        noun = _NOUNS[self.kind]
        ready = (answers.IS_READY if report.ready == 1 else answers.ARE_READY)(
            ready=counted(report.ready, noun)
        )
        if stored_as is None or not report.ready:
            return ready
        made = [it for it in rows.columns if (by := it.generated) and by.model == self.model.text]
        options = f" OPTIONS(emb_col={literal_of(column)})" if len(made) > 1 else ""
        wanted = (
            f"text='{answers.SEARCHED_FOR}'"
            if "text" in spec_of(model).modalities
            else f"image='{answers.A_PICTURE}'"
        )
        search = (
            f"SEARCH {self.kind.upper()} {wanted} USING {self.model}{options} "
            f"AS SELECT * FROM {quote_if_needed(stored_as)}"
        )
        shown = search if self.kind == "text" else f"PRINT {self.kind.upper()} AS {search}"
        return f"{ready}\n{answers.NEXT(next=shown)}"

    def _unstored(self, column: str, catalog: Catalog) -> str:
        """That the column is not kept, and what keeps it: nothing can be stored in a view."""
        plain = self.query.plain_table()
        view = catalog.find(plain) if plain is not None else None
        if not isinstance(view, View):
            return answers.COLUMN_NOT_STORED(column=column)
        table = whole_table(catalog, view.name)
        if not table:
            return answers.VIEW_NOT_STORED(view=view.name, column=column)
        return answers.VIEW_NOT_STORED_BUT_TABLE(view=view.name, column=column, table=quote_if_needed(table))

    def evaluate(self, runtime: Runtime) -> Relation:
        """The rows with the new column; stored too if ``table_name`` says so."""
        return self.embed(runtime, self.options.text("table_name"))[0]

    def embed(
        self, runtime: Runtime, stored_as: str | None, *, is_refresh: bool = False
    ) -> tuple[Relation, str, EmbedReport]:
        """The rows with the new column, stored under a name if one is given; its name, and what was done.

        Args:
            runtime: The engine.
            stored_as: The table.
            is_refresh: Whether it has the column already, and only what is new is worth a word.
        """
        model = runtime.catalog.model(self.model.text, self.model.span)
        rows = runtime.evaluate(self.query)
        column = self.result_column(model)
        embedded, report = runtime.embed(rows, **self.wish(model))
        if not is_refresh:
            for name in self.options.ineffective():
                runtime.notice(old_options.NO_EFFECT(name=name))
            tell_embedded(runtime, report, self.kind)
            self._tell_views(runtime, views_of(embedded.columns, column, self.kind))
        elif report.embedded or report.failed or report.out_of_reach:
            tell_embedded(runtime, replace(report, reused=0), self.kind)
        if stored_as is not None:
            runtime.changes.store(
                stored_as, embedded, if_exists="replace", span=self.options.given_span("table_name")
            )
            if not is_refresh:
                runtime.notice(answers.COLUMN_STORED(column=column, table=stored_as))
        return embedded, column, report

    def wish(self, model: Model) -> EmbedWish:
        """What is embedded, and how."""
        return {
            "model": model,
            "kind": self.kind,
            "source": self.source,
            "result": self.result_column(model),
            "batch_size": self.options.integer("batch_size") or 16,
            "on_error": cast(OnError, (self.options.text("on_error") or "null").lower()),
            "views": self.options.integer("views"),
            "sampling": given_sampling(self.options),
            "span": self.options.given_span(f"{self.kind}_col") or self.span,
        }

    def _tell_views(self, runtime: Runtime, count: int) -> None:
        if count > 1 and self.kind == "image":
            kept = self.options.given_span("views") is None
            runtime.notice((viewed.KEPT if kept else viewed.MEAN)(count=count))

    def makes(self, known: Foresight) -> Makes:
        """The rows with the vector column, and the table they are stored as."""
        added = tuple(self._added(known))
        columns = cache(partial(self._columns, known, added))
        stored_as = self._stored_as(known.catalog)
        catalog = with_table(known.catalog, stored_as, columns()) if stored_as else known.catalog
        about = editor.GETS_VECTOR_COLUMN(model=self.model)
        source = partial(self._source_column, known)
        return Makes(catalog, columns, added, about, source)

    def called_before(self, catalog: Catalog) -> Iterator[tuple[str, old_names.Names]]:
        """The vectors."""
        model = find_model(catalog, self.model.text)
        if model is not None:
            yield self.result_column(model), old_names.of_vectors(self.model.text, spec_of(model).base)

    def _source_column(self, known: Foresight) -> Column | None:
        return find_column(known.columns(self.query) or (), self.source)

    def _added(self, known: Foresight) -> Iterator[Added]:
        model, span = find_model(known.catalog, self.model.text), self.options.given_span("result_col")
        if model is None:
            stated = self.options.text("result_col")
            if stated is not None and span is not None:
                yield Added(Column(stated, ""), span)
            return
        spec = spec_of(model)
        weights = Weights(spec.name, "", "")
        name = self.result_column(model)
        count = self.options.integer("views") or views_of(self._columns_there(known.catalog), name, self.kind)
        made = GeneratedColumn(self.model.text, spec.base, self.kind, self.source, weights, spec.dim, count)
        column = Column(name, f"FLOAT[{spec.dim or ''}]", made)
        if self.kind == "video":
            there = sampling_of(self._columns_there(known.catalog), name)
            sampling = given_sampling(self.options) or there or Sampling()
            column = Column(name, "VARCHAR", replace(made, sampling=sampling.encoded))
        yield Added(column, span or Span(self.span.start, self.model.span.end))

    def _columns_there(self, catalog: Catalog) -> Columns:
        """The columns of the table that is converted, if the query is nothing else."""
        plain = self.query.plain_table()
        table = catalog.find_table(plain) if plain is not None else None
        return None if table is None else table.columns

    def _columns(self, known: Foresight, added: tuple[Added, ...]) -> Columns:
        columns = known.columns(self.query)
        for new in added:
            columns = with_column(columns, new.column)
        return columns if find_model(known.catalog, self.model.text) else some(columns)

    def _stored_as(self, catalog: Catalog) -> str | None:
        """The table that has the rows afterwards; None where they are an earlier result's."""
        name = self.options.text("table_name") or self.query.plain_table()
        found = catalog.find(name) if name is not None else None
        is_result = name is not None and is_result_name(name) and found is None
        return None if is_result or isinstance(found, View) else name


def views_of(columns: Columns, name: str, kind: EmbeddingKind) -> int:
    """Of how many views of a picture the vectors of a column are the mean; 1 of one that is not there, or of texts."""
    column = find_column(columns or (), name)
    made = column.generated if column is not None else None
    return made.views if made is not None and made.kind == kind else 1


def seen_as(kind: EmbeddingKind) -> EmbeddingKind:
    """What a model must be able to embed: of films their frames."""
    return "image" if kind == "video" else kind


def cannot_embed(model: Model, kind: str, span: Span) -> ModelError:
    """The error that a model embeds other things."""
    if model.trained is not None and model.trained.gives == "labels":
        hint = TS404.PREDICT_WITH_IT(model=model.name)
        return ModelError(TS404.GIVES_LABELS(model=model.name), span=span, hint=hint)
    things = TS403.IMAGES if kind == "image" else TS403.TEXTS
    hint = TS403.IT_IS(summary=spec_of(model).summary)
    return ModelError(TS403.CANNOT_EMBED(model=model.name, things=things), span=span, hint=hint)


def generated_name(model_name: str, model: Model) -> str:
    """Name of the vector column that a model generates: ``{model}_{base}``."""
    return f"{model_name}_{spec_of(model).base}"


def tell_embedded(runtime: Runtime, report: EmbedReport, kind: EmbeddingKind) -> None:
    """Say beside the result what was embedded, and what could not be."""
    noun = _NOUNS[kind]
    embedded = answers.EMBEDDED_AND_KNOWN if report.reused else answers.EMBEDDED
    runtime.notice(embedded(things=counted(report.embedded, noun), known=report.reused))
    if report.out_of_reach:
        files = answers.FILE_OUT_OF_REACH if report.out_of_reach == 1 else answers.FILES_OUT_OF_REACH
        runtime.notice(files(count=report.out_of_reach))
    if report.failed:
        runtime.notice(told_unread(report, kind))
    if report.cut:
        said = films if kind == "video" else photos
        cut = said.CUT_SHORT if report.cut == 1 else said.SEVERAL_CUT_SHORT
        runtime.notice(_listed(cut(things=counted(report.cut, noun)), report.cut, report.losses))


def told_unread(report: EmbedReport, kind: EmbeddingKind) -> str:
    """What could not be embedded, the first of it with the reasons."""
    unread = answers.UNREAD if report.failed == 1 else answers.SEVERAL_UNREAD
    return _listed(unread(things=counted(report.failed, _NOUNS[kind])), report.failed, report.failures)


def _listed(heading: str, count: int, first: Sequence[tuple[str, str]]) -> str:
    """How many there are, then the first of them with the reasons."""
    lines = [heading, *(f"{path}: {reason}" for path, reason in first)]
    if (more := count - len(first)) > 0:
        lines.append(answers.AND_MORE(count=more))
    return "\n  ".join(lines)


def conversion(column: Column, table: str | None, model: str | None = None) -> str:
    """The CONVERT that makes a vector column of a table anew, as what is known of the column says.

    Args:
        column: The column.
        table: Its table; None for a query's rows.
        model: The model, if not the one that made it.
    """
    made = column.generated
    kind, source = (made.kind, made.source) if made else ("image", "image_path")
    options = [f"{kind}_col={literal_of(source)}"] if source else []
    options.append(f"result_col={literal_of(column.name)}")
    if made is not None and made.views > 1:
        options.append(f"views={made.views}")
    if made is not None and made.sampling:
        options += written(made.sampling)
    rows = quote_if_needed(table) if table is not None else "…"
    name = model or (made.model if made else "…")
    return f"CONVERT USING {name} OPTIONS({', '.join(options)}) AS SELECT * FROM {rows}"
