"""A session is named by browser and system, so that a person knows which one to end."""

import pytest

from backupweb.accounts.templatetags.devices import device_name

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.4 Mobile/15E148 Safari/604.1"
)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.mark.parametrize(
    ("told", "name"),
    [(IPHONE, "Mobile Safari, iOS"), (FIREFOX, "Firefox, Linux"), ("my own thing", "my own thing"), ("", "")],
)
def test_browser_and_system(told: str, name: str) -> None:
    assert device_name(told) == name
