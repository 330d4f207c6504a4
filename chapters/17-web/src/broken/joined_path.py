"""A path that is joined to the folder as it was asked: two dots lead up, and a whole path leads anywhere."""

import tempfile
from pathlib import Path
from urllib.parse import unquote


def serve(folder, asked):
    try:
        return (folder / unquote(asked)).read_text()
    except OSError:
        return "404 Not Found\n"


with tempfile.TemporaryDirectory() as site:
    site = Path(site)
    css = site / "static/css"
    css.mkdir(parents=True)
    (css / "site.css").write_text("body { color: gold }\n")
    (site / "secret.txt").write_text("the office's safe: 4711\n")
    for said, asked in [
        ("site.css", "site.css"),
        ("../../secret.txt", "../../secret.txt"),
        ("%2e%2e%2f%2e%2e%2fsecret.txt", "%2e%2e%2f%2e%2e%2fsecret.txt"),
        ("the whole path of secret.txt", f"{site}/secret.txt"),
    ]:
        print(f"{said:<30} {serve(css, asked).strip()}")
