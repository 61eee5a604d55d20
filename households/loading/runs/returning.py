"""What couldn't be loaded goes back to its sender, in the sender's own layout."""

from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from accounts.access_log import Act, record_access
from accounts.errors import Refused
from accounts.models import User
from households.loading import kept_files, preview, staging
from households.loading.error_workbook import write_errors
from households.loading.plan import BookPlan
from households.loading.reading import open_book
from households.models import RegisterLoad


def write_error_workbook(
    load: RegisterLoad, out: Path | IO[bytes], *, actor: User | None, language: str, address: str | None = None
) -> int:
    """Write the refused and doubtful lines as an .xlsx to `out`, and that they were taken out to the access log.

    Returns how many lines there are. Raises `Refused` when the file or its rows aren't kept any more.
    """
    if not kept_files.is_kept(load) or not staging.is_whole(load):
        raise Refused(_("These rows are not kept any more. Load the file again."), code="file_gone")
    with kept_files.opened(load) as path, open_book(path, load.file_name) as book:
        count = write_errors(book, BookPlan.from_json(load.plan), preview.marks(load), out, language=language)
    record_access(
        actor,
        act=Act.DOWNLOAD,
        subject="load",
        subject_id=load.pk,
        what="errors",
        unit_code=load.scope.code if load.scope else "",
        address=address,
    )
    return count
