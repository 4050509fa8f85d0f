package dev.pgmedic.history.tool;

/**
 * How one record of a history is put right, as the tool's own command would do it: one row is
 * updated, none is deleted.
 *
 * @param what what it says of the migration, for people
 * @param set what the row becomes, as SQL
 * @param where which row it is and what it must still say, as SQL
 * @param done what the row says afterwards, as SQL
 * @param undo what it was, as SQL
 */
public record RecordChange(String what, String set, String where, String done, String undo) {}
