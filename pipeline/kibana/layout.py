"""Draws the dashboards' grids as text, and lists the question that each panel answers.

`python -m pipeline.kibana.layout docs/kibana.md` brings the page up to date.
"""

import sys
from pathlib import Path
from typing import Any

from pipeline.kibana.assets import dashboards

BEGIN = "<!-- dashboards: made by python -m pipeline.kibana.layout docs/kibana.md -->"
END = "<!-- end of dashboards -->"
# Characters a column and lines a unit of height, of a grid of 48 columns.
_COLUMN = 2
_LINES = 5


def drawing(panels: list[dict[str, Any]]) -> str:
    """Draws each panel's box where it stands, its title inside."""
    corners = [_corners(panel) for panel in panels]
    width = max(right for _, _, right, _ in corners) + 1
    height = max(bottom for _, _, _, bottom in corners) + 1
    canvas = [[" "] * width for _ in range(height)]
    for left, top, right, bottom in corners:
        for x in range(left, right + 1):
            canvas[top][x] = canvas[bottom][x] = "-"
        for y in range(top, bottom + 1):
            canvas[y][left] = canvas[y][right] = "|"
    for left, top, right, bottom in corners:
        for x, y in ((left, top), (right, top), (left, bottom), (right, bottom)):
            canvas[y][x] = "+"
    for panel, (left, top, right, _) in zip(panels, corners, strict=True):
        room = right - left - 3
        title = panel["title"]
        text = title if len(title) <= room else title[: room - 1] + "…"
        canvas[top + 1][left + 2 : left + 2 + len(text)] = list(text)
    return "\n".join("".join(row).rstrip() for row in canvas)


def _corners(panel: dict[str, Any]) -> tuple[int, int, int, int]:
    x, y, w, h = panel["grid"]
    return x * _COLUMN, y // _LINES * 2, (x + w) * _COLUMN, (y + h) // _LINES * 2


def chapter() -> str:
    """Gives the part of the page that is drawn from the dashboards' files."""
    parts = []
    for spec in dashboards().values():
        rows = [f"| {panel['title']} | {panel['question']} |" for panel in spec["panels"]]
        controls = ", ".join(control["title"] for control in spec["controls"])
        parts += [
            f"### {spec['title']}\n",
            f"{spec['description']} Controls: {controls}.\n",
            f"```text\n{drawing(spec['panels'])}\n```\n",
            "| panel | answers |\n|---|---|\n" + "\n".join(rows) + "\n",
        ]
    return "\n".join(parts)


def renewed(page: str) -> str:
    """Gives a page with the part between the markers drawn afresh."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{chapter()}\n{END}{after}"


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(renewed(target.read_text(encoding="utf-8")), encoding="utf-8")
