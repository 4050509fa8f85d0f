/**
 * From a diagnosis to a plan: reads the definitions that the planner needs, apart from the check
 * and after it.
 */
@NullMarked
package dev.pgmedic.proposal;

import org.jspecify.annotations.NullMarked;
