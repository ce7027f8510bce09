"""The audit log refuses changes as before, and lets go only of what is older than half a year"""

from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

SQLITE = """
CREATE TRIGGER audit_log_DELETE_refused BEFORE DELETE ON audit_log
WHEN julianday(OLD.at) > julianday('now') - 180
BEGIN SELECT RAISE(ABORT, 'the audit log lets go of nothing that is younger than 180 days'); END
"""
SQLITE_BEFORE = """
CREATE TRIGGER audit_log_DELETE_refused BEFORE DELETE ON audit_log
BEGIN SELECT RAISE(ABORT, 'the audit log is only ever appended to'); END
"""
POSTGRESQL = """
CREATE FUNCTION audit_log_too_young() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
IF OLD.at > now() - interval '180 days' THEN
RAISE EXCEPTION 'the audit log lets go of nothing that is younger than 180 days';
END IF;
RETURN OLD;
END $$
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_log_refused ON audit_log")
        op.execute(
            "CREATE TRIGGER audit_log_refused BEFORE UPDATE OR TRUNCATE ON audit_log "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_log_refused()"
        )
        op.execute(POSTGRESQL)
        op.execute(
            "CREATE TRIGGER audit_log_too_young BEFORE DELETE ON audit_log "
            "FOR EACH ROW EXECUTE FUNCTION audit_log_too_young()"
        )
    else:
        op.execute("DROP TRIGGER audit_log_DELETE_refused")
        op.execute(SQLITE)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_log_too_young ON audit_log")
        op.execute("DROP FUNCTION audit_log_too_young()")
        op.execute("DROP TRIGGER audit_log_refused ON audit_log")
        op.execute(
            "CREATE TRIGGER audit_log_refused BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_log_refused()"
        )
    else:
        op.execute("DROP TRIGGER audit_log_DELETE_refused")
        op.execute(SQLITE_BEFORE)
