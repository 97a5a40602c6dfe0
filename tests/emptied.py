"""Makes the database of the tests as good as new: by emptying its tables, and anew where a test has altered them.

To make all tables takes ten times as long as to empty them.
"""

from sqlalchemy import Engine, text

from bot.outages import in_transactions
from bot.schema import upgrade
from bot.store import connect

KEEP = """
CREATE SCHEMA kept;
CREATE TABLE kept.alterations (command text);

-- With the rights of who made it: a test may alter something as somebody else.
CREATE FUNCTION kept.note() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN INSERT INTO kept.alterations VALUES (tg_tag); END $$;

CREATE FUNCTION kept.put_back() RETURNS void LANGUAGE plpgsql AS $$
DECLARE one text;
BEGIN
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('DELETE FROM public.%I', one);
        IF to_regclass(format('kept.%I', one)) IS NOT NULL THEN
            EXECUTE format('INSERT INTO public.%1$I SELECT * FROM kept.%1$I', one);
        END IF;
    END LOOP;
    PERFORM setval(format('public.%I', sequencename)::regclass, 1, false) FROM pg_sequences
    WHERE schemaname = 'public';
END $$;

DO $$
DECLARE one text; is_empty boolean;
BEGIN
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('SELECT NOT EXISTS (SELECT FROM public.%I)', one) INTO is_empty;
        IF NOT is_empty THEN
            EXECUTE format('CREATE TABLE kept.%1$I AS TABLE public.%1$I', one);
        END IF;
    END LOOP;
END $$;

CREATE EVENT TRIGGER alterations ON ddl_command_end EXECUTE FUNCTION kept.note();
ALTER EVENT TRIGGER alterations ENABLE ALWAYS;
"""
"""The rows of a database that is up to date, and from now on a note of each command that alters more than rows."""


def keep(database_url: str) -> None:
    """Once, before the first test."""
    engine = connect(database_url)
    with in_transactions(engine).begin() as connection:
        connection.exec_driver_sql(KEEP.replace("%", "%%"))
    engine.dispose()


def put_back(engine: Engine) -> None:
    """Before each test: all tables as they were, whatever those before have done to them."""
    with in_transactions(engine).begin() as connection:
        if not connection.scalar(text("SELECT count(*) FROM kept.alterations")):
            # Who may switch off the triggers can take something out of the history.
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text("SELECT kept.put_back()"))
            return
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    upgrade(engine)
    with engine.connect() as connection:
        connection.execute(text("DELETE FROM kept.alterations"))
