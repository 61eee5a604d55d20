"""How headers of registers are spelled: the vocabulary, and nothing else. `naming` says how it is read.

All spellings are normalised as `headers.normal` leaves them: half-width, lower case, without spaces and marks. Within a
field the order is the preference: of two columns that could be the address, "现住址" wins over "门牌号".
The abbreviations (xm, sfzh …) are what police and civil-affairs systems write over their exports.
"""

from households.loading.fields import Field

SPELLINGS: dict[Field, str] = {
    Field.COMMUNITY: """
        所属社区 所在社区 社区名称 社区 所属村社区 所在村社区 村社区名称 村社区 社区村 所属村居 所在村居 村居名称
        村居 村居社区 所属村社 村社名称 村社 居村 居村委 村居委 村居委会 所属行政村 所在行政村 行政村名称 行政村
        所属村 所在村 村名称 村名 村 居委会名称 居委会 居委 所属居委会 村委会名称 村委会 村委 所属村委会 居住社区
        现住社区 管辖社区 归属社区 所辖社区 社区名 社区代码 社区编码 社区编号 村代码 村社代码 村社区代码 村居代码
        所属社区名称 所属村名称 街道社区 community village communityname communitycode
    """,
    Field.GRID: """
        所属网格 所在网格 归属网格 网格名称 网格 网格名 网格号 网格编号 网格编码 网格代码 所属网格名称 所属网格编号
        所属网格号 所在网格名称 所在网格编号 管理网格 居住网格 责任网格 一级网格 大网格 基础网格 综合网格 全科网格
        社区网格 网格区域 所属基础网格 所属综合网格 所属全科网格 网格责任区 现住网格 grid gridname gridcode gridno
        gridnumber
    """,
    Field.MICRO_GRID: """
        所属微网格 所在微网格 归属微网格 微网格名称 微网格 微网格名 微网格号 微网格编号 微网格编码 微网格代码
        所属微网格名称 所属微网格编号 微格 微格名称 微格号 所属微格 小网格 小网格名称 所属小网格 微型网格 子网格
        二级网格 现住微网格 所属村民小组 所在村民小组 村民小组名称 村民小组 居民小组 村小组 所属小组 所在小组
        小组名称 小组 小组号 所属组 所在组 村民组 居民组 村组 村组名称 组别 组名 组号 组 生产队 生产小组 小队 队别
        队 村民小队 所属自然村 所在自然村 自然村名称 自然村 自然屯 屯 microgrid microgridname microgridcode
        microgridno villagergroup
    """,
    Field.HOUSEHOLD_NUMBER: """
        户号 户编号 户编码 户代码 户口号 户口编号 户口号码 户口本号 户口本号码 户口本编号 户口簿号 户口簿号码
        户口簿编号 户口册号 家庭编号 家庭编码 家庭代码 家庭号 家庭户号 家庭户编号 家庭户编码 家庭序号 户籍号
        户籍编号 户籍户号 户籍户编号 所属户号 本户编号 本户户号 户序号 户序 户次 户顺序号 户主编号 住户编号 住户号
        住户编码 住户代码 户id 家庭id 户别号 第几户 户数序号 家庭唯一编号 hh hkbh householdnumber householdno
        householdid household familynumber familyno familyid
    """,
    Field.ADDRESS: """
        现住址 现住地址 现住地 现住详细地址 现住地详细地址 现居住地址 现居住地 现居住详细地址 现居住地详细地址
        现居地 现居地址 现居住址 实际居住地址 实际居住地 实际住址 实际居住详址 实际居住详细地址 目前居住地址
        目前住址 当前居住地址 当前住址 居住地址 居住地 居住地详址 居住详址 居住详细地址 居住地详细地址 居住住址
        居住处所 居住地点 居住位置 常住地址 常住地 常住详细地址 经常居住地 经常居住地址 家庭住址 家庭地址
        家庭详细地址 家庭详细住址 家庭居住地址 家庭现住址 家庭现居住地 住址 地址 详细地址 详细住址 具体地址
        具体住址 住宅地址 住房地址 住房坐落 房屋地址 房屋坐落 房屋详细地址 坐落 坐落地址 住户地址 住户住址 居民住址
        居民地址 标准地址 门牌地址 小区地址 小区门牌 门楼牌地址 门楼详址 楼栋门牌 楼栋房号 楼栋单元室 楼栋单元房号
        幢单元室 栋单元室 幢单元房号 幢室 幢室号 幢室号码 楼室号 楼幢室 单元室 楼号房号 楼栋室号 详址 住所 住所地址
        住处 租住地址 租住地 承租地址 租房地址 暂住地址 暂住地 暂住处所 暂住详细地址 出租房地址 出租屋地址
        在本地居住地址 现在住址 门牌号码 门牌号 门牌 门楼牌号 户门牌 户门牌号 家庭门牌号 dz xzz xjzdz address
        homeaddress currentaddress residentialaddress
    """,
    Field.BUILDING: """
        幢 幢号 栋 栋号 楼栋 楼栋号 楼栋号码 楼号 楼幢 楼幢号 幢栋 幢栋号 栋幢 号楼 楼 楼宇 楼宇号 楼宇名称 楼房号
        楼座 座 座号 楼栋名称 楼栋编号 所在楼栋 所属楼栋 大楼 楼名 幢名 building buildingno buildingnumber block
    """,
    Field.STAIRWELL: """
        单元 单元号 单元号码 单元编号 所在单元 所属单元 单元门 单元楼 梯 梯号 楼梯 楼梯号 门洞 门洞号 楼道 楼道号
        楼门 楼门号 stairwell stairwellno unit unitno entrance
    """,
    Field.ROOM: """
        室 室号 房号 房间号 房间号码 房间 房间编号 房 房室 房室号 室房号 房门号 门号 门户号 户室 户室号 套间号
        室号房号 房屋号 房屋室号 住房号 户号室 单元房号 宿舍号 宿舍房号 寝室号 room roomno roomnumber flat flatno
    """,
    Field.HEAD_NAME: """
        户主姓名 户主名字 户主名 户主 所属户主 所在户主 本户户主 户长 户长姓名 hzxm nameofthehead
        headname headofhousehold householder householdhead nameofhead
    """,
    Field.HEAD_NUMBER: """
        户主身份证号 户主身份证号码 户主身份证 户主公民身份号码 户主证件号码 户主证件号 户主身份号码 hzsfzh
        documentnumberofthehead headdocumentnumber headidnumber idnumberofthehead
    """,
    Field.DWELLING: """
        房屋用途 住房用途 房屋使用用途 房屋使用情况 住房使用情况 房屋使用性质 房屋使用状态 房屋使用状况
        房屋居住情况 房屋居住性质 居住方式 useofthedwelling dwelling dwellinguse
    """,
    Field.LANDLORD_NAME: """
        房东姓名 房东 房东名字 房主姓名 房主 出租人姓名 出租人 nameofthelandlord landlordname landlord
    """,
    Field.LANDLORD_PHONE: """
        房东电话 房东联系电话 房东手机 房东手机号 房东手机号码 房东联系方式 房东电话号码 房主电话 房主联系电话
        出租人电话 phoneofthelandlord landlordphone
    """,
    Field.NAME: """
        姓名 名字 居民姓名 村民姓名 人员姓名 本人姓名 成员姓名 家庭成员姓名 户内成员姓名 户内人员姓名 家庭人员姓名
        家庭成员名字 家庭成员 人口姓名 住户姓名 公民姓名 中文姓名 姓名中文 常住人口姓名 户籍人口姓名 流动人口姓名
        暂住人姓名 租客姓名 租户姓名 承租人姓名 承租人 同住人姓名 同住人员姓名 共同居住人姓名 居住人姓名
        居住人员姓名 被采集人姓名 被登记人姓名 人名 姓各 xm name fullname residentname personname
    """,
    Field.DOCUMENT: """
        证件类型 证件种类 证件类别 证件名称 身份证件类型 身份证件种类 身份证件名称 有效证件类型 有效证件种类
        证照类型 证照种类 身份证明类型 证类 zjlx document documenttype kindofdocument idtype
    """,
    Field.NUMBER: """
        公民身份号码 公民身份证号码 公民身份证号 公民身份证 身份证号码 身份证号 居民身份证号码 居民身份证号
        居民身份证 身份证 身份证编号 身份证件号码 身份证件号 身份证件编号 身份证件 身份号码 身份号 身份证证号
        身份证证件号 身份证证件号码 本人身份证号 本人身份证号码 本人身份证 有效证件号码 有效证件号 有效身份证件号码
        有效身份证件号 有效身份证号码 证件号码 证件号 证件编号 证照号码 证照号 证件证号 证号 身份证明号码
        二代身份证号 二代身份证号码 第二代身份证号码 二代证号 新身份证号 身份证信息 身份证id 18位身份证号
        18位身份证号码 身份证18位 身分证 身分证号 身分证号码 身份证号吗 身份证好 身份证好码 身证号 sfz sfzh sfzhm
        sfzjh sfzjhm zjhm zjh gmsfhm gmsfzhm documentnumber documentno number idnumber idno idcard idcardno
        idcardnumber identitycard identitycardnumber identitynumber
    """,
    Field.PHONE: """
        本人手机号码 本人手机号 本人手机 本人联系电话 本人电话 本人联系方式 手机号码 手机号 手机 手机联系号码
        手机联系方式 联系手机 联系手机号 移动电话 移动电话号码 移动电话号 联系电话 联系电话号码 联系电话号 联系方式
        联系号码 电话联系方式 联络电话 联络方式 电话号码 电话号 电话 手机电话 电话手机 联系电话手机 手机联系电话
        个人电话 个人手机号 通讯方式 通讯电话 通信电话 居民电话 居民手机号 常用电话 常用手机号 有效电话 联系电话1
        手机号1 电话1 lxdh lxfs sjh sjhm dh phone phonenumber mobile mobilephone mobilenumber telephone
        telephonenumber tel
    """,
    Field.SEX: "性别 男女 性别男女 xb sex gender",
    Field.BORN_ON: """
        出生日期 出生年月日 出生年月 出生时间 出生年月日期 出生日 生日 出生 诞生日期 身份证出生日期 csrq csny
        bornon birthdate dateofbirth birthday birth
    """,
    Field.RELATION: """
        与户主关系 与户主的关系 与户主之关系 和户主关系 和户主的关系 同户主关系 跟户主关系 与户主关系名称
        与户主关系代码 与本户户主关系 与家庭户主关系 与户长关系 与户主亲属关系 户主关系 本人与户主关系
        成员与户主关系 家庭成员与户主关系 与户主或其关系 户主或与户主关系 是户主的 系户主的 家庭关系 家庭成员关系
        成员关系 户内关系 家庭内关系 家庭称谓 称谓 家庭角色 家庭身份 亲属关系 家属关系 关系 yhzgx relation
        relationtothehead relationtohead relationship relationshiptohead relationshiptothehead
        relationshiptohouseholder
    """,
    Field.RESIDENCE: "residence residencekind residencetype",
    Field.MOVED_IN_ON: """
        迁入日期 迁入时间 迁入年月 迁入本地日期 何时迁入 来本地日期 来本地时间 来村时间 来社区时间 来此居住时间
        来住时间 来住日期 入住日期 入住时间 入住年月 居住开始日期 居住开始时间 开始居住时间 起住日期 何时入住
        流入日期 流入时间 到达日期 抵达日期 搬入日期 搬入时间 居住起始日期 暂住开始日期 暂住起始日期 租住开始日期
        movedinon moveindate
    """,
    Field.MOVED_OUT_ON: """
        迁出日期 迁出时间 迁出年月 何时迁出 搬离日期 搬离时间 搬出日期 搬出时间 搬走时间 离开日期 离开时间
        离开本地日期 流出日期 流出时间 退租日期 退租时间 居住结束日期 居住截止日期 movedouton moveoutdate
    """,
    Field.TAGS: """
        标签 人员标签 人群标签 特殊人群 特殊人群类型 特殊人群类别 特殊群体 特殊群体类型 特殊人员 特殊人员类型
        特殊人员类别 重点人群 重点人群类型 重点人群类别 重点人员 重点人员类型 重点人员类别 重点人员标签 关爱对象
        关爱对象类型 关爱类型 关注对象 关注类型 重点关注 重点关注人群 重点关注对象 人群类别 人群类型 人群分类
        服务对象类型 服务对象类别 tags tag
    """,
    Field.NOTE: """
        备注 备注栏 备注信息 备注说明 备注情况 其他备注 附注 备考 说明 其他说明 情况说明 其他情况 其它情况
        其他情况说明 其他 其它 bz note notes remark remarks comment comments
    """,
}

