package dev.pgmedic.cli;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lets an assistant that starts its tools as processes talk to a server. */
@Command(
    name = "mcp",
    description =
        "Speaks the Model Context Protocol on stdin and stdout, for an assistant that starts it;"
            + " what it may do is what its token may do.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "An assistant that speaks HTTP needs no such process: the server has it at /mcp.",
      "Ends with 0 when its stdin ends; 2 usage.",
      "Example: PGMEDIC_TOKEN=... pgmedic mcp --server http://127.0.0.1:5000"
    })
final class McpCommand implements Callable<Integer> {

  private static final String PATH = "/mcp";
  private static final int SERVER_ERROR = -32000;
  private static final int PARSE_ERROR = -32700;

  @Mixin private final ServerOption server = new ServerOption();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    ServerClient client = server.client();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    // A call may wait for a recovery, and others go on meanwhile.
    try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String message = line.strip();
        if (!message.isEmpty()) {
          each.execute(() -> say(answer(client, message)));
        }
      }
    }
    return 0;
  }

  /** What the server says to a message, on one line; empty when it was no request. */
  private static String answer(ServerClient client, String message) {
    JsonObject request;
    try {
      request = new JsonObject(message);
    } catch (DecodeException e) {
      return error(null, PARSE_ERROR, "expected a message of JSON-RPC a line");
    }
    try {
      return client.post(PATH, message);
    } catch (RuntimeException e) {
      return request.containsKey("id")
          ? error(request.getValue("id"), SERVER_ERROR, String.valueOf(e.getMessage()))
          : "";
    }
  }

  private static String error(@Nullable Object id, int code, String message) {
    return new JsonObject()
        .put("jsonrpc", "2.0")
        .put("id", id)
        .put("error", new JsonObject().put("code", code).put("message", message))
        .encode();
  }

  private void say(String answer) {
    if (!answer.isEmpty()) {
      PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
      synchronized (this) {
        out.println(answer);
        out.flush();
      }
    }
  }
}
