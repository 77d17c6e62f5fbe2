"""The language without any statement: tokens, the cursor that parsers read with, cells, queries."""
