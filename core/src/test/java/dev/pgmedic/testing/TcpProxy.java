package dev.pgmedic.testing;

import dev.pgmedic.target.PostgresUrl;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Stands between pgmedic and a server, forwards every byte, and fails when it is told to. */
public final class TcpProxy implements AutoCloseable {

  private enum Fault {
    STALL,
    CUT
  }

  private record Trigger(Fault fault, String word) {}

  private volatile PostgresUrl server;
  private final ServerSocket listener;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile Optional<Trigger> trigger = Optional.empty();
  private volatile Optional<String> unanswered = Optional.empty();
  private volatile Consumer<String> hearer = text -> {};
  private volatile boolean stalled;
  private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);
  private final AtomicLong sent = new AtomicLong();
  private volatile Runnable atTheEnd = this::cut;
  private volatile boolean met;

  private TcpProxy(PostgresUrl server) throws IOException {
    this.server = server;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  /** A proxy in front of a server; the caller closes it. */
  public static TcpProxy before(PostgresUrl server) {
    try {
      TcpProxy proxy = new TcpProxy(server);
      Thread.startVirtualThread(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How the server is reached through the proxy. */
  public PostgresUrl url() {
    return new PostgresUrl(
        "localhost",
        listener.getLocalPort(),
        server.database(),
        server.user(),
        server.password(),
        server.parameters());
  }

  /** Forwards nothing more, on any connection, once a client sends this word. */
  public TcpProxy stallsAt(String word) {
    trigger = Optional.of(new Trigger(Fault.STALL, word));
    return this;
  }

  /**
   * From now on, withholds what the server says on a connection once its client has sent this word:
   * the server does its work, and its answers come too late for everybody.
   */
  public void withholdsAnswersTo(String word) {
    unanswered = Optional.of(word);
  }

  /** Withholds nothing on the connections that come from now on. */
  public void answersAgain() {
    unanswered = Optional.empty();
  }

  /** Closes every connection once a client sends this word. */
  public TcpProxy cutsAt(String word) {
    trigger = Optional.of(new Trigger(Fault.CUT, word));
    return this;
  }

  /** Tells what a client sends, each piece before it is forwarded. */
  public TcpProxy tells(Consumer<String> hearer) {
    this.hearer = hearer;
    return this;
  }

  /** Forwards nothing more, on any connection, once the server has sent so many bytes in all. */
  public void stallsAfter(long bytes) {
    after(bytes, this::stall);
  }

  /** Closes every connection once the server has sent so many bytes in all. */
  public void cutsAfter(long bytes) {
    after(bytes, this::cut);
  }

  /** Does something once, when the server has sent so many bytes in all. */
  public void after(long bytes, Runnable fault) {
    atTheEnd = fault;
    left.set(bytes);
  }

  /** Whether what was to be done after so many bytes was done. */
  public boolean met() {
    return met;
  }

  /** How many bytes the server has sent through it. */
  public long sent() {
    return sent.get();
  }

  /** Forwards nothing more from now on, and closes nothing: what a pulled cable looks like. */
  public void stall() {
    stalled = true;
  }

  /** Closes every connection now, and leads new ones to another server. */
  public void failsOverTo(PostgresUrl other) {
    server = other;
    cut();
  }

  /** Closes every connection now; new ones are accepted. */
  public void cut() {
    for (Socket socket : List.copyOf(sockets)) {
      closed(socket);
      sockets.remove(socket); // one that comes meanwhile is not forgotten
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Socket upstream = new Socket(server.host(), server.port());
        sockets.add(client);
        sockets.add(upstream);
        AtomicBoolean withheld = new AtomicBoolean();
        Thread.startVirtualThread(() -> forward(client, upstream, true, withheld));
        Thread.startVirtualThread(() -> forward(upstream, client, false, withheld));
      } catch (IOException e) {
        cut(); // the proxy was closed
      }
    }
    cut(); // what was accepted while it was closed
  }

  private void forward(Socket from, Socket to, boolean fromClient, AtomicBoolean withheld) {
    byte[] buffer = new byte[65_536];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        String text = new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
        if (fromClient) {
          hearer.accept(text);
        }
        trigger
            .filter(fault -> fromClient && text.contains(fault.word()))
            .ifPresent(fault -> fail(fault.fault()));
        if (fromClient && unanswered.filter(text::contains).isPresent()) {
          withheld.set(true);
        }
        if (!fromClient) {
          sent.addAndGet(read);
        }
        int whole = fromClient ? read : (int) Math.min(read, Math.max(0, left.getAndAdd(-read)));
        if (!stalled && (fromClient || !withheld.get())) {
          out.write(buffer, 0, whole);
          out.flush();
        }
        if (whole < read) {
          left.set(Long.MAX_VALUE);
          met = true;
          atTheEnd.run();
        }
      }
    } catch (IOException e) {
      closed(from); // whoever was cut off closes its other half too
    }
    closed(to);
  }

  private void fail(Fault fault) {
    switch (fault) {
      case STALL -> stalled = true;
      case CUT -> cut();
    }
  }

  private static void closed(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    cut();
  }
}
