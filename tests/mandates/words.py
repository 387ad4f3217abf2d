"""Everything a person could read in an answer: headers, pages, PDFs, archives."""

import io
import zipfile
from typing import Any

from pypdf import PdfReader

from tests.mandates.test_access_records import body_of


def text_of(answer: Any) -> str:
    """Return headers and body as text, of PDFs and archives what is inside."""
    return text_in(body_of(answer)) + str(dict(answer.items()))


def text_in(body: bytes) -> str:
    """Return the bytes as text, with the words of PDFs and the files of archives."""
    text = body.decode(errors="replace")
    if body.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(body))
        text += str(reader.metadata) + "".join(p.extract_text() for p in reader.pages)
    if zipfile.is_zipfile(io.BytesIO(body)):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            text += "".join(n + text_in(packed.read(n)) for n in packed.namelist())
    return text
