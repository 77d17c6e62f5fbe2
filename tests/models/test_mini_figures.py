"""Model card and READMEs give the figures that were measured of the files in the package, and no others."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

TOOLS = Path(__file__).resolve().parents[2] / "tools"


def tool(name: str) -> ModuleType:
    """A module of ``tools/``."""
    spec = importlib.util.spec_from_file_location(name, TOOLS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def pages() -> ModuleType:
    """The module ``tools/mini_pages.py``."""
    return tool("mini_pages")


def test_the_pages_give_the_figures_that_were_measured(pages: ModuleType) -> None:
    assert list(pages.differing_pages(pages.stored())) == []


def test_they_were_measured_of_the_files_in_the_package(pages: ModuleType) -> None:
    stored = pages.stored()
    assert {name: stored[name] for name in pages.package_facts()} == pages.package_facts()


def test_every_figure_has_a_place(pages: ModuleType) -> None:
    text = "\n".join(path.read_text("utf-8") for path in pages.PAGES)
    assert sorted(re.findall(r"<!-- figures: (\S+) -->", text)) == sorted(pages.blocks(pages.stored()))
    assert text.count("<!-- end -->") == len(pages.blocks(pages.stored()))


def test_a_page_with_another_figure_is_found(pages: ModuleType, tmp_path: Path, monkeypatch) -> None:
    page = tmp_path / "PAGE.md"
    page.write_text("before\n<!-- figures: recall -->\n| .999 |\n<!-- end -->\nbehind\n", "utf-8")
    monkeypatch.setattr(pages, "PAGES", (page,))
    assert [line for line in pages.differing_pages(pages.stored()) if "PAGE.md" in line]
    pages.write(pages.stored())
    assert list(pages.differing_pages(pages.stored())) == []
    assert page.read_text("utf-8").startswith("before\n<!-- figures: recall -->\n| what |")
    assert page.read_text("utf-8").endswith("<!-- end -->\nbehind\n")


def test_without_the_photos_nothing_is_measured_and_the_reason_told(
    pages: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["mini_figures", "--data", str(tmp_path)])
    assert tool("mini_figures").main() == 2
    assert str(tmp_path / "captions.csv") in capsys.readouterr().err


def test_what_differs_beyond_rounding_is_named_and_speed_is_not_compared(pages: ModuleType) -> None:
    old = {"captions": {"recall": {"1": [0.5, 0.7]}, "photos_per_second": 50}, "bytes": 3}
    new = {"captions": {"recall": {"1": [0.504, 0.72]}, "photos_per_second": 5}, "bytes": 4}
    found = list(tool("mini_figures").differences(old, new))
    assert [line.partition(":")[0] for line in found] == ["bytes", "captions.recall.1[1]"]
