"""What a zone means at the door, as the form proposes it: the handbook's formula (practices 54-56), then plain words.

An order keeps the text that it was made with; a change here changes no order.
"""

from typing import Final, NamedTuple

from grids.models import ZoneOrder

Zone = ZoneOrder.Zone


class Preset(NamedTuple):
    chinese: str
    english: str


PRESETS: Final[dict[str, Preset]] = {
    Zone.LOCKDOWN: Preset(
        "区域封闭，足不出户，服务上门。\n"
        "1. 全体居民居家，不出家门；就医等急事先联系微网格长，由专人接送。\n"
        "2. 生活物资由工作人员送到门口，不当面交接。\n"
        "3. 出入口全部封闭值守，快递、外卖在指定点交接。\n"
        "4. 有发热、缺药、缺菜等情况，马上告诉微网格长。",
        "The area is closed. Stay at home; what you need comes to the door.\n"
        "1. Nobody leaves home. For urgent matters such as medical care call the micro-grid leader first: "
        "you are taken there and back.\n"
        "2. Food and goods are left at the door by the team; nothing is handed over in person.\n"
        "3. All gates are shut and guarded; parcels and meals are handed over at the appointed point.\n"
        "4. Fever, no medicine, no food: tell the micro-grid leader at once.",
    ),
    Zone.CONTROL: Preset(
        "只进不出，人不出区，严禁聚集。\n"
        "1. 居民可在区内活动，不离开本区；确需外出的，经村社同意后登记放行。\n"
        "2. 取物错峰、分楼进行，每次每户一人。\n"
        "3. 棋牌室、活动室等场所关闭，不串门、不聚餐。\n"
        "4. 进出口专人值守，进入须登记。",
        "People may come in, not go out, and may not gather.\n"
        "1. You may move about inside the area, but not leave it. If you must, the community agrees first and the gate "
        "notes it.\n"
        "2. Goods are fetched at different times, building by building, one person a household.\n"
        "3. Card rooms, clubs and the like are closed; no visits, no meals together.\n"
        "4. Gates are guarded; whoever comes in is noted.",
    ),
    Zone.PRECAUTION: Preset(
        "强化社会面管控，严格限制聚集。\n"
        "1. 减少外出和走动，不去人多的地方。\n"
        "2. 红事缓办，白事简办，聚餐停办，确需举办的先报村社。\n"
        "3. 进入公共场所按要求配合查验。\n"
        "4. 身体不舒服先报告，再就医。",
        "Public places are watched more closely; gatherings are strictly limited.\n"
        "1. Go out less, and not where many people are.\n"
        "2. Put weddings off, keep funerals small, hold no banquets; ask the community first if it must be.\n"
        "3. Let yourself be checked where public places ask for it.\n"
        "4. If you feel ill, say so first, then see a doctor.",
    ),
}
