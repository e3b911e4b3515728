"""The back office of exports: the button of every list, and the page of those that take a while."""

from exports.admin.exportable import ExportableAdmin
from exports.admin.exports import ExportAdmin

__all__ = ["ExportAdmin", "ExportableAdmin"]
