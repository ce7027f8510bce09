"""An Asterisk with a configuration and a folder of its own, beside any that the machine has."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.asterisk.archive import PROGRAM

MODULES = (
    "res_timing_timerfd", "res_sorcery_config", "res_sorcery_memory", "res_sorcery_astdb", "res_crypto",
    "res_rtp_asterisk", "res_pjproject", "res_pjsip", "res_pjsip_session", "res_pjsip_pubsub", "res_pjsip_sdp_rtp",
    "res_pjsip_dtmf_info", "res_pjsip_caller_id", "res_pjsip_endpoint_identifier_ip",
    "res_pjsip_endpoint_identifier_user", "res_pjsip_registrar", "res_pjsip_rfc3326",
    "res_pjsip_authenticator_digest", "chan_pjsip", "bridge_simple", "codec_alaw", "codec_ulaw", "codec_resample",
    "app_dial", "pbx_config", "func_strings",
)  # fmt: skip
"""What a call over SIP needs; each one that is missing shows late."""
_LIBRARIES = ("usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu", "usr/lib", "lib/x86_64-linux-gnu")
_EMPTY = (
    "stasis", "cdr", "cel", "acl", "udptl", "features", "ccss", "indications", "manager", "http", "codecs",
    "pjproject", "sorcery", "dnsmgr", "hep", "res_stun_monitor", "dsp", "extensions", "ari",
)  # fmt: skip
_FOLDERS = (
    "astvarlibdir", "astdbdir", "astkeydir", "astagidir", "astspooldir", "astrundir", "astlogdir",
    "astsbindir",
)  # fmt: skip
_LONGEST_SECONDS = 30


class PrivateAsterisk:
    """One that was unpacked in ``root``; ``files`` are what stands in its files, by their names without ``.conf``."""

    def __init__(
        self, root: Path, folder: Path, files: Mapping[str, str], *, sound_ports: tuple[int, int],
        modules: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self._root, self._etc = root, folder / "etc"
        self._etc.mkdir(parents=True)
        (folder / "var" / "keys").mkdir(parents=True)
        loaded = "".join(f"load={each}.so\n" for each in (*MODULES, *modules))
        needed = {
            "asterisk": self._directories(folder),
            "modules": f"[modules]\nautoload=no\n{loaded}",
            "rtp": f"[general]\nrtpstart={sound_ports[0]}\nrtpend={sound_ports[1]}\n",
            "logger": "[general]\n[logfiles]\nmessages => warning,error\n",
        }
        for name, text in (dict.fromkeys(_EMPTY, "") | needed | dict(files)).items():
            (self._etc / f"{name}.conf").write_text(text, "utf-8")

    def start(self) -> None:
        """Begins; it is ready within a second or so."""
        self.process = subprocess.Popen([*self._command, "-f", "-q"], env=self._environment,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip

    def order(self, words: str) -> None:
        """What its operator would type. Raises ``SubprocessError`` where it is not there."""
        subprocess.run([*self._command, "-rx", words], env=self._environment, stdout=subprocess.DEVNULL, check=True,
                       timeout=_LONGEST_SECONDS)  # fmt: skip

    def kill(self) -> None:
        """At once, as a machine loses its power."""
        self.process.kill()
        self.process.wait(_LONGEST_SECONDS)

    @property
    def _command(self) -> list[str]:
        return [str(self._root / PROGRAM), "-C", str(self._etc / "asterisk.conf")]

    @property
    def _environment(self) -> dict[str, str]:
        return os.environ | {"LD_LIBRARY_PATH": ":".join(str(self._root / each) for each in _LIBRARIES)}

    def _directories(self, folder: Path) -> str:
        data = self._root / "usr" / "share" / "asterisk"  # without its descriptions it does not start
        modules = self._root / "usr" / "lib" / "asterisk" / "modules"
        own = "".join(f"{each} => {folder}/var\n" for each in _FOLDERS)
        return f"[directories]\nastetcdir => {self._etc}\nastmoddir => {modules}\nastdatadir => {data}\n{own}"
