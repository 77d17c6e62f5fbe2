"""All that an editor has open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote

from pygls.workspace import TextDocument, Workspace

if TYPE_CHECKING:
    from thanosql_lsp.lines import Encoding
    from thanosql_lsp.open_document import OpenDocument


class ThanosqlWorkspace(Workspace):
    """pygls keeps the books of documents and notebooks; the documents are ours."""

    def _create_text_document(
        self,
        doc_uri: str,
        source: str | None = None,
        version: int | None = None,
        language_id: str | None = None,
    ) -> TextDocument:
        from thanosql_lsp.open_document import OpenDocument

        return OpenDocument(doc_uri, source or "", version, language_id or "", self.encoding)

    @property
    def encoding(self) -> Encoding:
        """The units that the editor counts characters in."""
        agreed: Any = getattr(self.position_encoding, "value", self.position_encoding)
        return cast("Encoding", agreed)

    def open_document(self, uri: str) -> OpenDocument | None:
        """An open document; None if it is not open."""
        return cast("OpenDocument | None", self.text_documents.get(unquote(uri)))

    def together(self, open_document: OpenDocument) -> list[OpenDocument]:
        """The documents that run in one session with this one, in order: a notebook's code cells, or it alone."""
        notebook = self.get_notebook_document(cell_uri=open_document.uri)
        if notebook is None:
            return [open_document]
        found = [self.open_document(cell.document) for cell in notebook.cells if int(cell.kind) == 2]
        return [cell for cell in found if cell is not None]

    def key(self, open_document: OpenDocument) -> str:
        """The same for all documents that run together."""
        notebook = self.get_notebook_document(cell_uri=open_document.uri)
        return unquote(notebook.uri if notebook else open_document.uri)

    def folder(self, open_document: OpenDocument) -> Path | None:
        """Where relative paths of a document start: its folder, else that of the workspace."""
        return open_document.folder or self.root

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
