"""Completion, asked of a real server process."""

import json

from lsprotocol import types

from thanosql_kernel.catalog import Catalog, Column, Model, Table
from thanosql_kernel.catalog.location import locate
from thanosql_kernel.catalog.store import CatalogFile

CONVERT = "CONVERT USING tutorial_search_clip OPTIONS(table_name='photos') AS SELECT * FROM photos"
SEARCH = "(SEARCH IMAGE texts=['a cat', 'a dog'] USING tutorial_search_clip AS SELECT * FROM photos)"
SIMILARITY = "tutorial_search_clip_clipen_similarity"


def write_catalog(folder, *tables, models=("tutorial_search_clip",)):
    """A database with tables of those names, each with a column ``image_path``."""
    columns = (Column("image_path", "VARCHAR"),)
    CatalogFile(locate(folder / ".thanosql").internal).write(
        Catalog(
            revision=1,
            tables={name: Table(name, columns, 3, name, 1) for name in tables},
            models={name: Model(name, "clip") for name in models},
        )
    )


def test_the_similarity_column_of_a_nested_search_is_there_before_anything_has_run(act):
    async def scenario(editor):
        labels = await editor.labels(f"{CONVERT};\nSELECT ‸ FROM {SEARCH}")
        assert {f"{SIMILARITY}1", f"{SIMILARITY}2", "tutorial_search_clip_clipen"} <= set(labels)
        assert f"{SIMILARITY}3" not in labels

    act(scenario)


def test_a_cell_knows_what_the_cells_above_it_will_make(act):
    async def scenario(editor):
        cells = editor.open_notebook(
            "COPY photos FROM 'x.csv'", CONVERT, f"SELECT ‸ FROM {SEARCH}", "SELECT ‸ FROM t"
        )
        assert f"{SIMILARITY}2" in await editor.labels(cells[2])
        assert f"{SIMILARITY}2" not in await editor.labels(cells[3])

    act(scenario)


def test_a_cell_knows_nothing_of_the_cells_below_it(act):
    async def scenario(editor):
        first, _ = editor.open_notebook("SELECT * FROM ‸", "COPY later FROM 'x.csv'")
        assert "later" not in await editor.labels(first)

    act(scenario)


def test_cells_can_be_moved_added_and_taken_away(act):
    async def scenario(editor):
        use, make = editor.open_notebook("SELECT * FROM ‸", "COPY swapped FROM 'x.csv'")
        assert "swapped" not in await editor.labels(use)
        book = "file:///" + use.uri.partition(":///")[2].partition("#")[0]
        cells = [types.NotebookCell(types.NotebookCellKind.Code, one.uri) for one in (make, use)]
        change = types.NotebookDocumentChangeEvent(
            cells=types.NotebookDocumentCellChanges(
                structure=types.NotebookDocumentCellChangeStructure(
                    types.NotebookCellArrayChange(0, 2, cells)
                )
            )
        )
        editor.client.notebook_document_did_change(
            types.DidChangeNotebookDocumentParams(types.VersionedNotebookDocumentIdentifier(2, book), change)
        )
        assert "swapped" in await editor.labels(use)

    act(scenario)


def test_a_joined_notebook_knows_its_earlier_cells(act):
    async def scenario(editor):
        text = f"{CONVERT}\n\n\nSELECT ‸ FROM {SEARCH}\n\n\nCOPY later FROM 'x'"
        labels = await editor.labels(editor.open(text, uri="file:///nowhere/Untitled.ipynb"))
        assert f"{SIMILARITY}1" in labels

    act(scenario)


def test_an_empty_cell_of_a_joined_notebook_begins_a_statement(act):
    async def scenario(editor):
        text = "SELECT * FROM t\n\n\n‸\n\n\nSELECT 1"
        labels = await editor.labels(editor.open(text, uri="file:///nowhere/Untitled1.ipynb"))
        assert {"CONVERT", "SEARCH", "COPY"} <= set(labels)
        assert "WHERE" not in labels

    act(scenario)


def test_python_cells_are_served_behind_the_magic_only(act):
    async def scenario(editor):
        magic, plain, after = editor.open_notebook(
            "%%thanosql\nCOPY made_here FROM 'x.csv'",
            "import os\nos.‸",
            "%%thanosql\nSELECT * FROM ‸",
            language="python",
        )
        assert await editor.items(plain) == []
        assert await editor.problems(plain) == []
        assert await editor.problems(magic) == []
        assert "made_here" in await editor.labels(after)

    act(scenario)


