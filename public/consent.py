"""The privacy notice that is valid now, and new versions of it."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Max

import clock
from accounts.models import User
from public.models import Consent

FIRST: Final = (
    "我们收集您写下的内容、照片，以及您自愿留下的电话，只用于办理和答复这件事。经办这件事的工作人员可以看到内容和照片；"
    "电话加密保存，查看会留下记录，事情办结 90 天后删除。"
    "不留电话也可以上报。请不要写他人的姓名、电话、证件号，也不要拍人脸。"
    "想查看、更正或删除，请凭办件号和查询码联系本街道指挥室。"
)
FIRST_EN: Final = (
    "We keep what you write, your photos and, if you choose to leave it, your phone number, only to handle and answer "
    "this matter. The staff who handle it see the text and the photos; the phone number is kept encrypted, each look "
    "at it is logged, and it is deleted 90 days after the matter has ended. You can report without a phone number. "
    "Please give no names, phone or document numbers of others and photograph no faces. To see, correct or delete it, "
    "ask the sub-district's command room, with the number and the query code."
)


def current_consent() -> Consent:
    """The newest version; the product's own first wording where none was written yet."""
    found = Consent.objects.first()
    if found is None:
        first = {"text": FIRST, "text_en": FIRST_EN, "made_at": clock.now()}
        found, _made = Consent.objects.get_or_create(version=1, defaults=first)
    return found


def consent_seen(version: int | None) -> Consent:
    """The version that a form was shown with; the present one when there is none of that number."""
    seen = Consent.objects.filter(version=version).first() if version else None
    return seen or current_consent()


@transaction.atomic
def publish_consent(text: str, text_en: str, *, actor: User, at: datetime | None = None) -> Consent:
    """A new version, shown from now on. The very same wording again changes nothing."""
    last = current_consent()
    if (last.text, last.text_en) == (text, text_en):
        return last
    Consent.objects.select_for_update().get(pk=last.pk)
    version = (Consent.objects.aggregate(last=Max("version"))["last"] or 0) + 1
    return Consent.objects.create(version=version, text=text, text_en=text_en, made_at=at or clock.now(), made_by=actor)
