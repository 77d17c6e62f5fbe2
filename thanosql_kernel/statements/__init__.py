"""The statements of the dialect, one module each. A new one is found by being in this folder."""

from thanosql_kernel.statements.cell import completeness, parse_cell, parse_statement
from thanosql_kernel.statements.statement import Statement

__all__ = ["Statement", "completeness", "parse_cell", "parse_statement"]
