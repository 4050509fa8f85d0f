package dev.pgmedic.testing;

import dev.pgmedic.target.PostgresUrl;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * Stands between a client and a server, and can stop forwarding or cut the wire after a number of
 * bytes.
 */
public final class TcpProxy implements AutoCloseable {

  private final ServerSocket listener;
  private final PostgresUrl target;
  private final Fault fault;
  private final long bytes;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  /** What the proxy does to the server's answers. */
  public enum Fault {
    /** Stops forwarding and keeps the connections open. */
    STALL,
    /** Closes the connections. */
    CUT
  }

  /** A proxy whose fault comes after the server sent that many bytes. */
  public TcpProxy(PostgresUrl target, Fault fault, long bytes) {
    this.target = target;
    this.fault = fault;
    this.bytes = bytes;
    try {
      this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  /** The target's URL through this proxy. */
  public PostgresUrl url() {
    return new PostgresUrl(
        "127.0.0.1",
        listener.getLocalPort(),
        target.database(),
        target.user(),
        target.password(),
        target.parameters());
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        Socket server = new Socket(target.host(), target.port());
        sockets.addAll(List.of(client, server));
        Thread.ofVirtual().start(() -> forward(client, server, Long.MAX_VALUE));
        Thread.ofVirtual().start(() -> forward(server, client, bytes));
      }
    } catch (IOException e) {
      closed.countDown();
    }
  }

  private void forward(Socket from, Socket to, long limit) {
    byte[] buffer = new byte[8192];
    long left = limit;
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, (int) Math.min(read, left));
        left -= read;
        if (left <= 0) {
          break;
        }
      }
      if (left <= 0 && fault == Fault.STALL) {
        closed.await();
      }
    } catch (IOException e) {
      // the other side left: both are closed below
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close(from);
    close(to);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    sockets.forEach(TcpProxy::close);
  }
}
