"""`/api/v1/`: one router over the endpoints of the apps, their schema, and its documentation."""

from django.contrib.auth.decorators import login_required
from django.urls import include, path, re_path
from django.utils.translation import gettext as _
from drf_spectacular.authentication import SessionScheme
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

from dispatch.api.close_outs import CloseOutViewSet
from dispatch.api.commands import CommandViewSet
from dispatch.api.deadlines import DeadlineViewSet, ExtensionViewSet
from dispatch.api.escalations import EscalationViewSet
from dispatch.api.supervision import SupervisionViewSet
from dispatch.api.whistles import WhistleViewSet
from grids.api import UnitViewSet
from households.api import HouseholdViewSet, ResidentViewSet
from households.loads_api.views import RegisterLoadViewSet
from incidents.api.views import CategoryViewSet, IncidentViewSet


class PageSessionScheme(SessionScheme):
    """Names our session in the schema."""

    target_class = "accounts.api.Session"


router = SimpleRouter()
router.register("units", UnitViewSet, basename="unit")
router.register("households", HouseholdViewSet, basename="household")
router.register("residents", ResidentViewSet, basename="resident")
router.register("categories", CategoryViewSet, basename="category")
router.register("register-loads", RegisterLoadViewSet, basename="register-load")
router.register("incidents", IncidentViewSet, basename="incident")
router.register(r"incidents/(?P<number>[\d-]+)/deadlines", DeadlineViewSet, basename="deadline")
router.register(r"incidents/(?P<number>[\d-]+)/extensions", ExtensionViewSet, basename="extension")
router.register(r"incidents/(?P<number>[\d-]+)/escalations", EscalationViewSet, basename="escalation")
router.register("close-outs", CloseOutViewSet, basename="close-out")
router.register("commands", CommandViewSet, basename="command")
router.register("supervision", SupervisionViewSet, basename="supervision")
router.register("whistles", WhistleViewSet, basename="whistle")


@extend_schema(exclude=True)
class Unknown(APIView):
    """An address that the API doesn't have, answered in the API's own shape."""

    permission_classes = (AllowAny,)

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        raise NotFound(_("The API has no such address. See /api/v1/docs/."))


app_name = "api"
urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", login_required(SpectacularSwaggerSplitView.as_view(url_name="api:schema")), name="docs"),
    path("", include(router.urls)),
    re_path(r"", Unknown.as_view(), name="unknown"),
]
