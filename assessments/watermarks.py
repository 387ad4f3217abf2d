"""Write across a picture who looks at it, and when.

Whoever photographs or passes on a preview passes on their name with it.
"""

from PIL import Image, ImageDraw, ImageFont

from backend.fonts import FontsMissing, font_files

ANGLE = 24
SMALLEST, LARGEST = 12, 30
_SIMPLIFIED = 2
"""Where Debian's collection holds the face for simplified Chinese."""

Size = tuple[int, int]


def watermarked(picture: Image.Image, lines: tuple[str, ...]) -> Image.Image:
    """Return the picture with the lines written over all of it, dimly and slanted.

    Transparency stays. Raises FontsMissing: there is no preview without a mark.
    """
    layer = Image.new("RGBA", picture.size)
    stamp = _stamp("\n".join(lines), max(picture.size))
    across, down = stamp.width + stamp.width // 6, stamp.height + stamp.height // 6
    for row, top in enumerate(range(0, picture.height, down)):
        # Every second row is shifted: no strip of the picture is left without a name.
        for left in range(-(across // 2) * (row % 2), picture.width, across):
            layer.paste(stamp, (left, top))
    marked = Image.alpha_composite(picture.convert("RGBA"), layer)
    return marked if picture.mode == "RGBA" else marked.convert("RGB")


def _stamp(text: str, longest_side: int) -> Image.Image:
    """Return the text once, dark with a light edge: seen on white and on black."""
    font = _font(min(LARGEST, max(SMALLEST, longest_side // 50)))
    measure = ImageDraw.Draw(Image.new("RGBA", (1, 1)))
    left, top, right, bottom = measure.multiline_textbbox((0, 0), text, font=font)
    flat = Image.new("RGBA", (int(right - left) + 8, int(bottom - top) + 8))
    ImageDraw.Draw(flat).multiline_text(
        (4 - left, 4 - top),
        text,
        font=font,
        fill=(40, 40, 60, 64),
        stroke_width=1,
        stroke_fill=(255, 255, 255, 96),
    )
    return flat.rotate(ANGLE, resample=Image.Resampling.BICUBIC, expand=True)


def _font(size: int) -> ImageFont.FreeTypeFont:
    files = [file for file in font_files() if "bold" not in file.stem.lower()]
    if not files:
        raise FontsMissing
    is_collection = files[0].name == "NotoSansCJK-Regular.ttc"
    return ImageFont.truetype(
        str(files[0]), size, index=_SIMPLIFIED if is_collection else 0
    )
