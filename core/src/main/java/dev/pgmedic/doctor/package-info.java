/**
 * The examination of a target and a store: what can be reached, seen and healed with each role, and
 * which right or file is missing. {@link dev.pgmedic.doctor.Doctor} is the door. Reads only.
 */
@NullMarked
package dev.pgmedic.doctor;

import org.jspecify.annotations.NullMarked;
