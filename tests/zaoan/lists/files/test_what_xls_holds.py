"""A workbook of Excel 97 as an office has it; who is rung in the end."""

import base64
import zlib

import pytest

from tests.offices import Office
from tests.zaoan.lists.files.test_what_workbooks_hold import everyone_rung, homes

BOOK = (
    "c-"
    "rk)Pe>F|82{e<ad&n9>KdpZi;$HW?79^a=$28Q5^a_K5ZIcAqNpqtD1xR5K}bOq6?G82bg{Z*QH0W^Ltx|~C<HA!bqWeQsMGhpc{"
    "7dM9$YG^m~WWx|M!0H&3iNN?Y^1~EQ~)WT!a*=1{qd07i3v{3~!fV_yOaZ##KW)@z!kmr^w~RiOf>riRYz*&mo`hMUddWGJ_o8J>"
    "Dmv7wUSt+d>;iHPnX$<9(<?&fqqByih>B$|Zh^cpmY4l=+nSUh<3)ufp5~b{uA7b!C-"
    "e6(5yKDCPy;?iAI$B~JwM;RRpCgIAcItHQoyN22TR3=}JFm;ju&+P3btWTI;Uf;fQ_@Kp-"
    "|d@<hC>5%Q;SU&^we_QK!r14*s6o4VnPSOG&1vi{lctm2J#-"
    "{i(JclB*g4_da?wF?$#jdmSmrx9J<g}w`itleg5o=kBqi{F+5;CxJ*Qfh>8$1BvXe6?ua(6f!t_VkDT;80si(OOAm-"
    "|w}6&R)@_O7$0{myVoIEsNNEX4;pP^kb8iv>|C*fTbGt^Y<!!A=ZBC@-"
    "7u8uXR%uldS&=<RbOZv`Le0eT1hxQ{H~{rvh+OMR@FJVUgz==;xR{>VUs^SlC!y%bTwXtj(gwi6$wR*Oh4Bp$>}l%@6gLOD1>ITt"
    "8eia1fCx!4wqz7_S+PYsWXM?b{2p*~r=*dLsH6B~yT+z(r^o?jzS&dS-Xo17lU49Uc|YMyw(Pv0%4<QIL{#3t*5704zvKwP)@(_y"
    "A1iD#u-GFq}}DQGFCrJ|(@9F_)$5l)uKXN2Q0Eso<gEsm3CS{%n|T2>q>4UR-OE|IU#Ht*jvY(o;`(RF<^dKSmXF>9<CvIQd~Fl5"
    "4Ti+q_dJf>wGi%cj!)8aUO)3V|yX~v=uPC(=<gp+GpRvg8|Q6(o@9H)%w5d-BTtq?{dmr3%gTFQlo{Gs7)_Jgv)CYx-"
    "s$tIg@vguce(P<Ls?4*d3G(QbG#Q!=gc(2-jll-@I7<%wJgFj3UKsU-"
    "H^kuYuHi62Fw%9srjQ<Nc9YORYbV3XDqch|6i)UwM9nZQ8{lD)O$`pS!lYahT{O|iC14j"
)
"""Written by xlwt 1.3.0, compressed: building and unit of the first two people are merged, the row of the third is
hidden, and the room of the fourth is #N/A."""

