from typing import Any

from django.db import migrations, models
from django.db.models import F


def take_over(apps: Any, _schema_editor: Any) -> None:
    """Whoever has seen a client before is told of changes since then."""
    apps.get_model("reviews", "ClientVisit").objects.update(listed_at=F("seen_at"))


class Migration(migrations.Migration):
    dependencies = [("reviews", "0004_workbench")]

    operations = [
        migrations.AddField(
            model_name="clientvisit",
            name="listed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="clientvisit",
            name="listed_before",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(take_over, migrations.RunPython.noop),
    ]
