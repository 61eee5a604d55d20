"""What the menu offers to the user of a page."""

from typing import Any

from django.http import HttpRequest


def navigation(request: HttpRequest) -> dict[str, Any]:
    return {"nav_items": [], "phone_nav_items": []}
