"""Addresses of the work at hand. Those under `/incidents/` stand in `dispatch.urls_incidents`."""

from datetime import date

from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from dispatch import urls_board, urls_queue
from dispatch.views import (
    close_out,
    close_out_reasons,
    close_out_report,
    close_out_trend,
    commands,
    duty,
    leader,
    messages,
    roster,
    supervision,
    tasks,
    today,
    whistles,
)


class DayConverter:
    """A day as it stands in addresses: `2026-11-22`."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        """Raises `ValueError`, which is a 404, for what is no day of the calendar."""
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        return value if isinstance(value, str) else value.isoformat()


class FileConverter(StringConverter):
    """The kinds of files that a close-out is written as."""

    regex = r"docx|xlsx"


class CallConverter(StringConverter):
    """The number of a command, a supervision item or a whistle: a character for its sort, a day and a count."""

    regex = r"\w[\d-]+"


register_converter(DayConverter, "day")
register_converter(FileConverter, "file")
register_converter(CallConverter, "call")

app_name = "dispatch"
urlpatterns = [
    path("today/", today.today, name="today"),
    path("queue/", include(urls_queue)),
    path("tasks/", tasks.tasks, name="tasks"),
    path("verify/", tasks.verify, name="verify"),
    path("board/", include(urls_board)),
    path("leader/", leader.leader, name="leader"),
    path("leader/brief/", leader.leader_brief, name="leader_brief"),
    path("leader/brief.docx", leader.leader_brief_file, name="leader_brief_file"),
    path("leader/<slug:code>/", leader.leader, name="leader_unit"),
    path("leader/<slug:code>/cases/", leader.leader_cases, name="leader_cases"),
    path("leader/<slug:code>/brief/", leader.leader_brief, name="leader_unit_brief"),
    path("leader/<slug:code>/brief.docx", leader.leader_brief_file, name="leader_unit_brief_file"),
    path("close-out/", close_out.close_out, name="close_out"),
    path("close-out/trend/", close_out_trend.close_out_trend, name="close_out_trend"),
    path("close-out/to-explain/", close_out_reasons.to_explain, name="to_explain"),
    path("close-out/lines/<int:pk>/", close_out_reasons.close_out_line, name="close_out_line"),
    path("close-out/<day:day>/", close_out_report.close_out_day, name="close_out_day"),
    path("close-out/<day:day>/sheet/", close_out_report.close_out_sheet, name="close_out_sheet"),
    path("close-out/<day:day>/sheet.<file:kind>", close_out_report.close_out_sheet, name="close_out_sheet"),
    path("close-out/<slug:code>/<day:day>/", close_out_report.close_out_report, name="close_out_report"),
    path("close-out/<slug:code>/<day:day>/sheet/", close_out_report.close_out_sheet, name="close_out_sheet"),
    path("close-out/<slug:code>/<day:day>/sheet.<file:kind>", close_out_report.close_out_sheet, name="close_out_sheet"),
    path("commands/", commands.commands, name="commands"),
    path("commands/new/", commands.command_new, name="command_new"),
    path("commands/<call:number>/", commands.command, name="command"),
    path("commands/<call:number>/owing/", commands.command_owing, name="command_owing"),
    path("commands/<call:number>/acknowledge/", commands.command_acknowledge, name="command_acknowledge"),
    path("commands/<call:number>/remind/", commands.command_remind, name="command_remind"),
    path("commands/<call:number>/withdraw/", commands.command_withdraw, name="command_withdraw"),
    path("duty/", duty.duty, name="duty"),
    path("duty/handovers/", duty.handovers, name="handovers"),
    path("duty/handovers/<int:pk>/", duty.handover, name="handover"),
    path("duty/handovers/<int:pk>/take-over/", duty.handover_take_over, name="handover_take_over"),
    path("duty/roster/", roster.roster, name="roster"),
    path("duty/roster/week/", roster.roster_week, name="roster_week"),
    path("duty/shifts/<int:pk>/cancel/", roster.shift_cancel, name="shift_cancel"),
    path("duty/shifts/<int:pk>/swap/", roster.shift_swap, name="shift_swap"),
    path("duty/shifts/<int:pk>/stand-in/", roster.shift_stand_in, name="shift_stand_in"),
    path("duty/swaps/<int:pk>/answer/", roster.swap_answer, name="swap_answer"),
    path("supervision/", supervision.supervision, name="supervision"),
    path("supervision/items.xlsx", supervision.supervision_file, name="supervision_file"),
    path("supervision/new/", supervision.supervision_new, name="supervision_new"),
    path("supervision/of/<slug:number>/", supervision.supervise_incident, name="supervise_incident"),
    path("supervision/<call:number>/", supervision.supervision_item, name="supervision_item"),
    path("supervision/<call:number>/<slug:act>/", supervision.supervision_act, name="supervision_act"),
    path("whistles/", whistles.whistles, name="whistles"),
    path("whistles/new/", whistles.whistle_new, name="whistle_new"),
    path("whistles/<call:number>/", whistles.whistle, name="whistle"),
    path("whistles/<call:number>/<slug:act>/", whistles.whistle_act, name="whistle_act"),
    path("messages/", messages.messages, name="messages"),
    path("messages/<int:pk>/send-again/", messages.message_send_again, name="message_send_again"),
    path("channels/<int:pk>/send-again/", messages.channel_send_again, name="channel_send_again"),
    path("channels/<int:pk>/test/", messages.channel_test, name="channel_test"),
]
