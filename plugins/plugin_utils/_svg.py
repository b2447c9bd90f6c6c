# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""A canvas for SVG: boxes, lines with arrowheads, and text that never gets wider than it may. Lengths in pixels."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

INK = "#1b2733"
SANS = "Helvetica, Arial, 'DejaVu Sans', sans-serif"
MONO = "Consolas, Menlo, 'DejaVu Sans Mono', monospace"

LAYERS = ("areas", "frames", "lines", "boxes", "texts")
"""What is drawn later lies on top."""

_ILLEGAL = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PIECES = re.compile(r"[^ .:,;/_-]*[ .:,;/_-]*")
_MONO_WIDTH = 0.61
_WIDTHS = ((" iljtfrI.,:;|!'()[]-", 0.45), ("mwMW@%", 1.0), ("ABCDEFGHKLNOPQRSTUVXYZ", 0.76))
_OTHER_WIDTH = 0.64
_WIDEST = 1.05
"""Of a character, in sizes of the font; those of DejaVu Sans, the widest font that is in common use."""


@dataclass(frozen=True)
class Style:
    """How a line of text looks; `size` in pixels."""

    size: int = 12
    bold: bool = False
    mono: bool = False
    color: str = INK

    @property
    def leading(self) -> int:
        """From one line to the next."""
        return round(self.size * 1.4)


Line = tuple[str, Style]
Point = tuple[float, float]


@dataclass(frozen=True)
class Room:
    """Where something may be drawn: as far down as it needs."""

    left: float
    top: float
    width: float

    @property
    def right(self) -> float:
        return self.left + self.width

    def inner(self, pad: float) -> Room:
        """Without a margin at the sides, and half of it at the top."""
        return Room(self.left + pad, self.top + pad / 2, self.width - 2 * pad)


@dataclass(frozen=True)
class Paint:
    """The layer and the colours of a box."""

    layer: str
    fill: str
    stroke: str


def text_width(text: str, style: Style) -> float:
    """An upper estimate, for nobody knows the font that the text will be shown in."""
    return sum(_character_width(character, style) for character in text) * style.size * (1.08 if style.bold else 1)


def wrapped(text: str, width: float, style: Style) -> list[str]:
    """Lines that are not wider; broken after blanks and punctuation, where nothing else helps anywhere."""
    lines = [""]
    for piece in _pieces(text, width, style):
        if lines[-1] and text_width((lines[-1] + piece).rstrip(), style) > width:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines]


def _pieces(text: str, width: float, style: Style) -> Iterator[str]:
    for piece in _PIECES.findall(text):
        if text_width(piece.rstrip(), style) <= width:
            yield piece
        else:
            yield from piece


def _character_width(character: str, style: Style) -> float:
    if not character.isascii():
        return _WIDEST
    if style.mono:
        return _MONO_WIDTH
    return next((width for characters, width in _WIDTHS if character in characters), _OTHER_WIDTH)


class Canvas:
    """Collects shapes; `svg` makes the document."""

    def __init__(self, width: int, arrows: Sequence[str]) -> None:
        """`arrows` are the colours of lines that have arrowheads."""
        self.width = width
        self.bottom = 0.0
        self._arrows = {color: f"arrow-{number}" for number, color in enumerate(arrows, start=1)}
        self._layers = {name: ET.Element("g", {"id": name}) for name in LAYERS}

    def box(self, room: Room, bottom: float, paint: Paint) -> None:
        """A rectangle with round corners."""
        size = {"x": room.left, "y": room.top, "width": room.width, "height": bottom - room.top, "rx": 6}
        colors = {"fill": paint.fill, "stroke": paint.stroke, "stroke-width": "1.2"}
        ET.SubElement(self._layers[paint.layer], "rect", {**_numbers(size), **colors})
        self.bottom = max(self.bottom, bottom)

    def text(self, room: Room, lines: Sequence[Line]) -> float:
        """Lines below each other, broken to the width; returns where they end."""
        top = room.top
        for text, style in lines:
            for line in wrapped(text, room.width, style):
                top += style.leading
                attributes = _numbers({"x": room.left, "y": top - style.size * 0.3, "font-size": style.size})
                attributes |= {"font-family": MONO if style.mono else SANS, "fill": style.color}
                if style.bold:
                    attributes["font-weight"] = "bold"
                ET.SubElement(self._layers["texts"], "text", attributes).text = legal(line)
        self.bottom = max(self.bottom, top)
        return top

    def line(self, points: Sequence[Point], color: str, *, both: bool = False, dash: str = "") -> None:
        """From point to point, with an arrowhead at the end or at both."""
        attributes = {
            "points": " ".join(f"{_number(x)},{_number(y)}" for x, y in points),
            "fill": "none",
            "stroke": color,
            "stroke-width": "1.8",
            "marker-end": f"url(#{self._arrows[color]})",
        }
        if both:
            attributes["marker-start"] = attributes["marker-end"]
        if dash:
            attributes["stroke-dasharray"] = dash
        ET.SubElement(self._layers["lines"], "polyline", attributes)

    def svg(self, title: str, description: str, margin: int) -> str:
        """The document, as high as what is on it."""
        height = self.bottom + margin
        root = ET.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "viewBox": f"0 0 {self.width} {_number(height)}",
                "role": "img",
                "aria-labelledby": "title description",
            },
        )
        ET.SubElement(root, "title", {"id": "title"}).text = legal(title)
        ET.SubElement(root, "desc", {"id": "description"}).text = legal(description)
        definitions = ET.SubElement(root, "defs")
        for color, name in self._arrows.items():
            definitions.append(_arrowhead(name, color))
        ET.SubElement(root, "rect", {"width": "100%", "height": "100%", "fill": "#ffffff"})
        root.extend(self._layers.values())
        ET.indent(root)
        return ET.tostring(root, encoding="unicode") + "\n"


def legal(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)


def elbow(start: Point, end: Point, at: float) -> list[Point]:
    """From left to right or back, changing height at one place."""
    points = [start, (at, start[1]), (at, end[1]), end]
    return [point for point, following in pairwise([*points, (-1.0, -1.0)]) if point != following]


def _arrowhead(name: str, color: str) -> ET.Element:
    attributes = {"id": name, "viewBox": "0 0 10 10", "refX": "9", "refY": "5", "orient": "auto-start-reverse"}
    marker = ET.Element("marker", {**attributes, "markerWidth": "7", "markerHeight": "7"})
    ET.SubElement(marker, "path", {"d": "M0 0 L10 5 L0 10 z", "fill": color})
    return marker


def _numbers(attributes: dict[str, float]) -> dict[str, str]:
    return {name: _number(value) for name, value in attributes.items()}


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
