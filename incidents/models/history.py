"""What happened to an incident. Rows are appended and never edited; a database trigger refuses anything else."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grids.models import Post
from incidents.models.incident import Incident
from incidents.workflow import Act, Status


class StatusChange(models.Model):
    """One act on an incident: who, in which post, when, from where to where, and why.

    `actor` empty is the system itself, or a resident without an account (`by_resident`). The post's wording is copied,
    because posts and units are renamed later.
    """

    incident = models.ForeignKey(
        Incident, models.PROTECT, related_name="changes", db_index=False, verbose_name=_("incident")
    )  # its index is `change_of_incident`
    act = models.CharField(_("act"), max_length=16, choices=Act)
    old = models.CharField(_("from"), max_length=12, choices=Status, blank=True)
    new = models.CharField(_("to"), max_length=12, choices=Status)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    by_resident = models.BooleanField(_("by a resident without an account"), default=False, db_default=False)
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", verbose_name=_("post"))
    post_label = models.CharField(_("post at the time"), max_length=200, blank=True)
    at = models.DateTimeField(_("at"))
    note = models.TextField(_("note"), blank=True)
    data = models.JSONField(_("details"), default=dict)

    class Meta:
        verbose_name = _("status change")
        verbose_name_plural = _("status changes")
        ordering = ["pk"]
        indexes: ClassVar = [
            # How each of thousands of incidents stood at a past minute, read from the index alone.
            models.Index(fields=["incident", "id"], include=["at", "old", "new"], name="change_of_incident"),
            models.Index(fields=["incident"], condition=Q(act=Act.TRIAGE), name="change_triage"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(by_resident=False) | Q(actor=None), name="change_by_user_or_resident")
        ]


class Result(models.Model):
    """What the lead says was done: the four elements of a reply audit (when, who was contacted, what, outcome)."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="results", verbose_name=_("incident"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("recorded at"))
    done_at = models.DateTimeField(_("handled at"))
    contacted = models.CharField(_("who was contacted"), max_length=200, blank=True)
    measures = models.TextField(_("what was done"), max_length=2000)
    outcome = models.TextField(_("result"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")
        ordering = ["pk"]


class Note(models.Model):
    """A remark on an incident. It moves nothing: neither the status nor any clock.

    One with `client_uuid` is a supplement (附议补充): somebody was about to report the same thing, and added to this
    incident instead. The id is that of the form, which sent twice is one supplement.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="notes", verbose_name=_("incident"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )  # null: the resident who reported it
    post_label = models.CharField(_("post at the time"), max_length=200, blank=True)
    at = models.DateTimeField(_("at"))
    text = models.TextField(_("remark"), max_length=2000)
    client_uuid = models.UUIDField(_("client's own id"), null=True, unique=True)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["pk"]


class SuspensionRequest(models.Model):
    """The lead asks to put an incident on hold (挂账) until a date; somebody else decides."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="suspensions", verbose_name=_("incident"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    reason = models.TextField(_("reason"), max_length=1000)
    until = models.DateTimeField(_("until"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    is_approved = models.BooleanField(_("approved"), null=True)
    decision_note = models.TextField(_("decision"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("request for suspension")
        verbose_name_plural = _("requests for suspension")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["incident"], condition=Q(decided_at=None), name="suspension_one_request")
        ]


class Evaluation(models.Model):
    """What the person concerned thinks of the outcome, recorded in a call or by link."""

    class Score(models.TextChoices):
        SATISFIED = "satisfied", _("Satisfied")
        ACCEPTABLE = "acceptable", _("Basically satisfied")
        DISSATISFIED = "dissatisfied", _("Dissatisfied")

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="evaluations", verbose_name=_("incident"))
    score = models.CharField(_("evaluation"), max_length=12, choices=Score)
    text = models.TextField(_("in their words"), max_length=1000, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("recorded by")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        ordering = ["pk"]
