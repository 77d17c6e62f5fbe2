"""One module for each kind of request; they only translate between the protocol and `thanosql_kernel.analysis`."""
