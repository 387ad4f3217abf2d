"""Look at a file without opening what was uploaded.

What is shown is drawn anew from the pixels: bounded in size, without metadata,
without anything that lay in the file beside the picture, and with the name of who
looks at it written across.
"""

import io
import warnings
from dataclasses import dataclass
from typing import IO

from django.core.files.storage import default_storage
from PIL import Image, ImageOps, UnidentifiedImageError

from assessments.evidence_files import MAX_PIXELS
from assessments.models import Evidence
from assessments.pdf_pages import LONGEST_SIDE, draw_page
from assessments.watermarks import watermarked
from backend.errors import NotFound

_FORMATS = {Evidence.Kind.JPEG: "JPEG", Evidence.Kind.PNG: "PNG"}
IMAGES = frozenset(_FORMATS)
JPEG_QUALITY = 85


@dataclass(frozen=True)
class Preview:
    """A picture drawn anew."""

    content: bytes
    content_type: str


def evidence_preview(
    evidence: Evidence, *, mark: tuple[str, ...], page: int = 1
) -> Preview:
    """Return a picture of an image file or of a page of a PDF, with the mark on it.

    NotFound for other kinds, lost files and pages that are not there; CannotBeDrawn
    for PDFs that can't be shown.
    """
    kind = Evidence.Kind(evidence.kind)
    if kind is Evidence.Kind.PDF:
        return _encoded(watermarked(draw_page(evidence, page), mark), "JPEG")
    if kind not in IMAGES or page != 1:
        raise NotFound
    picture = _image(evidence, _FORMATS[kind])
    return _encoded(watermarked(picture, mark), _FORMATS[kind])


def _image(evidence: Evidence, kind: str) -> Image.Image:
    try:
        with default_storage.open(evidence.key) as file:
            return _drawn_anew(file, kind)
    except (FileNotFoundError, UnidentifiedImageError, OSError, ValueError) as error:
        raise NotFound from error


def _drawn_anew(file: IO[bytes], kind: str) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with Image.open(file, formats=[kind]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise NotFound
            # JPEG decoders can leave out detail that is not shown anyway.
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            picture = ImageOps.exif_transpose(image)
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            plain = picture.convert("RGBA" if kind == "PNG" else "RGB")
    clean = Image.new(plain.mode, plain.size)
    clean.paste(plain)
    return clean


def _encoded(picture: Image.Image, kind: str) -> Preview:
    content = io.BytesIO()
    picture.save(content, kind, **({"quality": JPEG_QUALITY} if kind == "JPEG" else {}))
    return Preview(content.getvalue(), f"image/{kind.lower()}")
