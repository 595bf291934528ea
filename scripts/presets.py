"""Recipes with a name: corpus, encoder and training settings that belong together."""

from dataclasses import dataclass

from core.analysis.settings import AnalysisSettings
from core.data.settings import CorpusSettings
from core.models.settings import BaselineSettings, EncoderSettings, FineTuneSettings

EMOTION_CLASSES = ("sadness", "joy", "love", "anger", "fear", "surprise")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """All settings of a build."""

    corpus: CorpusSettings = CorpusSettings()
    encoder: EncoderSettings = EncoderSettings()
    baselines: BaselineSettings = BaselineSettings()
    training: FineTuneSettings = FineTuneSettings()
    analysis: AnalysisSettings = AnalysisSettings()


_EMOTION = CorpusSettings(
    dataset="dair-ai/emotion",
    classes=EMOTION_CLASSES,
    corpus_name="dair-ai/emotion",
    licence="research and educational use only",
)

PRESETS = {
    "demo": Recipe(
        corpus=CorpusSettings(dataset="demo"),
        training=FineTuneSettings(num_train_epochs=4, batch_size=16, learning_rate=2e-4),
    ),
    "emotion": Recipe(
        corpus=_EMOTION,
        encoder=EncoderSettings(model_ckpt="distilbert-base-uncased", max_length=512),
        training=FineTuneSettings(
            num_train_epochs=2, batch_size=64, learning_rate=2e-5, weight_decay=0.01, warmup_ratio=0.0
        ),
    ),
    "emotion-minilm": Recipe(
        corpus=_EMOTION,
        encoder=EncoderSettings(model_ckpt="minilm"),
        training=FineTuneSettings(num_train_epochs=3, batch_size=64, learning_rate=2e-4),
    ),
}
