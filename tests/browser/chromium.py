"""Which Chromium the tests drive: the machine's own, else the one that Playwright brings."""

import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright
from playwright.async_api import Error as PlaywrightError

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--lang=en-GB",
)


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """A browser without a window. Where the machine has none, Playwright's own is fetched once."""
    own = next(filter(None, map(shutil.which, _NAMES)), None)
    async with async_playwright() as playwright:
        try:
            browser = await playwright.chromium.launch(executable_path=own, args=list(_ARGUMENTS))
        except PlaywrightError:
            if own:
                raise
            command = [sys.executable, "-m", "playwright", "install", "chromium"]
            subprocess.run(command, check=True)  # noqa: ASYNC221 - nothing else runs yet
            browser = await playwright.chromium.launch(args=list(_ARGUMENTS))
        try:
            yield browser
        finally:
            await browser.close()
