"""Misread's library: corpora, artifacts, models, analysis, charts and the dashboard's parts."""
