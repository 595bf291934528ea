"""Which rows a figure rests on, in words."""

from core.charts.labels import SPLIT_LABELS
from core.ui.formatting import count
from core.ui.view import View


def basis_of_rows(view: View, n_rows: int) -> str:
    """Return a number of rows with the split that they are of: `2,000 rows, test split`."""
    split = "all splits" if view.filter.split is None else f"{SPLIT_LABELS[view.filter.split]} split"
    return f"{count(n_rows, 'row')}, {split}"
