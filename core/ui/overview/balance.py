"""The classes of the run, beneath everything else."""

from core.artifacts.run import Run


def show_class_balance(run: Run) -> None:
    """Show the classes of every split; only here are charts imported, which takes as long as the headline above."""
    from core.ui.data.class_balance import show_class_balance_of_run

    show_class_balance_of_run(run)