def test_korean_and_emoji_in_front_of_the_caret_shift_nothing(act):
    async def scenario(editor):
        place = editor.open("SELECT '고양이 😀\u2028', ima‸ FROM (SELECT 1 AS image_path)")
        item = next(item for item in await editor.items(place) if item.label == "image_path")
        edit = item.text_edit
        assert place.sliced(edit.replace) == "ima"
        assert place.edited([types.TextEdit(edit.replace, edit.new_text)]) == place.text.replace(
            "ima ", "image_path "
        )

    act(scenario)


def test_typing_letter_by_letter_gives_the_list_of_the_whole_text(act):
    async def scenario(editor):
        place = editor.open("COPY 사진 FROM 'x.csv';\r\n")
        typed = "SELECT * FROM 사"
        for version, letter in enumerate(typed, 2):
            end = types.Position(1, version - 2)
            change = types.TextDocumentContentChangePartial(types.Range(end, end), letter)
            identifier = types.VersionedTextDocumentIdentifier(version, place.uri)
            editor.client.text_document_did_change(types.DidChangeTextDocumentParams(identifier, [change]))
        place.position = types.Position(1, len(typed))
        assert "사진" in await editor.labels(place)

    act(scenario)


def test_documentation_follows_when_the_item_is_resolved(act):
    async def scenario(editor):
        items = await editor.items("CONVERT USING m OPTIONS(bat‸")
        item = next(item for item in items if item.label.startswith("batch_size"))
        assert item.documentation is None
        resolved = await editor.client.completion_item_resolve_async(item)
        assert "batch" in resolved.documentation.value

    act(scenario)


def test_documentation_comes_at_once_where_nothing_can_be_resolved(act):
    async def scenario(editor):
        items = await editor.items("CONVERT USING m OPTIONS(bat‸")
        assert "batch" in items[0].documentation.value

    act(scenario, rich=False)


def test_snippets_go_only_to_those_who_know_them(act):
    async def scenario(editor):
        items = await editor.items("CONVERT USING m OPTIONS(image_c‸")
        texts = {item.text_edit.new_text for item in items}
        assert all("$" not in text for text in texts)
        assert "image_col=" in texts

    async def rich_scenario(editor):
        items = await editor.items("CONVERT USING m OPTIONS(image_c‸")
        item = next(item for item in items if item.label.startswith("image_col"))
        assert item.text_edit.new_text == "image_col='$1'"
        assert item.insert_text_format == types.InsertTextFormat.Snippet

    act(scenario, rich=False)
    act(rich_scenario)


def test_whole_statements_go_only_to_those_who_know_snippets_and_want_them(act):
    async def scenario(editor):
        (item,) = [one for one in await editor.items("copy‸") if one.label == "COPY …"]
        assert item.text_edit.new_text.startswith("COPY ${1:photos} OPTIONS(if_exists='${2|")
        assert item.kind == types.CompletionItemKind.Snippet

    async def scenario_without(editor):
        assert await editor.labels("copy‸") == ["COPY"]

    act(scenario)
    act(scenario_without, rich=False)
    act(scenario_without, statementSnippets=False)


def test_the_database_beside_a_document_is_read_and_read_again_when_it_changes(act, tmp_path):
    async def scenario(editor):
        place = editor.open("SELECT * FROM ‸", uri=(tmp_path / "new.thanosql").as_uri())
        assert not {"beaches", "lakes"} & set(await editor.labels(place))
        write_catalog(tmp_path, "beaches")
        assert "beaches" in await editor.labels(place)
        write_catalog(tmp_path, "lakes", "beaches")
        assert {"beaches", "lakes"} <= set(await editor.labels(place))
        (tmp_path / ".thanosql" / "_thanosql" / "catalog.json").write_text("{ half", "utf-8")
        assert "beaches" not in await editor.labels(place)

    act(scenario)


def test_the_database_of_the_settings_is_read(act, tmp_path):
    write_catalog(tmp_path, "from_settings")

    async def scenario(editor):
        assert "from_settings" in await editor.labels("SELECT * FROM ‸")

    act(scenario, database=str(tmp_path / ".thanosql"))


def test_files_beside_a_document_are_offered(act, tmp_path):
    (tmp_path / "사진.csv").write_text("image_path\n", "utf-8")

    async def scenario(editor):
        place = editor.open("COPY t FROM '‸'", uri=(tmp_path / "a.thanosql").as_uri())
        assert "사진.csv" in await editor.labels(place)

    act(scenario)


