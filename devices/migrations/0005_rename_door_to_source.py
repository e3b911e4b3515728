from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("devices", "0004_devices_keep_their_history")]

    operations = [migrations.RenameField("deviceevent", "door", "source")]
