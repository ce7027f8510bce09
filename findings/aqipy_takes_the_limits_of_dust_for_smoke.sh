#!/usr/bin/env bash
# China's air quality index, by which people with bad lungs or hearts are rung up and told to stay in: aqipy-atmotech 0.1.5, aqi-hub
# 0.3.3 and python-aqi 0.6.1 (PyPI), each asked for Mainland China, a day's mean of fine dust (PM2.5) and of coarse dust (PM10), in
# µg/m³.
#
# Guess before running: the same air has the same class in all three, but for a point of rounding; air beyond the scale is the worst
#   class.
# Seen: aqipy has the limits of the two changed over. PM2.5 of 150, where the others say 200 ("moderately polluted", one more is
#   "heavily"), is 100, "good"; PM10 of 50, which is 50 to the others, is 69. aqipy ends at 300. By its own account aqi-hub follows
#   the limits of 2026 since 0.3, python-aqi those of 2012: a PM2.5 of 70 is 110, "lightly polluted", or 94, "good". At 501
#   python-aqi raises IndexError, and for ozone beyond 800 TypeError, so the worst days have no index at all.
# What it means: on a day of smog nobody is rung, or the round fails on the worst day of all. Check a library at each limit of the
#   standard that is in force, and take an error for the worst class.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install aqipy-atmotech==0.1.5 aqi-hub==0.3.3 python-aqi==0.6.1
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import aqi
from aqi_hub.aqi_cn.aqi import cal_iaqi_cn
from aqipy import aqi_cn

SMOKE, DUST = ("PM25_24H", aqi.POLLUTANT_PM25, "pm25_24h"), ("PM10_24H", aqi.POLLUTANT_PM10, "pm10_24h")
OZONE = aqi.POLLUTANT_O3_8H


def by_python_aqi(pollutant, value):
    try:
        return int(aqi.to_iaqi(pollutant, str(value), algo=aqi.ALGO_MEP))
    except (IndexError, TypeError) as error:
        return type(error).__name__


def index(kind, value):
    hub, mep, aqipy = kind
    return aqi_cn.get_aqi(**{aqipy: value})[0], cal_iaqi_cn(hub, value), by_python_aqi(mep, value)


EXPECTED = {
    (SMOKE, 35): (35, 50, 50),
    (SMOKE, 70): (60, 110, 94),
    (SMOKE, 150): (100, 200, 200),
    (SMOKE, 250): (150, 300, 300),
    (SMOKE, 500): (300, 500, 500),
    (SMOKE, 501): (300, 500, "IndexError"),
    (DUST, 50): (69, 50, 50),
    (DUST, 150): (200, 112, 100),
}
for (kind, value), expected in EXPECTED.items():
    seen = index(kind, value)
    print(f"{kind[2]} {value}: aqipy {seen[0]}, aqi-hub {seen[1]}, python-aqi {seen[2]}")
    assert seen == expected, seen
smoke = aqi_cn.get_aqi(pm25_24h=150, with_level=True)
print("aqipy on PM2.5 of 150:", smoke)
assert "good" in str(smoke)
print("ozone of 801 (8 h):", cal_iaqi_cn("O3_8H", 801), by_python_aqi(OZONE, 801))
assert (cal_iaqi_cn("O3_8H", 801), by_python_aqi(OZONE, 801)) == (300, "TypeError")
PYTHON
