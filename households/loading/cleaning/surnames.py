"""Surnames: does a short text begin as a Chinese name does? A hint among others, never a reason to refuse a name."""

from households.loading.cleaning.texts import words

SINGLE = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    "温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂"
    "成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景"
    "党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
    "官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井"
    "祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯"
    "隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由肇朗"
)
COMPOUND = words("""
    欧阳 上官 司马 诸葛 东方 独孤 南宫 夏侯 尉迟 公孙 皇甫 慕容 令狐 长孙 宇文 司徒 司空 轩辕 呼延 端木 百里 东郭
    南门 申屠 公冶 濮阳 太史 淳于 单于 澹台 闻人 钟离 拓跋 赫连 第五 梁丘 西门 张简 范姜
""")


def begins(text: str) -> bool:
    """Whether `text` could be a name: two to four characters that begin with a surname, or a name with a dot."""
    if not 2 <= len(text) <= 4:
        return "·" in text and 3 <= len(text) <= 30 and "㐀" <= text[0] <= "鿿"
    if not all("㐀" <= char <= "鿿" for char in text):
        return False
    return text[0] in SINGLE or text[:2] in COMPOUND
