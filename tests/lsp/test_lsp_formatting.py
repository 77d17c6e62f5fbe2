"""Formatting, colours, inlay hints and lenses."""

import pytest
from lsprotocol import types
from thanosql_lsp.features import TOKEN_MODIFIERS, TOKEN_TYPES

from thanosql_kernel.analysis.features.tokens import MODIFIERS, TYPES

OPTIONS = types.FormattingOptions(tab_size=4, insert_spaces=True)
CONVERT = "CONVERT USING tutorial_search_clip AS SELECT * FROM 사진"


def whole(place):
    return types.Range(types.Position(0, 0), types.Position(place.text.count("\n") + 1, 0))


async def formatted(editor, place):
    params = types.DocumentFormattingParams(place.document, OPTIONS)
    return place.edited(await editor.client.text_document_formatting_async(params))


def test_a_document_is_laid_out_and_laying_it_out_again_changes_nothing(act):
    async def scenario(editor):
        first = await formatted(
            editor, editor.open("select   '고양이 😀' as x from t where a=1;copy t from 'x.csv'\n")
        )
        assert "SELECT '고양이 😀' AS x" in first
        assert "COPY t FROM 'x.csv'" in first
        assert await formatted(editor, editor.open(first)) == first

    act(scenario)


def test_lines_end_as_they_did(act):
    async def scenario(editor):
        first = await formatted(editor, editor.open("select a\r\nfrom t;\r\nselect b from t;\r\n"))
        assert first == "SELECT a\r\nFROM t;\r\nSELECT b\r\nFROM t;\r\n"
        assert await formatted(editor, editor.open(first)) == first

    act(scenario)


def test_statements_that_do_not_parse_stay_as_they_are(act):
    async def scenario(editor):
        text = "CONVERT   WITH m;\n"
        assert await formatted(editor, editor.open(text)) == text

    act(scenario)


def test_the_blank_lines_between_joined_cells_stay(act):
    async def scenario(editor):
        place = editor.open("select 1\n\n\nselect   2\n\n\n\n\n\nselect 3", uri="file:///nowhere/Fmt.ipynb")
        assert await formatted(editor, place) == "SELECT 1\n\n\nSELECT 2\n\n\n\n\n\nSELECT 3"

    act(scenario)


@pytest.mark.parametrize("magic", ["%%thanosql", "%%sql -o frame"])
def test_the_magic_line_of_a_python_cell_stays(act, magic):
    async def scenario(editor):
        (place,) = editor.open_notebook(f"{magic}\nselect   1", language="python")
        assert await formatted(editor, place) == f"{magic}\nSELECT 1"

    act(scenario)


def test_a_selection_lays_out_only_the_statements_it_touches(act):
    async def scenario(editor):
        place = editor.open("select   1;\nselect   2;\nselect   3")
        chosen = types.Range(types.Position(1, 3), types.Position(1, 4))
        params = types.DocumentRangeFormattingParams(place.document, chosen, OPTIONS)
        edits = await editor.client.text_document_range_formatting_async(params)
        assert place.edited(edits) == "select   1;\nSELECT 2;\nselect   3"

    act(scenario)


def test_the_legend_is_that_of_the_analysis():
    assert (TOKEN_TYPES, TOKEN_MODIFIERS) == (TYPES, MODIFIERS)


def decoded(place, data):
    """The words, their types and modifiers."""
    line = character = 0
    found = []
    for delta_line, delta, length, kind, bits in zip(*[iter(data)] * 5, strict=True):
        character = delta + (character if delta_line == 0 else 0)
        line += delta_line
        where = types.Range(types.Position(line, character), types.Position(line, character + length))
        names = [name for number, name in enumerate(TOKEN_MODIFIERS) if bits & (1 << number)]
        found.append((place.sliced(where), TOKEN_TYPES[kind], *names))
    return found


def test_words_are_coloured_by_what_they_are(act):
    async def scenario(editor):
        place = editor.open(f"/* 설명\n 😀 */ {CONVERT}; SELECT tutorial_search_clip_clipen FROM 사진")
        params = types.SemanticTokensParams(place.document)
        found = decoded(place, (await editor.client.text_document_semantic_tokens_full_async(params)).data)
        assert found[:3] == [("/* 설명", "comment"), (" 😀 */", "comment"), ("CONVERT", "keyword")]
        assert ("tutorial_search_clip", "class") in found
        assert ("사진", "struct") in found
        assert ("tutorial_search_clip_clipen", "variable", "generated") in found
        ranged = types.SemanticTokensRangeParams(
            place.document, types.Range(types.Position(1, 70), types.Position(1, 71))
        )
        part = decoded(place, (await editor.client.text_document_semantic_tokens_range_async(ranged)).data)
        assert part == found[-len(part) :]
        assert len(part) < len(found)

    act(scenario)


def test_the_column_that_will_be_made_stands_behind_the_statement(act):
    async def scenario(editor):
        place = editor.open(f"{CONVERT};\nSELECT 1")
        params = types.InlayHintParams(place.document, whole(place))
        (hint,) = await editor.client.text_document_inlay_hint_async(params)
        assert hint.label == "+ tutorial_search_clip_clipen FLOAT[512]"
        assert place.offset(hint.position) == len(CONVERT)
        params = types.InlayHintParams(
            place.document, types.Range(types.Position(1, 2), types.Position(1, 3))
        )
        assert not await editor.client.text_document_inlay_hint_async(params)

    act(scenario)


def test_lenses_are_for_clients_that_can_run_a_statement(act):
    async def with_command(editor):
        place = editor.open(f"%load_ext thanosql\n{CONVERT};\nSELECT 1")
        lenses = await editor.client.text_document_code_lens_async(types.CodeLensParams(place.document))
        assert [place.sliced(lens.range) for lens in lenses] == [CONVERT, "SELECT 1"]
        assert lenses[0].command.command == "thanosql.run"
        assert lenses[0].command.arguments[0] == place.uri

    async def without(editor):
        place = editor.open("SELECT 1")
        assert not await editor.client.text_document_code_lens_async(types.CodeLensParams(place.document))

    act(with_command, runCommand="thanosql.run")
    act(without)
