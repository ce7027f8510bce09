import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts import phones
from contacts.phones import (
    EmergencyNumberError,
    ExtensionError,
    InvalidNumberError,
    PhoneError,
    PremiumNumberError,
    ShortNumberError,
)
from core.i18n import Language

FULL_WIDTH = str.maketrans("0123456789-()+ ", "０１２３４５６７８９－（）＋　")
EMERGENCY = ("110", "119", "120", "122")
prefixes = st.sampled_from(["0311", "(0311)", "（0311） ", "0311-", "0086311", "0086-311-", "+86 311 ", "+86(311)", ""])
separators = st.sampled_from(["", " ", "-", "–", " - ", ".", "\u2011"])
local_numbers = st.integers(min_value=86000000, max_value=86999999).map(str)


@given(prefixes, local_numbers, separators, st.booleans())
def test_one_number_is_the_same_however_it_is_written(prefix, local, separator, full_width):
    written = f" {prefix}{local[:4]}{separator}{local[4:]} "
    if full_width:
        written = written.translate(FULL_WIDTH)
    assert phones.parse(written, "CN", "0311") == f"+86311{local}"


@given(st.integers(min_value=13900000000, max_value=13999999999).map(str), separators)
def test_a_mobile_number_needs_no_area_code(mobile, separator):
    written = separator.join((mobile[:3], mobile[3:7], mobile[7:]))
    assert phones.parse(written, "CN", "0311") == f"+86{mobile}"
    assert phones.parse(f"0086{mobile}", "CN", "") == f"+86{mobile}"


LEADING = ["", "0311", "0311-", "（0311）", "86 311 ", "0086311", "+86311", "311"]


@given(st.integers(20_000_000, 99_999_999).map(str), separators)
def test_every_local_number_of_eight_digits_is_one_of_this_area(local, separator):
    assert phones.parse(f"{local[:4]}{separator}{local[4:]}", "CN", "0311") == f"+86311{local}"
    if not local.startswith("800"):  # libphonenumber knows no such number in Shanghai, and in Shijiazhuang it does
        assert phones.parse(local, "CN", "021") == f"+8621{local}"


@given(st.integers(20_000_000, 99_999_999).map(str), st.sampled_from(LEADING))
def test_whoever_rings_from_a_local_number_is_known_however_the_provider_writes_it(local, leading):
    assert phones.caller(leading + local, "CN", "0311") == f"+86311{local}"


@given(st.integers(2_000_000, 9_999_999).map(str))
def test_a_city_with_seven_digits_has_local_numbers_of_seven(local):
    assert phones.parse(local, "CN", "0313") == f"+86313{local}"


@pytest.mark.parametrize(
    ("written", "area_code", "number"),
    [
        ("85195678", "0311", "+8631185195678"),
        ("87095123", "0311", "+8631187095123"),
        ("20962405", "0311", "+8631120962405"),
        ("86000101", "0311", "+8631186000101"),
        ("21120345", "021", "+862121120345"),
        ("0851-8519 5678", "0311", "+8685185195678"),
    ],
)
def test_a_local_number_is_neither_another_provinces_service_nor_an_emergency(written, area_code, number):
    assert phones.parse(written, "CN", area_code) == number


SERVICES = ["95588", "95120", "951201", "12345", "12306", "10086", "96110", "114", "96300"]


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("before", ["", "0311", "0311-", "+86 311 ", "010-", "0086311"])
def test_the_number_of_a_service_is_refused_with_any_code_in_front(service, before):
    with pytest.raises(PhoneError) as raised:
        phones.parse(before + service, "CN", "0311")
    assert before == "010-" or isinstance(raised.value, ShortNumberError | PremiumNumberError)


@pytest.mark.parametrize("text", ["010-12345678", "0311-01234567", "0755-00000000", "2012345", "8601234"])
def test_no_subscriber_in_china_begins_with_0_or_1_and_a_short_local_number_is_not_read_otherwise(text):
    with pytest.raises(InvalidNumberError):
        phones.parse(text, "CN", "0311")


@pytest.mark.parametrize("written", ["anonymous", "", "95588", "110", "sip:x", "+266696687", "0000"])
def test_who_rings_from_no_whole_number_is_nobody_known(written):
    assert phones.caller(written, "CN", "0311") is None


