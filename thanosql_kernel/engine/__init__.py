"""What runs statements: the session, the tables, the queries, the embeddings."""
