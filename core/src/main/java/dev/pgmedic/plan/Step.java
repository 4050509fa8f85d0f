package dev.pgmedic.plan;

import dev.pgmedic.plan.action.Action;
import java.time.Duration;

/**
 * One step of a plan.
 *
 * @param index from 1, in the order in which they run
 * @param title what it does, for people
 * @param timeout the longest that it may take
 * @param action what it does
 */
public record Step(int index, String title, Duration timeout, Action action) {}
