"""The program that Jupyter starts."""

import logging
import sys

import pytest

from thanosql_kernel.jupyter.app import ThanoSQLApp, _is_loopback, _is_worth_saying


@pytest.mark.parametrize(
    ("host", "stays_here"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("0.0.0.0", False), ("192.168.0.7", False)],
)
def test_nobody_listens_on_loopback_addresses(host: str, stays_here: bool) -> None:
    assert _is_loopback(host) is stays_here


def test_only_the_warning_about_encryption_is_kept_back() -> None:
    def record(text: str) -> logging.LogRecord:
        return logging.LogRecord("app", logging.WARNING, "", 0, text, (), None)

    assert not _is_worth_saying(record("Kernel is running over TCP without encryption. All communication …"))
    assert _is_worth_saying(record("Connection file not found"))


def test_the_working_folder_is_no_place_of_modules_however_the_kernel_was_started() -> None:
    before = list(sys.path)
    ThanoSQLApp().init_path()
    assert sys.path == before
    assert "" not in sys.path
