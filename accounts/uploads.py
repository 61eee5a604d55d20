"""Files on their way in, before anybody knows what they are or even who sends them."""

from io import BytesIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class CappedUploadHandler(FileUploadHandler):
    """Stores no more of a file than `FILE_UPLOAD_MOST_BYTES`; stands before the handlers that store.

    A form is read before the log-in is checked, so that anybody could fill the disk with one endless file. The rest of
    such a file is read and dropped, for the other fields come after it: the form still gets its answer, and the file
    arrives empty, with its true size to be named in a message.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start < settings.FILE_UPLOAD_MOST_BYTES else None

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if file_size <= settings.FILE_UPLOAD_MOST_BYTES:
            return None  # whole: the next handler has it
        return UploadedFile(BytesIO(), self.file_name, self.content_type, file_size, self.charset)
