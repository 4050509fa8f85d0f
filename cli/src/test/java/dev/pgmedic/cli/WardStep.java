package dev.pgmedic.cli;

import java.util.Optional;

/**
 * One thing that is done to a database of the ward.
 *
 * @param history the tables of this tool as the tests of histories stage them, with one record
 * @param sql runs on a session of its own, or on the one that {@code session} names
 * @param session the session stays open until the case ends, under this {@code application_name}
 * @param waits the statement is expected to wait for a lock, and goes on waiting
 * @param run a command line for {@code sh}, in the project's folder, with the database in {@code
 *     DATABASE_URL} and in libpq's variables
 * @param fails what the failing command must say; a command that is not expected to fail must end
 *     with 0
 * @param kill the process group of the command is killed as soon as its output, or a query of ours,
 *     shows this
 */
record WardStep(
    Optional<String> history,
    Optional<String> sql,
    Optional<String> session,
    boolean waits,
    Optional<String> run,
    Optional<String> fails,
    Optional<String> kill) {}
