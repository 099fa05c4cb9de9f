"""Writes the table of compatibility into docs/carla-without-a-gpu.md."""

from pathlib import Path

from simgen.worlds.carla.compatibility import tables

PAGE = Path(__file__).with_name("carla-without-a-gpu.md")
BEGIN, END = "<!-- begin of the table -->", "<!-- end of the table -->"


def main() -> None:
    """Replace what stands between the marks."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{tables()}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