SECOND_CHOICE: dict[Field, str] = {
    Field.NUMBER: """
        护照号码 护照号 护照编号 护照 通行证号码 通行证号 港澳台证件号 港澳台证件号码 港澳居民来往内地通行证号
        台胞证号 台胞证号码 回乡证号 其他证件号码 其他证件号 其它证件号码 永久居留证号 外国人永久居留证号
        外国人永久居留身份证号 港澳台居民居住证号 证件号码护照 passport passportno passportnumber
    """,
    Field.PHONE: """
        固定电话 固定电话号码 固话 座机 座机号 座机号码 座机电话 家庭电话 家庭联系电话 家庭电话号码 住宅电话 宅电
        家中电话 备用电话 备用联系电话 备用手机号 备用号码 其他电话 其他联系电话 其他联系方式 第二联系电话
        联系电话2 手机号2 电话2 联系电话二 短号 homephone
    """,
    Field.ADDRESS: """
        户籍地址 户籍地 户籍所在地 户籍所在地址 户籍详细地址 户籍地详细地址 户籍地详址 户籍住址 户籍登记地址
        户口地址 户口所在地 户口所在地址 户口登记地址 户口住址 身份证地址 身份证住址 身份证登记地址 证件地址
        registeredaddress
    """,
}
"""Taken only where no column has a first-choice spelling: the passport beside the identity card, the landline beside
the mobile phone, the registered address beside the one lived at."""

