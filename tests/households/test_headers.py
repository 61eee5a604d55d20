"""What headers say by their words alone: spellings of every field, and the traps that look like them."""

import pytest
from django.utils import translation

from households.loading.fields import Field
from households.loading.recognition.naming import VOCABULARY, Owner, Tier, normal, read

FIELDS = {
    Field.COMMUNITY: "社区 所属社区 村(社区) 村/社区 村居 村社 行政村 居委会 所在村 社区名称 Community",
    Field.GRID: "网格 所属网格 网格名称 网格编号 所在网格 全科网格 Grid",
    Field.MICRO_GRID: "微网格 所属微网格 微网格编号 小网格 村民小组 小组 组别 生产队 自然村 Micro-grid",
    Field.HOUSEHOLD_NUMBER: "户号 户编号 户口簿编号 户口本号 家庭编号 户籍号 户序号 住户编号 户ID hh 家庭户号",
    Field.ADDRESS: """
        地址 住址 家庭住址 现住地址 现住址 居住地址 现居住地 实际居住地址 详细地址 门牌号 家庭地址 居住地 门牌
        房屋地址 现居住地址（详细到门牌） 房屋地址，如：3-2-501 幢、单元、室 楼栋-单元-房号 租住地址 户主住址 xzz
    """,
    Field.BUILDING: "幢 栋 幢号 楼栋号 楼栋 楼号 幢/栋/号楼 楼幢号 Building",
    Field.STAIRWELL: "单元 单元号 梯号 楼道",
    Field.ROOM: "室 室号 房号 房间号 室/房号 房室号 Room",
    Field.HEAD_NAME: "户主 户主姓名 姓名（户主） 所属户主 家庭户主姓名 hzxm",
    Field.HEAD_NUMBER: "户主身份证号 户主身份证号码 户主公民身份号码 户主证件号码 户主的身份证号 身份证号(户主)",
    Field.DWELLING: "房屋用途 房屋使用情况 住房用途",
    Field.LANDLORD_NAME: "房东 房东姓名 出租人姓名 业主姓名 产权人",
    Field.LANDLORD_PHONE: "房东电话 房东联系电话 房东手机号 业主电话 出租人联系方式",
    Field.NAME: """
        姓名 *姓名 姓名* 姓名（必填） 1、姓名 ①姓名 （1）姓名 3姓名 居民姓名 村民姓名 人员姓名 成员姓名
        家庭成员姓名 租客姓名 承租人姓名 户主及家庭成员姓名 户主/成员姓名 姓名： ＸＭ Name 常住人口姓名
        被采集人姓名 本人姓名 姓名【与身份证一致】
    """,
    Field.NUMBER: """
        身份证号 身份证 身份证号码 公民身份号码 公民身份证号码 证件号码 证件号 身份证件号 身份证件号码 居民身份证号
        身份证编号 有效证件号码 身份号码 身份证号（18位） 18位身份证号 身份证号码(必填，文本格式) 证照号码 sfzh
        gmsfhm 身分证号 本人身份证号 居民身份证号码 证件号码* 身份证信息
    """,
    Field.DOCUMENT: "证件类型 证件种类 身份证件类型 证件名称 zjlx",
    Field.PHONE: """
        联系电话 电话 手机 手机号 手机号码 移动电话 联系方式 电话号码 联系手机 本人电话 联系电话（手机） 手机/电话
        联系号码 租客电话 居民电话 lxdh Phone
    """,
    Field.SEX: "性别 性别(男/女) 性别1男2女 Sex",
    Field.BORN_ON: "出生日期 出生年月 出生年月日 生日 出生时间 出生日期（YYYY-MM-DD） csrq",
    Field.RELATION: """
        与户主关系 与户主的关系 和户主关系 家庭关系 成员关系 关系 户主关系 家庭成员关系 称谓
        与户主关系（户主、配偶、子、女） 本人与户主关系 该成员与本户户主的关系 户主或与户主关系
        与户主关系1户主2配偶3子女 亲属关系 yhzgx
    """,
    Field.MOVED_IN_ON: "迁入日期 入住时间 来本地时间 流入时间 入住日期",
    Field.MOVED_OUT_ON: "迁出日期 搬离时间 离开日期 流出时间",
    Field.TAGS: "标签 人员标签 特殊人群 重点人群类型 关爱对象",
    Field.NOTE: "备注 说明 其他 备注信息 Note",
}
SOMEBODY_ELSES = """
    监护人 监护人姓名 监护人电话 监护人身份证号 第一监护人联系方式 被监护人姓名 配偶姓名 配偶身份证号 配偶电话
    父亲姓名 母亲姓名 母亲身份证号 父母电话 子女姓名 子女电话 儿子电话 亲属姓名 家属电话 紧急联系人 紧急联系人电话
    紧急联系人姓名 应急联系人电话 联系人 联系人电话 联系人姓名 网格员 网格员姓名 网格员电话 网格员身份证号 网格长
    网格长电话 微网格长 微网格员电话 楼栋长 楼长电话 组长 组长电话 村民组长姓名 登记人 填表人 采集人 采集人电话
    录入人姓名 审核人 调查人姓名 走访人 包户干部姓名 联户干部电话 帮扶责任人 帮扶人电话 责任人电话 负责人 法人
    法定代表人 法定代表人身份证号 社区民警 民警电话 家庭医生 家庭医生电话 签约医生 志愿者姓名 房东身份证号
    业主身份证号 户主年龄 电话（监护人） 姓名(配偶) 监护人关系 与监护人关系 雇主姓名 老师姓名 代办人电话 物业电话
    死者姓名 某某姓名
"""
FOREIGN = """
    序号 编号 年龄 年龄(岁) 民族 籍贯 政治面貌 文化程度 学历 婚姻状况 婚姻关系 职业 工作单位 单位名称 单位地址
    就读学校 残疾证号 残疾人证号 残疾等级 低保证号 社保卡号 医保卡号 银行卡号 银行账号 车牌 车牌号 驾驶证号
    居住证号 暂住证号 微信号 QQ号 邮箱 房产证号 不动产权证号 面积(㎡) 租金（元/月） 家庭人口数 人口数 户数 采集时间
    登记日期 填表日期 更新时间 审核时间 签字 照片 是否户主 曾用名 姓名拼音 健康状况 血型 宗教信仰 统一社会信用代码
    电表号 经度 街道 乡镇 区县 楼层 疫苗接种情况 姓名/电话 手机/微信 问题 Problem
"""


