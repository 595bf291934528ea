"""Numbers and names as they appear on screen."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from pydantic import JsonValue

from core.charts import labels

NOTHING = "–"
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|$~:&^=])")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SHORTCODE = re.compile(r":(?=[\w+/-]+:)")
_WORD_JOINER = "\u2060"
_BYTE_UNITS = ("bytes", "kB", "MB", "GB", "TB")


def percent(share: float | None) -> str:
    """Return a share in [0, 1] as percent with one decimal; a dash for None."""
    return NOTHING if share is None else labels.percent(share)


def count(number: int, noun: str, plural: str | None = None) -> str:
    """Return a number with its noun: `1 row`, `2,400 rows`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def duration(seconds: float) -> str:
    """Return a time span as people say it: `< 0.1 s`, `3.4 s`, `2 min 14 s`, `1 h 05 min`."""
    if seconds < 0.05:
        return "< 0.1 s"
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def moment(iso: str) -> str:
    """Return an ISO time as `2026-11-24 21:05 UTC`; anything else unchanged."""
    try:
        parsed = datetime.fromisoformat(iso)
    except ValueError:
        return iso
    return iso if parsed.tzinfo is None else parsed.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def settings_line(settings: Mapping[str, JsonValue]) -> str:
    """Return settings or facts in one line, those without a value left out: `batch size 16 · learning rate 0.0002`."""
    return " · ".join(
        f"{key.replace('_', ' ')} {_value(value)}" for key, value in settings.items() if value not in (None, [], {}, "")
    )


def plain(text: str) -> str:
    """Return text that Streamlit's Markdown renders as it stands, whatever it holds.

    Names come from somebody's corpus: `*`, `<b>`, `$x$`, `:red[…]` and `:smile:` are letters here. Shortcodes are
    replaced after escapes are resolved, so an invisible word joiner breaks them.
    """
    joined = _SHORTCODE.sub(f":{_WORD_JOINER}", " ".join(text.split()))
    return _MARKDOWN.sub(r"\\\1", joined)


def size(n_bytes: int) -> str:
    """Return a number of bytes in decimal units, which stay on the number's line: `4.2 MB`."""
    value = float(n_bytes)
    for unit in _BYTE_UNITS:
        if value < 1000 or unit == _BYTE_UNITS[-1]:
            break
        value /= 1000
    return f"{value:.0f}\u00a0{unit}" if unit == "bytes" else f"{value:.1f}\u00a0{unit}"


def _value(value: JsonValue) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, str):
        return f"{value[:12]}…" if _SHA256.fullmatch(value) else value
    return json.dumps(value, ensure_ascii=False)
