"""A workbook of Excel 97 as an office has it; who is rung in the end."""

import base64
import zlib

import pytest

from tests.offices import Office
from tests.zaoan.test_what_workbooks_hold import everyone_rung, homes

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


def test_a_broken_one_is_named(office):
    path = office.folder / "名册.xls"
    path.write_bytes(zlib.decompress(base64.b85decode(BOOK))[:3000])
    assert "无法读取“名册.xls”" in office.zaoan("import", path, code=1)