LEFT_TO_THE_CELLS = """
    户口性质 人户分离 流动人口 居住类型 人口类型 是否流动人口 房屋性质 居住情况 人员类型 号码 证件 日期 名单 名称
    联系
"""


@pytest.mark.parametrize("field", FIELDS)
def test_spellings_of_the_residents_own(field):
    read_as = {spelling: (read([spelling]).field, read([spelling]).member) for spelling in FIELDS[field].split()}
    assert {spelling: said for spelling, said in read_as.items() if said != (field, 0)} == {}


@pytest.mark.parametrize(
    "spelling", ["姓 名", "姓　名", "姓\n名", " 姓\u200b名 ", "姓名\n(必填)", "\ufeff姓名", "【姓名】", "(姓名)"]
)
def test_marks_and_spaces_change_nothing(spelling):
    assert read([spelling]).field == Field.NAME


def test_what_belongs_to_somebody_else_is_never_the_residents():
    named = {spelling: read([spelling]) for spelling in SOMEBODY_ELSES.split()}
    assert {spelling for spelling, name in named.items() if name.field or name.choices} == set()
    assert {spelling for spelling, name in named.items() if name.owner is not Owner.OTHER} == set()


def test_what_no_register_holds():
    named = {spelling: read([spelling]) for spelling in FOREIGN.split()}
    assert {spelling for spelling, name in named.items() if name.field or not name.is_foreign} == set()


