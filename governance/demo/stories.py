"""What people write: reports, results, reasons and notes of invented incidents, in Chinese, without personal data.

`stories.csv` holds for every reportable category how often it comes, in what sort of place it happens, three reports
(`{place}` stands for the spot), what was done and how it ended. The other texts fit any category.
"""

import csv
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

STORIES_CSV = Path(__file__).with_name("stories.csv")

# What sort of place a micro-grid's form is, for the column `where`.
SURROUNDINGS = {
    "stairwell": "urban",
    "building": "urban",
    "floor": "urban",
    "street_section": "urban",
    "villager_group": "rural",
    "natural_village": "rural",
    "enterprise": "works",
    "campus": "public",
    "hospital": "public",
    "market": "public",
    "institution": "public",
    "site": "public",
}

CONTACTED = ("反映人本人", "反映人和所在网格员", "现场当事人", "周边住户代表", "社区值班人员")
RETURN_REASONS = (
    "现场查看后不属于本单位职责，建议派给综合执法队",
    "该路段由上级道路养护单位管理，请转办",
    "描述的位置不清，现场没有找到，请补充具体楼幢",
    "与前一天的事件是同一件事，建议并案处理",
    "权属经核实为小区内部，应由物业先行处理",
    "缺少反映人的回访方式，无法核实，请补充",
)
SUSPEND_REASONS = (
    "需更换的配件已下单，预计三个工作日到货",
    "连续降雨无法开挖，待天气好转后施工",
    "当事人在外地，约定后天下午回来当面处理",
    "须等鉴定报告出具后确定处置方案",
    "限期拆除的法定期限尚未届满",
    "管线权属单位正在会商，已定下会商日期",
)
APPROVAL_NOTES = (
    "情况属实，同意挂账，期间每日巡看一次",
    "同意，到期前一天先报进展",
    "同意，现场围护不得撤除",
)
VERIFY_NOTES = (
    "现场查看，问题已解决，与处置结果一致",
    "电话回访反映人，确认已处理好",
    "到场复看，地面清洁，警戒已撤",
    "查看设施运行正常，周边住户没有新的意见",
    "核对现场与书面答复，一致，通过",
)
REJECT_NOTES = (
    "现场还有部分杂物没有清走，请继续处理",
    "反映人说只修了一处，另一处仍不亮",
    "处置结果没有写明联系了谁，请补充后再报",
    "复看时问题又出现了，需要有长效办法",
)
# Scores as `incidents.models.Evaluation.Score` has them, with the words that came with them.
EVALUATIONS = (
    ("satisfied", "来得很快，处理得很干净"),
    ("satisfied", "当天就解决了，还专门打电话回访"),
    ("satisfied", "态度很好，解释得也清楚"),
    ("satisfied", "处理了，比预想的快"),
    ("satisfied", "解决了问题，希望以后多巡查"),
    ("acceptable", "基本解决，等了一天多"),
    ("acceptable", "还可以，最好能提前说一声"),
)
COMPLAINTS = (
    ("dissatisfied", "修好两天又坏了，希望彻底解决"),
    ("dissatisfied", "只是劝了几句，晚上还是吵"),
    ("dissatisfied", "没有人联系过我，问题还在"),
)
VOID_REASONS = (
    "误报，现场核实没有此情况",
    "反映人主动撤回",
    "演练时误录入，不计入正式事件",
)
MERGE_NOTES = (
    "同一地点、同一问题，并入先报的事件",
    "与网格员上午的上报是同一件事",
    "多位居民反映同一路灯，合并处理",
)
REDISPATCH_NOTES = (
    "经核对职责清单，改派主办单位",
    "原单位已有更急的任务，改由协办单位主办",
)
REOPEN_NOTES = (
    "居民反映问题再次出现",
    "满意度回访不满意，重新处置",
)


class Category(NamedTuple):
    """The texts of one category. `where` are the surroundings in which it happens."""

    code: str
    weight: int
    where: frozenset[str]
    reports: tuple[str, ...]
    measures: str
    outcome: str


@cache
def catalogue() -> dict[str, Category]:
    """All categories that have texts, by code."""
    with STORIES_CSV.open(encoding="utf-8", newline="") as file:
        return {
            row["category"]: Category(
                row["category"],
                int(row["weight"]),
                frozenset(row["where"].split()),
                (row["report_1"], row["report_2"], row["report_3"]),
                row["measures"],
                row["outcome"],
            )
            for row in csv.DictReader(file)
        }


@cache
def _likely(surroundings: str) -> tuple[list[str], list[int]]:
    fitting = [category for category in catalogue().values() if surroundings in category.where]
    return [category.code for category in fitting], [category.weight for category in fitting]


def pick_category(rng: Random, form: str) -> str:
    """The code of something that may happen in a micro-grid of this form; common things come often."""
    codes, weights = _likely(SURROUNDINGS[form])
    return rng.choices(codes, weights)[0]


def report(rng: Random, code: str, place: str) -> str:
    """What somebody reports: a sentence or two about `place`."""
    return rng.choice(catalogue()[code].reports).replace("{place}", place)


def result(rng: Random, code: str) -> tuple[str, str, str]:
    """Who was contacted, what was done, how it ended."""
    texts = catalogue()[code]
    return rng.choice(CONTACTED), texts.measures, texts.outcome
