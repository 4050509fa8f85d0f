from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("shop", "0002_price")]
    operations = [
        migrations.RunSQL(sql) for sql in ["CREATE INDEX CONCURRENTLY article_name ON shop_article (name)", "ALTER TABLE shop_article ADD COLUMN colour text", "SELECT pg_sleep(0.8)", "CREATE TABLE floor (id int PRIMARY KEY)", "SELECT pg_sleep(0.8)"]
    ]
