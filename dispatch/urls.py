"""Addresses of the work at hand. Those under `/incidents/` stand in `dispatch.urls_incidents`."""

from datetime import date

from django.urls import path, register_converter

from dispatch.views import board, close_out, commands, messages, queue, tasks, today


class DayConverter:
    """A day as it stands in addresses: `2026-11-22`."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        """Raises `ValueError`, which is a 404, for what is no day of the calendar."""
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        return value if isinstance(value, str) else value.isoformat()


register_converter(DayConverter, "day")

app_name = "dispatch"
urlpatterns = [
    path("today/", today.today, name="today"),
    path("queue/", queue.queue, name="queue"),
    path("queue/news/", queue.queue_news, name="queue_news"),
    path("queue/<slug:number>/panel/", queue.queue_panel, name="queue_panel"),
    path("tasks/", tasks.tasks, name="tasks"),
    path("verify/", tasks.verify, name="verify"),
    path("board/", board.board, name="board"),
    path("board/incidents/<slug:show>/", board.board_incidents, name="board_district_incidents"),
    path("board/<slug:code>/", board.board_unit, name="board_unit"),
    path("board/<slug:code>/<slug:show>/", board.board_incidents, name="board_incidents"),
    path("close-out/", close_out.close_out, name="close_out"),
    path("close-out/<day:day>/", close_out.close_out_day, name="close_out_day"),
    path("close-out/<slug:code>/<day:day>/", close_out.close_out_report, name="close_out_report"),
    path("commands/", commands.commands, name="commands"),
    path("commands/new/", commands.command_new, name="command_new"),
    path("commands/<str:number>/", commands.command, name="command"),
    path("commands/<str:number>/owing/", commands.command_owing, name="command_owing"),
    path("commands/<str:number>/acknowledge/", commands.command_acknowledge, name="command_acknowledge"),
    path("commands/<str:number>/remind/", commands.command_remind, name="command_remind"),
    path("commands/<str:number>/withdraw/", commands.command_withdraw, name="command_withdraw"),
    path("messages/", messages.messages, name="messages"),
    path("messages/<int:pk>/send-again/", messages.message_send_again, name="message_send_again"),
]