def test_an_empty_document_offers_statements(act):
    async def scenario(editor):
        assert "SEARCH" in await editor.labels("")

    act(scenario)


def test_nothing_is_offered_for_a_document_that_is_not_open(act):
    async def scenario(editor):
        params = types.CompletionParams(types.TextDocumentIdentifier("untitled:nobody"), types.Position(3, 4))
        assert await editor.client.text_document_completion_async(params) is None

    act(scenario)


def test_long_lists_are_cut_and_say_so(act, tmp_path):
    write_catalog(tmp_path, *(f"table_{number:04}" for number in range(900)))

    async def scenario(editor):
        place = editor.open("SELECT * FROM ‸", uri=(tmp_path / "a.thanosql").as_uri())
        found = await editor.client.text_document_completion_async(types.CompletionParams(**place.at))
        assert found.is_incomplete
        assert len(json.dumps([item.label for item in found.items])) < 10_000
        narrower = editor.open("SELECT * FROM table_0899‸", uri=(tmp_path / "b.thanosql").as_uri())
        assert await editor.labels(narrower) == ["table_0899"]

    act(scenario)


def as_inserted(item, place):
    """The text once the item is taken as editors do it; ``|`` where a snippet leaves the caret."""
    text = item.text_edit.new_text.replace("$0", "|")
    edits = [types.TextEdit(item.text_edit.replace, text), *(item.additional_text_edits or [])]
    return place.edited(edits)


def test_a_column_before_from_brings_its_from_and_leaves_the_caret_in_front(act, tmp_path):
    write_catalog(tmp_path, "사진")

    async def scenario(editor):
        place = editor.open("SELECT im‸", uri=(tmp_path / "a.thanosql").as_uri())
        (item,) = [one for one in await editor.items(place) if one.label == "image_path"]
        assert item.detail == "VARCHAR · 사진"
        assert as_inserted(item, place) == "SELECT image_path| FROM 사진"
        assert item.insert_text_format == types.InsertTextFormat.Snippet

    async def plain_scenario(editor):
        place = editor.open("SELECT im‸", uri=(tmp_path / "b.thanosql").as_uri())
        (item,) = [one for one in await editor.items(place) if one.label == "image_path"]
        assert item.text_edit.new_text == "image_path"
        assert not item.additional_text_edits

    act(scenario)
    act(plain_scenario, rich=False)


def test_its_from_is_an_additional_edit_where_more_of_the_list_follows(act, tmp_path):
    write_catalog(tmp_path, "사진")

    async def scenario(editor):
        place = editor.open("-- 사진\nSELECT ‸, 1 AS 하나\nLIMIT 3", uri=(tmp_path / "a.thanosql").as_uri())
        (item,) = [one for one in await editor.items(place) if one.label == "image_path"]
        assert item.text_edit.new_text == "image_path"
        assert as_inserted(item, place) == "-- 사진\nSELECT image_path, 1 AS 하나 FROM 사진\nLIMIT 3"

    act(scenario)


def test_no_from_is_written_into_a_word(act, tmp_path):
    write_catalog(tmp_path, "사진")

    async def scenario(editor):
        place = editor.open("SELECT im‸age", uri=(tmp_path / "a.thanosql").as_uri())
        (item,) = [one for one in await editor.items(place) if one.label == "image_path"]
        assert item.text_edit.new_text == "image_path"

    act(scenario)


def test_tables_of_the_cells_above_come_first(act, tmp_path):
    write_catalog(tmp_path, "a", "b", "다")

    async def scenario(editor):
        book = (tmp_path / "book.ipynb").as_uri()
        cells = editor.open_notebook("SELECT * FROM b", "SELECT * FROM 다", "SELECT * FROM ‸", uri=book)
        assert await editor.labels(cells[2]) == ["다", "b", "a"]

    act(scenario)


def test_a_call_leaves_the_caret_in_its_parentheses(act):
    async def scenario(editor):
        (item,) = [one for one in await editor.items("SELECT coale‸ FROM t") if one.label == "coalesce"]
        assert item.text_edit.new_text == "coalesce($1)"

    async def plain_scenario(editor):
        (item,) = [one for one in await editor.items("SELECT coale‸ FROM t") if one.label == "coalesce"]
        assert item.text_edit.new_text == "coalesce"

    act(scenario)
    act(plain_scenario, rich=False)
