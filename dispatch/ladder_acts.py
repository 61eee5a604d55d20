"""What this app lets people do on an incident's page: send it up the ladder, or straight to the district."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from dispatch.escalation import lanes
from incidents.acts import ActPage, add_acts
from incidents.forms.acts import ActForm
from incidents.forms.fields import long_text
from incidents.situation import Situation

_HELP: Final = _("Without names, phone or document numbers of residents.")


class ReportUpForm(ActForm):
    about = "dispatch/about/_report_up.html"
    reason = long_text(_("Remark"), limit=lanes.LONGEST_REASON, required=False, rows=2, help_text=_HELP)


class ReportExpressForm(ActForm):
    about = "dispatch/about/_report_express.html"
    reason = long_text(_("Why it can't wait"), limit=lanes.LONGEST_REASON, help_text=_HELP)


def connect() -> None:
    """Add the acts to the page of every incident."""
    add_acts(
        ActPage(
            "report-up",
            _("Report up"),
            _("Reported to the next tier. The page shows who was told."),
            "upload",
            ReportUpForm,
            lanes.report_up,
            fits=_is_open,
            may=_may_send_up,
            also=_has_tier_above,
            by_api=False,
        ),
        ActPage(
            "report-express",
            _("Alert the district"),
            _("Reported straight to the district; the street has a copy. The page shows who was told."),
            "urgent",
            ReportExpressForm,
            lanes.report_express,
            fits=_is_open,
            may=_may_send_up,
            also=lambda now: lanes.running(now.incident, lanes.Kind.EXPRESS) is None,
            is_danger=True,
            by_api=False,
        ),
    )


def _is_open(now: Situation) -> bool:
    return now.incident.is_open


def _may_send_up(now: Situation) -> bool:
    return lanes.tier_of(now.user, now.incident, at=now.at) is not None


def _has_tier_above(now: Situation) -> bool:
    """Something above the user's own tier has not been told of it that way yet."""
    tier = lanes.tier_of(now.user, now.incident, at=now.at)
    return tier is not None and lanes.goes_higher(now.incident, tier)
