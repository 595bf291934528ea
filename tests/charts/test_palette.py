import itertools
import tomllib
from pathlib import Path

import numpy as np
import pytest

from core.charts.palette import MODEL_COLOURS, RIGHT_COLOUR, WRONG_COLOUR, class_colours, with_opacity

ROOT = Path(__file__).parents[2]

# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
DEFICIENCIES = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
JUST_NOTICEABLE = 0.02


def linear(colour: str) -> np.ndarray:
    srgb = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def contrast(first: str, second: str) -> float:
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def oklab(rgb: np.ndarray) -> np.ndarray:
    lms = (
        rgb
        @ np.array(
            [
                [0.4122214708, 0.5363325363, 0.0514459929],
                [0.2119034982, 0.6806995451, 0.1073969566],
                [0.0883024619, 0.2817188376, 0.6299787005],
            ]
        ).T
    )
    return (
        np.cbrt(lms)
        @ np.array(
            [
                [0.2104542553, 0.7936177850, -0.0040720468],
                [1.9779984951, -2.4285922050, 0.4505937099],
                [0.0259040371, 0.7827717662, -0.8086757660],
            ]
        ).T
    )


def seen_distance(first: str, second: str, matrix: list[list[float]]) -> float:
    views = [oklab(np.clip(linear(colour) @ np.array(matrix).T, 0, 1)) for colour in (first, second)]
    return float(np.linalg.norm(views[0] - views[1]))


def dark_background() -> str:
    config = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))
    return config["theme"]["dark"]["backgroundColor"]


def test_colour_of_a_class_does_not_depend_on_the_number_of_classes():
    assert class_colours(2) == ["#2f6fb3", "#c8501e"]
    assert class_colours(6) == class_colours(250)[:6]


def test_no_classes_no_colours():
    assert class_colours(0) == []


def test_250_colours_are_all_different():
    assert len(set(class_colours(250))) == 250


@pytest.mark.parametrize("background", ["#ffffff", dark_background()])
def test_every_colour_has_contrast_3_to_1_in_both_themes(background):
    colours = [*class_colours(250), *MODEL_COLOURS.values(), RIGHT_COLOUR, WRONG_COLOUR]
    low = [colour for colour in colours if contrast(colour, background) < 3]
    assert low == []


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_first_eight_classes_stay_apart_for_colour_blind_readers(deficiency):
    distances = {
        pair: seen_distance(*pair, DEFICIENCIES[deficiency]) for pair in itertools.combinations(class_colours(8), 2)
    }
    assert min(distances.values()) > 2.5 * JUST_NOTICEABLE, min(distances, key=distances.__getitem__)


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_models_and_right_from_wrong_stay_apart_for_colour_blind_readers(deficiency):
    pairs = [*itertools.combinations(MODEL_COLOURS.values(), 2), (RIGHT_COLOUR, WRONG_COLOUR)]
    assert min(seen_distance(*pair, DEFICIENCIES[deficiency]) for pair in pairs) > 2.5 * JUST_NOTICEABLE


def test_with_opacity():
    assert with_opacity("#2f6fb3", 0.5) == "rgba(47,111,179,0.5)"
