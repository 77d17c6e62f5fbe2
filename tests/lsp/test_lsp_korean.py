"""The server speaks the language that is set, else its client's, else its system's; what it does stays the same."""

import re

import pytest
from lsprotocol import types

from thanosql_kernel.catalog import Catalog, Column, Model, Table, View
from thanosql_kernel.catalog.location import locate
from thanosql_kernel.catalog.store import CatalogFile

WRONG = "SELECT * FROM photoz; SELECT image_pth FROM photos; SELECT a b c FROM photos; SELECT rond(1)"
#: So deep that it is no statement; that is found out when the text is read, and remembered.
TOO_DEEP = f"{'CONVERT USING clip AS (' * 40}SELECT 1{')' * 40}"
_IN_QUOTES = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`|```.*?```", re.DOTALL)


def is_korean(text):
    """Whether a text is Korean, and no sentence in it English."""
    bare = _IN_QUOTES.sub("", text)
    return re.search("[가-힣]", bare) is not None and not re.search("[a-z]{3,} [a-z]{3,}", bare)


@pytest.fixture
def folder(tmp_path):
    columns = (Column("image_path", "VARCHAR"), Column("price", "DOUBLE"))
    CatalogFile(locate(tmp_path / ".thanosql").internal).write(
        Catalog(
            revision=1,
            tables={"photos": Table("photos", columns, 3, "photos", 1)},
            views={"cheap": View("cheap", "SELECT * FROM photos", columns)},
            models={"clip": Model("clip", "clip")},
        )
    )
    return tmp_path


def opened(editor, folder, text):
    return editor.open(text, uri=(folder / "a.thanosql").as_uri())


async def told(editor, place):
    """What a server says of a text: its problems, in the order in which they come, and their fixes."""
    await editor.is_warm()
    problems = await editor.problems(place)
    actions = []
    for one in problems:
        context = types.CodeActionContext([one])
        params = types.CodeActionParams(place.document, one.range, context)
        actions += await editor.client.text_document_code_action_async(params)
    return problems, actions


def test_problems_and_fixes_are_korean_and_the_same_as_in_english(act, folder):
    found = {}

    async def scenario(editor):
        problems, actions = await told(editor, opened(editor, folder, WRONG))
        places = [(one.code, one.severity, one.range) for one in problems]
        edits = [action.edit.document_changes[0].edits for action in actions]
        said = [*(one.message for one in problems), *(action.title for action in actions)]
        found[locale] = places, edits, said

    for locale in ("en", "ko-KR"):
        act(scenario, locale=locale)
    (english, korean) = found.values()
    assert english[:2] == korean[:2]
    assert len(english[0]) == 4
    assert len(english[1]) >= 3
    assert all(is_korean(line) for said in korean[2] for line in said.splitlines())
    assert not any(map(is_korean, english[2]))


@pytest.mark.parametrize(
    "text",
    [
        "SELECT pri‸ce FROM photos",
        "SELECT * FROM pho‸tos",
        "SELECT * FROM che‸ap",
        "CONVERT USING cl‸ip AS SELECT * FROM photos",
        "CONVERT USING clip OPTIONS(image_‸col='image_path') AS SELECT * FROM photos",
        "SELECT cou‸nt(*) FROM photos",
    ],
)
def test_a_hover_is_korean(act, folder, text):
    async def scenario(editor):
        place = opened(editor, folder, text)
        found = await editor.client.text_document_hover_async(types.HoverParams(**place.at))
        assert re.search("[가-힣]", found.contents.value), found.contents.value

    act(scenario, locale="ko")


@pytest.mark.parametrize(
    ("text", "label", "detail"),
    [
        ("SELECT * FROM ‸", "photos", "3행"),
        ("SELECT * FROM ‸", "cheap", "뷰"),
        ("CONVERT USING clip OPTIONS(‸) AS SELECT * FROM photos", "image_col=", "텍스트"),
        ("CONVERT USING ‸", "clip", "512차원"),
        ("SELECT cou‸ FROM photos", "count", "행의 수"),
    ],
)
def test_a_completion_says_in_korean_what_it_is(act, folder, text, label, detail):
    async def scenario(editor):
        found = {item.label: item for item in await editor.items(opened(editor, folder, text))}
        assert found[label].detail == detail

    act(scenario, locale="ko")


def test_the_description_of_a_function_is_korean(act, folder):
    async def scenario(editor):
        items = {
            item.label: item for item in await editor.items(opened(editor, folder, "SELECT l‸ FROM photos"))
        }
        resolved = await editor.client.completion_item_resolve_async(items["lower"])
        assert resolved.documentation.value == "소문자로"

    act(scenario, locale="ko")


def test_what_is_offered_and_its_order_do_not_depend_on_the_language(act, folder):
    texts = ("SELECT ‸ FROM photos", "CONVERT USING clip OPTIONS(‸) AS SELECT * FROM photos", "‸")
    found = []

    async def scenario(editor):
        offered = [await editor.items(opened(editor, folder, text)) for text in texts]
        found.append([[(item.label, item.text_edit.new_text) for item in items] for items in offered])

    for locale in ("en", "ko"):
        act(scenario, locale=locale)
    assert found[0] == found[1]


def test_a_name_that_cannot_be_changed_is_refused_in_korean(act, folder):
    async def scenario(editor):
        place = opened(editor, folder, "SELECT pri‸ce FROM photos")
        with pytest.raises(Exception, match="컬럼은 데이터에 있습니다"):
            await editor.client.text_document_prepare_rename_async(types.PrepareRenameParams(**place.at))

    act(scenario, locale="ko")


def test_the_lens_that_runs_a_statement_is_korean(act, folder):
    async def scenario(editor):
        place = opened(editor, folder, "SELECT 1")
        (lens,) = await editor.client.text_document_code_lens_async(types.CodeLensParams(place.document))
        assert lens.command.title == "▶ 실행"

    act(scenario, locale="ko", runCommand="run.it")


async def message(editor, place=TOO_DEEP):
    (problem,) = await editor.problems(place)
    return problem.message


@pytest.mark.parametrize(
    ("settings", "korean"),
    [
        ({"locale": "ko"}, True),
        ({"locale": "ko-KR"}, True),
        ({"locale": "fr"}, False),
        ({"locale": "ko", "language": "en"}, False),
        ({"locale": "en", "language": "ko"}, True),
        ({"environment": {"THANOSQL_LANGUAGE": "ko"}}, True),
        (
            {
                "environment": {
                    "THANOSQL_LANGUAGE": "",
                    "LC_ALL": "",
                    "LC_MESSAGES": "",
                    "LANG": "ko_KR.UTF-8",
                }
            },
            True,
        ),
        ({"environment": {"THANOSQL_LANGUAGE": "ko"}, "locale": "en"}, False),
    ],
)
def test_the_setting_wins_over_the_client_and_the_client_over_the_system(act, settings, korean):
    async def scenario(editor):
        assert is_korean(await message(editor)) is korean

    act(scenario, **settings)


def test_another_language_is_spoken_once_it_is_set(act):
    async def scenario(editor):
        place = editor.open(TOO_DEEP)
        assert not is_korean(await message(editor, place))
        section = {"thanosql": {"language": "ko"}}
        editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(section))
        assert is_korean(await message(editor, place))

    act(scenario, locale="en", alone=True)
