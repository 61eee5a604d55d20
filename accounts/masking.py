"""How what is kept about people is shown to those who needn't see all of it."""

_STAR = "*"


def mask_name(name: str) -> str:
    """张三丰 → 张**; Maria Lopez → M***. The first character, and stars for up to three more."""
    return name[:1] + _STAR * min(len(name) - 1, 3) if name else ""


def mask_phone(phone: str) -> str:
    """13812341234 → 138****1234. The digits that tell one person from another go; short numbers keep two digits."""
    if len(phone) < 7:
        return _STAR * max(len(phone) - 2, 0) + phone[-2:]
    return f"{phone[:3]}{_STAR * (len(phone) - 7)}{phone[-4:]}"


def mask_number(number: str) -> str:
    """330206199001010013 → 3302**********0013; shorter documents keep their first and last two characters."""
    if len(number) >= 15:
        return f"{number[:4]}{_STAR * (len(number) - 8)}{number[-4:]}"
    if len(number) <= 4:
        return _STAR * len(number)
    return f"{number[:2]}{_STAR * (len(number) - 4)}{number[-2:]}"
