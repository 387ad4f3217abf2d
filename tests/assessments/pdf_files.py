"""PDFs nobody should have to trust, written byte by byte."""

import io
import zlib

from pypdf import PdfWriter
from weasyprint import HTML

PAGE = (
    "<</Type/Page/Parent 2 0 R/MediaBox[{box}]/Contents 4 0 R"
    "/Resources<<{res}>>{more}>>"
)


def written(*objects: bytes | str) -> bytes:
    """Return a PDF of these objects, the first being its catalogue."""
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.7\n")
    for number, content in enumerate(objects, 1):
        places.append(out.tell())
        body = content if isinstance(content, bytes) else content.encode()
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
    out.write(trailer % (len(objects) + 1, start))
    return out.getvalue()


def stream(content: bytes, entries: str = "", *, packed: bool = False) -> bytes:
    if packed:
        content = zlib.compress(content, 9)
        entries += "/Filter/FlateDecode"
    head = b"<<%s/Length %d>>stream\n" % (entries.encode(), len(content))
    return head + content + b"\nendstream"


def one_page(
    content: bytes,
    *more_objects: bytes | str,
    box: str = "0 0 595 842",
    resources: str = "",
    page: str = "",
    catalogue: str = "",
    count: int = 1,
    packed: bool = False,
) -> bytes:
    return written(
        f"<</Type/Catalog/Pages 2 0 R{catalogue}>>",
        f"<</Type/Pages/Kids[3 0 R]/Count {count}>>",
        PAGE.format(box=box, res=resources, more=page),
        stream(content, packed=packed),
        *more_objects,
    )


def chinese(pages: int = 1) -> bytes:
    """Return what an office would print, in Chinese with an embedded font."""
    words = "<h1>知识产权管理制度</h1><p>第一条 为加强管理，制定本制度。</p>"
    part = f"<section>{words}</section>"
    rules = (
        "<style>section{break-after:page} section:last-child{break-after:auto}</style>"
    )
    done: bytes = HTML(string=f"{rules}{part * pages}").write_pdf()
    return done


def blank(pages: int) -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    for _page in range(pages):
        writer.add_blank_page(100, 100)
    writer.write(out)
    return out.getvalue()


def encrypted(password: str) -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.encrypt(password, "owner")
    writer.write(out)
    return out.getvalue()


def with_script() -> bytes:
    """Return a PDF that runs scripts when opened and shown, and holds a file."""
    endless = r"<</S/JavaScript/JS(while\(true\){})>>"
    return one_page(
        b"1 0 0 rg 0 0 595 842 re f",
        "<</Type/Filespec/F(evil.exe)/EF<</F 6 0 R>>>>",
        stream(b"MZ attached", "/Type/EmbeddedFile"),
        catalogue=f"/OpenAction{endless}"
        "/Names<</EmbeddedFiles<</Names[(evil.exe) 5 0 R]>>>>",
        page=f"/AA<</O{endless}>>/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 595 842]"
        "/A<</S/URI/URI(http://attacker.example/)>>>>]",
    )


def not_embedded() -> bytes:
    """Return Chinese text in a font that the reader is expected to have."""
    return one_page(
        b"BT /F 40 Tf 50 700 Td <77E58BC64EA76743> Tj ET",
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H"
        "/DescendantFonts[6 0 R]>>",
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo"
        "<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/FontDescriptor 7 0 R>>",
        "<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/Ascent 880/Descent -120"
        "/FontBBox[-25 -254 1000 880]/ItalicAngle 0/CapHeight 880/StemV 93>>",
        resources="/Font<</F 5 0 R>>",
    )


def laughs() -> bytes:
    """Return a page whose drawing doubles itself many times over."""
    forms = [
        stream(
            b"/F Do " * 10,
            "/Type/XObject/Subtype/Form/BBox[0 0 595 842]"
            f"/Resources<</XObject<</F {number + 1} 0 R>>>>",
        )
        for number in range(5, 30)
    ]
    leaf = stream(b"0 0 9 9 re f", "/Type/XObject/Subtype/Form/BBox[0 0 595 842]")
    return one_page(b"/F Do", *forms, leaf, resources="/XObject<</F 5 0 R>>")
