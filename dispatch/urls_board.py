"""Addresses under `/board/`. Without a code they are the whole district's."""

from datetime import datetime

from django.urls import path, register_converter
from django.utils import timezone

from dispatch.views import board, board_file, board_replay, board_wall


class MomentConverter:
    """A minute as it stands in addresses, by the local clock: `2026-11-22T15:45`."""

    regex = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}"

    def to_python(self, value: str) -> datetime:
        """Raises `ValueError`, which is a 404, for what is no minute of the calendar."""
        return timezone.make_aware(datetime.fromisoformat(value))

    def to_url(self, value: datetime) -> str:
        return f"{timezone.localtime(value):%Y-%m-%dT%H:%M}"


register_converter(MomentConverter, "moment")

urlpatterns = [
    path("", board.board, name="board"),
    path("incidents/<slug:show>/", board.board_incidents, name="board_district_incidents"),
    path("tables.xlsx", board_file.board_file, name="board_file"),
    path("wall/", board_wall.board_wall, name="board_wall"),
    path("at/", board_replay.replay_start, name="replay_start"),
    path("at/<moment:moment>/", board_replay.replay, name="replay"),
    path("at/<moment:moment>/tables.xlsx", board_file.board_file, name="replay_file"),
    path("at/<moment:moment>/<slug:show>/", board_replay.replay_incidents, name="replay_incidents"),
    path("<slug:code>/", board.board_unit, name="board_unit"),
    path("<slug:code>/tables.xlsx", board_file.board_file, name="board_file"),
    path("<slug:code>/wall/", board_wall.board_wall, name="board_wall"),
    path("<slug:code>/at/", board_replay.replay_start, name="replay_start"),
    path("<slug:code>/at/<moment:moment>/", board_replay.replay, name="replay"),
    path("<slug:code>/at/<moment:moment>/tables.xlsx", board_file.board_file, name="replay_file"),
    path("<slug:code>/at/<moment:moment>/<slug:show>/", board_replay.replay_incidents, name="replay_incidents"),
    path("<slug:code>/<slug:show>/", board.board_incidents, name="board_incidents"),
]