ESTATES = """
    小区 小区名称 小区名 所属小区 所在小区 居住小区 楼盘 楼盘名称 路名 道路 道路名称 街路巷 街路巷名称 路街巷 弄
    estate street
"""
"""The part of an address before the building. An address of its own only beside columns for building or room."""

BY_CONTENT: dict[str, tuple[Field, ...]] = {
    spelling: wanted
    for wanted, spellings in (
        (
            (Field.RESIDENCE,),
            """
            人口类型 人口类别 人口性质 人口属性 人口分类 居民类型 居民类别 居民性质 居民属性 户口性质 户口类型
            户口类别 户口状况 户籍性质 户籍类型 户籍类别 户籍状态 户籍情况 户籍状况 户籍属性 户籍 户口 人户分离
            人户分离情况 是否人户分离 人户一致 人户一致情况 人户一致性 人户状态 人户情况 人户关系 流动人口
            是否流动人口 流动人口类型 是否常住 是否常住人口 是否户籍人口 是否本地户籍 常住情况 常住流动 常住或流动
            常住类型 常住 居住人口类型 在册情况 在册类型 人员性质 人员属性 户籍人口 常住人口
        """,
        ),
        (
            (Field.DWELLING, Field.RESIDENCE),
            """
            房屋性质 房屋类型 房屋类别 房屋属性 房屋状态 房屋情况 房屋状况 房屋现状 住房性质 住房类型 住房类别
            住房情况 住房状况 住房属性 居住性质 居住情况 居住类型 居住类别 居住状态 居住状况 居住属性 住户类型
            住户类别 住户性质 户类型 户类别 户别 入住情况 入住状态 租住情况 出租情况 租住类型 自住出租 自住或出租
            是否出租 是否出租房 是否租住 是否租房 产权性质 居住信息 居住
        """,
        ),
        (
            (Field.RESIDENCE, Field.TAGS, Field.RELATION),
            "人员类型 人员类别 人员分类 人员身份 身份 身份类别 身份类型 类型 类别 性质 情况 属性 分类",
        ),
        (
            (Field.NUMBER, Field.PHONE, Field.DOCUMENT),
            "号码 证件 编码 号 证件信息 联系 联系信息 通讯 证",
        ),
        (
            (Field.NAME,),
            """
            名 名称 名单 人员 居民 村民 人员名单 租客 租户 同住人 住户 成员 人口 称呼 居住人 居住人员 家庭人员
            共同居住人 户内人员 实际居住人 现居住人 实际使用人 入住人 租住人
        """,
        ),
        ((Field.BORN_ON,), "日期 年月日 出生信息 生年月日 时间"),
    )
    for spelling in spellings.split()
}
"""Headers that say too little: the cells decide whether the column is one of these fields, or none."""

