"""Settings of encoder, baselines and fine-tuning; light to import, so that `--help` answers at once."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from tyro.conf import arg

from core.limits import check_in_range


class Pooling(StrEnum):
    """How the token vectors of a text become one vector."""

    CLS = "cls"
    MEAN = "mean"


class Precision(StrEnum):
    """Arithmetic of the encoder; `auto` takes what the device is really fast at."""

    AUTO = "auto"
    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"
    FLOAT16 = "float16"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointSettings:
    """Which pre-trained transformer, how much of a text it reads, and in which arithmetic."""

    model_ckpt: Annotated[str, arg(aliases=("--encoder",))] = "minilm"
    """Hub id (distilbert-base-uncased), local checkpoint folder, or 'minilm', which is installed with Misread."""
    max_length: int = 128
    """Tokens after which a text is cut, special tokens included."""
    precision: Precision = Precision.AUTO
    """Arithmetic of the encoder and of training; auto is bfloat16 where the hardware has it."""

    def __post_init__(self) -> None:
        """Check the values."""
        check_in_range("max-length", self.max_length, at_least=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderSettings(CheckpointSettings):
    """A pre-trained transformer as a frozen encoder: one vector per text."""

    pooling: Pooling = Pooling.CLS
    """Vector of the [CLS] token, or mean over all tokens."""
    batch_tokens: int | None = None
    """Tokens per batch, padding included; by default 1,024 on a CPU (its caches) and 32,768 on a GPU."""

    def __post_init__(self) -> None:
        """Check the values."""
        CheckpointSettings.__post_init__(self)
        if self.batch_tokens is not None:
            check_in_range("batch-tokens", self.batch_tokens, at_least=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineSettings:
    """Dummy and logistic regression on the frozen embeddings."""

    logreg_c: float = 1.0
    """Inverse regularisation strength of the logistic regression."""
    logreg_max_iter: int = 3000
    """Iterations after which the logistic regression gives up."""
    n_folds: int = 5
    """Folds for the out-of-fold probabilities of the train split."""

    def __post_init__(self) -> None:
        """Check the values."""
        check_in_range("logreg-c", self.logreg_c, above=0)
        check_in_range("logreg-max-iter", self.logreg_max_iter, at_least=1)
        check_in_range("n-folds", self.n_folds, at_least=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class FineTuneSettings:
    """End-to-end training of all layers with the Hugging Face Trainer."""

    num_train_epochs: int = 3
    """Passes over the train split."""
    batch_size: int = 32
    """Texts per training step (per device)."""
    learning_rate: float = 1e-4
    """Peak learning rate."""
    weight_decay: float = 0.01
    """Decoupled weight decay (AdamW); biases and layer norms are left out."""
    warmup_ratio: float = 0.1
    """Share of the steps over which the learning rate rises to its peak."""
    lr_scheduler_type: str = "linear"
    """Shape of the learning rate after warm-up, by its Trainer name (linear, cosine, constant_with_warmup …)."""
    out_of_fold: int = 0
    """Folds for out-of-fold predictions of the train split, each a training more, to judge labels; 0 for none."""

    def __post_init__(self) -> None:
        """Check the values."""
        check_in_range("num-train-epochs", self.num_train_epochs, at_least=1)
        check_in_range("batch-size", self.batch_size, at_least=1)
        check_in_range("learning-rate", self.learning_rate, above=0)
        check_in_range("weight-decay", self.weight_decay, at_least=0)
        if self.out_of_fold:
            check_in_range("out-of-fold", self.out_of_fold, at_least=2)
        check_in_range("warmup-ratio", self.warmup_ratio, at_least=0, below=1)
