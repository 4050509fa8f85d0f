from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0003_online")]
    operations = [
        migrations.RunSQL(sql) for sql in ["CREATE TABLE gate (id int PRIMARY KEY)", "SELECT pg_sleep(0.5)", "ALTER TABLE gate ADD COLUMN note text"]
    ]
