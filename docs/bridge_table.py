"""Writes the table of a link's parameters into docs/recording-from-carla.md."""

from pathlib import Path

from simgen.core import describe
from simgen.worlds.carla.world import CarlaLink

PAGE = Path(__file__).with_name("recording-from-carla.md")
BEGIN, END = "<!-- begin of the table -->", "<!-- end of the table -->"


def table() -> str:
    """The parameters as Markdown."""
    rows = ["| `scenario.carla.` | default | meaning |", "|---|---|---|"]
    for row in describe(CarlaLink()):
        value = str(row.value).lower() if isinstance(row.value, bool) else row.value
        unit = f" {row.unit}" if row.unit else ""
        rows.append(f"| `{row.name}` | {value}{unit} | {row.doc} |")
    return "\n".join(rows)


def main() -> None:
    """Replace what stands between the marks."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
