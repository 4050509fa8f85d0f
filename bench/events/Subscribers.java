import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Readers of the event stream, as many connections in this process. */
final class Subscribers {

  private static final int AT_ONCE = 100;
  private static final long PATIENCE_SECONDS = 120;
  private static final Pattern NUMBER = Pattern.compile("\"n\":(\\d+)");
  private static final String REQUEST =
      "GET /api/events HTTP/1.0\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n";

  private final List<NetSocket> sockets = new ArrayList<>();
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger taken = new AtomicInteger();
  private volatile long first;
  private volatile long[] sent = {};
  private volatile double[] millis = {};

  private Subscribers() {}

  /** Opens them; returns when each has its first frame. */
  static Subscribers open(Vertx vertx, int port, int count) {
    Subscribers readers = new Subscribers();
    NetClient client = vertx.createNetClient();
    for (int opened = 0; opened < count; opened += AT_ONCE) {
      List<Future<NetSocket>> some =
          IntStream.range(opened, Math.min(count, opened + AT_ONCE))
              .mapToObj(i -> client.connect(port, "127.0.0.1").map(readers::read))
              .toList();
      Future.all(some).await();
      some.forEach(socket -> readers.sockets.add(socket.result()));
    }
    readers.until(readers.begun, count);
    return readers;
  }

  private NetSocket read(NetSocket socket) {
    AtomicInteger frames = new AtomicInteger();
    RecordParser parser = RecordParser.newDelimited("\n\n", frame -> take(frame, frames));
    socket.handler(parser);
    socket.write(REQUEST).onFailure(gone -> {});
    return socket;
  }

  private void take(Buffer frame, AtomicInteger frames) {
    long now = System.nanoTime();
    if (frames.getAndIncrement() == 0) {
      begun.incrementAndGet();
      return;
    }
    Matcher number = NUMBER.matcher(frame.toString());
    if (number.find()) {
      int event = (int) (Long.parseLong(number.group(1)) - first);
      millis[taken.getAndIncrement()] = Math.max(0, (now - sent[event]) / 1e6);
    }
  }

  /** So many events come, from this number on. */
  void expect(long number, int events) {
    taken.set(0);
    sent = new long[events];
    millis = new double[events * sockets.size()];
    first = number;
  }

  void sent(long number) {
    sent[(int) (number - first)] = System.nanoTime();
  }

  Sample millis() {
    until(taken, millis.length);
    return new Sample(Arrays.stream(millis).boxed().toList());
  }

  private void until(AtomicInteger count, int expected) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (count.get() < expected) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("waited in vain: " + count.get() + " of " + expected);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  void close() {
    Future.join(sockets.stream().map(NetSocket::close).toList()).otherwiseEmpty().await();
  }
}
