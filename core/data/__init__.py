"""Labelled text from files, folders and the hub, checked and split."""
