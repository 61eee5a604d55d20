"""Files as people send them, good and bad, made on the spot."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfWriter
from pypdf.annotations import Link
from pypdf.generic import DictionaryObject, NameObject, TextStringObject


def photo(name: str = "IMG_0001.jpg", *, size: tuple[int, int] = (640, 480), color: str = "red") -> SimpleUploadedFile:
    """A phone's photo, lying on its side, with the phone's model and the place in its EXIF data."""
    image = Image.new("RGB", size, color)
    exif = image.getexif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x0110] = "SecretPhone 9"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (29.0, 53.0, 1.0)
    out = BytesIO()
    image.save(out, "JPEG", exif=exif)
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def bomb() -> SimpleUploadedFile:
    """A hundred kilobytes that unpack to 900 megapixels."""
    out = BytesIO()
    Image.new("1", (30_000, 30_000)).save(out, "PNG")
    return SimpleUploadedFile("bomb.png", out.getvalue(), "image/png")


def text_called_photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("holiday.jpg", b"MZ this is not a picture" * 20, "image/jpeg")


def large(megabytes: int = 30) -> SimpleUploadedFile:
    start = photo().read()
    return SimpleUploadedFile("large.jpg", start + b"\0" * (megabytes * 1024 * 1024 - len(start)), "image/jpeg")


def scripted_paper() -> SimpleUploadedFile:
    """A PDF that runs a script when opened, carries a file and links to somewhere."""
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    script = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert('evil')")}
    )
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(script)
    page[NameObject("/AA")] = DictionaryObject({NameObject("/O"): writer._add_object(script)})
    writer.add_attachment("payload.txt", b"payload-bytes")
    writer.add_annotation(0, Link(rect=(0, 0, 9, 9), url="http://evil.example/"))
    writer.add_metadata({"/Author": "Somebody"})
    return _upload("notice.pdf", writer)


def paper(*, pages: int = 1, password: str = "") -> SimpleUploadedFile:
    writer = PdfWriter()
    for _number in range(pages):
        writer.add_blank_page(200, 200)
    if password:
        writer.encrypt(password)
    return _upload("paper.pdf", writer)


def _upload(name: str, writer: PdfWriter) -> SimpleUploadedFile:
    out = BytesIO()
    writer.write(out)
    return SimpleUploadedFile(name, out.getvalue(), "application/pdf")
