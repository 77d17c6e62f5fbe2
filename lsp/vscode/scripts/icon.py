"""Draw the extension's icon from the kernel's logo: ``python scripts/icon.py`` writes icon.png with Chromium."""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

EXTENSION = Path(__file__).parents[1]
LOGO = EXTENSION.parents[1] / "kernelspec" / "logo-svg.svg"
SIDE_PX = 256
_CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def main() -> None:
    """Write the icon."""
    style = f"margin:0; width:{SIDE_PX}px; height:{SIDE_PX}px"
    page_of_logo = f'<body style="{style}">{LOGO.read_text(encoding="utf-8")}<style>svg {{{style}}}</style></body>'
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": SIDE_PX, "height": SIDE_PX})
        page.set_content(page_of_logo)
        page.screenshot(path=EXTENSION / "icon.png", omit_background=True)
        browser.close()


if __name__ == "__main__":
    main()