MARKS = ("转", "-", " ext ", " ext. ", "转接", " 分机：", "x", "#", " 内线", "；")


@given(st.sampled_from(MARKS), st.sampled_from(["0311-", "", "+86 311 "]), local_numbers, st.integers(1, 9999))
def test_an_extension_is_named_as_the_reason(mark, prefix, local, extension):
    with pytest.raises(ExtensionError):
        phones.parse(f"{prefix}{local}{mark}{extension}", "CN", "0311")


@given(
    st.sampled_from(EMERGENCY),
    st.sampled_from(["", "+86", "0086", "+86 ", "0311", "0311-", "+86311", "010", "010-", "86"]),
    st.text(alphabet=" -().", max_size=3),
    st.booleans(),
    st.sampled_from(["0311", "010", ""]),
)
def test_an_emergency_number_is_never_accepted(number, prefix, separator, full_width, area_code):
    written = f"{prefix}{separator}{number[0]}{separator}{number[1:]}"
    with pytest.raises(PhoneError):
        phones.parse(written.translate(FULL_WIDTH) if full_width else written, "CN", area_code)


@given(st.text(alphabet="0123456789+-() 转", max_size=16))
def test_whatever_is_accepted_is_a_whole_number_that_is_no_emergency(text):
    try:
        number = phones.parse(text, "CN", "0311")
    except PhoneError:
        return
    assert number.startswith("+")
    assert len(number) >= 8
    assert number.removeprefix("+86").removeprefix("311") not in EMERGENCY
    assert phones.parse(phones.formatted(number, "CN"), "CN", "0311") == number


@pytest.mark.parametrize("number", ["110", "１２０", "+86 119", "0311-120", "0311 110", "110110", "0086 120"])
def test_an_emergency_number_is_named_as_such(number):
    with pytest.raises(EmergencyNumberError) as raised:
        phones.parse(number, "CN", "0311")
    assert raised.value.value == number
    assert "紧急号码" in raised.value.describe(Language.CHINESE)
    assert "emergency number" in raised.value.describe(Language.ENGLISH)


@pytest.mark.parametrize(("country", "number"), [("US", "911"), ("GB", "999"), ("GB", "112"), ("US", "+1 911")])
def test_other_countries_have_emergency_numbers_too(country, number):
    with pytest.raises(EmergencyNumberError):
        phones.parse(number, country, "")


@pytest.mark.parametrize("number", ["95588", "12345", "12306"])
def test_short_numbers_of_services_are_refused(number):
    with pytest.raises(ShortNumberError):
        phones.parse(number, "CN", "0311")


@pytest.mark.parametrize(
    ("country", "number"), [("CN", "400-812-3123"), ("GB", "0909 879 0000"), ("US", "900-555-1234")]
)
def test_numbers_that_cost_extra_are_refused(country, number):
    with pytest.raises(PremiumNumberError):
        phones.parse(number, country, "")


@pytest.mark.parametrize(
    "text", ["", "没有", "1380013800", "0311-8601234", "0311-86012345/13800138000", "86012345 家里", "(", "+"]
)
def test_what_nobody_can_have_as_a_number_is_refused(text):
    with pytest.raises(InvalidNumberError):
        phones.parse(text, "CN", "0311")


def test_a_local_number_cannot_be_completed_without_an_area_code():
    with pytest.raises(InvalidNumberError):
        phones.parse("86012345", "CN", "")


def test_a_mobile_number_cut_short_does_not_become_a_neighbours_landline():
    with pytest.raises(InvalidNumberError):
        phones.parse("13800138", "CN", "0311")


def test_numbers_are_shown_as_people_write_them():
    assert phones.formatted("+8631186012345") == "0311 8601 2345"
    assert phones.formatted("+8613900000001", "CN") == "139 0000 0001"
    assert phones.formatted("+14155552671", "CN") == "+1 415-555-2671"


@pytest.mark.parametrize("number", ["+8631186012345", "+8613900000001", "+14155552671"])
def test_an_ordinary_number_may_be_rung(number):
    assert phones.may_be_rung(number, "CN", "0311")


@pytest.mark.parametrize("number", ["+86120", "+86110110", "+8610086", "+8616812345678", "+4490912345678", "nobody"])
def test_a_kept_number_that_no_automatic_call_may_ring_is_known(number):
    assert not phones.may_be_rung(number, "CN", "0311")
