"""An invitation may come with a plan."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_leaving'),
    ]

    operations = [
        migrations.AddField(
            model_name='invitation',
            name='plan',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='accounts.plan', verbose_name='plan'),
        ),
    ]
