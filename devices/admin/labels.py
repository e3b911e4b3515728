"""Effects and notes of the transitions of a device."""

from devices.workflow import DeviceStatus

NEEDS_NOTE = (DeviceStatus.NOT_LIVE, DeviceStatus.UNDER_MAINTENANCE, DeviceStatus.RETIRED)
EFFECTS: dict[str, str] = {
    DeviceStatus.LIVE: "Farmers and VLEs find it at once.",
    DeviceStatus.ONBOARDED: "Shown to those who log in, not yet in searches.",
    DeviceStatus.NOT_LIVE: "No longer found; bookings stay.",
    DeviceStatus.UNDER_MAINTENANCE: "Not found until it is live again; bookings stay.",
    DeviceStatus.RETIRED: "Cannot be undone.",
}
