"""The filter `{{ order.status|badge }}`."""

from django import template

from core.admin.badges import badge

register = template.Library()
register.filter("badge", badge)
