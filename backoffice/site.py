"""The back office: Django's admin with a home of ours."""

from django.contrib.admin import AdminSite


class BackofficeSite(AdminSite):
    site_header = site_title = "KissanMitra"
    index_title = "Home"
    site_url = None
    empty_value_display = "-"
