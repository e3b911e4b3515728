"""Define the tested browser and its window sizes."""

import shutil

ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium_path() -> str | None:
    """Return the path of the installed browser; None if there is none (`bin/chromium` installs it)."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)
