"""A notebook of photos in JupyterLab: two widgets and a grid of them, for tests that look at it."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_lab import (
    bring_into_sight,
    browser_page,
    command,
    keep_screenshot,
    running_lab,
    wait_for_kernel,
    wait_for_number,
)
from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

NOTEBOOK = "사진.ipynb"
SEARCHED, PLAIN = 0, 1
CELLS = [
    "COPY photos FROM 'photos.csv'; CONVERT USING mini AS SELECT * FROM photos",
    "PRINT IMAGE OPTIONS(format='widget') INTO picked AS SELECT image_path, 설명, taken, s FROM "
    "(SEARCH IMAGE text='red' USING mini OPTIONS(result_col='s', top_k=24) AS SELECT * FROM photos)",
    "PRINT IMAGE OPTIONS(format='widget') AS SELECT * FROM photos LIMIT 12",
    "PRINT IMAGE AS SELECT image_path, 설명, s FROM "
    "(SEARCH IMAGE text='red' USING mini OPTIONS(result_col='s', top_k=9) AS SELECT * FROM photos)",
]
SHAPES = [(2400, 1600), (1200, 1800), (1600, 1200), (1500, 1500), (1600, 900), (900, 1600), (3000, 800)]
SKIES = ["#d9482b", "#2b6cd9", "#e8a33d", "#3d9e5f", "#8a4fc7", "#c7b24f", "#5aa9c4", "#b03060"]
NAMES = ["노을", "바다", "가을 들판", "숲", "저녁 하늘", "모래밭", "호수의 아침", "장미 정원"]


def draw_photo(path: Path, size: tuple[int, int], sky: str, number: int) -> None:
    """Something like a landscape: a sky, a sun and hills."""
    width, height = size
    image = Image.linear_gradient("L").resize(size)
    photo = Image.composite(Image.new("RGB", size, "#fdf3e0"), Image.new("RGB", size, sky), image)
    draw = ImageDraw.Draw(photo)
    left, radius = width * (1 + number % 4) // 6, min(size) // 9
    draw.ellipse((left, height // 4, left + 2 * radius, height // 4 + 2 * radius), fill="#fff4c2")
    for hill, shade in enumerate(("#5b6b73", "#41515a", "#2c3a42")):
        top, middle = height * (60 + 12 * hill) // 100, width * (20 + 35 * ((number + hill) % 3)) // 100
        draw.ellipse((middle - width, top, middle + width, top + 2 * height), fill=shade)
    photo.save(path, quality=88)


def write_notebook(folder: Path) -> None:
    """Portraits and landscapes with Korean names, one that is broken and one that is missing, and a notebook."""
    rows = [
        ("사진/깨진 사진.jpg", "깨진 파일", "2024-01-01"),
        ("사진/없는 사진.jpg", "없는 파일", "2024-01-02"),
    ]
    (folder / "사진/여행/제주 2024").mkdir(parents=True)
    (folder / rows[0][0]).write_bytes(b"\xff\xd8\xff\xe0 not really")
    for number in range(24):
        name = NAMES[number % len(NAMES)]
        path = f"사진/{'여행/제주 2024/' if number % 3 else ''}{name} {number:02}.jpg"
        draw_photo(folder / path, SHAPES[number % len(SHAPES)], SKIES[number % len(SKIES)], number)
        rows.append((path, f"{name}에서 찍은 사진", f"2024-{3 + number % 9:02}-{1 + number:02}"))
    with (folder / "photos.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("image_path", "설명", "taken"), *rows])
    kernelspec = {"name": "thanosql", "display_name": "ThanoSQL", "language": "thanosql"}
    cells = [
        {"cell_type": "code", "id": f"c{number}", "metadata": {}, "source": source}
        | {"outputs": [], "execution_count": None}
        for number, source in enumerate(CELLS)
    ]
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernelspec}, "cells": cells}
    (folder / NOTEBOOK).write_text(json.dumps(notebook), encoding="utf-8")


@contextmanager
def opened_notebook(
    folder: Path, home: Path, language: str = "en", *, may_complain: bool = False
) -> Iterator[Page]:
    """The notebook, all of its cells run."""
    settings = {"THANOSQL_DATABASE": str(home / "db"), "THANOSQL_LANGUAGE": language}
    with (
        running_lab(folder, home, **settings) as url,
        browser_page(home / "profile", may_complain=may_complain) as page,
    ):
        page.goto(f"{url}/lab/tree/{NOTEBOOK}?reset")
        page.wait_for_selector(".jp-NotebookPanel .jp-CodeCell")
        wait_for_kernel(page)
        command(page, "application:toggle-left-area")
        command(page, "notebook:run-all-cells")
        wait_for_number(page, len(CELLS))
        yield page


def browser(page: Page, number: int = SEARCHED) -> Locator:
    """A widget, in sight."""
    widget = page.locator(".thanosql-browser").nth(number)
    widget.locator(".thanosql-tile").first.wait_for()
    widget.evaluate("widget => widget.scrollIntoView()")
    return widget


def names(widget: Locator) -> list[str]:
    """The names below the pictures that are seen."""
    return widget.locator(".thanosql-tile:visible .thanosql-name").all_inner_texts()


def wait_for_text(widget: Locator, part: str, text: str) -> None:
    widget.locator(f".{part}", has_text=text).wait_for()


def look(page: Page, name: str) -> None:
    """The widget with two pictures chosen, one of them large, and the grid, fit the window."""
    widget = browser(page)
    for place in (1, 3):
        widget.locator(".thanosql-choose").nth(place).click()
        widget.locator(".thanosql-choose.mod-active").nth(place // 2).wait_for()
    page.mouse.move(0, 0)
    browser(page)
    assert page.evaluate(FITS), name
    keep_screenshot(page, f"{name}-widget")
    widget.locator(".thanosql-enlarge").nth(1).click()
    page.locator(".thanosql-open .thanosql-zoom img").wait_for()
    keep_screenshot(page, f"{name}-large")
    page.locator(".thanosql-leave").first.click()
    page.locator(".thanosql-open").wait_for(state="detached")
    widget.locator(".thanosql-store button:visible").first.click()
    bring_into_sight(page, page.locator("figure:visible img").first)
    keep_screenshot(page, f"{name}-grid")


#: Nothing of the widget is wider than its output, and what is chosen is seen though the page goes on below.
FITS = """() => {
    const widget = document.querySelector('.thanosql-browser'), room = widget.parentElement.getBoundingClientRect();
    const parts = [...widget.querySelectorAll('.thanosql-tile, .thanosql-row > *')].filter(part => part.offsetParent);
    const store = widget.querySelector('.thanosql-store').getBoundingClientRect();
    return parts.every(part => part.getBoundingClientRect().right <= room.right + 1) && store.bottom <= innerHeight;
}"""
