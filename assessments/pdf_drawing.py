"""Draw one page of a PDF: a program of its own, for files nobody trusts.

It is run apart (`assessments.pdf_pages`): the file comes in on standard input, a line
of four numbers and raw pixels go out. It knows no settings, no database and no secret.
It binds its own hands before it reads the first byte, and never lets go: neither
memory, time nor output can grow, whatever the file says. PDFium is built without
JavaScript; nothing here opens forms, links or attachments.

    pdf_drawing.py PAGE LONGEST_SIDE MEMORY CPU_SECONDS OUTPUT
"""

import resource
import sys

import pypdfium2

ENCRYPTED, BROKEN, NO_SUCH_PAGE = 20, 21, 22
"""Exit codes; every other one, and every signal, means that the limits were met."""

MAX_SCALE = 4.0
"""288 dots an inch: a stamp-sized page is not blown up beyond use."""

WRONG_PASSWORD, UNKNOWN_SECURITY = 4, 5
"""PDFium's error codes for files that can't be read without a secret."""


def main(arguments: list[str]) -> int:
    """Draw the page and return an exit code; page 0 only counts the pages."""
    page, longest, memory, seconds, output = map(int, arguments)
    bind_hands(memory, seconds, output)
    try:
        document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
        pages = len(document)
    except pypdfium2.PdfiumError as error:
        secret = error.err_code in (WRONG_PASSWORD, UNKNOWN_SECURITY)
        return ENCRYPTED if secret else BROKEN
    if pages < 1:
        return BROKEN
    if page > pages:
        return NO_SUCH_PAGE
    try:
        answer(draw(document, page, longest) if page else None, pages)
    except (pypdfium2.PdfiumError, ValueError, OverflowError):
        return BROKEN
    return 0


def bind_hands(memory: int, seconds: int, output: int) -> None:
    """Bound memory, time on the processor and output; no files, no children."""
    for name, limit in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, output),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(name, (limit, limit))


def draw(
    document: pypdfium2.PdfDocument, page: int, longest: int
) -> pypdfium2.PdfBitmap:
    """Return the page's picture, no side of it longer than `longest`."""
    found = document[page - 1]
    width, height = found.get_size()
    if not (0 < width < float("inf") and 0 < height < float("inf")):
        raise ValueError
    # The picture's sides are rounded up: stay below by a hair.
    scale = min(MAX_SCALE, (longest - 0.5) / max(width, height))
    return found.render(scale=scale, rev_byteorder=True, limit_image_cache=True)


def answer(picture: pypdfium2.PdfBitmap | None, pages: int) -> None:
    """Write "pages width height stride" and the rows of pixels, each R, G, B."""
    out = sys.stdout.buffer
    if picture is None:
        out.write(b"%d 0 0 0\n" % pages)
    elif picture.mode != "RGB":
        raise ValueError
    else:
        size = (pages, picture.width, picture.height, picture.stride)
        out.write(b"%d %d %d %d\n" % size)
        out.write(picture.buffer)
    out.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
