"""Files in the WebView of a chat app: read in the page, saved only by who asks for it; elsewhere as ever."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, NumberObject, StreamObject
from xlsxwriter import Workbook

from governance.reading import MOST_ROWS, read
from incidents.attachments import accept_file
from tests.incidents import stages

WECHAT = "Mozilla/5.0 (Linux; Android 9; wv) AppleWebKit/537.36 Chrome/80.0 Mobile MicroMessenger/8.0"
BROWSER = "Mozilla/5.0 (Linux; Android 9) AppleWebKit/537.36 Chrome/120.0 Mobile"
WECHAT_ON_A_DESK = "Mozilla/5.0 (Windows NT 10.0) Chrome/80.0 MicroMessenger/7.0 WindowsWechat"


def workbook(rows: int) -> bytes:
    out = io.BytesIO()
    with Workbook(out) as book:
        sheet = book.add_worksheet("当日")
        for number in range(rows):
            sheet.write_row(number, 0, [f"第{number}行", number, 1.5])
    return out.getvalue()


def document() -> bytes:
    out, made = io.BytesIO(), Document()
    made.add_paragraph("今日情况")
    table = made.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "社区", "3 件"
    made.save(out)
    return out.getvalue()


def test_a_workbook_is_read_as_tables_and_cut_when_it_is_long():
    short, long = read("看板.xlsx", workbook(2)), read("看板.XLSX", workbook(MOST_ROWS + 5))
    assert short.parts[0].text == "当日"
    assert short.parts[1].rows == [["第0行", "0", "1.5"], ["第1行", "1", "1.5"]]
    assert (short.is_cut, long.is_cut, len(long.parts[1].rows)) == (False, True, MOST_ROWS)


def test_a_document_and_lines_are_read_in_their_order():
    assert [(part.text, part.rows) for part in read("简报.docx", document()).parts] == [
        ("今日情况", []),
        ("", [["社区", "3 件"]]),
    ]
    assert read("表.csv", "甲,乙\n1,2\n".encode("utf-8-sig")).parts[0].rows == [["甲", "乙"], ["1", "2"]]


@pytest.mark.parametrize("name", ["破损.pdf", "破损.xlsx", "程序.exe", ""])
def test_what_cannot_be_read_is_not_shown(name):
    assert read(name, b"not what it is called").parts == []


def scan(compression: str) -> bytes:
    """One page that is a picture in a compression that isn't read here."""
    out, writer = io.BytesIO(), PdfWriter()
    picture = StreamObject()
    picture.set_data(b"what a scanner wrote")
    facts = {"Subtype": "Image", "ColorSpace": "DeviceGray", "Filter": compression}
    picture.update({NameObject(f"/{name}"): NameObject(f"/{value}") for name, value in facts.items()})
    picture.update({NameObject(f"/{name}"): NumberObject(8) for name in ("Width", "Height", "BitsPerComponent")})
    pictures = DictionaryObject({NameObject("/Im0"): writer._add_object(picture)})
    page = writer.add_blank_page(200, 200)
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): pictures})
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("compression", ["JBIG2Decode", "HouseOwnDecode"])
def test_a_scan_that_is_not_read_here_is_still_there_to_be_saved(compression):
    reading = read("来函.pdf", scan(compression))
    assert (reading.parts, reading.is_cut) == ([], True)


@pytest.fixture
def paper(world):
    """A scanned letter that came with an incident."""
    incident = stages.report(world)
    letter = io.BytesIO()
    Image.new("RGB", (300, 400), "white").save(letter, "PDF")
    upload = SimpleUploadedFile("来函.pdf", letter.getvalue())
    return incident, accept_file(upload, actor=world.worker, incident=incident)


def test_a_chat_app_on_a_phone_shows_the_paper_and_saves_it_when_asked(world, client, paper):
    incident, kept = paper
    client.force_login(world.worker)
    page = client.get(
        kept.url, headers={"User-Agent": WECHAT, "Referer": f"http://testserver/incidents/{incident.number}/"}
    )
    assert page["Content-Type"].startswith("text/html")
    assert 'src="data:image/jpeg;base64,' in page.text
    assert f"/incidents/{incident.number}/" in page.text
    assert "no-store" in page["Cache-Control"]
    for browser, query in ((WECHAT, "?save-file=1"), (BROWSER, ""), (WECHAT_ON_A_DESK, "")):
        assert client.get(kept.url + query, headers={"User-Agent": browser})["Content-Type"] == "application/pdf"


def test_what_holds_residents_data_is_never_shown_in_a_chat_app(world, client):
    client.force_login(world.register)
    page = client.get(f"/register/loads/template/{world.street_a.code}/", headers={"User-Agent": WECHAT})
    assert page["Content-Type"].startswith("text/html")
    assert "file-table" not in page.text
