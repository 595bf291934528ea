"""Parts of Try it."""
