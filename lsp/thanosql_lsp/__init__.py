"""The ThanoSQL language server: pygls in, thanosql_kernel.analysis out."""
