"""JSON of any depth: Python's own reader and writer give up near a thousand levels, a sum of five hundred columns.

They are many times faster, so they are tried first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, TypeVar

T = TypeVar("T")

_decoder = json.JSONDecoder()
_GAP = re.compile(r"[\s,:]*")


def loads(text: str) -> Any:
    """What ``json.loads`` gives, for valid JSON of any depth."""
    try:
        return json.loads(text)
    except RecursionError:
        return _read(text)


def dumps(value: Any) -> str:
    """What ``json.dumps`` gives, for plain data of any depth."""
    try:
        return json.dumps(value)
    except RecursionError:
        return "".join(_written(value))


def copied(value: T) -> T:
    """A copy of plain data of any depth that shares no part with it."""
    same: T = loads(dumps(value))
    return same


def _read(text: str) -> Any:
    root: list[Any] = []
    open_containers: list[Any] = [root]
    keys: list[str | None] = [None]
    at = 0
    while (at := _GAP.match(text, at).end()) < len(text):  # type: ignore[union-attr]
        container = open_containers[-1]
        if text[at] in "]}":
            open_containers.pop()
            keys.pop()
            at += 1
            continue
        value, at = _token(text, at)
        if isinstance(container, dict) and keys[-1] is None:
            keys[-1] = value
            continue
        if isinstance(container, dict):
            container[keys[-1]] = value
            keys[-1] = None
        else:
            container.append(value)
        if isinstance(value, dict | list):
            open_containers.append(value)
            keys.append(None)
    return root[0]


def _token(text: str, at: int) -> tuple[Any, int]:
    """The value that begins there, of a container an empty one, and where the text goes on."""
    if text[at] in "[{":
        return ([] if text[at] == "[" else {}), at + 1
    value, end = _decoder.raw_decode(text, at)
    return value, end


def _written(value: Any) -> Iterator[str]:
    """The parts of the text; what is still to come lies on a stack, texts of our own as ``_Text``."""
    waiting: list[Any] = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, _Text):
            yield part
        elif isinstance(part, dict):
            yield "{"
            waiting.append(_Text("}"))
            items = [(_Text(f"{json.dumps(str(key))}: "), item) for key, item in part.items()]
            waiting.extend(_joined(items))
        elif isinstance(part, list | tuple):
            yield "["
            waiting.append(_Text("]"))
            waiting.extend(_joined([(item,) for item in part]))
        else:
            yield json.dumps(part)


class _Text(str):
    """A text to write as it is."""


def _joined(groups: list[tuple[Any, ...]]) -> list[Any]:
    """The groups with commas between them, last first."""
    parts: list[Any] = []
    for number, group in enumerate(groups):
        parts += [*([_Text(", ")] if number else []), *group]
    return parts[::-1]
