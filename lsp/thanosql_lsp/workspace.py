"""All that an editor has open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote

from pygls.workspace import TextDocument, Workspace

if TYPE_CHECKING:
    from thanosql_lsp.buffers import Buffer
    from thanosql_lsp.lines import Encoding


class OpenDocuments(Workspace):
    """pygls keeps the books of documents and notebooks; the documents are ours."""

    def _create_text_document(
        self,
        doc_uri: str,
        source: str | None = None,
        version: int | None = None,
        language_id: str | None = None,
    ) -> TextDocument:
        from thanosql_lsp.buffers import Buffer

        return Buffer(doc_uri, source or "", version, language_id or "", self.encoding)

    @property
    def encoding(self) -> Encoding:
        """The units that the editor counts characters in."""
        agreed: Any = getattr(self.position_encoding, "value", self.position_encoding)
        return cast("Encoding", agreed)

    def buffer(self, uri: str) -> Buffer | None:
        """An open document; None if it is not open."""
        return cast("Buffer | None", self.text_documents.get(unquote(uri)))

    def together(self, buffer: Buffer) -> list[Buffer]:
        """The documents that run in one session with this one, in order: a notebook's code cells, or it alone."""
        notebook = self.get_notebook_document(cell_uri=buffer.uri)
        if notebook is None:
            return [buffer]
        found = [self.buffer(cell.document) for cell in notebook.cells if int(cell.kind) == 2]
        return [cell for cell in found if cell is not None]

    def key(self, buffer: Buffer) -> str:
        """The same for all documents that run together."""
        notebook = self.get_notebook_document(cell_uri=buffer.uri)
        return unquote(notebook.uri if notebook else buffer.uri)

    def folder(self, buffer: Buffer) -> Path | None:
        """Where relative paths of a document start: its folder, else that of the workspace."""
        return buffer.folder or self.root

    @property
    def root(self) -> Path | None:
        """The folder of the workspace."""
        from thanosql_lsp.uris import local_path

        uris = [
            *(folder.uri for folder in self.folders.values()),
            *([self.root_uri] if self.root_uri else []),
        ]
        paths = (local_path(uri) for uri in uris)
        return next((path for path in paths if path), None)
