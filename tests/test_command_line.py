"""Command lines: help in the language that is spoken, faults in a line."""

import re
from collections.abc import Callable

import pytest
from thanosql_lsp.__main__ import main as server

from thanosql_kernel.__main__ import main as kernel
from thanosql_kernel.wording import commands

PROGRAMS = {"thanosql-kernel": kernel, "thanosql-language-server": server}


@pytest.fixture(params=PROGRAMS)
def program(request: pytest.FixtureRequest) -> Callable[[list[str]], object]:
    return PROGRAMS[request.param]


def printed(program: Callable[[list[str]], object], *arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        program(list(arguments))
    return int(ended.value.code or 0)


def test_the_help_is_korean_where_korean_is_spoken(program, korean, capsys: pytest.CaptureFixture[str]):
    assert printed(program, "--help") == 0
    told = capsys.readouterr().out
    assert told.startswith(str(commands.USAGE))
    assert str(commands.OPTIONS) in told
    assert re.findall(r"[a-z]+ [a-z]+ [a-z]+ [a-z]+", told) == []


def test_a_command_has_help_of_its_own(korean, capsys: pytest.CaptureFixture[str]):
    assert printed(kernel, "install", "--help") == 0
    told = capsys.readouterr().out
    assert told.count(str(commands.USAGE)) == 1
    for words in (commands.FOR_USER, commands.FOR_ENVIRONMENT, commands.FOR_PREFIX):
        assert str(words) in told


def test_the_version_is_printed(program, capsys: pytest.CaptureFixture[str]):
    assert printed(program, "--version") == 0
    assert re.fullmatch(r"thanosql-[a-z-]+ \d+\.\d+\.\d+\n", capsys.readouterr().out)


def test_what_is_not_understood_ends_with_a_line_and_status_two(program, capsys: pytest.CaptureFixture[str]):
    assert printed(program, "이상한") == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("usage: thanosql-")
    assert "이상한" in lines[-1]
