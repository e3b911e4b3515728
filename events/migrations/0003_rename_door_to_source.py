from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("events", "0002_numbered_announced_and_immutable")]

    operations = [migrations.RenameField("orderevent", "door", "source")]
