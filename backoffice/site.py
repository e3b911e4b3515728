"""The back office: Django's admin with a home of ours."""

from backoffice.sign_in.site import GuardedSite


class BackofficeSite(GuardedSite):
    site_header = site_title = "KissanMitra"
    index_title = "Home"
    site_url = None
    empty_value_display = "-"
