from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_texts_in_order_and_secrets_only_while_waiting")]

    # PostgreSQL renames the column inside the constraint too; adding it again would scan the whole table under a lock.
    operations = [
        migrations.RenameField("smsmessage", "sealed_text", "encrypted_text"),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint("smsmessage", "sms_secret_only_while_waiting"),
                migrations.AddConstraint(
                    "smsmessage",
                    models.CheckConstraint(
                        condition=Q(status="PENDING") | Q(encrypted_text=None), name="sms_secret_only_while_waiting"
                    ),
                ),
            ]
        ),
    ]
