"""What is wrong, pushed and pulled, and the fixes for it."""

import pytest
from lsprotocol import types

from thanosql_kernel.catalog import Catalog, Column, Model, Table
from thanosql_kernel.catalog.location import locate
from thanosql_kernel.catalog.store import CatalogFile


def position(before):
    return types.Position(0, len(before))


def write_catalog(folder, *tables):
    columns = (Column("image_path", "VARCHAR"),)
    CatalogFile(locate(folder / ".thanosql").internal).write(
        Catalog(
            revision=1,
            tables={name: Table(name, columns, 3, name, 1) for name in tables},
            models={"clip": Model("clip", "clip")},
        )
    )


def test_editors_that_do_not_ask_are_told(act):
    async def scenario(editor):
        place = editor.open("CONVERT WITH clip AS SELECT * FROM t")
        (problem,) = await editor.pushed(place, len)
        assert (problem.code, place.sliced(problem.range), problem.source) == ("TS100", "WITH", "thanosql")
        editor.change(place, 8, 12, "USING")
        assert await editor.pushed(place, lambda found: not found) == []

    act(scenario, rich=False)


def test_editors_that_ask_get_what_changed_only(act):
    async def scenario(editor):
        place = editor.open("CONVERT WITH clip AS SELECT * FROM t")
        params = types.DocumentDiagnosticParams(place.document)
        report = await editor.client.text_document_diagnostic_async(params)
        assert [one.code for one in report.items] == ["TS100"]
        params.previous_result_id = report.result_id
        again = await editor.client.text_document_diagnostic_async(params)
        assert again.kind == "unchanged"
        assert place.uri not in editor.client.diagnostics

    act(scenario)


def test_every_statement_has_its_own_errors_at_exact_places(act):
    async def scenario(editor):
        await editor.is_warm()
        place = editor.open(
            "-- 고양이 😀\u2028\nCONVERT USING m OPTIONS(imagecol='가') AS SELECT * FROM t;\r\nSELECT a b c FROM t;\nCOPYY t FROM 'x'"
        )
        found = [(one.code, place.sliced(one.range)) for one in await editor.problems(place)]
        assert ("TS102", "imagecol") in found
        assert ("TS105", "c") in found
        assert found[-1] == ("TS100", "COPYY")

    act(scenario)


def test_without_a_database_no_name_is_wrong(act, tmp_path):
    async def scenario(editor):
        await editor.is_warm()
        assert (
            await editor.problems("SEARCH IMAGE text='x' USING nobody AS SELECT whatever FROM nowhere") == []
        )

    act(scenario)


def test_with_a_database_names_are_looked_up_there_and_in_the_cells_above(act, tmp_path):
    write_catalog(tmp_path, "photos")

    async def scenario(editor):
        await editor.is_warm()
        book = (tmp_path / "book.ipynb").as_uri()
        above, below = editor.open_notebook(
            "COPY made FROM 'x.csv'", "SELECT * FROM photoz; SELECT * FROM made", uri=book
        )
        assert await editor.problems(above) == []
        (problem,) = await editor.problems(below)
        assert (problem.code, below.sliced(problem.range)) == ("TS201", "photoz")
        assert problem.severity == types.DiagnosticSeverity.Warning

    act(scenario)


def test_a_table_that_comes_into_being_takes_its_warning_away(act, tmp_path):
    write_catalog(tmp_path, "photos")

    async def scenario(editor):
        place = editor.open("SELECT * FROM beaches", uri=(tmp_path / "a.thanosql").as_uri())
        await editor.pushed(place, len)
        write_catalog(tmp_path, "photos", "beaches")
        assert await editor.pushed(place, lambda found: not found) == []

    act(scenario, rich=False)


def test_a_closed_document_has_no_problems_left(act):
    async def scenario(editor):
        place = editor.open("CONVERT WITH")
        await editor.pushed(place, len)
        editor.client.text_document_did_close(types.DidCloseTextDocumentParams(place.document))
        assert await editor.pushed(place, lambda found: not found) == []

    act(scenario, rich=False)


def test_all_cells_of_a_notebook_are_looked_at_when_one_changes(act, tmp_path):
    write_catalog(tmp_path, "photos")

    async def scenario(editor):
        await editor.is_warm()
        book = (tmp_path / "book.ipynb").as_uri()
        above, below = editor.open_notebook("COPY made FROM 'x.csv'", "SELECT * FROM made", uri=book)
        assert await editor.problems(below) == []
        editor.client.notebook_document_did_change(
            types.DidChangeNotebookDocumentParams(
                types.VersionedNotebookDocumentIdentifier(2, book),
                types.NotebookDocumentChangeEvent(
                    cells=types.NotebookDocumentCellChanges(
                        text_content=[
                            types.NotebookDocumentCellContentChanges(
                                types.VersionedTextDocumentIdentifier(2, above.uri),
                                [types.TextDocumentContentChangeWholeDocument("SELECT 1")],
                            )
                        ]
                    )
                ),
            )
        )
        assert [one.code for one in await editor.problems(below)] == ["TS201"]

    act(scenario)


