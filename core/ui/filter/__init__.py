"""The filter that all pages share: its controls, its words, its place in the address."""
