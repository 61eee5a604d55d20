"""Categories and incidents over the API."""

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, PolymorphicProxySerializer, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle, ScopedRateThrottle
from rest_framework.viewsets import GenericViewSet

import clock
from accounts.api import ErrorSerializer
from accounts.known import known_user
from incidents.api.alike import LikenessSerializer, SupplementSerializer, TypedSerializer
from incidents.api.asked import MOVES, MoveSerializer, RemarkSerializer, ReportSerializer, perform
from incidents.api.shown import CategorySerializer, IncidentDetailSerializer, IncidentSerializer, NoteSerializer
from incidents.filters import IncidentFilter
from incidents.likeness import likely_same
from incidents.models import Incident
from incidents.selectors import current_categories, get_visible_or_404, visible_to, with_place
from incidents.services import add_note, report_incident, report_settled, supplement
from incidents.situation import situation_of

_REFUSALS = {
    400: OpenApiResponse(ErrorSerializer, "Something is missing or wrong; `field` says where."),
    403: OpenApiResponse(ErrorSerializer, "It is for others to do."),
    404: OpenApiResponse(ErrorSerializer, "There is no such incident, or none that the user may see."),
    409: OpenApiResponse(ErrorSerializer, "The incident stands elsewhere by now."),
}
_ANY_MOVE = PolymorphicProxySerializer("AnyMove", {**MOVES}, resource_type_field_name="act")


class CategoryViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet):
    """The catalogue as it counts now, groups and what stands below them, in the order of the codes."""

    queryset = current_categories().select_related("lead").prefetch_related("assisting")
    serializer_class = CategorySerializer
    pagination_class = None
    lookup_field = "code"
    lookup_value_regex = r"\d{2,6}"


class Latest(CursorPagination):
    """The newest first. No counting: it would take longer than the page itself on a district's incidents."""

    ordering = ("-reported_at", "-pk")
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


class IncidentViewSet(ListModelMixin, GenericViewSet):
    """Incidents of the user's areas and departments, and those that the user reported."""

    queryset = Incident.objects.none()
    serializer_class = IncidentSerializer
    filterset_class = IncidentFilter
    pagination_class = Latest
    lookup_field = "number"
    lookup_value_regex = r"[\d-]+"

    def get_queryset(self) -> QuerySet[Incident]:
        return with_place(visible_to(known_user(self.request))).select_related(
            "unit", "street", "community", "grid", "micro_grid", "category", "reporter", "merged_into"
        )

    def get_throttles(self) -> list[BaseThrottle]:
        """Reports and moves have limits of their own: a phone that has gone mad mustn't fill the command room."""
        scopes = {"create": "report", "supplements": "report", "moves": "move", "notes": "move"}
        self.throttle_scope = scopes.get(self.action)
        return [*super().get_throttles(), ScopedRateThrottle()]

    @extend_schema(responses={200: IncidentDetailSerializer, 404: _REFUSALS[404]})
    def retrieve(self, request: Request, number: str) -> Response:
        """One incident with its history, and the acts that the user may do now."""
        return self._shown(get_visible_or_404(known_user(request), number).number)

    @extend_schema(
        request=ReportSerializer,
        responses={
            201: OpenApiResponse(IncidentDetailSerializer, "Filed."),
            200: OpenApiResponse(IncidentDetailSerializer, "Filed already, by the same `client_uuid`."),
            **{code: _REFUSALS[code] for code in (400, 403)},
        },
    )
    def create(self, request: Request) -> Response:
        """Report an incident."""
        report = ReportSerializer(data=request.data, context=self.get_serializer_context())
        report.is_valid(raise_exception=True)
        at, measures = clock.now(), report.validated_data["measures"]
        incident = (
            report_settled(report.draft(), actor=known_user(request), measures=measures, at=at)
            if measures
            else report_incident(report.draft(), actor=known_user(request), at=at)
        )
        is_new = incident.reported_at == at
        return self._shown(incident.number, status.HTTP_201_CREATED if is_new else status.HTTP_200_OK)

    @extend_schema(request=_ANY_MOVE, responses={200: IncidentDetailSerializer, **_REFUSALS})
    @action(detail=True, methods=["post"])
    def moves(self, request: Request, number: str) -> Response:
        """Do one act on the incident. Which acts the user may do now stands in its `acts`."""
        user = known_user(request)
        incident = get_visible_or_404(user, number)
        context = self.get_serializer_context()
        named = MoveSerializer(data=request.data, context=context)
        named.is_valid(raise_exception=True)
        act = named.validated_data["act"]
        move = MOVES[act](data=request.data, context=context)
        move.is_valid(raise_exception=True)
        perform(
            act,
            incident,
            actor=known_user(request),
            arguments=move.arguments(situation_of(known_user(request), incident)),
        )
        return self._shown(number)

    @extend_schema(
        request=RemarkSerializer,
        responses={201: NoteSerializer, **{code: _REFUSALS[code] for code in (400, 404)}},
    )
    @action(detail=True, methods=["post"])
    def notes(self, request: Request, number: str) -> Response:
        """Add a remark; it moves nothing."""
        incident = get_visible_or_404(known_user(request), number)
        remark = RemarkSerializer(data=request.data)
        remark.is_valid(raise_exception=True)
        note = add_note(incident, actor=known_user(request), text=remark.validated_data["text"])
        return Response(NoteSerializer(note).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        request=TypedSerializer, responses={200: LikenessSerializer(many=True), 400: _REFUSALS[400]}, filters=False
    )
    @action(detail=False, methods=["post"], pagination_class=None)
    def alike(self, request: Request) -> Response:
        """What is open already and may be the same as a report that isn't filed yet, the likeliest first."""
        typed = TypedSerializer(data=request.data, context=self.get_serializer_context())
        typed.is_valid(raise_exception=True)
        found = likely_same(typed.imagined(at=clock.now()), among=visible_to(known_user(request)))
        return Response(LikenessSerializer(found, many=True, context=self.get_serializer_context()).data)

    @extend_schema(
        request=SupplementSerializer,
        responses={
            201: OpenApiResponse(NoteSerializer, "Added."),
            200: OpenApiResponse(NoteSerializer, "Added already, by the same `client_uuid`."),
            **{code: _REFUSALS[code] for code in (400, 404, 409)},
        },
    )
    @action(detail=True, methods=["post"])
    def supplements(self, request: Request, number: str) -> Response:
        """Add words to an open incident in place of a second report; it stays its first reporter's."""
        incident, at = get_visible_or_404(known_user(request), number), clock.now()
        sent = SupplementSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        note = supplement(incident, actor=known_user(request), at=at, **sent.validated_data)
        is_new = note.at == at
        return Response(NoteSerializer(note).data, status=status.HTTP_201_CREATED if is_new else status.HTTP_200_OK)

    def _shown(self, number: str, status_code: int = status.HTTP_200_OK) -> Response:
        """The incident as the user may see it now. Who moved it out of the own sight gets no more than its number."""
        incident = self.get_queryset().filter(number=number).first()
        if incident is None:
            return Response({"number": number}, status=status_code)
        return Response(
            IncidentDetailSerializer(incident, context=self.get_serializer_context()).data, status=status_code
        )
