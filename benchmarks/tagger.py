"""The tagger on letters of our own making: `python -m benchmarks.tagger [--letters 3800] [--write FILE]`.

No collection of real letters comes with the product. These are built from the demonstration's texts and the starting
dictionary, in seven groups of matters, and spoilt on purpose: greetings and small talk that take up half of the
letter, wrong characters, another group's matter mentioned beside in a quarter of them, three labels in a hundred simply
wrong (so nothing can score above 0.97). Held out in two ways: letters (whose sentences may have been met in other
letters), and sentences (no held-out letter tells its matter in a sentence that was learnt from; single words recur, as
they do in life). Prints what `docs/performance.md` quotes.
"""

import argparse
import csv
import resource
import time
from pathlib import Path
from random import Random
from typing import Final

from governance.demo import stories
from tagging.dictionary import Dictionary
from tagging.evaluation import judge
from tagging.reading import Reader
from tagging.training import Letter, fit, train, verdicts_of

WORDS: Final = Path(__file__).resolve().parent.parent / "tagging" / "catalogue" / "words.csv"
GROUPS: Final = {
    "市容与设施": ("01", "02"),
    "安全与消防": ("03", "04"),
    "矛盾纠纷": ("05",),
    "社会治安": ("06",),
    "民生服务": ("07", "10"),
    "环境噪声": ("08",),
    "物业住房": ("09",),
}
_GREETINGS: Final = ("您好，", "领导好，", "尊敬的领导：", "", "我是本地居民，", "我们家住在这里十几年了，", "打扰了，")
_TALK: Final = (
    "已经打过好几次电话没有人管",
    "希望有关部门重视",
    "大家都很有意见",
    "上个月也反映过一次",
    "麻烦派人来看看",
    "家里有老人和孩子，很不方便",
    "物业说不归他们管",
    "社区的人来看过一次就没有下文了",
    "到底归哪个部门负责",
    "请尽快回复",
    "附近的住户都知道这件事",
    "晚上经过的时候特别担心",
)
_PLACES: Final = ("我们小区", "新村三组", "农贸市场旁", "学校门口", "二号楼", "村委会后面", "河边那条路", "厂区宿舍")
_NAMING: Final = (
    "主要是{word}",
    "就是{word}",
    "{word}，一直这样",
    "说的是{word}这件事",
    "还有{word}",
    "{word}问题很严重",
)
_ODD: Final = "的了在是有这那不人大小上下来去说看着得地和就都"


def letters(count: int, *, seed: int = 5) -> list[tuple[Letter, bool]]:
    """Letters, each with whether every sentence about its matter is one held out."""
    rng = Random(seed)
    names = list(GROUPS)
    sentences, words = ({name: pool(prefixes) for name, prefixes in GROUPS.items()} for pool in (_sentences, _words))

    def named(label: str) -> str:
        return rng.choice(_NAMING).replace("{word}", rng.choice(words[label]))

    made = []
    for number in range(count):
        label = rng.choice(names)
        is_held_out = rng.random() < 0.25
        pool = [text for at, text in enumerate(sentences[label]) if (at % 4 == 3) == is_held_out]
        told = [rng.choice(pool), *(named(label) for _each in range(rng.choice((0, 1, 1, 2))))]
        if rng.random() < 0.25:
            told.append(named(rng.choice(names)))
        told += rng.sample(_TALK, rng.choice((1, 2, 3)))
        text = (rng.choice(_GREETINGS) + "，".join(told) + "。").replace("{place}", rng.choice(_PLACES))
        said = rng.choice(names) if rng.random() < 0.03 else label
        text = _mistyped(rng, text)
        made.append((Letter(text, said, f"{number} {text}"), is_held_out))
    return made


def _sentences(prefixes: tuple[str, ...]) -> list[str]:
    catalogue = stories.catalogue()
    return [text for code in sorted(catalogue) if code.startswith(prefixes) for text in catalogue[code].reports]


def _words(prefixes: tuple[str, ...]) -> list[str]:
    with WORDS.open(encoding="utf-8", newline="") as file:
        return [row["word"] for row in csv.DictReader(file) if row["category"].startswith(prefixes)]


def _mistyped(rng: Random, text: str) -> str:
    return "".join(rng.choice(_ODD) if rng.random() < 0.03 else character for character in text)


def main(count: int, write: Path | None) -> None:
    made = letters(count)
    if write:
        with write.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("text", "label"), *((each.text, each.label) for each, _held in made)])
    began = time.monotonic()
    trained = train([letter for letter, _held in made])
    print(f"letters held out: macro-F1 {trained.report.macro_f1:.3f} of {trained.report.letters}")
    print(f"  sure of {trained.report.sure:.1%}, of these right {trained.report.accuracy_when_sure:.1%}")
    print(f"  took {time.monotonic() - began:.1f} s; weights {len(trained.model.to_bytes()) / 1e6:.2f} MB")
    model = fit([letter for letter, held in made if not held])
    tried = [letter for letter, held in made if held]
    report = judge(verdicts_of(Reader(Dictionary(()), model, 0.0), tried))
    print(f"sentences held out: macro-F1 {report.macro_f1:.3f} of {report.letters}")
    began = time.monotonic()
    for letter in tried:
        trained.reader.read(letter.text)
    print(f"one letter read and explained: {(time.monotonic() - began) / len(tried) * 1000:.2f} ms")
    print(f"largest memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=3800)
    parser.add_argument("--write", type=Path, help="also write the letters to this CSV file")
    options = parser.parse_args()
    main(options.letters, options.write)
