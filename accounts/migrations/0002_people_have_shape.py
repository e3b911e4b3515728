import accounts.phones
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='user',
            name='phone',
            field=models.CharField(help_text='In any spelling; kept as +919876543210.', max_length=16, unique=True, validators=[accounts.phones.check_phone]),
        ),
        migrations.AddIndex(
            model_name='operator',
            index=models.Index(fields=['-created_at', '-id'], name='operator_newest'),
        ),
        migrations.AddIndex(
            model_name='otpchallenge',
            index=models.Index(fields=['created_at'], name='otp_oldest'),
        ),
        migrations.AddIndex(
            model_name='vleprofile',
            index=models.Index(fields=['-created_at', '-id'], name='vle_newest'),
        ),
        migrations.AddConstraint(
            model_name='operator',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['ACTIVE', 'SUSPENDED', 'ARCHIVED'])), name='operator_status_is_known'),
        ),
        migrations.AddConstraint(
            model_name='operatortraining',
            constraint=models.CheckConstraint(condition=models.Q(('device_type_code__regex', '^[A-Z0-9_]{1,50}$')), name='training_device_type_code_shape'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('pincode__regex', '^([1-9][0-9]{5})?$')), name='user_pincode_is_6_digits'),
        ),
        migrations.AddConstraint(
            model_name='vleprofile',
            constraint=models.CheckConstraint(condition=models.Q(('pincode__regex', '^([1-9][0-9]{5})?$')), name='vle_pincode_is_6_digits'),
        ),
        migrations.AddConstraint(
            model_name='vleprofile',
            constraint=models.CheckConstraint(condition=models.Q(('type__in', ['INDIVIDUAL', 'COMPANY'])), name='vle_type_is_known'),
        ),
        migrations.AddConstraint(
            model_name='vleprofile',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['ACTIVE', 'SUSPENDED'])), name='vle_status_is_known'),
        ),
    ]
