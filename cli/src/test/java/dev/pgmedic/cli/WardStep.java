package dev.pgmedic.cli;

import java.util.Optional;

/**
 * One thing that is done to a database of the ward.
 *
 * @param history the tables of this tool as the tests of histories stage them, with one record
 * @param sql runs on a session of its own, or on the one that {@code session} names
 * @param session the session stays open until the case ends, under this {@code application_name}
 * @param pooled the session is a client of a PgBouncer in transaction mode instead, and gone as
 *     soon as the statement has ended
 * @param waits the statement is expected to wait for a lock, and goes on waiting
 * @param run a command line for {@code sh}, in the project's folder, with the database in {@code
 *     DATABASE_URL} and in libpq's variables
 * @param fails what the failing command must say; a command that is not expected to fail must end
 *     with 0
 * @param kill the command and all below it are killed as soon as this query's first value is true
 * @param watched checks run one after the other as long as the command does, and none may find
 *     anything above info
 * @param until waits until this query's first value is true
 */
record WardStep(
    Optional<String> history,
    Optional<String> sql,
    Optional<String> session,
    boolean pooled,
    boolean waits,
    Optional<String> run,
    Optional<String> fails,
    Optional<String> kill,
    boolean watched,
    Optional<String> until) {}
