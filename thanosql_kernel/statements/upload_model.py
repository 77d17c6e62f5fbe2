"""UPLOAD MODEL: register a model folder of your own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from thanosql_kernel.catalog import Model
from thanosql_kernel.catalog.spellings import respelt
from thanosql_kernel.errors import ThanoSQLError, Unsupported
from thanosql_kernel.models.spec import OWN
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Assignment, Name, Value
from thanosql_kernel.statements.foresight import Foresight, Makes, with_model
from thanosql_kernel.statements.options import OVERWRITE, Option
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.statements.templates import gap
from thanosql_kernel.wording import answers, statements, training
from thanosql_kernel.wording.refusals import TS601

PICKLES = (".pth", ".pt", ".bin", ".pkl", ".ckpt")


@dataclass(frozen=True)
class UploadModel(Statement):
    """``UPLOAD MODEL m [OPTIONS(framework=…, overwrite=…)] FROM 'folder'``."""

    heads = (("UPLOAD", "MODEL"),)
    syntax = "UPLOAD MODEL name [OPTIONS(overwrite=True)] FROM 'folder'"
    help = statements.UPLOAD_MODEL
    example = "UPLOAD MODEL my_clip FROM 'models/my_clip'"
    option_specs = (
        Option("framework", "text", statements.FRAMEWORK, default="sentence-transformers"),
        OVERWRITE,
    )

    model: Name
    given: tuple[Assignment, ...]
    path: Value

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows UPLOAD MODEL."""
        start = cursor.start_of(words)
        model = cursor.name("new model")
        given = cursor.options()
        cursor.expect("FROM")
        path = cursor.text("path")
        return cls(cursor.span_from(start), words, model, given, path)

    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """A file that would have to be unpickled."""
        yield from super().check(known)
        if self.path.form == "placeholder":
            yield gap(self.path.text, self.path.span)
        if self.path.text.lower().endswith(PICKLES):
            yield Unsupported(
                TS601.WOULD_RUN_CODE(),
                span=self.path.span,
                hint=TS601.SAVE_SAFELY(),
            )

    def run(self, runtime: Runtime) -> Message:
        """Check the folder and register it."""
        adopted = runtime.adopt_model(self.path.text, self.model.text, span=self.path.span)
        if adopted is not None and adopted.trained is not None:
            runtime.add_model(adopted, overwrite=self.options.flag("overwrite"), span=self.path.span)
            return Message(training.ADOPTED(model=adopted.name, on=adopted.trained.on.name))
        folder = runtime.working_folder / respelt(self.path.text, runtime.working_folder)
        model = Model(self.model.text, OWN.name, str(folder.expanduser().resolve()))
        runtime.add_model(model, overwrite=self.options.flag("overwrite"), span=self.path.span)
        return Message(answers.REGISTERED(model=model.name))

    def makes(self, known: Foresight) -> Makes:
        """The model; none of a file that is refused."""
        if self.path.text.lower().endswith(PICKLES):
            return Makes(known.catalog)
        return Makes(with_model(known.catalog, Model(self.model.text, OWN.name, self.path.text)))
