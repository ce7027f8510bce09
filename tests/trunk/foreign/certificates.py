"""Certificates of a test's own authority, made when they are needed."""

import shutil
import subprocess

REQUEST = ("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")


def made(folder, name, *alternatives):
    """A certificate that vouches for itself, and its key: two files."""
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    names = ",".join(alternatives)
    command = [shutil.which("openssl") or "openssl", *REQUEST, "-keyout", key, "-out", certificate,
               "-subj", f"/CN={name}", "-addext", f"subjectAltName={names}"]  # fmt: skip
    subprocess.run(list(map(str, command)), check=True, capture_output=True)
    return certificate, key
