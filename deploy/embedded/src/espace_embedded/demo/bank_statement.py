def bank_statement(holder: str, iban: str) -> bytes:
    """A bank identity statement of one page, as a PDF: what a person would download from their bank."""
    lines = (r"Bank identity statement \(sample\)", f"Holder: {holder}", f"IBAN: {iban}")
    content = f"BT /F 14 Tf 24 TL 72 760 Td {' '.join(f'({line}) Tj T*' for line in lines)} ET".encode("cp1252")
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    )
    pdf, table = b"%PDF-1.4\n", b"0000000000 65535 f \n"
    for number, body in enumerate(objects, 1):
        table += b"%010d 00000 n \n" % len(pdf)
        pdf += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    size = len(objects) + 1
    return pdf + b"xref\n0 %d\n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, table, size, len(pdf))
