"""An endless file fills no disk, and the form around it still arrives."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory


def send(size, settings):
    settings.FILE_UPLOAD_MOST_BYTES = 200_000
    file = SimpleUploadedFile("video.mp4", b"x" * size)
    return RequestFactory().post("/", {"before": "1", "file": file, "later": "2"})


def test_a_file_within_the_cap_arrives_whole(settings):
    request = send(200_000, settings)
    assert request.FILES["file"].size == len(request.FILES["file"].read()) == 200_000


def test_what_is_too_large_arrives_empty_with_its_true_size_and_the_fields_after_it(settings):
    request = send(900_000, settings)
    file = request.FILES["file"]
    assert (file.name, file.size, file.read()) == ("video.mp4", 900_000, b"")
    assert (request.POST["before"], request.POST["later"]) == ("1", "2")
