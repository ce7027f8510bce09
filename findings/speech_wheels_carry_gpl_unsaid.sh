#!/usr/bin/env bash
# What two wheels for speech say of their licence, and what is inside (PyAV 18.1.0, espeakng-loader 0.2.4; Linux x86-64).
#
# Guess before running: metadata of a wheel names the licence of what it carries, or FFmpeg's own function does: an FFmpeg
#   that is linked to x264 calls itself GPL, as its configure script demands (--enable-gpl).
# Seen: av's metadata says BSD-3-Clause only. Its avcodec says "LGPL version 3 or later" while it needs libx264 and libx265
#   (both GPL-2.0-or-later), and was configured with --enable-libx264 and without --enable-gpl. espeakng-loader names no
#   licence at all (neither field nor classifier, no licence file) and carries libespeak-ng 1.52.0, GPL-3.0-or-later.
# What it means: a licence scanner that reads metadata, and even one that asks FFmpeg, passes an image that hands on GPL code
#   without its sources. Look at the libraries in the wheel.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install av==18.1.0 espeakng-loader==0.2.4
"$folder/venv/bin/python" - <<'PYTHON'
import ctypes
import re
from importlib.metadata import distribution
from pathlib import Path


def said(name):
    about = distribution(name)
    licences = [about.metadata.get("License-Expression"), about.metadata.get("License")]
    licences += [each for each in about.metadata.get_all("Classifier") or [] if each.startswith("License")]
    files = [str(each) for each in about.files if re.search("licen[cs]e|copying", str(each), re.IGNORECASE)]
    return [each for each in licences if each], files


av, espeak = said("av"), said("espeakng-loader")
print("av says", av[0], "- espeakng-loader says", espeak[0], "and has the licence files", espeak[1])
assert av[0] == ["BSD-3-Clause"]
assert espeak == ([], [])

import av as loaded  # its libraries are in this process from here on

mapped = {line.split()[-1] for line in Path("/proc/self/maps").read_text().splitlines() if "av.libs" in line}
avcodec = next(each for each in mapped if "/libavcodec" in each)
library = ctypes.CDLL(avcodec)
library.avcodec_license.restype = library.avcodec_configuration.restype = ctypes.c_char_p
licence, configuration = library.avcodec_license().decode(), library.avcodec_configuration().decode()
gpl = sorted({re.search(r"lib(x26[45])", each)[0] for each in mapped if "libx26" in each})
print(f"FFmpeg {loaded.ffmpeg_version_info}: avcodec says {licence!r}; loaded with it: {gpl};",
      "--enable-libx264" in configuration, "--enable-gpl" in configuration)
assert licence == "LGPL version 3 or later"
assert gpl == ["libx264", "libx265"]
assert "--enable-libx264" in configuration and "--enable-gpl" not in configuration

import espeakng_loader

speaks = ctypes.CDLL(espeakng_loader.get_library_path())
speaks.espeak_Info.restype = ctypes.c_char_p
version = speaks.espeak_Info(None).decode()
print("espeak-ng", version)
assert version.startswith("1.52")
PYTHON
