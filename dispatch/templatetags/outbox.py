"""Messages and channels in words."""

from django import template
from django.utils.functional import Promise

from dispatch.message_words import explained, is_doubtful, kind_name
from dispatch.models import OutboxMessage

register = template.Library()


@register.filter
def kind_of(message: OutboxMessage) -> Promise | str:
    """Hourly digest, Close-out …"""
    return kind_name(message.kind)


@register.filter
def why(message: OutboxMessage) -> Promise | str:
    """What kept the message back and what to mend; nothing for one that simply waits for its turn or arrived."""
    State = OutboxMessage.State
    if message.state not in {State.FAILED, State.SKIPPED, State.PENDING}:
        return ""
    return explained(message.channel.kind if message.channel else "", message.reply)


@register.filter
def may_be_double(message: OutboxMessage) -> bool:
    """Whether whoever sent it first died before noting the answer."""
    return is_doubtful(message.reply)