def test_the_sql_of_queries_goes_unchecked_if_the_user_says_so(act):
    async def scenario(editor):
        await editor.is_warm()
        assert await editor.problems("SELECT a b c FROM t") == []

    act(scenario, checkQueries=False)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("CONVERT USING m OPTIONS(image_cols='x') AS SELECT * FROM t", "image_col='x'"),
        ("SELECT 1;\nCOPY t OPTIONS(if_exists='repalce') FROM 'x.csv'", "if_exists='replace'"),
    ],
)
def test_a_slip_has_a_fix_that_takes_the_error_away(act, wrong, right):
    async def scenario(editor):
        place = editor.open(wrong)
        (problem,) = await editor.problems(place)
        params = types.CodeActionParams(place.document, problem.range, types.CodeActionContext([problem]))
        actions = await editor.client.text_document_code_action_async(params)
        (action,) = [action for action in actions if action.is_preferred]
        mended = place.edited(action.edit.document_changes[0].edits)
        assert right in mended
        assert await editor.problems(mended) == []

    act(scenario)


@pytest.mark.parametrize(
    ("wrong", "title", "right"),
    [
        ("SELECT * FROM photoz", "write photos", "SELECT * FROM photos"),
        ("SELECT image_pth FROM photos", "write image_path", "SELECT image_path FROM photos"),
        (
            "SEARCH IMAGE text='고양이 😀' USING clip AS SELECT * FROM photos",
            "insert the CONVERT",
            "CONVERT USING clip OPTIONS(image_col='image_path', table_name='photos') AS SELECT * FROM photos;\n"
            "SEARCH IMAGE text='고양이 😀' USING clip AS SELECT * FROM photos",
        ),
        (
            "SELECT clip_clipen_similarity2 FROM (SEARCH IMAGE text='a' USING clip AS SELECT * FROM photos)",
            "write clip_clipen_similarity1",
            "SELECT clip_clipen_similarity1 FROM (SEARCH IMAGE text='a' USING clip AS SELECT * FROM photos)",
        ),
    ],
)
def test_with_a_database_a_wrong_name_has_a_fix(act, tmp_path, wrong, title, right):
    write_catalog(tmp_path, "photos")

    async def scenario(editor):
        await editor.is_warm()
        place = editor.open(wrong, uri=(tmp_path / "a.thanosql").as_uri())
        problems = await editor.problems(place)
        ranges = [one.range for one in problems]
        params = types.CodeActionParams(place.document, ranges[0], types.CodeActionContext(problems))
        for where in ranges:
            params.range = where
            for action in await editor.client.text_document_code_action_async(params):
                if action.title == title:
                    assert place.edited(action.edit.document_changes[0].edits) == right
                    return
        raise AssertionError([one.message for one in problems])

    act(scenario)


def test_a_cell_that_has_just_run_is_not_marked_and_can_be_mended(act, tmp_path):
    write_catalog(tmp_path, "photos")
    book = (tmp_path / "book.ipynb").as_uri()

    async def scenario(editor):
        await editor.is_warm()
        made, again = editor.open_notebook("COPY photos FROM 'a.csv'", "COPY photos FROM 'b.csv'", uri=book)
        assert await editor.problems(made) == []
        params = types.CodeActionParams(
            made.document, types.Range(position("COPY "), position("COPY ")), types.CodeActionContext([])
        )
        actions = await editor.client.text_document_code_action_async(params)
        mended = {made.edited(action.edit.document_changes[0].edits) for action in actions}
        assert "COPY photos OPTIONS(overwrite=True) FROM 'a.csv'" in mended
        assert not any(action.is_preferred or action.diagnostics for action in actions)
        (problem,) = await editor.problems(again)
        assert (problem.code, problem.severity) == ("TS204", types.DiagnosticSeverity.Error)

    act(scenario)


def test_fixes_are_kept_from_those_who_ask_for_other_actions(act):
    async def scenario(editor):
        place = editor.open("CONVERT USING m OPTIONS(image_cols='x') AS SELECT * FROM t")
        (problem,) = await editor.problems(place)
        context = types.CodeActionContext([problem], only=[types.CodeActionKind.SourceOrganizeImports])
        params = types.CodeActionParams(place.document, problem.range, context)
        assert not await editor.client.text_document_code_action_async(params)

    act(scenario)


def test_in_a_python_notebook_a_name_may_be_a_data_frame_or_a_value(act, tmp_path):
    cell = "%%thanosql\nSELECT image_path FROM frame JOIN photos USING (image_path) WHERE n > $low"

    async def scenario(editor):
        await editor.is_warm()
        (mixed,) = editor.open_notebook(cell, language="python", uri=(tmp_path / "a.ipynb").as_uri())
        assert await editor.problems(mixed) == []
        (pure,) = editor.open_notebook(cell, uri=(tmp_path / "b.ipynb").as_uri())
        assert [(one.code, pure.sliced(one.range)) for one in await editor.problems(pure)] == [
            ("TS209", "$low"),
            ("TS201", "frame"),
        ]

    write_catalog(tmp_path, "photos")
    act(scenario)
