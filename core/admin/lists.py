"""What all lists have in common."""

from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.utils.text import capfirst


class NamedList(ChangeList):
    """Is called what it shows, not "Select ... to change"."""

    def __init__(self, *args: Any):
        super().__init__(*args)
        self.title = str(capfirst(self.opts.verbose_name_plural))
