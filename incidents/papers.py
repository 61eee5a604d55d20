"""A PDF from somebody's computer, made into one that only shows pages. Pure: bytes in, bytes out."""

from io import BytesIO
from typing import IO, Final

from django.utils.translation import gettext as _
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.errors import LimitReachedError, PyPdfError
from pypdf.generic import NameObject

from accounts.errors import Refused

MOST_PAGES: Final = 50
# What a page needs to be seen (PDF 32000-1, table 30). Left behind: annotations with their links and scripts, actions,
# embedded files, metadata. The catalogue of the old file, with its scripts and attachments, stays behind whole.
_BOXES: Final = ("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox")
_KEPT: Final = frozenset({"/Type", "/Parent", "/Resources", "/Contents", "/Rotate", "/Group", "/UserUnit", *_BOXES})
_BROKEN: Final = (PyPdfError, OSError, ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError)


def rewrite_paper(file: IO[bytes], *, name: str) -> bytes:
    """The same pages in a new file: no script, no action, no embedded file, no form, no link, no metadata.

    Raises `Refused` (naming the file) for a file that is locked, broken or has more than `MOST_PAGES` pages.
    """
    file.seek(0)
    try:
        reader = PdfReader(file)
        if reader.is_encrypted:
            raise _refused(
                "locked", _("“%(name)s” is locked with a password. Save it without one and send it again."), name
            )
        pages = list(reader.pages)
        if not pages:
            raise _refused("damaged", _("“%(name)s” has no pages. Choose another file."), name)
        if len(pages) > MOST_PAGES:
            text = _("“%(name)s” has more than %(most)d pages. Send only the pages that matter.")
            raise _refused("too_many_pages", text, name)
        return _written(pages)
    except LimitReachedError as error:
        raise _refused("too_large", _("“%(name)s” unpacks to too much. Choose another file."), name) from error
    except _BROKEN as error:
        raise _refused("damaged", _("“%(name)s” is damaged and can't be opened. Choose another file."), name) from error


def _written(pages: list[PageObject]) -> bytes:
    writer = PdfWriter()
    for page in pages:
        # Before it is added: only what the page still names is copied along with it.
        for key in [key for key in page if key not in _KEPT]:
            del page[NameObject(key)]
        writer.add_page(page)
    writer.metadata = None
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _refused(code: str, text: str, name: str) -> Refused:
    return Refused(text % {"name": name, "most": MOST_PAGES}, code=code, field="photos")
