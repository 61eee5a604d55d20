"""Files of organisations and resources on the import screens, as messy as they come."""

import io

import openpyxl
import pytest
import xlwt
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from households.asset_sheets import OrganisationSheet, ResourceSheet
from households.loading.workbooks.formats import AnyCsv, AnyXls, AnyXlsx
from households.models import Organisation, Resource
from households.services.assets import add_organisation
from tests.households.homes import AT


def organisations(code: str, *more: list) -> list[list]:
    return [
        ["高田王村重点单位登记表", "", "", ""],
        ["填报人：王网格", "", "", ""],
        ["所属编码", "单位名称", "类别", "电话"],
        [code, "高田小学", "学校幼儿园", 13812341234],
        ["所属编码", "单位名称", "类别", "电话"],
        ["", "", "", ""],
        *more,
    ]


def as_xlsx(rows: list[list]) -> bytes:
    book, target = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(target)
    return target.getvalue()


def as_xls(rows: list[list]) -> bytes:
    book, target = xlwt.Workbook(), io.BytesIO()
    sheet = book.add_sheet("单位")
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            sheet.write(y, x, cell)
    book.save(target)
    return target.getvalue()


def as_csv(rows: list[list]) -> bytes:
    return "\n".join(",".join(str(cell) for cell in row) for row in rows).encode("gb18030")


def taken(sheet: type, content: bytes, format: type, user) -> list[str]:
    dataset = format().create_dataset(content)
    result = sheet().import_data(dataset, rollback_on_validation_errors=True, user=user)
    assert not result.base_errors, result.base_errors[0].error
    assert not result.error_rows, result.error_rows[0].errors[0].error
    return [message for row in result.invalid_rows for message in row.error.messages]


@pytest.mark.parametrize(("write", "format"), [(as_xlsx, AnyXlsx), (as_xls, AnyXls), (as_csv, AnyCsv)])
def test_the_header_may_stand_anywhere_in_any_kind_of_file(world, write, format):
    with_codes = organisations(world.micro_1.code)
    with_codes[3][2] = "school"
    assert taken(OrganisationSheet, write(with_codes), format, world.register) == []

    made = Organisation.objects.get()
    assert (made.unit, made.name, made.kind, made.contact_phone) == (world.micro_1, "高田小学", "school", "13812341234")


def test_an_error_names_the_senders_own_line(world):
    rows = organisations(world.micro_1.code, ["999", "小店", "shop", ""])
    rows[3][2] = "school"
    [told] = taken(OrganisationSheet, as_xlsx(rows), AnyXlsx, world.register)
    assert "7" in told
    assert Organisation.objects.count() == 0


def test_a_file_of_another_area_is_refused(world):
    rows = [["所属编码", "单位名称"], [world.micro_b.code, "小店"]]
    [told] = taken(OrganisationSheet, as_xlsx(rows), AnyXlsx, world.register)
    assert Organisation.objects.count() == 0
    assert told


def test_the_same_file_again_changes_nothing(world):
    content = as_xlsx([["所属编码", "单位名称", "备注"], [world.micro_1.code, "小店", "一"]])
    taken(OrganisationSheet, content, AnyXlsx, world.register)
    before = Organisation.objects.get().changed_at
    taken(OrganisationSheet, content, AnyXlsx, world.register)
    assert Organisation.objects.get().changed_at == before


def test_resources_come_in_the_same_way(world):
    rows = [["所属编码", "资源名称", "类别", "数量"], [world.micro_1.code, "水泵", "equipment", "3"]]
    assert taken(ResourceSheet, as_xlsx(rows), AnyXlsx, world.register) == []
    assert Resource.objects.get().quantity == 3


def test_the_screens_take_a_file_and_send_exports_elsewhere(world, client):
    client.force_login(world.register)
    add_organisation(world.micro_b, facts={"name": "别处的店"}, actor=None, at=AT)
    shown = client.get(reverse("admin:households_organisation_changelist"))
    assert shown.status_code == 200
    assert "别处的店" not in shown.content.decode()

    content = as_xlsx([["说明"], ["所属编码", "单位名称"], [world.micro_1.code, "小店"]])
    url = reverse("admin:households_organisation_import")
    preview = client.post(url, {"import_file": SimpleUploadedFile("单位.xlsx", content), "format": "0"})
    assert "小店" in preview.content.decode()
    confirmed = client.post(
        reverse("admin:households_organisation_process_import"), preview.context["confirm_form"].initial
    )
    assert confirmed.status_code == 302
    assert Organisation.objects.filter(name="小店").exists()
    export = client.get(reverse("admin:households_organisation_export"))
    assert export.url == reverse("households:ask_export") + "?register=organisations"


def test_the_screen_of_residents_leads_to_the_register(world, client):
    client.force_login(world.register)
    assert client.get(reverse("admin:households_resident_import")).url == reverse("households:loads")
    assert client.get(reverse("admin:households_resident_export")).url == reverse("households:ask_export")
    assert client.get(reverse("admin:households_resident_changelist")).url == reverse("households:list")
