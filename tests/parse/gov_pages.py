"""Pages as the publishing systems of Chinese government sites make them, with an invented plan in each.

A page is the frame of its family round `article(...)`; regions, bodies and sentences are invented.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

TITLE = "云溪县深化产教融合实施方案"
LINES = (
    "各乡镇人民政府，县直有关部门：",
    "为把学校办到产业边上、把课堂搬进车间，结合我县实际，制定本方案。",
    "一、工作目标",
    "到2026年，全县建成产教融合实训基地12个以上，双师型教师占比达到60%，校企合作企业达到50家。",
    "二、重点任务",
    "（一）建设产业学院。围绕主导产业建设产业学院3所，每所学校联系企业不少于10家。",
    "（二）建强教师队伍。每年选派30名教师到企业实践，累计不少于6个月，由县教育局牵头。",
    "云溪县教育局",
    "2024年3月5日",
)
ROWS = (("序号", "重点任务", "责任单位"), ("1", "建设实训基地", "县教育局"), ("2", "培养双师型教师", "县人社局"))
MENU = (
    "<ul><li><a href='/'>首页</a></li><li><a href='/zwgk'>政务公开</a></li><li><a href='/jgzn'>机构职能</a></li></ul>"
)
FOOT = "<div class='footer'>主办：云溪县人民政府办公室 版权所有 网站标识码：0000000000</div>"
SIDE = (
    "<div class='side'><h3>最新发布</h3><ul>"
    + "".join(
        f"<li><a href='t{i}.html'>云溪县召开第{i}次工作会议，研究部署有关工作，推动各项任务落实</a></li>"
        for i in range(1, 9)
    )
    + "</ul></div>"
)


def paragraphs(lines: Sequence[str] = LINES) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def indented(lines: Sequence[str] = LINES) -> str:
    """As editors that only know blanks and line breaks write it."""
    return "<br />\n".join(f"&nbsp;&nbsp;&nbsp;&nbsp;{line}" for line in lines)


def wide(lines: Sequence[str] = LINES) -> str:
    return "".join(
        f'<p style="text-indent:2em">\u3000\u3000<span>{line[:5]}</span><span>{line[5:]}</span></p>\n' for line in lines
    )


def word(lines: Sequence[str] = LINES) -> str:
    """As Word writes it, pasted into an editor: styles, conditional comments, empty paragraphs, numbers by lists."""
    body = "".join(
        f"<p class=MsoNormal style='text-indent:32.0pt;mso-char-indent-count:2.0'>"
        f"<span\nstyle='font-family:仿宋_GB2312'>"
        f"{line[:4]}<span lang=EN-US>{line[4:]}<o:p></o:p></span></span></p>\n<p class=MsoNormal>"
        f"<o:p>&nbsp;</o:p></p>"
        for line in lines
    )
    return (
        "<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->"
        f"<style><!-- p.MsoNormal {{mso-style-parent:''; margin:0cm;}} --></style>"
        f"<div class=WordSection1>{body}</div>"
    )


def table() -> str:
    rows = "".join("<tr>" + "".join(f"<td><p>{c}</p></td>" for c in row) + "</tr>" for row in ROWS)
    return f"<table border='1'><tbody>{rows}</tbody></table>"


def _info() -> str:
    return (
        "<table class='bd1'><tr><td>索引号：</td><td>000000/2024-00012</td><td>发文机构：</td><td>云溪县教育局"
        "</td></tr>"
        "<tr><td>发文字号：</td><td>云教字〔2024〕3号</td><td>成文日期：</td><td>2024年03月05日</td></tr></table>"
    )


def _meta(charset: str = "utf-8") -> str:
    return (
        f'<meta charset="{charset}"><title>{TITLE}_云溪县人民政府</title>'
        f'<meta name="SiteName" content="云溪县人民政府">'
        f'<meta name="ArticleTitle" content="{TITLE}"><meta name="PubDate" content="2024-03-08 10:00">'
    )


def central(article: str) -> str:
    """The state's own portal and those built like it."""
    return (
        f"<!DOCTYPE html><html><head>{_meta()}</head><body><div class='header'>{MENU}</div>{_info()}"
        f"<h1 id='ti'>{TITLE}</h1><div class='pages-date'>2024-03-08 10:00"
        f"<span class='font'>来源： 云溪县教育局</span></div>"
        f"<div class='article oneColumn pub_border'><div class='pages_content' id='UCAP-CONTENT'>"
        f"<div class='trs_editor_view'>{article}</div></div></div>"
        f"<div class='editor'>责任编辑：甲乙</div><div class='related'>相关稿件<ul><li>图解</li></ul>"
        f"</div>{FOOT}</body></html>"
    )


