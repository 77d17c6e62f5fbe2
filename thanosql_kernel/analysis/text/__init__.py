"""A text in statements: where each stands, whether or not it parses."""
