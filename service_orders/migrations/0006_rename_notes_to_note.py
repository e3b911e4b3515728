from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('service_orders', '0005_update_status_labels'),
    ]

    operations = [
        migrations.RenameField(model_name='serviceorder', old_name='notes', new_name='note'),
        migrations.AlterField(
            model_name='serviceorder',
            name='note',
            field=models.CharField(blank=True, max_length=1000, verbose_name='last note'),
        ),
        migrations.AlterField(
            model_name='serviceorder',
            name='tracking_id',
            field=models.CharField(editable=False, help_text='By which people name the order.', max_length=16),
        ),
    ]
