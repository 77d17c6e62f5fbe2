"""CREATE TABLE … USING: what COPY and CONVERT do with a folder of pictures, in one statement and one commit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import NamedTuple

from thanosql_kernel.catalog import Catalog, Column, GeneratedColumn, Model, Weights
from thanosql_kernel.errors import DataError, ParseError, Span, ThanoSQLError, Unsupported
from thanosql_kernel.folders.columns import PATHS
from thanosql_kernel.models.spec import spec_of
from thanosql_kernel.sql.identifiers import quote_if_needed
from thanosql_kernel.sql.nodes import Assignment, Name, Value
from thanosql_kernel.sql.parameters import literal_of
from thanosql_kernel.statements.changes import Relation
from thanosql_kernel.statements.convert import cannot_embed, generated_name, tell_embedded
from thanosql_kernel.statements.copy_options import MEDIA, TABLES
from thanosql_kernel.statements.foresight import Columns, Foresight, find_model, some, with_column
from thanosql_kernel.statements.options import OVERWRITE, Option, Options
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.templates import gap
from thanosql_kernel.wording import answers, counted, folder_tables, statements
from thanosql_kernel.wording.data import TS500
from thanosql_kernel.wording.folder_tables import TS103
from thanosql_kernel.wording.refusals import TS600

OPTIONS = (
    Option("path_type", "text", statements.PATH_TYPE, default="folder", choices=("folder", "file")),
    Option("data_type", "text", statements.DATA_TYPE, default="image", choices=("image", "video")),
    Option("file_type", "texts", statements.FILE_TYPE),
    OVERWRITE,
)
_ENDING = re.compile(r"\*?\.?(\w+)")
_PATTERN_SIGNS = re.compile(r"([\\*?\[\]!#])")


class FolderTable(NamedTuple):
    """A folder, or one picture, and the model that embeds what is in it.

    Attributes:
        model: The model.
        path: Where the pictures are.
        options: What is said about them.
    """

    model: Name
    path: Value
    options: Options

    # -- what can be wrong -----------------------------------------------------------------------------------
    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """Films, endings that are none, a path that is none, a model that embeds no pictures."""
        span = self.options.given_span("data_type")
        if (self.options.text("data_type") or "").lower() == "video":
            hint = folder_tables.COPY_FILMS(path=self.path.text)
            yield Unsupported(folder_tables.NO_FILMS(), span=span, hint=hint)
        if not all(map(_ENDING.fullmatch, self._endings)):
            yield ParseError(TS103.NO_ENDING(), span=self.options.given_span("file_type"))
        if self.path.form == "placeholder":
            yield gap(self.path.text, self.path.span)
        if self.path.form == "word":
            message, hint = TS600.PYTHON_VARIABLE(name=self.path.text), TS600.PATH_IN_QUOTES()
            yield Unsupported(message, span=self.path.span, hint=hint)
        model = known.catalog.models.get(self.model.text)
        if known.has_database and model is not None and "image" not in spec_of(model).modalities:
            yield cannot_embed(model, "image", self.model.span)

    # -- what is read ----------------------------------------------------------------------------------------
    @property
    def _endings(self) -> list[str]:
        given = self.options.value("file_type")
        return [str(item) for item in (given if isinstance(given, list) else [given] if given else [])]

    @property
    def is_file(self) -> bool:
        """Whether the path is that of one picture."""
        return (self.options.text("path_type") or "").lower() == "file"

    @property
    def folder(self) -> str:
        """The folder that the pictures are in."""
        return PurePath(self.path.text).parent.as_posix() if self.is_file else self.path.text

    @property
    def told(self) -> Options:
        """What COPY would be told about the folder."""
        said: dict[str, str | bool] = {"media": "image"}
        if self.is_file:
            escaped = _PATTERN_SIGNS.sub(r"\\\1", PurePath(self.path.text).name)
            said |= {"pattern": f"/{escaped}", "recursive": False}
        elif self._endings:
            names = [found[1] for it in self._endings if (found := _ENDING.fullmatch(it))]
            said["pattern"] = "\n".join(f"*.{name}" for name in names)
        return Options(
            [_assigned(name, value, self.path.span) for name, value in said.items()], (*MEDIA, *TABLES)
        )

    def _rows(self, runtime: Runtime) -> Relation:
        try:
            return runtime.read_source(self.folder, self.path.span, self.told)
        except DataError as error:
            if not self.is_file or error.code != "TS500":
                raise
            raise DataError(TS500.NO_PICTURE(path=self.path.text), span=self.path.span) from error

    # -- what it makes ---------------------------------------------------------------------------------------
    def columns(self, known: Foresight) -> Columns:
        """Those of a folder's table, and the vectors."""
        of_folder = known.file_columns(self.folder, self.told)
        if of_folder is None:
            of_folder = some((Column(PATHS["image"], "VARCHAR"),))
        made = self.vectors(known.catalog)
        return of_folder if made is None else with_column(of_folder, made)

    def vectors(self, catalog: Catalog) -> Column | None:
        """The column of vectors; None where the model is not known."""
        model = find_model(catalog, self.model.text)
        if model is None:
            return None
        spec = spec_of(model)
        weights = Weights(spec.name, "", "")
        made = GeneratedColumn(self.model.text, spec.base, "image", PATHS["image"], weights, spec.dim)
        return Column(generated_name(self.model.text, model), f"FLOAT[{spec.dim or ''}]", made)

    # -- what it does ----------------------------------------------------------------------------------------
    def rows(self, runtime: Runtime, model: Model) -> Relation:
        """The pictures and their vectors; what could not be embedded is told."""
        embedded, report = runtime.embed(
            self._rows(runtime),
            model=model,
            kind="image",
            source=PATHS["image"],
            result=generated_name(self.model.text, model),
            span=self.path.span,
        )
        tell_embedded(runtime, report, "image")
        return embedded

    def told_stored(self, runtime: Runtime, rows: Relation, name: str, count: int) -> Message:
        """What has been stored, and the search that can be next."""
        model = runtime.catalog.model(self.model.text)
        vectors = generated_name(self.model.text, model)
        sample = runtime.sample(rows, [PATHS["image"], vectors])
        columns = counted(len(rows.columns), "column")
        told = answers.STORED(rows=counted(count, "row"), columns=columns, name=name)
        wanted = f"text='{answers.SEARCHED_FOR}'"
        if "text" not in spec_of(model).modalities:  # one that knows pictures by pictures alone
            wanted = f"image={literal_of(sample.rows.column(PATHS['image'])[0].as_py())}"
        search = f"PRINT IMAGE AS SEARCH IMAGE {wanted} USING {self.model} AS SELECT * FROM {quote_if_needed(name)}"
        return Message(f"{told}\n{answers.NEXT(next=search)}", sample=sample)


def _assigned(name: str, value: str | bool, span: Span) -> Assignment:
    return Assignment(name, span, Value(value, span, "constant" if isinstance(value, bool) else "string"))
