"""Forms that upload photos and videos."""

from typing import Any

from django import forms

from core.errors import DomainError
from core.uploads import CheckedUpload, checked_upload
from devices.media import KINDS, MAX_AT_ONCE, MAX_BYTES, ONLY_PHOTOS_PRIMARY

LIMITS = f"JPG, PNG, MP4 or MOV; up to {MAX_AT_ONCE} files of {MAX_BYTES // 2**20} MB each."
ACCEPTED_TYPES = ".jpg,.jpeg,.png,.mp4,.mov"


class MultipleFileInput(forms.FileInput):
    allow_multiple_selected = True


class MediaFilesField(forms.FileField):
    """Take photos and videos, checked by their content; an error names the file."""

    widget = MultipleFileInput

    def clean(self, data: Any, initial: Any = None) -> list[CheckedUpload]:
        files = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if not files:
            raise forms.ValidationError("Choose at least one file")
        if len(files) > MAX_AT_ONCE:
            raise forms.ValidationError(f"At most {MAX_AT_ONCE} files at once")
        errors: list[str] = []
        uploads = [upload for file in files if (upload := self._check(file, errors))]
        if errors:
            raise forms.ValidationError(errors)
        return uploads

    def _check(self, file: Any, errors: list[str]) -> CheckedUpload | None:
        try:
            return checked_upload(file, kinds=KINDS, max_bytes=MAX_BYTES)
        except DomainError as error:
            errors.append(f"{file.name}: {error}")
            return None


class MediaForm(forms.Form):
    """Upload files in step 3; `primary_index` is the position of the primary photo."""

    files = MediaFilesField(label="Photos and videos", help_text=LIMITS)  # type: ignore[assignment]
    primary_index = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields["files"].widget.attrs |= {
            "accept": ACCEPTED_TYPES,
            "data-max-bytes": MAX_BYTES,
            "data-max-files": MAX_AT_ONCE,
        }

    def clean(self) -> Any:
        index, files = self.cleaned_data.get("primary_index"), self.cleaned_data.get("files")
        if files and index is not None and not (index < len(files) and files[index].kind.is_image):
            self.add_error("files", ONLY_PHOTOS_PRIMARY)
        return super().clean()
