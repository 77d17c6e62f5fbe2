"""The engine as one statement sees it: `statements.runtime.Runtime` for the length of a statement."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from thanosql_kernel.catalog import Column, EmbeddingKind, GeneratedColumn, Model, Weights
from thanosql_kernel.engine.interrupts import abandonable
from thanosql_kernel.engine.relation import Rows
from thanosql_kernel.engine.table_runtime import TableRuntime
from thanosql_kernel.errors import DataError, Span, ThanoSQLError, UnknownName
from thanosql_kernel.models.spec import SPECS
from thanosql_kernel.statements.runtime import EmbedReport, OnError, Relation, SearchInput
from thanosql_kernel.statements.statement import plural

if TYPE_CHECKING:
    from thanosql_kernel.models.encoder import Encoder


class StatementRuntime(TableRuntime):
    """What one statement may ask of the engine; everything that it opened is let go when it ends."""

    # -- embeddings ------------------------------------------------------------------------------------------
    def embed(
        self,
        rows: Relation,
        *,
        model: Model,
        kind: EmbeddingKind,
        source: str,
        result: str,
        batch_size: int = 16,
        on_error: OnError = "null",
        span: Span | None = None,
    ) -> tuple[Rows, EmbedReport]:
        """The rows plus (or with replaced) one vector column with the embedding of column ``source``."""
        from thanosql_kernel.engine.embed import Job, embed_column

        encoder = self._encoder(model)
        settled = cast(Rows, rows).settled()
        made = GeneratedColumn(
            model=model.name,
            base=SPECS[model.spec].base,
            kind=kind,
            source=settled.column(source).name,
            weights=Weights(encoder.name, encoder.revision, encoder.fingerprint),
            dim=encoder.dim,
        )
        job = Job(
            encoder=encoder,
            kind=kind,
            source=source,
            folder=self.working_folder,
            progress=self.progress,
            check_interrupted=self.check_interrupted,
            batch_size=batch_size,
            on_error=on_error,
            span=span,
        )
        column = Column(result, f"FLOAT[{encoder.dim}]", made)
        return embed_column(settled, column, job, self.session.cache)

    def similarity(
        self,
        rows: Relation,
        *,
        model: Model,
        column: str,
        inputs: Sequence[SearchInput],
        results: Sequence[str],
        top_k: int | None = None,
        span: Span | None = None,
    ) -> Rows:
        """The rows plus one float32 cosine column an input; with ``top_k`` best first, by the first input."""
        from thanosql_kernel.engine.search import check_weights

        given = cast(Rows, rows)
        encoder = self._encoder(model)
        check_weights(given, given.column(column), encoder, model=model.name, notice=self.notice, span=span)
        try:
            return self.session.searcher.search(
                given,
                column=column,
                encoder=encoder,
                inputs=inputs,
                results=results,
                folder=self.working_folder,
                top_k=top_k,
                check_interrupted=self.check_interrupted,
            )
        except ThanoSQLError as error:
            raise error.at(span) from None

    def _encoder(self, model: Model) -> Encoder:
        from thanosql_kernel.models import registry

        with abandonable(self.check_interrupted) as call:
            return call(
                lambda: registry.load(
                    model,
                    notice=self.notice,
                    progress=self.progress,
                    check_interrupted=self.check_interrupted,
                )
            )

    # -- models and data sets --------------------------------------------------------------------------------
    def add_model(self, model: Model, *, overwrite: bool, span: Span | None = None) -> None:
        """Register a model name."""
        if model.name in self.catalog.models and not overwrite:
            hint = "OPTIONS(overwrite=True) replaces it"
            raise UnknownName(
                f"a model named {model.name} exists already", code="TS205", span=span, hint=hint
            )
        if model.folder is not None:
            from thanosql_kernel.models import registry

            registry.validate_folder(model.folder)
        self.session.tables.put_model(model)

    def forget_model(self, name: str, span: Span | None = None) -> None:
        """Forget a model name; columns made with it stay."""
        self.session.tables.forget_model(self.catalog.model(name, span).name)

    def weights_at_hand(self, model: Model) -> bool:
        """Whether the model's own weights are on this machine."""
        from thanosql_kernel.models import registry

        return registry.weights_at_hand(model)

    def fetch_weights(self, model: Model) -> str:
        """Download a model's weights if they are not at hand; returns what to tell the user, "" for nothing."""
        from thanosql_kernel.models import registry

        if registry.weights_at_hand(model):
            return ""
        try:
            weights = registry.download(
                model, progress=self.progress, check_interrupted=self.check_interrupted
            )
        except DataError as error:
            if os.environ.get("THANOSQL_FALLBACK", "").strip().lower() == "error":
                raise
            told = (
                f"{error.message}: the embedded model stands in for {model.name} until its weights can be had"
            )
            return f"{told}\n{error.hint}" if error.hint else told
        return f"the weights of {weights.name} {weights.revision} are on this machine now"

    def dataset_names(self) -> Mapping[str, str]:
        """Name -> one-line description of the data sets that can be fetched."""
        from thanosql_kernel.engine import datasets

        return datasets.NAMES

    def fetch_dataset(self, name: str, *, overwrite: bool, span: Span | None = None) -> str:
        """Fetch a data set into ``thanosql-dataset/<name>/``; returns what to tell the user."""
        from thanosql_kernel.engine import datasets

        return datasets.fetch(
            name,
            self.working_folder,
            overwrite=overwrite,
            progress=self.progress,
            check_interrupted=self.check_interrupted,
            span=span,
        )

    # -- files ----------------------------------------------------------------------------------
    def export(
        self, rows: Relation, path: str, *, format: str, image_column: str | None, overwrite: bool, span: Span
    ) -> int:
        """Write rows to a file or, with their pictures, a folder; returns how many."""
        from thanosql_kernel.engine.export import export

        with self.progress("EXPORT", None, "rows") as bar:

            def advance(count: int) -> None:
                self.check_interrupted()
                bar.advance(count)

            written = export(
                cast(Rows, rows),
                self.working_folder / Path(path).expanduser(),
                format=format,
                image_column=image_column,
                folder=self.working_folder,
                overwrite=overwrite,
                advance=advance,
                span=span,
            )
        if written.missing:
            self.notice(f"{plural(written.missing, 'picture')} could not be copied")
        return written.rows
