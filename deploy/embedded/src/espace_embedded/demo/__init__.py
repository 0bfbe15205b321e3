"""The main job without a browser, for everybody to see: `espace demo`."""

from espace_embedded.demo.command import demo

__all__ = ["demo"]
