"""What a browser calls itself, in two words that its owner recognises."""

SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "CrOS": "ChromeOS",
    "Mac OS X": "Mac",
    "Linux": "Linux",
}
# Most call themselves by several names: the first that fits is the true one.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS": "Firefox",
    "Chrome/": "Chrome",
    "CriOS": "Chrome",
    "Safari/": "Safari",
}


def browser_of(user_agent: str) -> str:
    """`Chrome on Android`; empty for what says nothing we know."""
    names = [_first(known, user_agent) for known in (BROWSERS, SYSTEMS)]
    return " on ".join(name for name in names if name)


def _first(known: dict[str, str], text: str) -> str:
    return next((name for mark, name in known.items() if mark in text), "")
