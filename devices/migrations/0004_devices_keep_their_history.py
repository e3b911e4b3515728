"""What happened to devices, which is never changed."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

KEEP = """
CREATE FUNCTION devices_keep_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The history of devices is never changed (% refused)', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER keep_device_event BEFORE UPDATE OR DELETE ON devices_deviceevent
    FOR EACH ROW EXECUTE FUNCTION devices_keep_event();
"""
UNDO = """
DROP TRIGGER keep_device_event ON devices_deviceevent;
DROP FUNCTION devices_keep_event();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('devices', '0003_drafts_without_a_place'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DeviceEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('previous_status', models.CharField(blank=True, choices=[('DRAFT', 'Draft'), ('ONBOARDED', 'Onboarded'), ('LIVE', 'Live'), ('NOT_LIVE', 'Not Live'), ('UNDER_MAINTENANCE', 'Under Maintenance'), ('RETIRED', 'Retired')], max_length=32)),
                ('status', models.CharField(choices=[('DRAFT', 'Draft'), ('ONBOARDED', 'Onboarded'), ('LIVE', 'Live'), ('NOT_LIVE', 'Not Live'), ('UNDER_MAINTENANCE', 'Under Maintenance'), ('RETIRED', 'Retired')], max_length=32)),
                ('door', models.CharField(choices=[('api', 'api'), ('back office', 'back office'), ('command', 'command'), ('timer', 'timer')], max_length=16)),
                ('note', models.CharField(blank=True, max_length=1000)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('device', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='devices.device')),
            ],
            options={
                'ordering': ['-created_at', '-id'],
                'indexes': [models.Index(fields=['device', '-created_at', '-id'], name='device_event_newest')],
            },
        ),
        migrations.RunSQL(KEEP, UNDO),
    ]