OF_THE_HEAD = "户主 户长"
OF_THE_LANDLORD = (
    "房东 出租人 房主 屋主 业主 产权人 产权所有人 房屋所有人 房屋所有权人 所有权人 出租户 出租房主 二房东 landlord"
)
OF_OTHERS = """
    监护人 被监护人 法定监护人 监护 配偶 妻子 丈夫 爱人 老伴 父亲 母亲 父母 父 母 子女 儿子 女儿 亲属 亲戚 直系亲属
    家属 家长 抚养人 赡养人 扶养人 照料人 照护人 看护人 护理人 护工 保姆 紧急联系人 应急联系人 紧急联络人 紧急 应急
    联系人 联络人 联络员 第一联系人 第二联系人 联系亲属 网格员 网格长 网格管理员 网格负责人 网格责任人 网格民警
    网格干部 网格支部书记 微网格员 微网格长 微网格 微格员 微格长 楼栋长 楼长 楼组长 楼道长 单元长 墙门组长
    片长 片区长 街长 巷长 路长 户联络员 组长 村民组长 小组长 队长 村长 社长 书记 村支书 主任 网格指导员 专员
    包片干部 包户干部 包联干部 包组干部 包保干部 包保人 包保责任人 包干人 包村干部 联户干部 联系干部 驻村干部
    帮扶人 帮扶干部 帮扶责任人 结对人 结对干部 结对党员 责任人 第一责任人 直接责任人 负责人 管理人 管理员 经办人
    承办人 法人 法定代表人 法人代表 单位负责人 企业负责人 老板 雇主 店主 业主代表 物业 物业管家 管家 中介 介绍人
    担保人 保证人 证明人 代办人 代理人 受托人 委托人 被委托人 代领人 领取人 收款人 开户人 受益人 登记人 登记员
    填表人 填报人 填写人 填报员 制表人 制表 采集人 采集员 信息采集员 信息员 录入人 录入员 上报人 报告人 审核人
    审批人 复核人 核查人 核对人 核实人 调查人 调查员 访问员 普查员 走访人 走访人员 入户人 入户人员 上门人员 排查人
    排查人员 检查人 检查员 工作人员 社工 社区工作者 社区民警 民警 辅警 派出所民警 片警 医生 家庭医生 签约医生 村医
    护士 志愿者 楼栋志愿者 党员联系人 联系党员 老师 班主任 辅导员 申报人 转介人 陪同人 访客 来访人 被访人
    emergencycontact contact guardian spouse father mother gridworker
"""
"""Whose name, phone or document it is when it is not the resident's. Longest first is `naming`'s business."""

