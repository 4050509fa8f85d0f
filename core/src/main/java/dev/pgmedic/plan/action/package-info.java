/**
 * The kinds of steps that a plan is made of. Each says what runs word for word, and asks the
 * database by a query of its own whether it is to run. Plain values; nothing here does I/O.
 */
@NullMarked
package dev.pgmedic.plan.action;

import org.jspecify.annotations.NullMarked;
