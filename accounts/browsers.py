"""Names of browsers and operating systems, from the `User-Agent` header."""

SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "CrOS": "ChromeOS",
    "Mac OS X": "Mac",
    "Linux": "Linux",
}
# Most user agents contain several of these names: the first that matches is the right one.
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
    """Format a user agent as `Chrome on Android`; "" if it is unknown."""
    names = [_first(known, user_agent) for known in (BROWSERS, SYSTEMS)]
    return " on ".join(name for name in names if name)


def _first(known: dict[str, str], user_agent: str) -> str:
    return next((name for token, name in known.items() if token in user_agent), "")
