"""What LibreOffice makes of a file of ours; skips where there is none and none is required."""

import os
import shutil
import subprocess

import pytest


def converting(folder):
    """A function that converts (bytes of a docx, form, name) with LibreOffice, working in `folder`."""
    path = shutil.which("soffice")
    if path is None:
        assert os.environ.get("KEPU_REQUIRE_SOFFICE") != "1", (
            "LibreOffice is required here and cannot be found"
        )
        pytest.skip("LibreOffice cannot be found")

    def converted(data, form, name):
        source = folder / f"{name}.docx"
        source.write_bytes(data)
        out = folder / form
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = [path, profile, "--headless", "--convert-to", form, "--outdir", str(out), str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return (out / f"{name}.{form}").read_bytes()

    return converted
