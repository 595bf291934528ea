"""Encoders, baselines, fine-tuning and prediction; the only place that imports torch, and only when computing."""
