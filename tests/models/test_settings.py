import math
from collections.abc import Callable

import pytest

from core.analysis.settings import ProjectionSettings
from core.errors import SettingError
from core.models.settings import (
    BaselineSettings,
    CheckpointSettings,
    EncoderSettings,
    FineTuneSettings,
)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: CheckpointSettings(max_length=0), "--max-length is 0, expected at least 1"),
        (lambda: EncoderSettings(max_length=-1), "--max-length is -1, expected at least 1"),
        (lambda: EncoderSettings(batch_tokens=0), "--batch-tokens is 0, expected at least 1"),
        (lambda: BaselineSettings(logreg_c=0), "--logreg-c is 0, expected more than 0"),
        (lambda: BaselineSettings(logreg_max_iter=0), "--logreg-max-iter is 0, expected at least 1"),
        (lambda: BaselineSettings(n_folds=1), "--n-folds is 1, expected at least 2"),
        (lambda: FineTuneSettings(num_train_epochs=0), "--num-train-epochs is 0, expected at least 1"),
        (lambda: FineTuneSettings(batch_size=0), "--batch-size is 0, expected at least 1"),
        (lambda: FineTuneSettings(learning_rate=0), "--learning-rate is 0, expected more than 0"),
        (lambda: FineTuneSettings(learning_rate=math.nan), "--learning-rate is nan, expected more than 0"),
        (lambda: FineTuneSettings(learning_rate=math.inf), "--learning-rate is inf, expected more than 0"),
        (lambda: FineTuneSettings(weight_decay=-0.1), "--weight-decay is -0.1, expected at least 0"),
        (lambda: FineTuneSettings(warmup_ratio=1), "--warmup-ratio is 1, expected at least 0 and less than 1"),
        (lambda: ProjectionSettings(n_neighbors=1), "--n-neighbors is 1, expected at least 2"),
        (lambda: ProjectionSettings(min_dist=1.5), "--min-dist is 1.5, expected at least 0 and less than 1"),
    ],
)
def test_a_number_outside_its_range_is_refused(make: Callable[[], object], message: str):
    with pytest.raises(SettingError) as refused:
        make()
    assert str(refused.value) == f"{message}; give such a number"


def test_the_ends_of_the_ranges_are_accepted():
    CheckpointSettings(max_length=1)
    FineTuneSettings(num_train_epochs=1, batch_size=1, learning_rate=1e-9, weight_decay=0, warmup_ratio=0)
    ProjectionSettings(n_neighbors=2, min_dist=0)
