"""Numbers about predictions and embeddings: arrays in, typed results out."""
