"""What PostgreSQL itself does with the history: number each event, announce it at commit, and refuse any change."""

from django.db import migrations

NUMBER = """
CREATE FUNCTION events_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.territory_id IS NULL THEN
        NEW.seq := NULL;
    ELSE
        -- The row stays locked until the commit, so numbers have no gaps and follow the order of commits.
        INSERT INTO events_feedposition AS newest (territory_id, seq) VALUES (NEW.territory_id, 1)
        ON CONFLICT (territory_id) DO UPDATE SET seq = newest.seq + 1
        RETURNING newest.seq INTO NEW.seq;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER number_event BEFORE INSERT ON events_orderevent
    FOR EACH ROW EXECUTE FUNCTION events_number();
"""

ANNOUNCE = """
CREATE FUNCTION events_announce() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('order_events', NEW.territory_id || ' ' || NEW.seq);
    RETURN NULL;
END $$;
CREATE TRIGGER announce_event AFTER INSERT ON events_orderevent
    FOR EACH ROW WHEN (NEW.territory_id IS NOT NULL) EXECUTE FUNCTION events_announce();
"""

KEEP = """
CREATE FUNCTION events_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The history of orders is never changed (% refused)', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER keep_event BEFORE UPDATE OR DELETE ON events_orderevent
    FOR EACH ROW EXECUTE FUNCTION events_keep();
CREATE TRIGGER keep_events BEFORE TRUNCATE ON events_orderevent
    FOR EACH STATEMENT EXECUTE FUNCTION events_keep();
"""

UNDO = """
DROP TRIGGER keep_events ON events_orderevent;
DROP TRIGGER keep_event ON events_orderevent;
DROP TRIGGER announce_event ON events_orderevent;
DROP TRIGGER number_event ON events_orderevent;
DROP FUNCTION events_keep();
DROP FUNCTION events_announce();
DROP FUNCTION events_number();
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0001_history_tables")]

    operations = [migrations.RunSQL(NUMBER + ANNOUNCE + KEEP, UNDO)]
