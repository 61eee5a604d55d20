"""The tree map: boxes that fill the field in proportion, coloured by the worst, and cut names that can't be read."""

import pytest

from dispatch.overview.board import Row
from dispatch.overview.board_map import maps_of
from dispatch.overview.treemap import boxes
from dispatch.selectors import Figures
from grids.models import Unit


@pytest.mark.parametrize("sizes", [[], [5], [11, 4, 2, 2, 1, 1, 1], [1] * 46, [1000, 1]])
def test_the_boxes_fill_the_field_in_proportion_and_never_overlap(sizes):
    laid = boxes(sizes, 960, 400)

    whole = sum(sizes)
    assert [box.width * box.height for box in laid] == pytest.approx([960 * 400 * size / whole for size in sizes])
    for index, one in enumerate(laid):
        assert min(one.x, one.y) >= -1e-6
        assert one.x + one.width <= 960 + 1e-6
        assert one.y + one.height <= 400 + 1e-6
        for other in laid[index + 1 :]:
            across = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
            along = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
            assert across < 1e-6 or along < 1e-6


def test_boxes_are_near_to_squares():
    laid = boxes([6, 6, 4, 3, 2, 2, 1], 600, 400)  # the example of the paper
    assert max(max(box.width / box.height, box.height / box.width) for box in laid) < 3


def test_a_box_is_coloured_by_the_worst_and_leads_to_its_unit():
    rows = [
        Row(Unit(name="高田王村", code="1"), Figures(open=3, overdue=1, due_today=2)),
        Row(Unit(name="牌门社区", code="2"), Figures(open=5, due_today=1)),
        Row(Unit(name="空着的社区", code="3"), Figures(closed_today=4)),
        Row(None, Figures(open=1)),
    ]
    desk, phone = maps_of(rows, lambda unit: f"/board/{unit.code}/", whole="大碶街道整体")

    assert (desk.where, phone.where) == ("desk", "phone")
    assert [(tile.name, tile.tone, tile.url) for tile in desk.tiles] == [
        ("牌门社区", "soon", "/board/2/"),
        ("高田王村", "overdue", "/board/1/"),
        ("大碶街道整体", "running", ""),
    ]
    assert [tile.mark for tile in desk.tiles] == ["◔", "!", ""], "colour is never alone"


def test_a_name_is_cut_to_its_box_and_left_out_where_it_could_not_be_read():
    rows = [
        Row(Unit(name="大碶街道高田王村经济合作社第二网格", code=str(n)), Figures(open=size))
        for n, size in enumerate([300, 10, 10, 10, 1])
    ]
    shorts = [tile.short for tile in maps_of(rows, lambda unit: "/", whole="")[1].tiles]

    assert shorts[0] == "大碶街道高田王村经济合作社第二网格"
    assert all(short.endswith("…") for short in shorts[1:4])
    assert shorts[4] == ""
    assert maps_of([], lambda unit: "/", whole="") == []
