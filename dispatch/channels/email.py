"""E-mail through the deployment's mail server: the text as it is, and the same as a page."""

import smtplib
from email.errors import MessageError
from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, MailerDoesNotExist
from django.utils.html import format_html

from dispatch.channels import texts
from dispatch.channels.contract import Message, Outcome, Reply, Robot
from dispatch.templatetags.chat import as_chat


def send(robot: Robot, message: Message, timeout: float) -> Reply:
    """One mail to all recipients. How long the server may think is a setting (`MAILERS`), not `timeout`."""
    try:
        _mail(robot, message).send()
    except (OSError, MailerDoesNotExist, MessageError, ValueError) as error:  # SMTP's own errors are OSErrors
        return _failed(error)
    return Reply(Outcome.SENT, "0 ok", f"handed to the mail server for {len(robot.recipients)}")


def _mail(robot: Robot, message: Message) -> EmailMultiAlternatives:
    text, button = texts.apart_from_button(message.text, message.url)
    if message.url:
        text += f"\n\n[{button}]({message.url})"
    title = " ".join(message.title.split())
    mail = EmailMultiAlternatives(
        subject=f"【紧急】{title}" if message.is_urgent else title,
        body=texts.plain(text),
        to=list(robot.recipients),
        headers={"Message-ID": _message_id(message.key), "Auto-Submitted": "auto-generated"},
    )
    page = format_html('<!doctype html><html lang="zh-Hans"><body>{}</body></html>', as_chat(text))
    mail.attach_alternative(page, "text/html")
    return mail


def _message_id(key: str) -> str:
    """The same for every attempt: mail servers that know it already drop the second copy."""
    return f"<{sha256(key.encode()).hexdigest()[:32]}@{urlsplit(settings.SITE_URL).hostname or 'weige'}>"


def _failed(error: Exception) -> Reply:
    """Codes only: the server's words name recipients."""
    if isinstance(error, MailerDoesNotExist):
        return Reply(Outcome.REFUSED, "no mail server: EMAIL_HOST is not set")
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = sorted({code for code, _words in error.recipients.values()})
        outcome = Outcome.RETRY if codes and all(code < 500 for code in codes) else Outcome.REFUSED
        return Reply(outcome, f"SMTP {' '.join(map(str, codes))} recipients refused")
    if isinstance(error, smtplib.SMTPResponseException):
        outcome = Outcome.RETRY if 400 <= error.smtp_code < 500 else Outcome.REFUSED
        return Reply(outcome, f"SMTP {error.smtp_code} {type(error).__name__}")
    if isinstance(error, smtplib.SMTPNotSupportedError | ValueError | MessageError):
        return Reply(Outcome.REFUSED, f"SMTP {type(error).__name__}")
    return Reply(Outcome.SILENT, f"no answer: {type(error).__name__}")
