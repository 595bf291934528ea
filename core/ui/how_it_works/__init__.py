"""Parts of How it works."""
