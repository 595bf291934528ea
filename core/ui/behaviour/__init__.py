"""Parts of the Behaviour page."""
