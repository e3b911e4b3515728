"""Pictures and films as they are uploaded."""

from typing import Any

from django import forms

from core.errors import DomainError
from core.uploads import CheckedUpload, checked_upload
from devices.media import KINDS, MAX_AT_ONCE, MAX_BYTES, ONLY_PHOTOS_PRIMARY

LIMITS = f"JPG, PNG, MP4 or MOV; up to {MAX_AT_ONCE} files of {MAX_BYTES // 2**20} MB each."
ACCEPTED = ".jpg,.jpeg,.png,.mp4,.mov"


class SeveralFilesInput(forms.FileInput):
    allow_multiple_selected = True


class MediaFilesField(forms.FileField):
    """Pictures and films, checked by their content; a refusal names the file."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[CheckedUpload]:
        files = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if not files:
            raise forms.ValidationError("Choose at least one file")
        if len(files) > MAX_AT_ONCE:
            raise forms.ValidationError(f"At most {MAX_AT_ONCE} files at once")
        refusals: list[str] = []
        uploads = [upload for file in files if (upload := self._checked(file, refusals))]
        if refusals:
            raise forms.ValidationError(refusals)
        return uploads

    def _checked(self, file: Any, refusals: list[str]) -> CheckedUpload | None:
        try:
            return checked_upload(file, kinds=KINDS, max_bytes=MAX_BYTES)
        except DomainError as refusal:
            refusals.append(f"{file.name}: {refusal}")
            return None


class MediaForm(forms.Form):
    """Step 3."""

    files = MediaFilesField(label="Pictures and films", help_text=LIMITS)
    primary_index = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields["files"].widget.attrs |= {
            "accept": ACCEPTED,
            "data-max-bytes": MAX_BYTES,
            "data-max-files": MAX_AT_ONCE,
        }

    def clean(self) -> Any:
        chosen, files = self.cleaned_data.get("primary_index"), self.cleaned_data.get("files")
        if files and chosen is not None and not (chosen < len(files) and files[chosen].kind.is_image):
            self.add_error("files", ONLY_PHOTOS_PRIMARY)
        return super().clean()
