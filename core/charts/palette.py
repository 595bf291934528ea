"""Colours: one per class, one per model, and those of right and wrong.

Every colour has a contrast of at least 3:1 against white and against the dark theme's background (WCAG 2.2, 1.4.11),
so that one colour serves both themes. That leaves a narrow band of lightness, in which no more than about 20 colours
can be told apart, fewer by people with a colour vision deficiency: colour is a help, and charts always name the class.
"""

import math
from types import MappingProxyType

from core.analysis.row_filter import Outcome
from core.artifacts.schema import ModelName

MODEL_COLOURS = MappingProxyType(
    {ModelName.DUMMY: "#b5822a", ModelName.LOGREG: "#9a6bd0", ModelName.FINETUNED: "#0f8f86"}
)
RIGHT_COLOUR = "#2f6fb3"
WRONG_COLOUR = "#c8501e"
OUTCOME_COLOURS = MappingProxyType(
    {
        Outcome.CORRECT: RIGHT_COLOUR,
        Outcome.WRONG: WRONG_COLOUR,
        Outcome.FIXED: MODEL_COLOURS[ModelName.FINETUNED],
        Outcome.BROKEN: "#b548b0",
        Outcome.WRONG_IN_BOTH: WRONG_COLOUR,
    }
)
INK = "#22272e"
INK_OF_THE_PAGE = "currentColor"
INK_ON_EITHER = "#848b95"

# Picked one after the other from OKLCH so that each is as far as possible from those before it, in normal vision and in
# simulated protanopia, deuteranopia and tritanopia (Machado et al. 2009).
_FIRST = (
    "#2f6fb3", "#c8501e", "#b96adf", "#24a373", "#9a4c89", "#8f88b3", "#7f49e3", "#837950", "#e8607a", "#bf8120",
    "#b548b0", "#4f7c20", "#538896", "#956bd6", "#2a8fe0", "#af657d", "#b63954", "#d9434a", "#cf5d9d", "#6b70e8",
)  # fmt: skip
_GOLDEN_ANGLE_DEGREES = 137.508
_LIGHTNESS_AND_CHROMA = (
    (0.60, 0.11),
    (0.56, 0.08),
    (0.63, 0.06),
    (0.58, 0.10),
    (0.61, 0.05),
    (0.57, 0.06),
    (0.62, 0.09),
)


def class_colours(n_classes: int) -> list[str]:
    """Return one colour per class as `#rrggbb`, in class order.

    The colour of class k depends on k alone, so it is the same in every chart, and stays when classes are added. The
    first 20 are spread for colour-blind readers; later ones walk around the hue circle by the golden angle.
    """
    return [_FIRST[k] if k < len(_FIRST) else _walk(k - len(_FIRST)) for k in range(n_classes)]


def with_opacity(colour: str, opacity: float) -> str:
    """Return `#rrggbb` as a CSS `rgba(…)` with an opacity in [0, 1]."""
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


def _walk(step: int) -> str:
    lightness, chroma = _LIGHTNESS_AND_CHROMA[step % len(_LIGHTNESS_AND_CHROMA)]
    return _oklch_to_hex(lightness, chroma, (step * _GOLDEN_ANGLE_DEGREES) % 360)


def _oklch_to_hex(lightness: float, chroma: float, hue_degrees: float) -> str:
    """Return the sRGB colour of an OKLCH triple as `#rrggbb`, clipped to the gamut.

    Source: Björn Ottosson 2020, "A perceptual color space for image processing".
    """
    a = chroma * math.cos(math.radians(hue_degrees))
    b = chroma * math.sin(math.radians(hue_degrees))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return "#" + "".join(f"{round(255 * _gamma(min(1.0, max(0.0, part)))):02x}" for part in linear)


def _gamma(linear: float) -> float:
    return 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055
