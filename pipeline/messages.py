"""Every line that the program says, in Chinese and English; languages are `zh` and anything else for English.

Errors carry their own two texts (see `errors`). Here are the words of tables, summaries and help.
"""

from __future__ import annotations

from collections.abc import Iterable

MESSAGES: dict[str, tuple[str, str]] = {
    # columns
    "region": ("地区", "region"),
    "level": ("级别", "level"),
    "document": ("文件", "document"),
    "indicator": ("指标", "indicator"),
    "value": ("目标值", "value"),
    "deadline": ("期限", "deadline"),
    "lead": ("牵头", "lead"),
    "responsible": ("责任", "responsible"),
    "support": ("配合", "support"),
    "strength": ("力度", "strength"),
    "quote": ("原文", "sentence"),
    "where": ("出处", "where"),
    "kind": ("类别", "kind"),
    "outcome": ("结果", "outcome"),
    "file": ("文件", "file"),
    "reason": ("说明", "reason"),
    "fate": ("去向", "fate"),
    "count": ("个数", "count"),
    "example": ("例子", "example"),
    "number": ("数字", "number"),
    "title": ("标题", "title"),
    "status": ("状态", "status"),
    "part": ("部分", "part"),
    "found": ("已装", "found"),
    # strength and kinds
    "must": ("必须", "must"),
    "aim": ("力争", "aim"),
    "encourage": ("鼓励", "encourage"),
    "target": ("目标", "target"),
    "norm": ("常设标准", "norm"),
    "milestone": ("时间节点", "milestone"),
    "action": ("举措", "action"),
    "task": ("任务", "task"),
    "mention": ("提及", "mention"),
    "scheme": ("考核指标", "scheme"),
    "reference": ("引用文件", "reference"),
    # ask
    "resolved.name": ("“{term}”即指标 {names}", "“{term}” is the indicator {names}"),
    "resolved.alias": ("“{term}”是指标 {names} 的别名", "“{term}” is another name of {names}"),
    "resolved.part": ("“{term}”见于指标 {names}", "“{term}” is part of {names}"),
    "resolved.others": ("名称中含有它的还有 {names}", "it is also part of {names}"),
    "resolved.fuzzy": (
        "没有“{term}”，按最接近的 {names} 查找（相似度 {score:.0f}）",
        "no “{term}”: taken for the nearest, {names} (likeness {score:.0f})",
    ),
    "resolved.text": ("词表中没有“{term}”，按原文查找", "“{term}” is no indicator of the lexicon: searched as text"),
    "searched": ("查找的说法：{texts}", "searched: {texts}"),
    "ask.promised": (
        "有数字的承诺：{documents} 份文件，{count} 项",
        "promised with a number: {count} in {documents} documents",
    ),
    "ask.without": ("有承诺、没有数字：{count} 份文件", "promised without a number: {count} documents"),
    "ask.left_out": ("没有计入", "left out"),
    "ask.nothing": ("没有文件承诺“{term}”", "no document promises “{term}”"),
    "ask.silent": ("没有提到的文件：{count} 份", "documents that do not mention it: {count}"),
    "ask.pieces": ("共 {count} 处", "{count} places"),
    "ask.clauses": ("共 {count} 条", "{count} clauses"),
    "left.weight": ("考核权重，不是承诺", "weight of an evaluation scheme, not a commitment"),
    "left.norm": ("常设标准或门槛，不是本规划要达到的目标", "standing rule or threshold, not a goal of this plan"),
    "left.number": ("数字另有用途（{fate}）", "the number is something else ({fate})"),
    "left.background": ("只在任务之外提到", "mentioned outside any task only"),
    # matrix
    "state.quantified": ("有数字", "quantified"),
    "state.qualitative": ("有承诺无数字", "qualitative"),
    "state.other": ("其他", "other"),
    "state.silent": ("未提", "silent"),
    "state.damaged": ("原文残缺", "damaged"),
    "state.no document": ("没有文件", "no document"),
    "cell.quantified": ("{count} 项有数字的承诺", "{count} commitments with a number"),
    "cell.qualitative": ("写了要做，没有给数字（{count} 条）", "promised without a number ({count} clauses)"),
    "cell.norm": ("只有常设标准，没有目标", "only a standing norm, no target"),
    "cell.weight": ("只见于考核指标（权重）", "only as a weight of an evaluation scheme"),
    "cell.number": ("只有已有数据等，不是目标", "only past or other values, no target"),
    "cell.background": ("只在任务之外提到", "mentioned outside any task only"),
    "cell.silent": ("全文没有提到", "the text does not mention it"),
    "cell.damaged": ("原文此处有缺损：{detail}", "the text lost something here: {detail}"),
    "cell.no document": ("没有这个地区的文件", "there is no document of this region"),
    "cell.set aside": ("该地区的文件未能读入：{detail}", "its document was set aside: {detail}"),
    "matrix.title": ("{rows} 行 × {columns} 个指标", "{rows} rows × {columns} indicators"),
    "matrix.legend": (
        "○ 有承诺无数字　· 其他（标准、权重、已有数据）　– 未提　× 原文残缺　? 没有文件",
        "○ promised without a number   · other (norm, weight, past value)   – silent   × damaged   ? no document",
    ),
    "matrix.empty": ("库里还没有可比较的指标", "the database holds no indicator to compare yet"),
    # ingest
    "outcome.read": ("已读入", "read"),
    "outcome.unchanged": ("未变", "unchanged"),
    "outcome.duplicate": ("重复", "duplicate"),
    "outcome.set aside": ("搁置", "set aside"),
    "outcome.missing": ("找不到", "missing"),
    "ingest.reading": ("读入", "reading"),
    "ingest.summary": (
        "{files} 个文件：读入 {read}，未变 {unchanged}，重复 {duplicate}，搁置 {set_aside}；{changed} 处改动",
        "{files} files: {read} read, {unchanged} unchanged, {duplicate} duplicates, {set_aside} set aside; "
        "{changed} changes",
    ),
    "ingest.into": ("数据库：{path}", "database: {path}"),
    "ingest.versions": (
        "{count} 份文件是别的文件的另一版本或转载，比较时不重复计算",
        "{count} documents are versions or reprints of others and are not counted again in comparisons",
    ),
    "ingest.grades": ("质量等级：{grades}", "quality grades: {grades}"),
    # versions of one plan: kinds, and why a member counts
    "version.same-bytes": ("与 {other} 内容相同", "same content as {other}"),
    "version.same-text": ("与 {other} 文字相同，不重复计算", "same text as {other}, not counted again"),
    "version.reprint": ("转载，与 {other} 文字相同，不重复计算", "a reprint of {other}, not counted again"),
    "version.version": ("与 {other} 是同一规划的不同版本，以后者为准", "another version of {other}, which counts"),
    "why.final": ("定稿取代征求意见稿", "the final text replaces the draft"),
    "why.draft-of-revision": ("修订草案，尚未定稿", "a draft of a revision, not final yet"),
    "why.issued-later": ("后者印发在后", "that one was issued later"),
    "why.numbered-later": ("后者文号在后", "that one has the later number"),
    "why.published-later": ("后者发布在后", "that one was published later"),
    "why.undecided": ("先后不明", "which is newer is not known"),
    "why.values-differ": ("目标数字不完全相同", "not all target numbers are the same"),
    "why.part": ("只是其中一部分", "only a part of it"),
    "why.better-grade": ("后者质量较好", "that one is of better quality"),
    "why.more-complete": ("后者较完整", "that one is more complete"),
    "others.head": ("同一规划的其他版本，没有计入", "other versions of the same plans, not counted"),
    "ask.low_grade": (
        "质量低于所要求等级、没有计入的文件：{count} 份",
        "documents left out, below the grade asked for: {count}",
    ),
    "cell.low grade": (
        "该地区的文件质量低于所要求的等级：{detail}",
        "its document is below the grade asked for: {detail}",
    ),
    # quality grades (A to D) and their reasons
    "grade": ("质量", "grade"),
    "grade.furniture": ("{share:.0%} 的字属于网页导航等，不是正文", "{share:.0%} of the characters are page furniture"),
    "grade.low-confidence": (
        "{count} 个字识别把握不大（{share:.1%}）",
        "{count} characters were recognised with low confidence ({share:.1%})",
    ),
    "grade.lost-characters": ("{count} 个字丢失（{share:.2%}）", "{count} characters are lost ({share:.2%})"),
    "grade.damage": (
        "{count} 处残缺无法修补（每千字 {share:.1f} 处）",
        "{count} damaged places that could not be mended ({share:.1f} in 1,000 characters)",
    ),
    "grade.lost-numbers": (
        "{count} 处数字或日期丢失、错乱，相当于全部数字的 {share:.0%}",
        "{count} numbers or dates lost or garbled, {share:.0%} of all numbers",
    ),
    "grade.mended": (
        "{count} 处残缺已修补或形式存疑（每千字 {share:.1f} 处）",
        "{count} places mended or doubtful in form ({share:.1f} in 1,000 characters)",
    ),
    "grade.tables": ("表格有 {count} 处缺格或缺行", "{count} places in tables lost cells or rows"),
    "grade.unaccounted": ("{total} 个数字中 {count} 个没有着落", "{count} of {total} numbers are unaccounted for"),
    "grade.no-title": ("没有标题", "no title"),
    "grade.no-region": ("不知道是哪个地区", "region unknown"),
    "grade.no-date": ("没有日期", "no date"),
    "grade.conflict": ("{count} 处文件信息互相矛盾", "{count} contradictions in what the document says of itself"),
    # show, ledger
    "show.issues": ("需要留意", "to be aware of"),
    "show.references": ("引用文件", "references"),
    "show.outside": ("（章节之外）", "(outside any section)"),
    "show.counts": (
        "{tasks} 项任务，{targets} 个目标数字，{milestones} 个时间节点，{actions} 条举措，{indicators} 行考核指标，"
        "{citations} 份引用文件",
        "{tasks} tasks, {targets} target numbers, {milestones} milestones, {actions} actions, {indicators} scheme "
        "rows, {citations} references",
    ),
    "show.weight": ("权重 {weight}", "weight {weight}"),
    "ledger.total": (
        "{total} 个数字，没有着落 {unaccounted} 个（{share:.1%}）",
        "{total} numbers, {unaccounted} unaccounted ({share:.1%})",
    ),
    # doctor and lexicon
    "doctor.ok": ("可用", "fine"),
    "doctor.missing": ("缺少", "missing"),
    "doctor.optional": ("未装（可选）", "not installed (optional)"),
    "doctor.get": ("安装：{command}", "to get it: {command}"),
    "doctor.python": ("需要 Python 3.11 或更新", "Python 3.11 or newer is needed"),
    "doctor.fts": ("全文检索需要带 FTS5 的 SQLite", "full-text search needs SQLite with FTS5"),
    "doctor.need": ("必需", "needed"),
    "doctor.ocr": ("扫描件的文字识别", "text recognition of scans"),
    "doctor.web": ("在浏览器中核对（serve）", "checking in the browser (serve)"),
    "doctor.cluster": ("多机运行", "running on several machines"),
    "doctor.libreoffice": ("读取 {formats} 需要它", "needed to read {formats}"),
    "doctor.antiword": ("没有 LibreOffice 时读取 {formats}", "reads {formats} where LibreOffice is not installed"),
    "doctor.no_database": ("还没有数据库，先运行 duibiao ingest", "no database yet: run duibiao ingest"),
    "doctor.documents": ("{count} 份文件", "{count} documents"),
    "doctor.stale": (
        "{count} 份文件用旧词表提取，请重新 ingest",
        "{count} documents were read with older lexicons: ingest again",
    ),
    "doctor.rows": ("{count} 行", "{count} rows"),
    "lexicon.fine": ("词表没有问题", "the lexicons are fine"),
    "lexicon.findings": ("词表有 {count} 处问题", "{count} findings in the lexicons"),
    "export.written": ("已写入 {path}", "written to {path}"),
    # sheets
    "sheet.matrix": ("对照表", "matrix"),
    "sheet.commitments": ("承诺", "commitments"),
    "sheet.evidence": ("原文依据", "evidence"),
    "sheet.agencies": ("单位", "agencies"),
    "sheet.documents": ("文件", "documents"),
    "sheet.run": ("运行记录", "run"),
}


def say(key: str, lang: str, **values: object) -> str:
    """The message of a key in a language, filled in. Raises KeyError for an unknown key."""
    text = MESSAGES[key][0 if lang == "zh" else 1]
    return text.format(**values) if values else text


def word(key: str | None, lang: str) -> str:
    """The message of a key where there is one, else the key itself: for values that may come from data."""
    return "" if key is None else say(key, lang) if key in MESSAGES else key


def version_text(kind: str, other: str, why: Iterable[str], lang: str) -> str:
    """What a document that is not counted is to the one that is (`other`), in a sentence; `why` are the codes
    of the link.
    """
    reasons = [say(f"why.{code}", lang) for code in why if f"why.{code}" in MESSAGES]
    text = say(f"version.{kind}", lang, other=other)
    if reasons:
        joined = ("，" if lang == "zh" else ", ").join(reasons)
        text += f"（{joined}）" if lang == "zh" else f" ({joined})"
    return text
