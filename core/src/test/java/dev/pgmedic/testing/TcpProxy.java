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

/** Stands between pgmedic and a server, forwards every byte, and fails on a word of the client. */
public final class TcpProxy implements AutoCloseable {

  private enum Fault {
    STALL,
    CUT
  }

  private record Trigger(Fault fault, String word) {}

  private final PostgresUrl server;
  private final ServerSocket listener;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile Optional<Trigger> trigger = Optional.empty();
  private volatile boolean stalled;

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

  /** Closes every connection once a client sends this word. */
  public TcpProxy cutsAt(String word) {
    trigger = Optional.of(new Trigger(Fault.CUT, word));
    return this;
  }

  /** Forwards nothing more from now on, and closes nothing: what a pulled cable looks like. */
  public void stall() {
    stalled = true;
  }

  /** Closes every connection now; new ones are accepted. */
  public void cut() {
    sockets.forEach(TcpProxy::closed);
    sockets.clear();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Socket upstream = new Socket(server.host(), server.port());
        sockets.add(client);
        sockets.add(upstream);
        Thread.startVirtualThread(() -> forward(client, upstream, true));
        Thread.startVirtualThread(() -> forward(upstream, client, false));
      } catch (IOException e) {
        cut(); // the proxy was closed
      }
    }
  }

  private void forward(Socket from, Socket to, boolean fromClient) {
    byte[] buffer = new byte[65_536];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        String text = new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
        trigger
            .filter(fault -> fromClient && text.contains(fault.word()))
            .ifPresent(fault -> fail(fault.fault()));
        if (!stalled) {
          out.write(buffer, 0, read);
          out.flush();
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
