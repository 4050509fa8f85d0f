/**
 * How each kind of fault is healed: one remedy a fault. It turns a finding and what was seen into
 * steps, or says in one sentence what a person must decide. Plain rules; nothing here does I/O.
 */
@NullMarked
package dev.pgmedic.plan.remedy;

import org.jspecify.annotations.NullMarked;
