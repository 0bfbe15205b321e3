"""What WeasyPrint does in Python that a letter of the fund does not need, left out or done once. Imported in the worker processes alone.

That no letter changes by it is a test, for each type: not a byte, but for the packing of the streams. What is worked out once for a style
stands in what is known of it (`styles.Known`), for this document and those after it; a copy, which WeasyPrint makes wherever it changes a
style, begins without. What is kept of a text stands in its document's own styles and lines, and goes with them.
"""

from espace_documents.rendering.quick.glyphs import use_quick_glyphs
from espace_documents.rendering.quick.lengths import use_quick_lengths
from espace_documents.rendering.quick.lines import use_quick_lines
from espace_documents.rendering.quick.page import QuickPage
from espace_documents.rendering.quick.streams import use_quick_streams
from espace_documents.rendering.quick.styles import use_quick_styles
from espace_documents.rendering.quick.text import use_quick_text

__all__ = ["QuickPage", "use_quick_ways"]


def use_quick_ways() -> None:
    """Has WeasyPrint work so, in this process."""
    use_quick_styles()
    use_quick_text()
    use_quick_glyphs()
    use_quick_lengths()
    use_quick_lines()
    use_quick_streams()
