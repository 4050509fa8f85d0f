package dev.pgmedic.plan;

/**
 * Which database it really is, however it is reached.
 *
 * @param systemIdentifier the cluster's own number
 * @param databaseOid the database's oid in it
 * @param database the database's name
 */
public record TargetIdentity(String systemIdentifier, long databaseOid, String database) {}
