"""Build the documentation as a site: ``python tools/make_site.py`` writes ``site/``, which opens without a network.

Pages stay where GitHub shows them. This gathers those that ``mkdocs.yml`` names, and all that they lead to, in a folder
beside, writes notebooks as pages with the outputs that are stored in them, and lets MkDocs build it strictly: a link
that leads nowhere fails.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import html
import logging
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from typing import Any

import nbformat

from thanosql_kernel.jupyter.widgets.show import VIEW_MIME
from thanosql_kernel.wording import tools

ROOT = Path(__file__).resolve().parents[1]
#: What the pages look like, and what lets them be searched when they are opened from disk.
ASSETS = ROOT / "tools" / "site"
_LINK = re.compile(r"(?<=\]\()([^()\s]+)(?=\))")
_DATA = re.compile(r"data:(?:image|video|audio)/([a-z0-9]+);base64,([A-Za-z0-9+/=]+)")
_FENCE = re.compile(r"^(`{3,})(\w*)", re.MULTILINE)
_ITEM = re.compile(r"\s*([-*+]|\d+\.) ")
_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
#: What stored outputs may hold. They need no scripts, so a page gets none.
_TAGS = frozenset(
    "a b br code details div em figcaption figure h1 h2 h3 h4 h5 h6 hr i img li ol p pre small span strong sub summary "
    "sup table tbody td th thead tr u ul wbr audio video source".split()
)
_FETCHED = ("src", "srcset", "poster", "background")


class SiteError(Exception):
    """The site cannot be built; the message says why."""


def main() -> int:
    """Build; returns the exit status."""
    options = _options()
    try:
        build(options.to.resolve())
    except SiteError as error:
        print(error, file=sys.stderr)
        return 1
    print(tools.SITE_BUILT(page=options.to / "index.html"))
    return 0


def build(to: Path) -> None:
    """Build the site.

    Args:
        to: Its folder; what was there goes.

    Raises:
        SiteError: A page leads nowhere, a stored output is not safe, or MkDocs warned of something.
    """
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    from mkdocs.commands.build import build as build_pages
    from mkdocs.config import load_config
    from mkdocs.exceptions import Abort

    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    with tempfile.TemporaryDirectory() as fresh:
        gathered = Path(fresh) / "pages"
        gathered.mkdir()
        config = load_config(str(ROOT / "mkdocs.yml"), docs_dir=str(gathered), site_dir=str(to))
        config["nav"] = [_expanded(entry) for entry in config["nav"]]
        gather(_leaves(config["nav"]), gathered)
        config["nav"] = _staged(config["nav"])
        try:
            build_pages(config)
        except Abort as error:
            raise SiteError(str(error)) from error


# -- what there is to read ---------------------------------------------------------------------------------------
def _expanded(entry: Any) -> Any:
    """An entry of the navigation with files in the place of patterns."""
    if isinstance(entry, dict):
        return {
            title: _several(below) if isinstance(below, list) else below for title, below in entry.items()
        }
    return entry


def _several(entries: list[Any]) -> list[Any]:
    named = {entry for entry in entries if isinstance(entry, str) and "*" not in entry}
    found: list[Any] = []
    for entry in entries:
        if not isinstance(entry, str) or "*" not in entry:
            found.append(_expanded(entry))
            continue
        paths = (path.relative_to(ROOT).as_posix() for path in sorted(ROOT.glob(entry)))
        wants_korean = ".ko." in entry
        found += [path for path in paths if path not in named and (".ko." in path) == wants_korean]
    return found


def _leaves(entries: Any) -> Iterator[str]:
    if isinstance(entries, str):
        yield entries
    for entry in (
        entries.values() if isinstance(entries, dict) else entries if isinstance(entries, list) else ()
    ):
        yield from _leaves(entry)


def _staged(entry: Any) -> Any:
    """The navigation with the names that pages have in the gathered folder."""
    if isinstance(entry, dict):
        return {title: _staged(below) for title, below in entry.items()}
    if isinstance(entry, list):
        return [_staged(below) for below in entry]
    return staged_name(entry)


def staged_name(path: str) -> str:
    """What a file or folder of the project is called among the pages."""
    if (ROOT / path).is_dir():
        return f"{path.rstrip('/')}/index.md"
    return re.sub(r"\.ipynb$", ".md", path)


def gather(first: Iterable[str], into: Path) -> None:
    """Write the pages, and all that they lead to, into a folder."""
    waiting, seen = list(first), set()
    shutil.copytree(ASSETS, into / "assets")
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        target = into / staged_name(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        text = _text_of(path, target)
        if text is None:
            shutil.copy(ROOT / path, target)
            continue
        text, more = with_links(text, path)
        target.write_text(as_page(text), encoding="utf-8")
        waiting += more


def _text_of(path: str, target: Path) -> str | None:
    """The Markdown of a page; None for what is none."""
    source = ROOT / path
    if source.is_dir():
        return listed(source)
    if source.suffix == ".ipynb":
        return notebook_page(source, target.with_suffix(""))
    return source.read_text(encoding="utf-8") if source.suffix == ".md" else None


def listed(folder: Path) -> str:
    """A page that lists those in a folder."""
    titles = {
        path.name: _TITLE.search(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.md"))
    }
    lines = [f"- [{found[1] if found else name}]({name})" for name, found in titles.items()]
    return f"# {folder.name.capitalize()}\n\n" + "\n".join(lines) + "\n"


def with_links(text: str, page: str) -> tuple[str, list[str]]:
    """A page with links to pages among the gathered ones.

    Returns:
        The text, and the files and folders of the project that it leads to.

    Raises:
        SiteError: One is not there.
    """
    base = ROOT / page if (ROOT / page).is_dir() else (ROOT / page).parent
    found: list[str] = []

    def followed(link: re.Match[str]) -> str:
        target, hash_sign, anchor = link[1].partition("#")
        if not target or re.match(r"[a-z]+:", target) or _is_ours(page, target):
            return link[1]
        reached = (base / target).resolve()
        if not reached.exists() or not reached.is_relative_to(ROOT):
            raise SiteError(tools.NOTHING_THERE(page=page, target=target))
        path = reached.relative_to(ROOT).as_posix()
        found.append(path)
        ahead = os.path.relpath(ROOT / staged_name(path), (ROOT / staged_name(page)).parent)
        return PurePosixPath(ahead).as_posix() + hash_sign + anchor

    parts = re.split(r"(^`{3,}.*?^`{3,}$|`[^`\n]+`)", text, flags=re.MULTILINE | re.DOTALL)
    return "".join(part if n % 2 else _LINK.sub(followed, part) for n, part in enumerate(parts)), found


def _is_ours(page: str, target: str) -> bool:
    """Whether a link leads to a picture that was taken out of the page itself."""
    return page.endswith(".ipynb") and target.startswith(f"{Path(page).stem}/")


# -- Markdown as GitHub and notebooks show it, for MkDocs --------------------------------------------------------
def as_page(text: str) -> str:
    """Markdown that Python-Markdown reads as GitHub does."""
    lines: list[str] = []
    fence = ""
    for line in text.splitlines():
        opens = _FENCE.match(line)
        if fence:
            fence = "" if line.strip() == fence else fence
        elif opens:
            fence = opens[1]
            line = re.sub(r"^(`{3,})sql$", r"\1thanosql", line)
            _separate(lines)
        elif line.startswith("|") or _ITEM.match(line):
            line = _table_row(line) if line.startswith("|") else _item(line)
            if lines and not _goes_on(lines[-1], line):
                _separate(lines)
        lines.append(line)
    return "\n".join(lines) + "\n"


def _separate(lines: list[str]) -> None:
    if lines and lines[-1].strip():
        lines.append("")


def _goes_on(before: str, line: str) -> bool:
    """Whether a row or item stands behind one of its kind, or behind what an item says further."""
    if line.startswith("|"):
        return before.startswith("|")
    return bool(_ITEM.match(before)) or before.startswith(" ")


def _table_row(line: str) -> str:
    return re.sub(r"`[^`]*`", lambda code: code[0].replace("\\|", "|"), line)


def _item(line: str) -> str:
    """An item of a list; those inside another stand four further in, not two."""
    bare = line.lstrip(" ")
    return " " * (2 * (len(line) - len(bare))) + bare


# -- notebooks ---------------------------------------------------------------------------------------------------
def notebook_page(path: Path, pictures: Path) -> str:
    """A notebook as Markdown, with the outputs that are stored in it.

    Args:
        path: The notebook.
        pictures: The folder for its pictures, which the page names relatively.

    Raises:
        SiteError: An output holds what a page must not.
    """
    notebook = nbformat.read(path, as_version=4)
    parts: list[str] = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            parts.append(cell.source)
            continue
        parts.append(f"```{notebook.metadata.kernelspec.language}\n{cell.source}\n```")
        shown = [_output(output, path.name, pictures) for output in cell.outputs]
        parts += [f'<div class="result" markdown="0">{one}</div>' for one in shown if one]
    return "\n\n".join(parts) + "\n"


def _output(output: Any, page: str, pictures: Path) -> str:
    """An output as HTML; nothing for a widget, whose first page stands above it."""
    data = output.get("data", {"text/plain": output.get("text", "")})
    if VIEW_MIME in data or "widget" in " ".join(data):
        return ""
    if "image/png" in data:
        return f'<img src="{_kept("png", data["image/png"], pictures)}" alt="">'
    if "text/html" not in data:
        return (
            f"<pre>{html.escape(data.get('text/plain', ''))}</pre>"
            if data.get("text/plain", "").strip()
            else ""
        )
    check_safe(data["text/html"], page)
    shown = _DATA.sub(lambda found: _kept(found[1], found[2], pictures), data["text/html"])
    # A blank line would end the HTML.
    return re.sub(r"\n(?=\s*\n)", "\n&#8203;", shown).replace("<img ", '<img loading="lazy" ')


def _kept(kind: str, encoded: str, pictures: Path) -> str:
    """The relative address of a picture, which is written into the folder."""
    content = base64.b64decode(encoded)
    pictures.mkdir(parents=True, exist_ok=True)
    name = f"{hashlib.sha256(content).hexdigest()[:16]}.{kind}"
    (pictures / name).write_bytes(content)
    return f"{pictures.name}/{name}"


def check_safe(markup: str, page: str) -> None:
    """Find out whether an output has nothing that runs, and nothing that is fetched from elsewhere.

    Raises:
        SiteError: It has.
    """
    reader = _Reader()
    reader.feed(markup)
    if reader.wrong:
        raise SiteError(tools.NOT_SAFE(page=page, what=reader.wrong[0]))


class _Reader(HTMLParser):
    """Collects what a page must not hold."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            self.wrong.append(f"<{tag}>")
        for name, value in attrs:
            target = (value or "").strip().lower()
            fetched = name in _FETCHED and not _DATA.match(target)
            scripted = name == "href" and not target.startswith(("http://", "https://", "#"))
            styled = name == "style" and re.search(r"url\s*\(|expression|@import", target)
            if name.startswith("on") or fetched or scripted or styled:
                self.wrong.append(f"<{tag} {name}>")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=str(tools.MAKE_SITE))
    parser.add_argument("--to", type=Path, default=ROOT / "site", help=str(tools.WHERE_IT_GOES))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
