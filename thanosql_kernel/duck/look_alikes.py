"""Comparing paths with texts that can be spelt in two ways: both are read as keyboards write them (NFC).

A photo that a Mac or a NAS calls 여름휴가.jpg has another name, character by character, than what somebody types.
Where a query compares a column of paths with a text of such characters, the SQL that runs puts the column and the text
into NFC. Nothing else of the query changes; see docs/decisions/0032.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, NamedTuple

from thanosql_kernel.catalog import Column
from thanosql_kernel.catalog.spellings import composed, is_ambiguous
from thanosql_kernel.duck.errors import Place
from thanosql_kernel.duck.tree import walk
from thanosql_kernel.sql.query import Shift

Tree = dict[str, Any]

_NAMES = frozenset("file filename file_name image photo picture audio video film".split())
_COMPARING = frozenset(("COMPARISON", "BETWEEN"))
_AMONG = frozenset(("COMPARE_IN", "COMPARE_NOT_IN"))
#: Functions that tell whether, or where, a text is in another.
_TESTS = frozenset(
    "~~ !~~ ~~* !~~* ~~~ ^@ like_escape not_like_escape ilike_escape not_ilike_escape starts_with prefix ends_with"
    " suffix contains regexp_matches regexp_full_match instr strpos position list_contains list_has array_contains"
    " array_has list_position list_indexof array_position array_indexof".split()
)
#: Functions that make texts of texts.
_TEXTS = frozenset(
    "parse_filename parse_dirname parse_dirpath lower upper lcase ucase replace regexp_replace regexp_extract"
    " split_part substring substr left right trim ltrim rtrim concat || reverse nfc_normalize".split()
)
_LITERALS = frozenset(("EXPRESSION_LIST", "EMPTY"))
#: Characters of texts that are in NFC if they hold nothing else: to see that takes a quarter of normalising them.
PLAIN = (
    (0x0000, 0x02FF),  # Latin
    (0x0400, 0x0482),  # Cyrillic
    (0x2010, 0x2027),  # Dashes and quotes
    (0x3041, 0x3096),  # Hiragana
    (0x30A1, 0x30FA),  # Katakana
    (0x4E00, 0x9FFF),  # Chinese
    (0xAC00, 0xD7A3),  # Korean syllables
)
_IS_PLAIN = "[{}]*".format("".join(rf"\x{{{first:X}}}-\x{{{last:X}}}" for first, last in PLAIN))


class Edit(NamedTuple):
    """Text in the place of a part of the SQL, in code points."""

    start: int
    end: int
    text: str


def compared_alike(sql: str, tree: object, columns: Mapping[str, set[str]], prefix: int = 0) -> list[Edit]:
    """What to change so that paths are compared as people read them; nothing in most queries.

    Args:
        sql: A query, or an expression.
        tree: Its tree.
        columns: The types of the columns that it may name, by name in lower case.
        prefix: How many bytes stood in front of it when it was parsed.
    """
    if not is_ambiguous(sql):
        return []
    names = _Names(columns, frozenset(_aliases(tree, columns)))
    data = sql.encode()
    edits: set[Edit] = set()
    for part in walk(tree):
        if _tests(part):
            edits.update(_edits(list(_leaves(part)), names, data, prefix))
    return sorted(edits)


def edited(sql: str, edits: Sequence[Edit]) -> str:
    """The SQL with the edits made."""
    pieces: list[str] = []
    at = 0
    for start, end, text in edits:
        pieces += (sql[at:start], text)
        at = end
    return "".join([*pieces, sql[at:]])


def placed(place: Place, edits: Sequence[Edit]) -> Place:
    """Where the edited SQL came from: its characters no longer stand one to one with the cell's."""
    shifts: list[Shift] = []
    moved, waiting = 0, list(edits)
    for start, length, in_cell in [*place.shifts, Shift(len(place.sql) + 1, 0, 0)]:
        while waiting and waiting[0].start < start:
            shift, grown = _shift(waiting.pop(0), moved)
            shifts.append(shift)
            moved += grown
        within = [edit for edit in waiting if edit.end <= start + length]
        grown = sum(len(text) - (end - begin) for begin, end, text in within)
        waiting = waiting[len(within) :]
        shifts.append(Shift(start + moved, length + grown, in_cell))
        moved += grown
    return replace(place, sql=edited(place.sql, edits), written=place.text, shifts=tuple(shifts[:-1]))


def _shift(edit: Edit, moved: int) -> tuple[Shift, int]:
    length = edit.end - edit.start
    return Shift(edit.start + moved, len(edit.text), length), len(edit.text) - length


