"""Export lists in the back office: the button of every list, and the page of background exports."""

from exports.admin.exportable import ExportableAdmin
from exports.admin.exports import ExportAdmin

__all__ = ["ExportAdmin", "ExportableAdmin"]
