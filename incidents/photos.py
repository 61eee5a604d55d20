"""A picture from somebody's phone, made into one that is safe to keep and to show. Pure: bytes in, bytes out.

What is stored is our own JPEG of the pixels. So nothing that came along survives: no place and no phone model in the
EXIF data, no second file hidden behind the picture, no trick aimed at the viewer's decoder.
"""

from io import BytesIO
from typing import IO, Final

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from accounts.errors import Refused

MOST_PIXELS: Final = 60_000_000
"""Above what phones take (50 megapixels), and at most 180 MB while it is decoded."""
LONGEST_SIDE: Final = 2560
THUMB_SIDE: Final = 480
_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_QUALITY: Final = 85
# Pillow's decoders have no error of their own: this is what broken or forged pictures were seen to raise.
_BROKEN: Final = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, ArithmeticError)
_HEIC_BRANDS: Final = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypmsf1", b"ftyphevc")

# Pillow checks this while it reads the head of a file; up to twice as many it only warns, so `_opened` looks again.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS


def rewrite_photo(file: IO[bytes], *, name: str) -> tuple[bytes, bytes]:
    """The picture and its small version, both upright JPEGs without any data about where and how it was taken.

    Raises `Refused` (naming the file) for what isn't a JPEG, PNG or WebP picture, is broken, or has too many pixels:
    the pixels are counted from the head of the file, before anything is unpacked.
    """
    image = _opened(file, name)
    try:
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # lets the JPEG decoder skip what would be thrown away
        upright = _on_white(ImageOps.exif_transpose(image))
    except _BROKEN as error:
        raise Refused(
            _("“%(name)s” is damaged and can't be opened. Take or choose the photo again.") % {"name": name},
            code="damaged",
            field="photos",
        ) from error
    return _jpeg(upright, LONGEST_SIDE), _jpeg(upright, THUMB_SIDE)


def _opened(file: IO[bytes], name: str) -> Image.Image:
    file.seek(0)
    head = file.read(32)
    file.seek(0)
    try:
        image = Image.open(file, formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(name) from error
    except _BROKEN as error:
        raise _not_a_picture(name, head) from error
    if image.width * image.height > MOST_PIXELS:
        raise _too_many_pixels(name)
    return image


def _not_a_picture(name: str, head: bytes) -> Refused:
    if head[4:12] in _HEIC_BRANDS:
        text = _(
            "“%(name)s” is a HEIC photo, which can't be read here. Set the phone's camera to “most compatible” (JPEG), "
            "or send a screenshot of it."
        )
    else:
        text = _("“%(name)s” is neither a photo (JPEG, PNG or WebP) nor a PDF. Choose another file.")
    return Refused(text % {"name": name}, code="not_a_picture", field="photos")


def _too_many_pixels(name: str) -> Refused:
    return Refused(
        _("“%(name)s” has more than %(most)d megapixels. Choose a smaller picture.")
        % {"name": name, "most": MOST_PIXELS // 1_000_000},
        code="too_many_pixels",
        field="photos",
    )


def _on_white(image: Image.Image) -> Image.Image:
    """Plain RGB; what is see-through becomes white, as on paper."""
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        layer = image.convert("RGBA")
        white = Image.new("RGB", layer.size, "white")
        white.paste(layer, mask=layer.getchannel("A"))
        return white
    return image.convert("RGB")


def _jpeg(image: Image.Image, side: int) -> bytes:
    """The picture as a new JPEG, no side longer than `side`. A new image carries no EXIF, ICC profile or comment."""
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    bare.thumbnail((side, side), Image.Resampling.LANCZOS)
    out = BytesIO()
    bare.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()
