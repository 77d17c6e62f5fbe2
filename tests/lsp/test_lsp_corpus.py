"""All documented cells at once, as the two kinds of notebook that editors send."""

import sys
from pathlib import Path

import pytest
from lsprotocol import types

sys.path.insert(0, str(Path(__file__).parents[1]))
from documented_cells import documented_cells

from thanosql_kernel.errors import ParseError, Unsupported
from thanosql_kernel.statements.cell import parse_cell

#: Of the one documented cell that has a mistake: it leaves a comma out.
COMMA_MISSING = "table_name='predict_result_table'\n    text_col"


@pytest.fixture(scope="module")
def cells():
    return documented_cells()


def is_supported(cell):
    """Whether the kernel would run the cell, as far as it sees before it does."""
    try:
        parse_cell(cell)
    except (ParseError, Unsupported):
        return False
    return True


def test_documented_cells_have_no_diagnostics_but_what_is_not_supported(act, cells):
    async def scenario(editor):
        await editor.is_warm()
        wrong = []
        for place in editor.open_notebook(*cells):
            found = [(one.severity, str(one.code)) for one in await editor.problems(place)]
            information = [(types.DiagnosticSeverity.Information, code) for _, code in found]
            if COMMA_MISSING in place.text:
                assert found == [(types.DiagnosticSeverity.Error, "TS107")]
                continue
            if (found == []) != is_supported(place.text) or found != information:
                wrong.append((place.text, found))
            wrong += [(place.text, code) for _, code in found if not code.startswith("TS60")]
        assert wrong == []

    act(scenario)


def test_most_of_the_documented_cells_are_supported(cells):
    assert 280 < sum(map(is_supported, cells)) < 330


def test_documented_cells_have_no_errors_in_a_joined_notebook(act, cells):
    async def scenario(editor):
        await editor.is_warm()
        text = "\n\n\n".join(cell.replace("\r\n", "\n") for cell in cells)
        place = editor.open(text, uri="file:///nowhere/Corpus.ipynb")
        found = await editor.problems(place)
        wrong = [
            (one.message, one.range.start.line)
            for one in found
            if one.severity != types.DiagnosticSeverity.Information
        ]
        assert [message for message, _ in wrong] == ["a comma is missing before text_col\ninsert a comma"]

    act(scenario)


def test_every_request_is_answered_at_places_all_over_the_documented_cells(act, cells):
    async def scenario(editor):
        text = "\n\n\n".join(cell.replace("\r\n", "\n") for cell in cells)
        place = editor.open(text, uri="file:///nowhere/Everywhere.ipynb")
        client = editor.client
        requests = [
            lambda at: client.text_document_hover_async(types.HoverParams(**at)),
            lambda at: client.text_document_completion_async(types.CompletionParams(**at)),
            lambda at: client.text_document_signature_help_async(types.SignatureHelpParams(**at)),
            lambda at: client.text_document_definition_async(types.DefinitionParams(**at)),
            lambda at: client.text_document_references_async(
                types.ReferenceParams(context=types.ReferenceContext(include_declaration=True), **at)
            ),
        ]
        answers = 0
        for number in range(0, len(text), 499):
            line = text[:number].rpartition("\n")[2]
            place.position = types.Position(text.count("\n", 0, number), len(line.encode("utf-16-le")) // 2)
            answers += await requests[number % len(requests)](place.at) is not None
        assert answers > 60
        whole = types.Range(types.Position(0, 0), types.Position(text.count("\n"), 0))
        assert (
            await client.text_document_semantic_tokens_full_async(types.SemanticTokensParams(place.document))
        ).data
        assert await client.text_document_document_symbol_async(types.DocumentSymbolParams(place.document))
        assert await client.text_document_folding_range_async(types.FoldingRangeParams(place.document))
        assert await client.text_document_inlay_hint_async(types.InlayHintParams(place.document, whole))
        options = types.FormattingOptions(4, True)
        edits = await client.text_document_formatting_async(
            types.DocumentFormattingParams(place.document, options)
        )
        assert place.edited(edits)

    act(scenario)
