"""One file that is PDF/A-3a and PDF/UA-1: WeasyPrint declares the first; here the second is added, and what it says twice is said once."""

from __future__ import annotations

from typing import Any

# PDF/A lets metadata use a property it does not know (ISO 19005-3, 6.6.2.3) only if an extension schema beside it describes it.
PDF_UA_IDENTIFIER = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
 <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
  <pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
  <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
  <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
  <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
   <pdfaProperty:name>part</pdfaProperty:name>
   <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
   <pdfaProperty:category>internal</pdfaProperty:category>
   <pdfaProperty:description>The part of ISO 14289 this file conforms to</pdfaProperty:description>
  </rdf:li></rdf:Seq></pdfaSchema:property>
 </rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
END_OF_METADATA = b"</rdf:RDF>"


def finish(_document: Any, pdf: Any) -> None:
    """WeasyPrint's finisher: runs on the finished pydyf.PDF just before it is written, so the file need not be parsed and written again."""
    _declare_pdf_ua(pdf)
    _name_attachments_once(pdf)


def _declare_pdf_ua(pdf: Any) -> None:
    number = int(pdf.catalog["Metadata"].split()[0])
    metadata = pdf.objects[number]
    written = b"".join(metadata.stream)
    if written.count(END_OF_METADATA) != 1:
        raise ValueError("The metadata of the PDF does not look as expected; PDF/UA-1 cannot be declared.")
    metadata.stream = [written.replace(END_OF_METADATA, PDF_UA_IDENTIFIER + END_OF_METADATA)]


def _name_attachments_once(pdf: Any) -> None:
    """WeasyPrint names in the catalog what it finds among the embedded files, and then what it finds among all objects: the same files."""
    named = pdf.catalog["AF"]
    named[:] = dict.fromkeys(named)
