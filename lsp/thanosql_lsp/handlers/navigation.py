"""What a word is: hover, the grammar around it, where a name comes from, where else it stands."""

from __future__ import annotations

from collections.abc import Sequence

from lsprotocol import types

from thanosql_kernel.analysis.features import hover as hovering
from thanosql_kernel.analysis.features import signature as signatures
from thanosql_kernel.analysis.features.references import Location, find_definition, find_references, find_use
from thanosql_kernel.analysis.features.rename import find_renames
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.errors import Span, ThanoSQLError
from thanosql_lsp.run_order import PlacedCell
from thanosql_lsp.server import Positioned, Refusal, ThanosqlServer


class _Surroundings:
    """A caret among all cells that run together.

    Attributes:
        placed_cells: The cells in order.
        documents: Their documents.
        index: Which cell the caret is in.
        offset: Where in that cell.
    """

    def __init__(self, placed_cells: Sequence[PlacedCell], index: int, position: types.Position) -> None:
        self.placed_cells = placed_cells
        self.documents: list[Document] = [placed.document for placed in placed_cells]
        self.index = index
        self.offset = placed_cells[index].offset(position)

    def location(self, place: Location) -> types.Location:
        """A place in the protocol's words."""
        placed = self.placed_cells[place.document]
        return types.Location(placed.open_document.uri, placed.range(place.span))


def _surroundings(ls: ThanosqlServer, params: Positioned) -> _Surroundings | None:
    open_document = ls.documents.open_document(params.text_document.uri)
    here = ls.placed(params)
    if open_document is None or here is None:
        return None
    placed_cells = list(ls.run_order(open_document).placed_cells())
    index = next((n for n, placed in enumerate(placed_cells) if placed.cell is here.cell), None)
    return _Surroundings(placed_cells, index, params.position) if index is not None else None


def hover(ls: ThanosqlServer, params: types.HoverParams) -> types.Hover | None:
    """What the word under the pointer is, as Markdown if the client shows that."""
    placed = ls.placed(params)
    found = hovering.hover(placed.document, placed.offset(params.position)) if placed else None
    if placed is None or found is None:
        return None
    content = ls.markup(found.markdown, found.plain, ("text_document", "hover", "content_format"))
    return types.Hover(content, placed.range(found.span))


def signature_help(ls: ThanosqlServer, params: types.SignatureHelpParams) -> types.SignatureHelp | None:
    """The options of the statement around the caret, else its grammar, with the part at the caret marked."""
    placed = ls.placed(params)
    found = signatures.signature(placed.document, placed.offset(params.position)) if placed else None
    if found is None:
        return None
    support = ("text_document", "signature_help", "signature_information")
    by_offset = ls.client_can(*support, "parameter_information", "label_offset_support")
    parameters = [
        types.ParameterInformation(_part_label(found.label, one.span, by_offset), one.doc or None)
        for one in found.parameters
    ]
    doc = ls.markup(found.doc, found.doc, (*support, "documentation_format"))
    signature = types.SignatureInformation(found.label, doc, parameters, active_parameter=found.active)
    return types.SignatureHelp([signature], active_signature=0, active_parameter=found.active)


def _part_label(label: str, span: Span, by_offset: bool) -> str | tuple[int, int]:
    return (span.start, span.end) if by_offset else label[span.start : span.end]


def definition(ls: ThanosqlServer, params: types.DefinitionParams) -> types.Location | None:
    """Where what the word names is made, in this cell or another."""
    here = _surroundings(ls, params)
    found = find_definition(here.documents, here.index, here.offset) if here else None
    return here.location(found) if here and found else None


def references(ls: ThanosqlServer, params: types.ReferenceParams) -> list[types.Location] | None:
    """Every place that names the same thing, in all cells."""
    here = _surroundings(ls, params)
    if here is None:
        return None
    found = find_references(here.documents, here.index, here.offset)
    made = (
        None
        if params.context.include_declaration
        else find_definition(here.documents, here.index, here.offset)
    )
    return [here.location(place) for place in found if place != made]


def highlights(
    ls: ThanosqlServer, params: types.DocumentHighlightParams
) -> list[types.DocumentHighlight] | None:
    """The same, in the document that is looked at."""
    here = _surroundings(ls, params)
    if here is None:
        return None
    found = map(here.location, find_references(here.documents, here.index, here.offset))
    return [
        types.DocumentHighlight(place.range, types.DocumentHighlightKind.Text)
        for place in found
        if place.uri == params.text_document.uri
    ]


def prepare_rename(
    ls: ThanosqlServer, params: types.PrepareRenameParams
) -> types.PrepareRenamePlaceholder | None:
    """The name that would be changed.

    Raises:
        Refusal: It cannot be; the editor shows why.
    """
    here = _surroundings(ls, params)
    use = find_use(here.documents, here.index, here.offset) if here else None
    if here is None or use is None:
        return None
    _renames(here, f"{use.word.name}_renamed")
    return types.PrepareRenamePlaceholder(here.location(use.location).range, use.word.name)


def rename(ls: ThanosqlServer, params: types.RenameParams) -> types.WorkspaceEdit | None:
    """The edits that change a name wherever it stands, in all cells.

    Raises:
        Refusal: It cannot be changed; the editor shows why.
    """
    here = _surroundings(ls, params)
    if here is None:
        return None
    edits: dict[str, list[types.TextEdit]] = {}
    for place, text in _renames(here, params.new_name):
        found = here.location(place)
        edits.setdefault(found.uri, []).append(types.TextEdit(found.range, text))
    return ls.workspace_edit(edits)


def _renames(here: _Surroundings, new_name: str) -> list[tuple[Location, str]]:
    found = find_renames(here.documents, here.index, here.offset, new_name)
    if isinstance(found, ThanoSQLError):
        raise Refusal(found.message)
    return [(Location(number, edit.span), edit.text) for number, edit in found]
