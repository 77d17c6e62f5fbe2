"""Outline, folding and selection."""

import itertools

from lsprotocol import types

TEXT = """/* 사진
   😀 */
CONVERT USING tutorial_search_clip OPTIONS(
    table_name='사진'
) AS SELECT * FROM photos;

SELECT * FROM (
    SEARCH IMAGE text='cat' USING tutorial_search_clip AS SELECT * FROM 사진
)
"""


def test_the_outline_shows_statements_and_what_they_make(act):
    async def scenario(editor):
        place = editor.open(TEXT)
        found = await editor.client.text_document_document_symbol_async(
            types.DocumentSymbolParams(place.document)
        )
        convert, select = found
        assert convert.name.startswith("CONVERT USING")
        assert {child.name for child in convert.children} >= {"사진", "tutorial_search_clip_clipen"}
        assert place.sliced(convert.range).startswith("CONVERT")
        assert place.sliced(convert.range).endswith("photos")
        assert place.sliced(select.selection_range) == "SELECT"

    async def flat(editor):
        place = editor.open(TEXT)
        found = await editor.client.text_document_document_symbol_async(
            types.DocumentSymbolParams(place.document)
        )
        assert all(isinstance(one, types.SymbolInformation) for one in found)
        assert {"사진", "tutorial_search_clip_clipen"} <= {one.name for one in found}

    act(scenario)
    act(flat, rich=False)


def test_statements_parentheses_and_comments_fold_and_keep_the_line_that_closes(act):
    async def scenario(editor):
        place = editor.open(TEXT)
        found = await editor.client.text_document_folding_range_async(
            types.FoldingRangeParams(place.document)
        )
        folds = {(one.start_line, one.end_line) for one in found}
        assert {(0, 1), (2, 4), (6, 8)} <= folds
        assert next(one.kind for one in found if one.start_line == 0) == types.FoldingRangeKind.Comment

    act(scenario)


def test_a_selection_grows_from_the_word_to_the_whole_document(act):
    async def scenario(editor):
        place = editor.open(TEXT.replace("'cat'", "'c‸at'"))
        params = types.SelectionRangeParams(place.document, [place.position])
        (found,) = await editor.client.text_document_selection_range_async(params)
        grown = []
        while found is not None:
            grown.append(place.sliced(found.range))
            found = found.parent
        assert grown[:2] == ["cat", "'cat'"]
        assert grown[-1] == place.text
        assert all(small in large for small, large in itertools.pairwise(grown))
        assert any(one.startswith("SEARCH IMAGE") and one.endswith("사진") for one in grown)

    act(scenario)


def test_the_outline_of_one_cell_holds_only_that_cell(act):
    async def scenario(editor):
        _, second = editor.open_notebook("SELECT 1", "SELECT 2; SELECT 3")
        found = await editor.client.text_document_document_symbol_async(
            types.DocumentSymbolParams(second.document)
        )
        assert [second.sliced(one.range) for one in found] == ["SELECT 2", "SELECT 3"]

    act(scenario)
