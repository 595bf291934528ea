"""The steps from labelled text to artifacts, one script each: `python -m scripts.<name> --help`."""