SUBJECTS = """
    老人 老年人 独居老人 空巢老人 高龄老人 儿童 孩子 幼儿 未成年人 学生 残疾人 残疾人员 党员 退役军人 退伍军人 军人
    优抚对象 低保对象 低保户 特困人员 困难对象 帮扶对象 救助对象 服务对象 关爱对象 走访对象 重点人员 重点对象
    管控对象 矫正对象 社区矫正人员 刑释人员 吸毒人员 患者 病人 精神障碍患者 孕妇 产妇 孕产妇 志愿服务对象 失业人员
    申请人 户代表 从业人员 员工 职工 被调查者 受访者 新居民
"""
"""Of whom a list is made: 老人姓名 is the resident's name in a list of the elderly, somebody else's in any other."""

OWN_WORDS = """
    居民 村民 人员 人口 住户 本人 个人 公民 家庭成员 户内成员 户内人员 家庭人员 家庭 成员 常住人口 户籍人口
    流动人口 暂住人口 外来人口 租客 租户 承租人 承租户 同住人 同住人员 共同居住人 居住人 居住人员 被登记人 被采集人
    被调查人 对象 当事人 实际 目前 当前 现 最新 主要 有效 常用 基本信息 个人信息 人员信息 人员基本信息
"""
"""Words before a kind of fact that leave it the resident's own: 居民姓名, 租客电话."""

