import ctypes
import shutil
from collections.abc import Iterable

from espace_embedded import ports
from espace_embedded.parts import FOUNDATIONS, SERVICES
from espace_embedded.settings import Settings

NEEDED_BYTES = 1024**3
PANGO = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0")


class CannotRun(Exception):
    """This machine cannot run the stack now; the text is one sentence that says why and what to do."""


def check(settings: Settings) -> None:
    """Raises CannotRun when a port, a library or the space that the stack needs is missing."""
    purposes = {**FOUNDATIONS, **{service.name: f"the service {service.name}" for service in SERVICES}}
    for part, purpose in purposes.items():
        _check_port(settings, part, purpose)
    _check_libraries(PANGO)
    settings.state.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.state).free
    if free < NEEDED_BYTES:
        shortage = f"The disk of {settings.state} has {free // 1024**2} MiB free and the eSpace needs {NEEDED_BYTES // 1024**2}"
        raise CannotRun(f"{shortage}: free some, or set ESPACE_STATE to a folder on another disk.")


def _check_port(settings: Settings, part: str, purpose: str) -> None:
    port = settings.port(part)
    if not ports.is_free(port):
        variable = f"ESPACE_{settings.port_field(part).upper()}"
        raise CannotRun(
            f"Port {port} is taken by another program and {purpose} needs it: end that program, or set {variable} to a free port."
        )


def _check_libraries(names: Iterable[str]) -> None:
    for name in names:
        try:
            ctypes.CDLL(name)
        except OSError as error:
            packages = "libpango-1.0-0 libpangoft2-1.0-0"
            raise CannotRun(f"The library {name}, which lays out the PDFs, is missing: `apt-get install {packages}` adds it.") from error
