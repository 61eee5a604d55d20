"""What lists call the kinds of people whom the catalogue of tags names formally: 低保, 低保户 for 低保对象.

Codes are those of the catalogue that comes with the system; a word whose code an installation doesn't have is nothing.
"""

from collections.abc import Iterable, Mapping
from typing import Final

_EVERYDAY: Final[Mapping[str, str]] = {
    "elderly_alone": "独居 独居老年人 孤寡老人",
    "empty_nest": "空巢 空巢老年人",
    "oldest_old": "高龄 高龄老年人 80岁以上老人 80周岁以上老人",
    "lost_family": "失独 失独户 失独老人 计生特殊家庭",
    "disabled_elderly": "失能 失能半失能 失能半失能老人 半失能 半失能老人",
    "disabled": "残疾 残疾人员 残疾人士 残障人士 持证残疾人",
    "minimum_living": "低保 低保户 低保人员 低保家庭 最低生活保障对象",
    "low_income_edge": "低边 低边户 低保边缘 低保边缘户",
    "extreme_poverty": "特困 特困户 特困供养 特困供养人员 五保 五保户 五保老人",
    "child_in_need": "困境未成年人",
    "left_behind_woman": "留守女性",
    "pregnant": "孕妇 产妇 孕产",
    "veteran": "退伍军人 复员军人 退役士兵 复退军人 退伍 退役",
    "military_family": "军属 烈属 军人家属",
    "unemployed": "失业 失业人员",
    "temporary_hardship": "临时困难户",
    "serious_illness": "重病 大病 大病患者 重病人员",
    "mental_disorder": "精神障碍 精神病 精神病人 严重精神障碍患者 精神障碍者",
    "community_correction": "社区矫正 社区矫正人员 矫正对象 社矫",
    "released": "刑释 刑释人员 刑满释放 刑满释放人员 安置帮教对象",
    "drug_rehabilitation": "吸毒人员 戒毒人员 社区戒毒 社区康复 社区戒毒人员",
    "petitioner": "信访人员 信访 信访对象 重点信访人员",
}


def words_of_tags(kinds: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """Code by word, for kinds given as code, name and English name. The catalogue's own names win over other words."""
    words: dict[str, str] = {}
    names: dict[str, str] = {}
    for code, name, name_en in kinds:
        words |= dict.fromkeys(_EVERYDAY.get(code, "").split(), code)
        names |= {text: code for text in (name, name_en) if text}
    return words | names
