"""Let PostgreSQL refuse to update, delete or truncate access changes."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION accounts_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Access changes are append-only (% refused)', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER access_change_is_append_only BEFORE UPDATE OR DELETE ON accounts_accesschange
    FOR EACH ROW EXECUTE FUNCTION accounts_refuse_change();
CREATE TRIGGER access_changes_are_append_only BEFORE TRUNCATE ON accounts_accesschange
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_refuse_change();
"""

UNDO = """
DROP TRIGGER access_changes_are_append_only ON accounts_accesschange;
DROP TRIGGER access_change_is_append_only ON accounts_accesschange;
DROP FUNCTION accounts_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_add_access_changes")]

    operations = [migrations.RunSQL(APPEND_ONLY, UNDO)]