def test_some_names_leave_it_to_the_cells():
    named = {spelling: read([spelling]) for spelling in LEFT_TO_THE_CELLS.split()}
    assert {spelling for spelling, name in named.items() if name.field or not name.choices} == set()


@pytest.mark.parametrize("spelling", ["户主电话", "户主联系电话", "户主手机号码", "户主性别", "户主出生日期"])
def test_what_the_head_alone_has_is_said_to_be_the_heads(spelling):
    assert read([spelling]).owner is Owner.HEAD


@pytest.mark.parametrize(
    ("spelling", "field", "member"),
    [
        ("成员1姓名", Field.NAME, 1),
        ("成员2身份证", Field.NUMBER, 2),
        ("成员10与户主关系", Field.RELATION, 10),
        ("家庭成员一/姓名", Field.NAME, 1),
        ("家庭成员二联系电话", Field.PHONE, 2),
        ("家庭成员（三）姓名", Field.NAME, 3),
        ("第四人姓名", Field.NAME, 4),
        ("第2个成员身份证号", Field.NUMBER, 2),
        ("同住人1姓名", Field.NAME, 1),
        ("姓名3", Field.NAME, 3),
        ("身份证号码2", Field.NUMBER, 2),
        ("成员1年龄", "", 0),
        ("成员2单位", "", 0),
    ],
)
def test_members_are_counted(spelling, field, member):
    named = read([spelling])
    assert (named.field, named.member) == (field, member)


@pytest.mark.parametrize(
    ("path", "field", "member"),
    [
        (["户主信息", "姓名"], Field.HEAD_NAME, 0),
        (["户主", "身份证号"], Field.HEAD_NUMBER, 0),
        (["户主信息", "现住址"], Field.ADDRESS, 0),
        (["家庭成员一", "姓名"], Field.NAME, 1),
        (["成员情况", "成员2", "证件", "号码"], Field.NUMBER, 2),
        (["基本信息", "姓名"], Field.NAME, 0),
        (["证件", "号码"], Field.NUMBER, 0),
        (["证件", "类型"], Field.DOCUMENT, 0),
        (["出生", "日期"], Field.BORN_ON, 0),
        (["联系电话", "本人"], Field.PHONE, 0),
        (["联系电话", "监护人"], "", 0),
        (["监护人", "姓名"], "", 0),
        (["监护人情况", "与户主关系"], "", 0),
        (["紧急联系人", "电话"], "", 0),
        (["工作单位", "电话"], "", 0),
        (["工作单位", "地址"], "", 0),
        (["就读学校", "名称"], "", 0),
        (["出租房信息", "房东", "姓名"], Field.LANDLORD_NAME, 0),
        (["网格信息", "所属社区"], Field.COMMUNITY, 0),
        (["网格员", "姓名"], "", 0),
        (["户主及家庭成员信息", "姓名"], Field.NAME, 0),
    ],
)
def test_a_group_says_whose_its_columns_are(path, field, member):
    named = read(path)
    assert (named.field, named.member) == (field, member)


@pytest.mark.parametrize("path", [["户籍地址"], ["户口所在地"], ["户籍信息", "地址"], ["住址（户籍）"], ["身份证地址"]])
def test_the_registered_address_is_a_second_choice(path):
    named = read(path)
    assert (named.field, named.tier) == (Field.ADDRESS, Tier.SECOND)


@pytest.mark.parametrize("spelling", ["", "  ", "数据来源", "扩展字段1", "张三", "3-2-501"])
def test_what_nobody_knows_is_left_open(spelling):
    assert not read([spelling]).is_known


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_our_own_names_of_the_fields_are_understood(language):
    with translation.override(language):
        labels = {field: str(field.label) for field in Field}
    for field, label in labels.items():
        named = read([label])
        assert field in (named.field, *named.choices), label


def test_a_spelling_belongs_to_one_field_and_is_normal():
    assert all(normal(spelling) == spelling for spelling in VOCABULARY)
