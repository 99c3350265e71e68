"""Colours, and how well one can be read on another."""

Colour = tuple[float, ...]
"""Red, green and blue, 0 to 255; a fourth part, 0 to 1, is how much of what lies below it covers."""


def contrast(one: Colour, other: Colour) -> float:
    """The contrast of two colours by WCAG 2.2, 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def laid_over(colour: Colour, ground: Colour) -> Colour:
    """What is seen where a colour that covers only a part lies on a ground."""
    covers = colour[3] if len(colour) > 3 else 1.0
    return tuple(above * covers + below * (1 - covers) for above, below in zip(colour[:3], ground, strict=False))


def _luminance(colour: Colour) -> float:
    parts = [part / 255 for part in colour[:3]]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
