"""How results are cached: one copy per server, keyed by a run's digest, which changes with anything readable."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from core.artifacts.run import Run

BY_DIGEST: dict[str | type[Any], Callable[[Any], Any]] = {Run: attrgetter("digest")}
