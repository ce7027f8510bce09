"""System packages that tests need: installed where that can be done without asking anybody."""

import os
import shutil
import subprocess


def install(*packages):
    """Whether Debian's ``apt-get`` has installed them."""
    apt = ["apt-get"] if os.geteuid() == 0 else ["sudo", "-n", "apt-get"]
    if not shutil.which(apt[-1]) or not shutil.which(apt[0]):
        return False
    command = [*apt, "install", "--yes", "--no-install-recommends", *packages]
    return runs(command) or (runs([*apt, "update"]) and runs(command))


def runs(command):
    """Whether the command succeeds; what it says is not shown."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False).returncode == 0
