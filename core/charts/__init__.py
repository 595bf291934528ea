"""Analysis results → Altair charts. Knows arrays and typed results, no web framework."""