def trs(article: str) -> str:
    return (
        f"<html><head>{_meta()}</head><body>{MENU}<div class='crumb'>当前位置：首页 &gt; 政务公开 &gt; 县政府文件"
        f"</div>"
        f"<div class='detail'><h2 class='title'>{TITLE}</h2>"
        f"<div class='info'>发布时间：2024-03-08 浏览次数：<em id='hits'></em>"
        "字体：[<a>大</a> <a>中</a> <a>小</a>]</div>"
        f"<div id='zoom'><div class='view TRS_UEDITOR trs_paper_default trs_web'>{article}</div></div>"
        f"<div class='share'>分享到：</div></div>{SIDE}{FOOT}</body></html>"
    )


def trs_old(article: str) -> str:
    return (
        f"<html><head>{_meta('gb2312')}</head><body><table width='1000'><tr><td>{MENU}</td></tr></table>"
        f"<table width='1000'><tr><td width='250' valign='top'>{SIDE}</td><td valign='top'><table>"
        f"<tr><td class='tit'>{TITLE}</td></tr>"
        f"<tr><td><div class='TRS_Editor'><style type='text/css'>.TRS_Editor P{{margin:0}}"
        f"</style>{article}</div></td></tr>"
        f"<tr><td align='right'>【打印本页】【关闭窗口】</td></tr></table></td></tr></table>{FOOT}</body></html>"
    )


def vsb(article: str) -> str:
    """Sites of schools and bureaus."""
    return (
        f"<html><head>{_meta()}<meta name='keywords' content='云溪县教育局'></head><body>{MENU}"
        f"<form name='_newscontent_fromname'><div class='main_content'><h1 class='arti_title'>{TITLE}</h1>"
        "<p class='arti_metas'><span>发布者：管理员</span><span>发布时间：2024-03-08</span><span>浏览次数："
        "<span>128</span></span></p>"
        f"<div class='wp_articlecontent'><div id='vsb_content'>"
        f"<div class='v_news_content'>{article}</div></div></div>"
        "<div id='div_vote_id'></div><p>上一条：<a href='1.htm'>关于放假的通知</a></p><p>下一条："
        "<a href='2.htm'>关于开学的通知</a></p>"
        f"</div></form>{FOOT}</body></html>"
    )


def hanweb(article: str) -> str:
    return (
        f"<html><head>{_meta()}</head><body>{MENU}<div class='xl_main'><div class='xxgk_top'>{_info()}</div>"
        f"<div class='title'>{TITLE}</div><div class='bt_content'><!--ZJEG_RSS.content.begin-->{article}"
        "<!--ZJEG_RSS.content.end--></div><div class='bt_fx'>打印 关闭</div></div>"
        f"<div class='pager'>上一篇：无 下一篇：无</div>{FOOT}</body></html>"
    )


def province(article: str) -> str:
    return (
        f"<html><head>{_meta()}</head><body><div class='top'>{MENU}</div><div class='wrap'><div class='article'>"
        f"<h1>{TITLE}</h1><div class='article-info'>来源：云溪县教育局 时间：2024-03-08</div>"
        f"<div class='article-content'>{article}</div></div></div>{SIDE}{FOOT}</body></html>"
    )


def press(article: str) -> str:
    """A site that was made with software for blogs."""
    return (
        f"<html><head>{_meta()}</head><body class='post-template-default single'><header>{MENU}"
        f"</header><div id='content'>"
        f"<main><article id='post-12' class='post-12 post type-post'><header class='entry-header'>"
        f"<h1 class='entry-title'>{TITLE}</h1>"
        "<div class='entry-meta'>2024年3月8日 作者：管理员</div></header>"
        f"<div class='entry-content'>{article}</div><footer class='entry-footer'>分类：政策文件</footer></article>"
        "<div id='comments' class='comments-area'><h2>发表评论</h2><p>您的邮箱地址不会被公开，必填项已标注。"
        "</p></div>"
        f"</main><aside id='secondary'>{SIDE}</aside></div>{FOOT}</body></html>"
    )


def printed(article: str) -> str:
    """The page that a site opens for printing."""
    return (
        f"<html><head><meta charset='utf-8'><title>打印 - {TITLE}</title></head><body onload='window.print()'>"
        f"<center><h2>{TITLE}</h2></center><hr>{article}<hr><center>"
        f"<a href='javascript:window.close()'>关闭窗口</a></center></body></html>"
    )


FAMILIES: dict[str, Callable[[str], str]] = {
    f.__name__: f for f in (central, trs, trs_old, vsb, hanweb, province, press, printed)
}
STYLES: dict[str, Callable[[], str]] = {f.__name__: f for f in (paragraphs, indented, wide, word)}
