"""Look at an image without opening the file that was uploaded.

What is shown is drawn anew from the pixels: bounded in size, without metadata,
without anything that lay in the file beside the picture.
"""

import io
import warnings
from dataclasses import dataclass
from typing import IO

from django.core.files.storage import default_storage
from PIL import Image, ImageOps, UnidentifiedImageError

from assessments.evidence_files import MAX_PIXELS
from assessments.models import Evidence
from backend.errors import NotFound

LONGEST_SIDE = 1600
_FORMATS = {Evidence.Kind.JPEG: "JPEG", Evidence.Kind.PNG: "PNG"}
PREVIEWED = frozenset(_FORMATS)


@dataclass(frozen=True)
class Preview:
    """A picture drawn anew."""

    content: bytes
    content_type: str


def evidence_preview(evidence: Evidence) -> Preview:
    """Return a picture of an image file; NotFound for other kinds and lost files."""
    kind = _FORMATS.get(Evidence.Kind(evidence.kind))
    if kind is None:
        raise NotFound
    try:
        with default_storage.open(evidence.key) as file:
            return _drawn_anew(file, kind)
    except (FileNotFoundError, UnidentifiedImageError, OSError, ValueError) as error:
        raise NotFound from error


def _drawn_anew(file: IO[bytes], kind: str) -> Preview:
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
    drawn = io.BytesIO()
    clean.save(drawn, kind)
    return Preview(drawn.getvalue(), f"image/{kind.lower()}")
