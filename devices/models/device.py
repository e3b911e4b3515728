"""Store devices and their media."""

from uuid import UUID

from django.contrib.postgres.indexes import GistIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Func, Q

from accounts.models import PINCODE_OR_NONE, PINCODE_SHAPE, Timestamped
from devices.models.master_data import DeviceType, Manufacturer
from devices.queries import DeviceMediaQuerySet, DeviceQuerySet
from devices.workflow import DeviceStatus, DeviceWorkflow

PINCODE_PATTERN = r"^[1-9][0-9]{5}$"
LOCATION_IS_KNOWN = "device_place_is_known"
MONTH_PATTERN = r"^(?:0[1-9]|1[0-2])/(?:19|20)[0-9]{2}$"
ONE_DEVICE_PER_SENSOR = "one_device_per_sensor"
SENSOR_IS_TAKEN = "Sensor ID is already used by another device"


class GeoPoint(Func):
    """Build PostgreSQL's `point(longitude, latitude)`; its GiST index finds the points in a box."""

    function = "point"

    def __init__(self) -> None:
        super().__init__("longitude", "latitude", output_field=models.TextField())


class Device(DeviceWorkflow, Timestamped):
    """Store a device that VLEs lease and farmers rent."""

    name = models.CharField(max_length=100)
    description = models.CharField(max_length=500, blank=True)
    device_type = models.ForeignKey(DeviceType, on_delete=models.PROTECT, related_name="devices")
    manufacturer = models.ForeignKey(Manufacturer, on_delete=models.PROTECT, related_name="devices")
    owner = models.CharField(max_length=100, blank=True)
    manufactured_date = models.CharField(
        max_length=7, blank=True, help_text="MM/YYYY", validators=[RegexValidator(MONTH_PATTERN, "MM/YYYY")]
    )
    sensor_id = models.CharField("sensor ID", max_length=100, null=True, blank=True)
    company_owned = models.BooleanField(default=True)
    requires_operator = models.BooleanField(default=False)

    address_first_line = models.CharField(max_length=200, blank=True)
    address_second_line = models.CharField(max_length=200, blank=True)
    pincode = models.CharField("PIN code", max_length=6, blank=True)
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=100, default="India", blank=True)
    latitude = models.FloatField(null=True, blank=True, help_text="Degrees north.")
    longitude = models.FloatField(null=True, blank=True, help_text="Degrees east.")

    last_seen_at = models.DateTimeField(null=True, blank=True, editable=False)
    battery = models.PositiveSmallIntegerField(null=True, blank=True, editable=False, help_text="Percent.")
    health = models.CharField(max_length=20, blank=True, editable=False)

    current_lease_id: UUID | None
    """Set by `with_current_lease()` of the queryset."""

    objects = DeviceQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=DeviceStatus.values), name="device_status_is_known"),
            models.CheckConstraint(
                condition=Q(pincode__regex=PINCODE_OR_NONE),
                name="device_pincode_is_6_digits",
                violation_error_message=PINCODE_SHAPE,
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="device_location_on_earth",
                violation_error_message="Latitude must be from -90 to 90, longitude from -180 to 180",
            ),
            # A DRAFT may lack its location; it is entered in a later step of the onboarding.
            models.CheckConstraint(
                condition=Q(status__in=[DeviceStatus.DRAFT, DeviceStatus.RETIRED])
                | (~Q(pincode="") & Q(latitude__isnull=False)),
                name=LOCATION_IS_KNOWN,
            ),
            models.UniqueConstraint(
                fields=["sensor_id"], name=ONE_DEVICE_PER_SENSOR, violation_error_message=SENSOR_IS_TAKEN
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-created_at", "-id"], name="device_by_status"),
            models.Index(fields=["-created_at", "-id"], name="device_newest"),
            GistIndex(GeoPoint(), name="device_place", condition=Q(status=DeviceStatus.LIVE)),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({str(self.pk)[:8]})"

    @property
    def is_retired(self) -> bool:
        return self.status == DeviceStatus.RETIRED

    @property
    def has_location(self) -> bool:
        return bool(self.pincode) and self.latitude is not None

    @property
    def media_urls(self) -> list[str]:
        return [media.url for media in self.media.all()]

    @property
    def primary_media_url(self) -> str | None:
        return next((media.url for media in self.media.all() if media.is_primary), None)


class DeviceMedia(models.Model):
    """Store a photo or video of a device; the file is public."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="media")
    file = models.FileField(upload_to="devices/%Y/%m/", max_length=200)
    content_type = models.CharField(max_length=50)
    is_primary = models.BooleanField(default=False)
    uploaded_at = models.DateTimeField(auto_now_add=True)

    objects = DeviceMediaQuerySet.as_manager()

    class Meta:
        verbose_name = "photo or video"
        verbose_name_plural = "photos and videos"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["device"], condition=Q(is_primary=True), name="one_primary_media_per_device"
            ),
            models.CheckConstraint(
                condition=Q(is_primary=False) | Q(content_type__startswith="image/"), name="primary_media_is_a_picture"
            ),
        ]

    def __str__(self) -> str:
        return str(self.file)

    @property
    def url(self) -> str:
        return self.file.url

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")
