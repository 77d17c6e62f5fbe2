"""What an editor asks of a document: completion, diagnostics, hover. Text and catalogue in, plain data out."""