UNCALCULATED = (
    "c-rk)U2IfE6h3qRdbfYOTc}kKT&pZU?c#15u|~0_KPoCxXhAe2xGlF(SXk%}kp$!Nml&0(A<-8SL*&J16k{R}l33n+&`2~SXkr4s5qVgQrXhi@-<"
    "&&lcirrgZXqUW=kB>@&Y62=&di)SXU?AgK6vTm=kqR8L3xaHn#%ad%Hs)u&m#gvn&M4mG8vDZnJxdSa#LZshX(e~1js$F0N848D;1tC|Gl!Fl6b}"
    "_L_M?{c!c&-Ipr=`On!gUk(rw2chfDi<IjA2>A$5P*8#=Ozx4O={8s_00X2YHfZq)P6a>@(<^bjb>e(iU8US|#?g7jL%m>^HSO8cExDOBl+z)63J"
    "OFqQum}(aELM6hRainZ>JddhH0zV@Nb%X&Ma!hGYQB|Q&U=3u7IE4*$9C~6U^DHJw$T+&42J%x(#bl+h16jJM!FI;K_|eirO%jqmftJc`cOJ3)TS"
    "(Ylh(nyALDl;ziUa#pJADwnG=JZeIrlLYwxH-P$jy_p&b;bjWiDH>_crgjpECB`CrOYB38ju4x>GBo2}6T9RlKc_Q%P*@k7)_&(O2X>7s>3HJy^@"
    "^C@SyGZIf+;&XS3{>+5(&iF(~@@1#Y|6_W5txP`s@A#*%cE#4Y$^AZE$X{B5-&}&ftOVazly7?a*g5`j4QDk)8HocaopCT_F|JD)jOU~(7|%_anV"
    "0!Y9EGP2O6L!c?(7|pCq^TC$CG2u*5!kv``*Iw7kJJI8$i^5Owe!ik_-ar^*pSVmd;*!2`?$ghgPae%VYXA^t9=qKv1zKL<im-wD4NM4J$Uni;b{"
    "hPvR8ZfVulr_`$*b@x_{cpohnQc@yZsaMgC84SikffZ7Kp`+zF8pO$Ua{r<R4V&8ic`}eFv<@LmwEpPA7AcpzqL&J?>gLXY2w}<r#YckNe4l(dIh"
    "gc0Awqmx@g#>wq0nFpZN7sH>Gtk?<h54!69?&AW1(^Clw45`Ru|yNU5AnBi5dskq!(HLVZf8e)<9Mjg85tgG?o1|kHily@;Z^krh@o42(Hr09gu="
    "atxzi*34nu)fE?3$Y=hc^>emHXRP~>8|eQ93(Bs`-J(-Qm~qGr)7JQ)uQ+JL@odX?7=QQPt}mb8=#*5qgncZefqjyCZ0<k2RcH;f!@;fYt~XsouV"
    "S2St0jC6kUT|^6bb=QvyKl4Npo>suS$u}5ppIu6T5?M+ErDZ7{l%AywP)3$AL77>~0%a*m@CX&mUBs*7FSvL4siB&pt+80!ifA<25{+4~0)c^ZAG"
    "$VVl924P#vE?e@bgiFE?Q}_@4&Dtr5Bgdvr@XQq*_Rx6bn}`fr%6<RY45~l=74@i+5|H+aPyqnxsKS6IVxiHoG!baTyCT4J>0>q}5PECACCbRzza"
    "4NHiu_Oyd=k61wKbXW7pZXMNRzPT8|odTHF|l51e$uBjE7tcCTU)@X|>UUIH(bIEC4rC#X_(oegNAZ;r*C(Xo9dOFH`ZKRhl-<J*)xr1v|$#POg+"
    "S3zS9eruJ7a5|*aW08(%YJnRlr<A=gOA*1=XWH$dw=B&atDE1v|j1v5CL0rV~E@Iq`b4Q86F%-jwXl3LOrhxI*HJuk3{<815P60u;F(O4-K{5PVO"
    "Syh%w_bl_55<BK^{(qaXZ!eeL$Z$M4$IwD^mk<h~qGE?u^_sQ}ZV*6ul#=WJ5B&Q_K0>`^(=m78wvBI{8l=auQy%h6wQv<u%|II(<w;Q0H{zxn#7"
    "-O>aLc$-z8<%QZnp01_%`Q=XL|2$5C4Hc7Ni*^GFy@1h2XeSM@9y`n4|2p;(Ztj{XBd<R1^X#Mx<L<&9uZ0dfW;DK@mxE77M*4--Svy^eJiwW;{Y"
    "x)eZvMYa<?60W>qD-y3s0Q)el@IMi1$Qt#*n8Z!MW93-0{sa*1rkxNp}2hj4;SLIBbFC>C-lY`7Z~I&Hn$x<uCEZDog"
)
"""Written by LibreOffice 7.4 of a csv file in which every cell of the two people but the names and one telephone is a
formula such as ``="0301"``; it stores 0 as their results."""

LITERAL = b"\x07\x00\x17\x04\x000301"
JOINED = b"\x07\x00\x17\x00\x00\x17\x00\x00\x08"
"""Tokens of the formulas ``="0301"`` and ``=""&""``, behind their number of bytes."""


@pytest.fixture
def office(tmp_path, monkeypatch):
    return Office(tmp_path, monkeypatch)


@pytest.mark.parametrize("name", ["名册.xls", "名册.xlsx"])
def test_merged_cells_hidden_rows_and_errors(office, name):
    path = office.folder / name
    path.write_bytes(zlib.decompress(base64.b85decode(BOOK)))
    said = office.zaoan("import", path, code=1)
    assert "新增 2 条" in said
    assert "有 1 行隐藏着" in said
    assert "第5行，房号：“#N/A”是公式出错的结果" in said
    assert homes(office) == {"陶秀兰": ("3号楼", "1单元", "101"), "沈德福": ("3号楼", "1单元", "201")}
    assert everyone_rung(office) == {"陶秀兰", "沈德福"}


def test_a_text_that_a_program_has_never_calculated_is_that_text_and_not_zero(office):
    path = office.folder / "名册.xls"
    path.write_bytes(zlib.decompress(base64.b85decode(UNCALCULATED)))
    assert "新增 2 条，更新 0 条，未变 0 条，有错误 0 条" in office.zaoan("import", path)
    assert homes(office) == {"陶秀兰": ("3号楼", "2单元", "0301"), "沈德福": ("3号楼", "2单元", "302")}
    assert everyone_rung(office) == {"陶秀兰", "沈德福"}


def test_any_other_formula_without_a_result_is_one(office):
    """The same, in which the formulas join their text with another."""
    path = office.folder / "名册.xls"
    content = zlib.decompress(base64.b85decode(UNCALCULATED))
    assert content.count(LITERAL) == 1
    path.write_bytes(content.replace(LITERAL, JOINED))
    said = office.zaoan("import", path, code=1)
    assert "新增 1 条" in said
    assert "第2行，房号：这里的公式还没有结果" in said


def test_a_broken_one_is_named(office):
    path = office.folder / "名册.xls"
    path.write_bytes(zlib.decompress(base64.b85decode(BOOK))[:3000])
    assert "无法读取“名册.xls”" in office.zaoan("import", path, code=1)
