"""The parts of `scripts.analyze`: each reads what a run has and writes the files of one stage."""
