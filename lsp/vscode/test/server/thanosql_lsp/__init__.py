"""A stand-in for the language server, which writes down what it is sent."""
