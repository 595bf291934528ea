"""Settings of the analysis, one class per part; light to import, so that `--help` answers at once."""

from dataclasses import dataclass

from core.limits import check_in_range


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectionSettings:
    """Two-dimensional maps of the embeddings."""

    n_neighbors: int = 15
    """Neighbours that UMAP keeps together: small shows detail, large shows the whole."""
    min_dist: float = 0.1
    """How tightly UMAP may pack points."""

    def __post_init__(self) -> None:
        """Check the values."""
        check_in_range("n-neighbors", self.n_neighbors, at_least=2)
        check_in_range("min-dist", self.min_dist, at_least=0, below=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonSettings:
    """Intervals and paired tests."""

    n_resamples: int = 2_000
    """Bootstrap resamples behind every interval."""

    def __post_init__(self) -> None:
        """Check the values."""
        check_in_range("n-resamples", self.n_resamples, at_least=100)


@dataclass(frozen=True, slots=True, kw_only=True)
class NeighborSettings:
    """Nearest training texts."""

    n_nearest: int = 10
    """Nearest training texts that are kept of each text."""

    def __post_init__(self) -> None:
        """Check the values."""
        check_in_range("n-nearest", self.n_nearest, at_least=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterSettings:
    """Groups of texts that look alike to the frozen encoder."""

    n_clusters: int | None = None
    """Number of clusters; by default it grows with the corpus."""

    def __post_init__(self) -> None:
        """Check the values."""
        if self.n_clusters is not None:
            check_in_range("n-clusters", self.n_clusters, at_least=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueSettings:
    """What can be wrong with the rows of a corpus."""

    near_duplicate: float = 0.95
    """Cosine similarity from which two texts can be near duplicates."""
    shared_letters: float = 0.7
    """Share of their runs of three characters that two near duplicates have in common."""
    label_odds: float = 15.0
    """How many times likelier than its label another class must be for a row to be suspected; 1 is cleanlab's cut."""

    def __post_init__(self) -> None:
        """Check the values."""
        check_in_range("near-duplicate", self.near_duplicate, above=0, below=1)
        check_in_range("shared-letters", self.shared_letters, above=0, below=1)
        check_in_range("label-odds", self.label_odds, at_least=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceSettings:
    """Groups of rows on which a model is weak."""

    min_support: int = 20
    """Rows that a slice has at least."""

    def __post_init__(self) -> None:
        """Check the values."""
        check_in_range("min-support", self.min_support, at_least=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributionSettings:
    """Which words an answer rests on."""

    attributed_rows: int = 100
    """Errors that are attributed at most, those with the highest loss first."""
    attribution_steps: int = 32
    """Steps of the path along which gradients are integrated."""

    def __post_init__(self) -> None:
        """Check the values."""
        check_in_range("attributed-rows", self.attributed_rows, at_least=1)
        check_in_range("attribution-steps", self.attribution_steps, at_least=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class BehaviourSettings:
    """Answers to texts that were edited without changing what they mean."""

    edited_rows: int = 200
    """Rows of the test split that are edited at most, drawn by seed."""

    def __post_init__(self) -> None:
        """Check the values."""
        check_in_range("edited-rows", self.edited_rows, at_least=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisSettings:
    """Settings of all parts; each field is named for the part that it belongs to."""

    projection: ProjectionSettings = ProjectionSettings()
    comparison: ComparisonSettings = ComparisonSettings()
    neighbors: NeighborSettings = NeighborSettings()
    clusters: ClusterSettings = ClusterSettings()
    issues: IssueSettings = IssueSettings()
    slices: SliceSettings = SliceSettings()
    attributions: AttributionSettings = AttributionSettings()
    behaviour: BehaviourSettings = BehaviourSettings()
