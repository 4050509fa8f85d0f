/**
 * The rights that pgmedic's two roles need in a database: what a role has of them, what is lost
 * without each, and the SQL that gives them. One list serves the doctor and the script, so that
 * what the one misses the other grants.
 */
@NullMarked
package dev.pgmedic.grants;

import org.jspecify.annotations.NullMarked;
