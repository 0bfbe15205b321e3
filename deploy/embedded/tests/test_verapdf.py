import subprocess
import sys
from pathlib import Path

from espace_embedded.verapdf import validate

PAGE = "<html lang=en><title>A letter</title><p>Dear insured person</p></html>"


def laid_out(path: Path, *options: str) -> Path:
    subprocess.run([sys.executable, "-m", "weasyprint", *options, "-", path], input=PAGE.encode(), check=True, capture_output=True)
    return path


def test_each_file_gets_its_own_verdict_in_the_order_asked(tmp_path):
    archivable = laid_out(tmp_path / "z archivable.pdf", "--pdf-variant", "pdf/a-3a")
    plain = laid_out(tmp_path / "plain.pdf")
    no_pdf = tmp_path / "no-pdf"
    no_pdf.write_text("not a PDF")

    verdicts = validate([archivable, plain, no_pdf], "3a")

    assert [verdict.file for verdict in verdicts] == [archivable, plain, no_pdf]
    assert [verdict.compliant for verdict in verdicts] == [True, False, False]
    assert verdicts[0].failed == ()
    assert ("6.7.2.2", 1) in [(rule.clause, rule.test) for rule in verdicts[1].failed]
    assert verdicts[2].failed[0].clause == "file"


def test_a_file_for_archives_alone_misses_the_identifier_of_accessible_files(tmp_path):
    archivable = laid_out(tmp_path / "archivable.pdf", "--pdf-variant", "pdf/a-3a")

    (verdict,) = validate([archivable], "ua1")

    assert [(rule.clause, rule.test) for rule in verdict.failed] == [("5", 1)]