FILLERS = "必填 选填 必录 信息 情况 内容 栏 项 填写"
"""Words after a spelling that change nothing."""

FOREIGN = """
    残疾证 残疾人证 残疾等级 残疾类型 残疾 低保证 低保 特困 五保 优抚 优待证 退役 复员 社保 社会保障 医保 医疗
    新农合 参保 银行 账号 帐号 卡号 存折 开户 车牌 车辆 车号 驾驶 行驶证 居住证 暂住证 健康证 工作证 学生证 毕业证
    结婚证 离婚证 生育证 准生证 出生证 房产证 房权证 土地证 产权证 不动产 产权 合同 许可证 营业执照 执照 信用代码
    组织机构 税号 微信 qq 邮箱 邮件 邮编 邮政 email 传真 网址 单位 公司 企业 学校 幼儿园 班级 年级 职业 职务 职称
    岗位 工种 工作 就业 就读 务工 从业 行业 学历 学位 文化程度 文化 专业 特长 技能 民族 国籍 籍贯 出生地 政治面貌
    党员 党龄 入党 入团 支部 党组织 宗教 信仰 婚姻 婚否 结婚 离婚 生育 计生 怀孕 避孕 兵役 服役 健康 血型 身高 体重
    疾病 病史 慢性病 体温 疫苗 接种 核酸 检测 抗原 隔离 精神 用药 手术 年龄 周岁 岁数 面积 平方 平米 层数 楼层 层
    间数 套数 结构 建成 年份 数量 单价 金额 价格 租金 收入 工资 补贴 补助 存款 田亩 耕地 承包 宅基地 林地 亩 元
    户数 人数 人口数 总数 总人口 合计 小计 总计 累计 占比 比例 百分比 得分 分数 积分 次数 频次 序号 编号 顺序 行号
    流水号 工号 学号 警号 编制 签名 签字 签章 盖章 手印 指纹 照片 相片 图片 二维码 附件 链接 审核 审批 核实 核查
    登记 填表 填报 采集 录入 更新 更改 变更 修改 创建 上报 上传 走访 入户 排查 检查 巡查 宣传 发放 领取 状态 结果
    是否 有无 能否 省 市 县 区县 街道 乡镇 镇 行政区划 经度 纬度 坐标 经纬度 曾用名 别名 外号 绰号 拼音 英文 姓氏
    水表 电表 燃气 用电 用水 门禁 钥匙 宠物 犬 狗 物资 物品 资产 设备 设施 规格 型号 品牌 库存 存放 保管 采购 考勤
    签到 签退 出勤 缺勤 请假 加班 值班 班次 打卡 上午 下午 夜班 星期 周一 周二 周三 周四 周五 周六 周日 去向 目的地
    来源地 车次 航班 途经 注销 死亡 去世 age ethnicity nation education occupation employer marital
"""
"""Words that make a header none of ours, whatever its cells look like: a disability certificate's number holds the
identity number too."""

FOREIGN_GROUPS = """
    单位 企业 公司 学校 就业 就读 务工 车辆 银行 账户 残疾证 低保 医保 社保 疫苗 接种 宠物 来源地 目的地 经营 店铺 商铺
"""
"""The same over a group of columns: "工作单位" over "名称", "地址", "电话"."""

KINDS = """
    姓名 名字 电话 手机 联系方式 身份证 身份号码 证件号 证件号码 出生 生日 性别 住址 地址 户号 name phone
"""
"""A fact of a person. With an unknown word before it, the fact is somebody else's for all we know."""
