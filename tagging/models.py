"""What the tagger knows, and what it said: its dictionary, its trained models, its suggestions."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grids.models import Department
from incidents.models import Category, Incident


class DictionaryVersion(models.Model):
    """One state of the dictionary. Every edit, and every file as a whole, makes the next one."""

    number = models.PositiveIntegerField(_("version"), unique=True)
    made_at = models.DateTimeField(_("at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )  # null: the system itself (loading the starting dictionary)

    class Meta:
        verbose_name = _("version of the dictionary")
        verbose_name_plural = _("versions of the dictionary")
        ordering = ["number"]

    def __str__(self) -> str:
        return f"v{self.number}"


class Word(models.Model):
    """A word that speaks for a category, from one version of the dictionary until another. Never edited: replaced."""

    category_code = models.CharField(_("category code"), max_length=6)
    text = models.CharField(_("word"), max_length=20)
    weight = models.PositiveSmallIntegerField(
        _("weight"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(3)],
        help_text=_("1 a hint, 2 strong, 3 decisive."),
    )
    since = models.ForeignKey(DictionaryVersion, models.PROTECT, related_name="+", verbose_name=_("since version"))
    until = models.ForeignKey(
        DictionaryVersion, models.PROTECT, null=True, related_name="+", verbose_name=_("until version")
    )

    class Meta:
        verbose_name = _("word of the dictionary")
        verbose_name_plural = _("dictionary of the tagger")
        ordering = ["category_code", "-weight", "text"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["category_code", "text"], condition=Q(until=None), name="word_once_a_category"
            ),
            models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=3), name="word_weight_1_to_3"),
        ]

    def __str__(self) -> str:
        return self.text


class Tagger(models.Model):
    """One training: what was learnt, from how much, and how well it did on letters that it had not seen.

    The newest one `in_use` makes the suggestions. `report` is an `evaluation.Report`; nothing in it quotes a letter.
    """

    trained_at = models.DateTimeField(_("trained at"))
    trained_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("trained by")
    )  # null: the nightly task or a command
    dictionary = models.ForeignKey(
        DictionaryVersion, models.PROTECT, related_name="+", verbose_name=_("version of the dictionary")
    )
    letters = models.PositiveIntegerField(_("incidents learnt from"))
    weights = models.BinaryField(_("weights"))
    dictionary_share = models.FloatField(_("share of the dictionary"))
    threshold = models.FloatField(_("sure from"))
    report = models.JSONField(_("how well it did"))
    in_use = models.BooleanField(_("in use"))

    class Meta:
        verbose_name = _("training of the tagger")
        verbose_name_plural = _("trainings of the tagger")
        ordering = ["-pk"]


class Suggestion(models.Model):
    """What the tagger said about one incident, with the words that it went by, and what people then decided.

    Made once a version of dictionary and training, right after the report. Who decided stands in the incident's history
    and not here: this measures the tagger, never people.
    """

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="suggestions", verbose_name=_("incident"))
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", verbose_name=_("suggested category"))
    confidence = models.FloatField(_("confidence"))
    is_sure = models.BooleanField(_("sure"))
    words = models.JSONField(_("because of"), default=list)
    dictionary = models.ForeignKey(
        DictionaryVersion, models.PROTECT, null=True, related_name="+", verbose_name=_("version of the dictionary")
    )
    tagger = models.ForeignKey(Tagger, models.PROTECT, null=True, related_name="+", verbose_name=_("training"))
    made_at = models.DateTimeField(_("at"))
    chosen = models.ForeignKey(
        Category, models.PROTECT, null=True, related_name="+", verbose_name=_("category decided by people")
    )
    decided_at = models.DateTimeField(_("decision at"), null=True)

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["incident", "dictionary", "tagger"], nulls_distinct=False, name="suggestion_once_a_version"
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, chosen=None) | Q(decided_at__isnull=False, chosen__isnull=False),
                name="suggestion_decided_names_category",
            ),
        ]

    def __str__(self) -> str:
        return str(self.category)


class Hint(models.Model):
    """What stands beside an incident in the queue: the latest suggestion, and whom it would go to.

    One row an incident, so that a list of fifty needs no query of its own and nobody waits for the tagger. Replaced
    when dictionary or training have changed while the incident still waits for a decision (`tagging.hints`); afterwards
    it stays as whoever decided saw it, until the incident has ended.
    """

    incident = models.OneToOneField(
        Incident, models.CASCADE, primary_key=True, related_name="hint", verbose_name=_("incident")
    )
    suggestion = models.ForeignKey(
        Suggestion, models.CASCADE, null=True, related_name="hints", verbose_name=_("suggestion")
    )  # null: not a word says anything
    lead = models.ForeignKey(
        Department, models.SET_NULL, null=True, related_name="+", verbose_name=_("lead department")
    )  # null: nobody who serves the place is proposed
    dictionary = models.ForeignKey(
        DictionaryVersion, models.PROTECT, related_name="+", verbose_name=_("version of the dictionary")
    )
    tagger = models.ForeignKey(Tagger, models.PROTECT, null=True, related_name="+", verbose_name=_("training"))
    made_at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("suggestion in the queue")
        verbose_name_plural = _("suggestions in the queue")

    def __str__(self) -> str:
        return str(self.suggestion or "")
