"""Which service does which act on a whistle: pages and API look it up here."""

from collections.abc import Callable
from typing import Final

from dispatch import whistling
from dispatch.models import Whistle, WhistleParty, WhistleStep

Act = WhistleStep.Act

OF_PARTY: Final[dict[str, Callable[..., WhistleParty]]] = {
    Act.SIGN: whistling.sign,
    Act.CONTACT: whistling.contact,
    Act.ARRIVE: whistling.arrive,
    Act.FINISH: whistling.finish,
    Act.RELEASE: whistling.release,
    Act.RATE: whistling.rate,
}
"""What is done to one department of a whistle."""
OF_WHISTLE: Final[dict[str, Callable[..., Whistle]]] = {Act.CLOSE: whistling.close, Act.WITHDRAW: whistling.withdraw}
"""What is done to the whole of it."""
