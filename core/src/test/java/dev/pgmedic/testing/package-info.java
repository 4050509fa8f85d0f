/** What the tests of all modules share: real databases, and nothing that is pretended. */
@NullMarked
package dev.pgmedic.testing;

import org.jspecify.annotations.NullMarked;
