"""The symbol of a kind of incident on its tile: that of its class, else that of its group."""

from typing import Final

from incidents.models import Category

_OF_CLASSES: Final = {"0401": "barrier-block", "0404": "plug"}
_OF_GROUPS: Final = {
    "01": "trash",
    "02": "bulb",
    "03": "alert-triangle",
    "04": "flame",
    "05": "users-group",
    "06": "shield-check",
    "07": "home-heart",
    "08": "volume",
    "09": "building",
    "10": "heart-handshake",
    "11": "urgent",
}


def icon_of(category: Category) -> str:
    """The name of a symbol in the sprite; a group of a deployment's own has that of any category."""
    return _OF_CLASSES.get(category.code[:4]) or _OF_GROUPS.get(category.code[:2], "category")
