package dev.pgmedic.cli;

import dev.pgmedic.guard.Guard;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Hands the signals that ask a process to end on to a guarded command, which then decides how it
 * ends. There is no other way in Java than {@code sun.misc.Signal} of the module {@code
 * jdk.unsupported}; it is called by reflection, because the compiler warns of it and cannot be told
 * not to.
 */
final class Signals {

  private static final int SIGNALLED = 128;
  private static final Map<String, Integer> NUMBERS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

  private Signals() {}

  static void handOn(Guard guard, Consumer<String> say) {
    for (String name : List.of("TERM", "INT", "HUP")) {
      handle(
          name,
          () -> {
            guard.signal(name);
            if (!guard.started()) {
              say.accept("stopped by signal " + name + " before the command was started");
              // Nothing runs yet, and the server gives back what a closed session held.
              Runtime.getRuntime().halt(SIGNALLED + NUMBERS.getOrDefault(name, 0));
            }
          });
    }
  }

  private static void handle(String name, Runnable handler) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handling = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handling},
              (self, method, arguments) -> {
                handler.run();
                return null;
              });
      signal
          .getMethod("handle", signal, handling)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot watch for signal " + name, e);
    }
  }
}
