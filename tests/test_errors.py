"""Errors draw themselves, and their codes are documented."""

import re
from pathlib import Path

from thanosql_kernel import errors
from thanosql_kernel.errors import Span, ThanoSQLError, UnknownName, nearest
from thanosql_kernel.wording.codes import CODES

PACKAGE = Path(errors.__file__).parent


def test_every_code_in_the_package_is_documented_and_every_documented_code_is_used():
    sources = [
        path.read_text(encoding="utf-8")
        for path in PACKAGE.rglob("*.py")
        if path != PACKAGE / "errors.py" and path.parent != PACKAGE / "wording"
    ]
    used = set(re.findall(r"\bTS\d{3}\b", "\n".join(sources)))
    defaults = {kind.default_code for kind in ThanoSQLError.__subclasses__()} | {"TS900"}
    assert used <= set(CODES)
    assert set(CODES) <= used | defaults


def test_an_error_draws_itself_as_documented():
    source = "CONVERT USING clap AS\nSELECT 1"
    error = UnknownName(
        "no model named clap", code="TS200", span=Span(14, 18), meant=nearest("clap", ["clip", "mini"])
    )
    assert error.render(source) == (
        "TS200: no model named clap\n"
        "   1 | CONVERT USING clap AS\n"
        "                     ^^^^\n"
        "hint: did you mean clip?"
    )


def test_a_span_over_several_lines_is_marked_on_its_first():
    assert ThanoSQLError("x", span=Span(2, 7)).render("abcd\nefgh").splitlines()[2] == " " * 9 + "^^"


def test_an_error_at_the_end_of_the_text_has_a_caret():
    assert ThanoSQLError("x", span=Span(3, 3)).render("abc").endswith("   ^")
