/** Time limits as values with names: nothing waits without one. */
@NullMarked
package dev.pgmedic.deadline;

import org.jspecify.annotations.NullMarked;
