"""DuckDB's functions and types as completions."""

from __future__ import annotations

from collections.abc import Iterator

from thanosql_kernel.analysis.features.completion.items import Completion, Tier
from thanosql_kernel.duck.vocabulary import Function, functions, types
from thanosql_kernel.wording.functions import COMMON, DESCRIBED, DOCS

#: What people cast to most, in order.
_COMMON_TYPES = "VARCHAR INTEGER DOUBLE DATE TIMESTAMP BOOLEAN BIGINT FLOAT DECIMAL TIME".split()


def function_items(typed: str, *, is_called: bool) -> Iterator[Completion]:
    """The functions that fit what is typed, common ones first.

    Args:
        typed: The letters in front of the caret.
        is_called: Whether a parenthesis stands behind the caret already.
    """
    wanted = typed.lower()
    for number, (name, doc) in enumerate(COMMON.items()):
        yield _item(name, functions().get(name), str(doc), Tier.FUNCTION, number, is_called)
    for number, name in enumerate(_holding(wanted)):
        if name not in COMMON:
            function = functions()[name]
            yield _item(name, function, "", Tier.RARE_FUNCTION, number, is_called)


def _holding(typed: str) -> list[str]:
    """The functions with the letters in their names; one letter is in half of all names, so there it is the first."""
    if len(typed) < 2:
        return [name for name in functions() if name.startswith(typed)]
    return [name for name in functions() if typed in name]


def _item(
    name: str, function: Function | None, doc: str, tier: Tier, order: int, is_called: bool
) -> Completion:
    needs_caret = function is None or bool(function.parameters)
    snippet = "" if is_called else f"{name}($1)" if needs_caret else f"{name}()$0"
    detail = doc or (function.call if function is not None else "")
    text = DOCS.get(name, DESCRIBED)(doc=function.doc) if function is not None and function.doc else ""
    return Completion(name, "function", detail, text, snippet=snippet, tier=tier, order=order)


def type_items() -> Iterator[Completion]:
    """The types, the common ones and DuckDB's own names first."""
    for number, (name, own) in enumerate(types().items()):
        is_common = name in _COMMON_TYPES
        tier = Tier.EXPECTED if is_common else Tier.NEAR if name == own else Tier.FAR
        order = _COMMON_TYPES.index(name) if is_common else number
        yield Completion(name, "type", "" if name == own else own, tier=tier, order=order)
