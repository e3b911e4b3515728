from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("service_orders", "0003_find_what_waits_to_be_verified")]

    operations = [migrations.RenameField("serviceorder", "insurance_sealed", "insurance_encrypted")]
