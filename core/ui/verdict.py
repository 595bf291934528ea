"""What a paired comparison says, in plain words."""

from core.analysis.comparison import Estimate, PairedComparison
from core.artifacts.schema import Origin
from core.ui.formatting import NOTHING, count, percent

_RARE, _SELDOM = 0.001, 0.05
_JOINED = "\u00a0"  # keeps a number in the line of its name


def points(difference: float, *, signed: bool = True) -> str:
    """Return a difference of two shares in percentage points with one decimal, such as `+28.9` or `−0.4`."""
    size = percent(abs(difference)).removesuffix("%")
    if not signed:
        return size
    return size if float(size) == 0 else f"{'−' if difference < 0 else '+'}{size}"


def p_text(p_value: float) -> str:
    """Return a p-value as people write it: `p < 0.001`, `p = 0.012`, `p = 0.43`."""
    if p_value < _RARE:
        return f"p{_JOINED}<{_JOINED}0.001"
    return f"p{_JOINED}={_JOINED}{p_value:.3f}" if p_value < 0.1 else f"p{_JOINED}={_JOINED}{p_value:.2f}"


def interval_text(estimate: Estimate | None, *, of_difference: bool = False) -> str:
    """Return both ends of an interval, in percent or, of a difference, in points; a dash where there is none."""
    if estimate is None or estimate.interval is None:
        return NOTHING
    low, high = estimate.interval
    return f"{points(low)} to {points(high)}" if of_difference else f"{percent(low)} – {percent(high)}"


def bracketed(difference: Estimate, *, turned: bool = False) -> str:
    """Return the interval of a difference in points as ` [27.0, 30.8]`, with its sign turned if asked; else nothing."""
    if difference.interval is None:
        return ""
    low, high = difference.interval
    return " [{}, {}]".format(*map(_end, (-high, -low) if turned else (low, high)))


def chance_text(p_value: float) -> str:
    """Return how often chance alone makes such a difference, in words."""
    if p_value < _RARE:
        return "chance alone would hardly ever show this"
    if p_value < _SELDOM:
        return f"chance alone would show as much in {percent(p_value)} of all samples"
    return f"but chance alone would show as much in {percent(p_value)} of all samples, so it may be nothing"


def verdict(pair: PairedComparison, first: str, second: str) -> str:
    """Return which of two models is better in accuracy, by how much, and how sure that is, as Markdown.

    Args:
        pair: The second model against the first.
        first: What the first is called in a sentence, as Markdown.
        second: What the second is called at the beginning of one, as Markdown.
    """
    found = pair.accuracy
    if pair.n_fixed + pair.n_broken == 0:
        return f"{second} and {first} are right on the same rows: there is no difference to test."
    if pair.n_fixed == pair.n_broken:
        return (
            f"{second} and {first} are right equally often: each is right on {count(pair.n_fixed, 'row')} that the"
            " other gets wrong."
        )
    better = "better" if found.difference.value > 0 else "worse"
    size = points(found.difference.value, signed=False)
    interval = bracketed(found.difference, turned=found.difference.value < 0)
    return (
        f"**{second} is {better} than {first} by {size} points of accuracy{interval}**;"
        f" {chance_text(found.p_value)} ({p_text(found.p_value)})."
    )


def warn_of_learned_rows(pair: PairedComparison, first: str, second: str) -> str | None:
    """Return what spoils the comparison on rows that a model has learned from; None if neither has."""
    learned = [
        name
        for name, origin in ((second, pair.second_origin), (first, pair.first_origin))
        if origin is Origin.IN_SAMPLE
    ]
    if not learned:
        return None
    were = "was" if len(learned) == 1 else "were"
    return f"{' and '.join(learned)} {were} fitted on these very rows, which flatters the score: compare on test."


def _end(end: float) -> str:
    """Return an end of the interval of a gain, a sign only below 0."""
    return points(end) if end < 0 else points(end, signed=False)
