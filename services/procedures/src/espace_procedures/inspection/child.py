"""One file is looked into in one process: `python -I -B -m espace_procedures.inspection.child <media type>`, the file on its input.

What hangs or eats memory dies here and alone. It answers with its exit code: 0 when the file is taken, with what is to be kept of it
on the output, or nothing when it stays as it came; REFUSED with the flaw on the output.
"""

from __future__ import annotations

import resource
import sys

from espace_procedures.domain.attachments import Flaw, Unfit

REFUSED = 3
_MEMORY = 1 << 30
_SECONDS = 20
"""Of processor time; whoever waits has a shorter patience by the clock."""


def _look(media_type: str, content: bytes) -> bytes:
    if media_type == "application/pdf":
        from espace_procedures.inspection.pdf import pdf_anew  # noqa: PLC0415  # each process loads one of the two libraries

        return pdf_anew(content)
    from espace_procedures.inspection.picture import picture_anew  # noqa: PLC0415

    return picture_anew(content, media_type)


def main(media_type: str) -> int:
    """Look into the file on the input."""
    content = sys.stdin.buffer.read()
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        answer, code = _look(media_type, content), 0
    except Unfit as unfit:
        answer, code = unfit.flaw.encode(), REFUSED
    except (MemoryError, RecursionError):
        answer, code = Flaw.TOO_COMPLEX.encode(), REFUSED
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
