"""Reasons of the operating system: English as it says them, the common ones in Korean."""

import errno
import os
import re
import socket
import sys
from collections.abc import Iterator

import pytest

from thanosql_kernel.wording import set_language
from thanosql_kernel.wording.system import system_reason


@pytest.fixture(autouse=True)
def english_afterwards() -> Iterator[None]:
    yield
    set_language("en")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other words")
@pytest.mark.parametrize("number", [errno.EACCES, errno.ENOSPC, errno.ENAMETOOLONG, errno.ECONNREFUSED])
def test_english_is_the_system_s_own(number: int):
    assert system_reason(OSError(number, os.strerror(number))) == os.strerror(number)


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        socket.gaierror(-2, "Name or service not known"),
        TimeoutError("timed out"),
    ],
)
def test_korean_has_the_common_ones(error: OSError):
    set_language("ko")
    assert re.match("[가-힣]", system_reason(error))


@pytest.mark.parametrize("language", ["en", "ko"])
def test_others_stay_as_they_are_told(language: str):
    set_language(language)
    assert system_reason(OSError("odd")) == "odd"
    assert system_reason(ValueError("odd")) == "odd"
