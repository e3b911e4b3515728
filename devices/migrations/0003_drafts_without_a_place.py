"""A machine may be entered before anybody knows where it will stand."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('devices', '0002_say_more_of_what_must_hold'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='device',
            name='device_pincode_is_6_digits',
        ),
        migrations.RemoveConstraint(
            model_name='device',
            name='device_location_on_earth',
        ),
        migrations.AlterField(
            model_name='device',
            name='latitude',
            field=models.FloatField(blank=True, help_text='Degrees north.', null=True),
        ),
        migrations.AlterField(
            model_name='device',
            name='longitude',
            field=models.FloatField(blank=True, help_text='Degrees east.', null=True),
        ),
        migrations.AlterField(
            model_name='device',
            name='pincode',
            field=models.CharField(blank=True, max_length=6, verbose_name='PIN code'),
        ),
        migrations.AddConstraint(
            model_name='device',
            constraint=models.CheckConstraint(condition=models.Q(('pincode__regex', '^([1-9][0-9]{5})?$')), name='device_pincode_is_6_digits', violation_error_message='PIN code must be 6 digits and not start with 0'),
        ),
        migrations.AddConstraint(
            model_name='device',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('latitude__isnull', True), ('longitude__isnull', True)), models.Q(('latitude__isnull', False), ('latitude__range', (-90, 90)), ('longitude__isnull', False), ('longitude__range', (-180, 180))), _connector='OR'), name='device_location_on_earth', violation_error_message='Latitude must be from -90 to 90, longitude from -180 to 180'),
        ),
        migrations.AddConstraint(
            model_name='device',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['DRAFT', 'RETIRED']), models.Q(models.Q(('pincode', ''), _negated=True), ('latitude__isnull', False)), _connector='OR'), name='device_place_is_known'),
        ),
    ]
