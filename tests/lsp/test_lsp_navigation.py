"""Hover, signature help, definitions, references, renaming, over all cells of a notebook."""

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

CONVERT = "CONVERT USING tutorial_search_clip OPTIONS(table_name='사진') AS SELECT * FROM photos"
SEARCH = "SEARCH IMAGE text='고양이' USING tutorial_search_clip AS SELECT * FROM 사진"
SIMILARITY = "tutorial_search_clip_clipen_similarity1"


def caret_in(place, word, nth=0):
    """The document with the caret in the nth place of a word."""
    at = -1
    for _ in range(nth + 1):
        at = place.text.index(word, at + 1)
    before = place.text[: at + 1]
    line = before.rpartition("\n")[2]
    place.position = types.Position(before.count("\n"), len(line.encode("utf-16-le")) // 2)
    return place


def test_hover_tells_what_a_word_is_as_the_client_reads_it(act):
    async def rich(editor):
        place = caret_in(editor.open(CONVERT), "tutorial")
        found = await editor.client.text_document_hover_async(types.HoverParams(**place.at))
        assert found.contents.kind == types.MarkupKind.Markdown
        assert "**model** `tutorial_search_clip`" in found.contents.value
        assert place.sliced(found.range) == "tutorial_search_clip"

    async def plain(editor):
        place = caret_in(editor.open(CONVERT), "tutorial")
        found = await editor.client.text_document_hover_async(types.HoverParams(**place.at))
        assert found.contents.kind == types.MarkupKind.PlainText
        assert "**" not in found.contents.value

    act(rich)
    act(plain, rich=False)


def test_hover_over_nothing_says_nothing(act):
    async def scenario(editor):
        place = editor.open("   ")
        assert await editor.client.text_document_hover_async(types.HoverParams(**place.at)) is None

    act(scenario)


def test_a_column_is_described_from_the_cell_that_makes_it(act):
    async def scenario(editor):
        _, below = editor.open_notebook(
            CONVERT, f"SELECT tutorial_search_clip_clipen, {SIMILARITY} FROM ({SEARCH})"
        )
        place = caret_in(below, "tutorial_search_clip_clipen")
        found = await editor.client.text_document_hover_async(types.HoverParams(**place.at))
        assert "made by tutorial_search_clip" in found.contents.value
        assert "FLOAT[512]" in found.contents.value

    act(scenario)


def test_the_options_are_shown_with_the_one_at_the_caret_marked(act):
    async def scenario(editor):
        place = editor.open("CONVERT USING m OPTIONS(image_col='x', batch_size=‸) AS SELECT * FROM t")
        found = await editor.client.text_document_signature_help_async(types.SignatureHelpParams(**place.at))
        (signature,) = found.signatures
        marked = signature.parameters[found.active_parameter]
        assert "image_col=" in signature.label
        assert marked.label.startswith("batch_size=")
        assert marked.label in signature.label

    act(scenario)


def test_a_generated_column_leads_to_the_statement_that_makes_it(act):
    async def scenario(editor):
        above, below = editor.open_notebook(
            CONVERT, f"SELECT tutorial_search_clip_clipen, {SIMILARITY} FROM ({SEARCH})"
        )
        place = caret_in(below, "tutorial_search_clip_clipen")
        found = await editor.client.text_document_definition_async(types.DefinitionParams(**place.at))
        assert found.uri == above.uri
        assert above.sliced(found.range).startswith("CONVERT USING")
        place = caret_in(below, SIMILARITY)
        found = await editor.client.text_document_definition_async(types.DefinitionParams(**place.at))
        assert found.uri == below.uri
        assert below.sliced(found.range).startswith("SEARCH IMAGE")

    act(scenario)


def test_a_table_leads_to_what_stores_it_in_a_joined_notebook(act):
    async def scenario(editor):
        place = editor.open(f"{CONVERT}\n\n\n{SEARCH}", uri="file:///nowhere/Joined.ipynb")
        caret_in(place, "사진", 1)
        found = await editor.client.text_document_definition_async(types.DefinitionParams(**place.at))
        assert (found.range.start.line, place.sliced(found.range)) == (0, "사진")

    act(scenario)


def test_references_are_found_in_all_cells(act):
    async def scenario(editor):
        first, _, third = editor.open_notebook(CONVERT, "SELECT 1", SEARCH)
        place = caret_in(third, "사진")
        params = types.ReferenceParams(types.ReferenceContext(include_declaration=True), **place.at)
        found = await editor.client.text_document_references_async(params)
        assert [
            (one.uri, cell.sliced(one.range)) for one, cell in zip(found, (first, third), strict=True)
        ] == [
            (first.uri, "사진"),
            (third.uri, "사진"),
        ]
        params.context.include_declaration = False
        assert [one.uri for one in await editor.client.text_document_references_async(params)] == [third.uri]
        marked = await editor.client.text_document_document_highlight_async(
            types.DocumentHighlightParams(**place.at)
        )
        assert [third.sliced(one.range) for one in marked] == ["사진"]

    act(scenario)


def test_renaming_a_table_renames_it_in_all_cells(act):
    async def scenario(editor):
        first, second = editor.open_notebook(CONVERT, SEARCH)
        place = caret_in(second, "사진")
        ready = await editor.client.text_document_prepare_rename_async(types.PrepareRenameParams(**place.at))
        assert (second.sliced(ready.range), ready.placeholder) == ("사진", "사진")
        edit = await editor.client.text_document_rename_async(
            types.RenameParams(new_name="my photos", **place.at)
        )
        edits = {change.text_document.uri: change.edits for change in edit.document_changes}
        assert first.edited(edits[first.uri]) == CONVERT.replace("사진", "my photos")
        assert second.edited(edits[second.uri]) == SEARCH.replace("사진", '"my photos"')

    act(scenario)


def test_renaming_a_model_renames_the_columns_that_it_generates(act):
    async def scenario(editor):
        place = editor.open(
            f"GET THANOSQL MODEL clip AS pics;\nSELECT pics_clipen_similarity1 FROM ({SEARCH})".replace(
                "tutorial_search_clip", "pics"
            )
        )
        caret_in(place, "pics", 2)
        edit = await editor.client.text_document_rename_async(types.RenameParams(new_name="art", **place.at))
        assert place.edited(edit.changes[place.uri]) == place.text.replace("pics", "art")

    act(scenario, rich=False)


def test_what_cannot_be_renamed_says_why(act):
    async def scenario(editor):
        place = caret_in(editor.open(f"SELECT {SIMILARITY} FROM ({SEARCH})"), SIMILARITY)
        with pytest.raises(JsonRpcException, match="named after its model"):
            await editor.client.text_document_prepare_rename_async(types.PrepareRenameParams(**place.at))

    act(scenario)