@dataclass(frozen=True, slots=True)
class _Names:
    """What names stand for.

    Attributes:
        columns: The types of the columns of what is read, by name in lower case.
        aliases: Names that the query gives to paths, in lower case.
    """

    columns: Mapping[str, set[str]]
    aliases: frozenset[str]

    def is_text(self, name: str) -> bool:
        """Whether all that the name may mean is text."""
        types = self.columns.get(name)
        return name in self.aliases if types is None else types == {"VARCHAR"}

    def is_path(self, name: str) -> bool:
        return self.is_text(name) and (is_path_name(name) or name in self.aliases)


def is_path_name(name: str) -> bool:
    """Whether a column of that name holds paths, as far as a name can tell; in lower case."""
    return name.endswith("path") or name in _NAMES


def types_of(sources: Iterator[Sequence[Column]]) -> dict[str, set[str]]:
    """The types of columns by their name in lower case."""
    found: dict[str, set[str]] = {}
    for column in chain.from_iterable(sources):
        found.setdefault(column.name.lower(), set()).add(column.type)
    return found


def _aliases(tree: object, columns: Mapping[str, set[str]]) -> Iterator[str]:
    """The names that the query gives to paths and what is made of them."""
    known = {name for name, types in columns.items() if is_path_name(name) and types == {"VARCHAR"}}
    items = [part for part in walk(tree) if part.get("alias") and part.get("class")]
    found: set[str] = set()
    while True:
        more = {str(item["alias"]).lower() for item in items if _is_of_path(item, known | found)}
        if more <= found:
            return iter(found)
        found |= more


def _is_of_path(item: Tree, names: set[str]) -> bool:
    if item["class"] == "COLUMN_REF":
        return _name(item) in names
    if item["class"] == "FUNCTION" and item["function_name"] in _TEXTS:
        return any(_name(part) in names for part in walk(item) if part.get("class") == "COLUMN_REF")
    return False


def _name(reference: Tree) -> str:
    return str(reference["column_names"][-1]).lower()


def _tests(part: Tree) -> bool:
    """Whether an expression compares what is in it."""
    kind = part.get("class")
    if kind == "OPERATOR":
        return part["type"] in _AMONG
    if kind == "FUNCTION":
        return str(part["function_name"]).lower() in _TESTS
    return kind in _COMPARING or (kind == "SUBQUERY" and bool(part.get("child")))


def _leaves(part: Tree) -> Iterator[Tree]:
    """The columns and literals that a test compares; of queries in it only those that are lists of literals."""
    waiting: list[object] = [part]
    while waiting:
        found = waiting.pop()
        if isinstance(found, list):
            waiting.extend(found)
        elif isinstance(found, dict) and (found is part or not _tests(found)):
            if found.get("class") in ("COLUMN_REF", "CONSTANT"):
                yield found
            elif found.get("class") == "SUBQUERY" and not _is_list(found):
                waiting.append(found.get("child"))
            else:
                waiting.extend(found.values())


def _is_list(subquery: Tree) -> bool:
    node = (subquery.get("subquery") or {}).get("node") or {}
    return (node.get("from_table") or {}).get("type") in _LITERALS


def _edits(leaves: Sequence[Tree], names: _Names, data: bytes, prefix: int) -> Iterator[Edit]:
    written = [leaf for leaf in leaves if _is_placed(leaf, data, prefix)]
    # As it is written: who escapes characters, as in E'\\341', means these and no others.
    texts = [leaf for leaf in written if _is_text(leaf) and is_ambiguous(_place(leaf, data, prefix)[2])]
    references = [leaf for leaf in written if leaf["class"] == "COLUMN_REF" and names.is_text(_name(leaf))]
    if not texts or not any(names.is_path(_name(reference)) for reference in references):
        return
    for leaf in texts:
        start, end, text = _place(leaf, data, prefix)
        if composed(text) != text:
            yield Edit(start, end, composed(text))
    for reference in references:
        start, end, column = _place(reference, data, prefix)
        before = f"(CASE WHEN regexp_full_match({column}, '{_IS_PLAIN}') THEN "
        yield Edit(start, start, before)
        yield Edit(end, end, f" ELSE nfc_normalize({column}) END)")


def _is_placed(leaf: Tree, data: bytes, prefix: int) -> bool:
    """Whether it is known where a leaf is written; the parser makes some that nobody wrote."""
    start, length = int(leaf["query_location"]) - prefix, int(leaf["query_location_length"])
    return 0 <= start < start + length <= len(data)


def _is_text(leaf: Tree) -> bool:
    return (leaf.get("literal") or {}).get("kind") == "STRING"


def _place(leaf: Tree, data: bytes, prefix: int) -> tuple[int, int, str]:
    """Where a leaf is written, in code points, and how."""
    start = int(leaf["query_location"]) - prefix
    end = start + int(leaf["query_location_length"])
    written = data[start:end].decode()
    begin = len(data[:start].decode())
    return begin, begin + len(written), written
