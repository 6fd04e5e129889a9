"""A line for each of a few things over the same steps, as SVG."""

from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 760, 320, 60, 60, 40
COLOURS = ("#1f6feb", "#d1242f", "#1a7f37")


def drawn(steps: Sequence[str], lines: Mapping[str, Sequence[float]], *, unit: str) -> str:
    """Values from nothing up to the highest one; every line is named where it ends."""
    highest = max(max(values) for values in lines.values()) * 1.1

    def place(step: int, value: float) -> tuple[float, float]:
        right = LEFT + (step + 0.5) * (WIDTH - LEFT) / len(steps)
        return round(right, 1), round(HEIGHT - BOTTOM - value / highest * (HEIGHT - BOTTOM - TOP), 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
    ]
    for share in (0, 0.25, 0.5, 0.75, 1):
        _, height = place(0, share * highest)
        parts.append(f'<path d="M{LEFT} {height}H{WIDTH}" stroke="#d0d7de"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{height + 4}" text-anchor="end">{share * highest:.1f} {unit}</text>')
    for step, name in enumerate(steps):
        right, _ = place(step, 0)
        for row, words in enumerate(name.split(", ")):
            text = (
                f'<text x="{right}" y="{HEIGHT - BOTTOM + 18 + 15 * row}" text-anchor="middle">{escape(words)}</text>'
            )
            parts.append(text)
    for number, (name, values) in enumerate(lines.items()):
        colour, points = COLOURS[number], [place(step, value) for step, value in enumerate(values)]
        path = " ".join(f"{right},{height}" for right, height in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.extend(f'<circle cx="{right}" cy="{height}" r="3" fill="{colour}"/>' for right, height in points)
        parts.append(f'<text x="{LEFT + 12 + number * 220}" y="20" fill="{colour}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>\n"])
