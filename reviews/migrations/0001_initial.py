from django.db import migrations


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("assessments", "0004_moves"),
    ]

    operations = []
