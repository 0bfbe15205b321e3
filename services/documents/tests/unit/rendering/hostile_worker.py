"""A rendering worker over a copy of the assets with more templates in it; those have no fields."""

import sys
from pathlib import Path

from espace_documents.rendering import contents
from espace_documents.rendering.worker import main

assets = Path(sys.argv.pop(1))
contents.SHAPES = {folder.name: {} for folder in (assets / "templates").iterdir()} | contents.SHAPES
main(assets)
