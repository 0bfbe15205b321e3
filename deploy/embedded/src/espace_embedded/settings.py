from pathlib import Path

ROOT = Path(__file__).parents[4]
BUILD = ROOT / ".espace" / "build"
