"""Kinds of tags to begin with."""

import pytest

from households.catalogue import load_tag_kinds
from households.models import TagKind

pytestmark = pytest.mark.django_db


def test_the_file_brings_kinds_in_both_languages_some_of_them_sensitive() -> None:
    assert load_tag_kinds() == TagKind.objects.count() >= 20
    assert all(kind.name and kind.name_en for kind in TagKind.objects.all())
    sensitive = TagKind.objects.filter(is_sensitive=True).values_list("code", flat=True)
    assert {"mental_disorder", "community_correction", "serious_illness"} <= set(sensitive)
    assert TagKind.objects.first() == TagKind.objects.get(code="elderly_alone")


def test_loading_again_leaves_what_the_administrator_changed() -> None:
    load_tag_kinds()
    TagKind.objects.filter(code="elderly_alone").update(name="独居长者")
    assert load_tag_kinds() == 0
    assert TagKind.objects.get(code="elderly_alone").name == "独居长者"
