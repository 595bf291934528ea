"""Parts of the Embedding map."""
