"""What DuckDB knows: connections, the tree of a query, its words and its errors."""
