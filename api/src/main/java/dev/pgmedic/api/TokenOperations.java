package dev.pgmedic.api;

import dev.pgmedic.access.Scope;
import dev.pgmedic.access.TokenKind;
import dev.pgmedic.api.Operations.Answer;
import dev.pgmedic.config.Config.Role;
import dev.pgmedic.json.DurationText;
import dev.pgmedic.json.Json;
import dev.pgmedic.store.Actor;
import dev.pgmedic.store.Decision;
import dev.pgmedic.store.Deed;
import dev.pgmedic.store.Deed.Action;
import dev.pgmedic.store.Store;
import dev.pgmedic.store.Tokens;
import dev.pgmedic.store.Tokens.Made;
import dev.pgmedic.store.Tokens.NewToken;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Tokens that are made, listed and revoked while pgmedic runs. */
final class TokenOperations {

  private static final Duration LONGEST = Duration.ofDays(3650);

  private final Store store;
  private final Set<String> configured;
  private final Set<String> targets;

  /**
   * Tokens of a store.
   *
   * @param configured the names that the configuration gave away
   * @param targets the names of all that a token may be for
   */
  TokenOperations(Store store, Set<String> configured, Set<String> targets) {
    this.store = store;
    this.configured = Set.copyOf(configured);
    this.targets = Set.copyOf(targets);
  }

  void addTo(Operations operations) {
    operations
        .answer("listTokens", this::list)
        // Its answer is not kept for who asks again: the store has no token in clear.
        .raw("createToken", Operations.json(this::create))
        .answer("revokeToken", this::revoke);
  }

  private static Map<String, Object> withSecret(Made made) {
    return new JsonObject(Json.write(made.token())).put("secret", made.secret()).getMap();
  }

  private Future<Answer> list(RoutingContext context) {
    return new Tokens(store).list(Query.after(context), Query.limit(context)).map(Answer::ok);
  }

  private Future<Answer> create(RoutingContext context) {
    NewToken token = read(context.body().asJsonObject());
    if (configured.contains(token.name()) || token.name().equals(Decision.POLICY)) {
      throw taken(token.name());
    }
    Actor actor = Access.actor(context, new JsonObject());
    Deed deed = new Deed(actor, Action.CREATE_TOKEN, "", token.name(), "", told(token));
    return new Tokens(store.audited(deed))
        .create(token, actor.name())
        .map(made -> new Answer(201, withSecret(made.orElseThrow(() -> taken(token.name())))));
  }

  private NewToken read(JsonObject body) {
    return new NewToken(
        body.getString("name"),
        Role.valueOf(body.getString("role").toUpperCase(Locale.ROOT)),
        TokenKind.of(body.getString("kind", TokenKind.PERSON.toString())),
        new Scope(
            known(body.getJsonArray("targets", new JsonArray())),
            labels(body.getJsonObject("labels", new JsonObject()))),
        Optional.ofNullable(body.getString("lifetime")).map(TokenOperations::lifetime));
  }

  private Set<String> known(JsonArray names) {
    Set<String> wanted = names.stream().map(String::valueOf).collect(Collectors.toSet());
    wanted.stream()
        .filter(name -> !targets.contains(name))
        .findFirst()
        .ifPresent(name -> {
          throw Problem.badRequest("targets: expected names of targets here, found " + name);
        });
    return wanted;
  }

  private static Map<String, String> labels(JsonObject labels) {
    return labels.stream()
        .collect(Collectors.toMap(Map.Entry::getKey, label -> String.valueOf(label.getValue())));
  }

  private static Duration lifetime(String text) {
    try {
      Duration lifetime = DurationText.parse(text);
      if (lifetime.isPositive() && lifetime.compareTo(LONGEST) <= 0) {
        return lifetime;
      }
    } catch (IllegalArgumentException e) {
      // told below, with what was expected
    }
    throw Problem.badRequest("lifetime: expected a time such as 8h or 90d, at most 3650d");
  }

  // What the token may do, for whoever reads the audit.
  private static String told(NewToken token) {
    return token.role().name().toLowerCase(Locale.ROOT)
        + ", "
        + token.kind()
        + token.lifetime().map(time -> ", for " + DurationText.words(time)).orElse("")
        + (token.scope().targets().isEmpty() ? "" : ", targets " + token.scope().targets())
        + (token.scope().labels().isEmpty() ? "" : ", labels " + token.scope().labels());
  }

  private static Problem taken(String name) {
    return Problem.conflict(
        "name-taken",
        "there is a token " + name + "; expected another name, or that it is revoked");
  }

  private Future<Answer> revoke(RoutingContext context) {
    UUID id = Query.id(context, "token");
    Actor actor = Access.actor(context, new JsonObject());
    return new Tokens(store)
        .find(id)
        .map(found -> found.orElseThrow(() -> Query.notFound("token", id)))
        .compose(token -> {
          Deed deed = new Deed(actor, Action.REVOKE_TOKEN, "", token.name(), "", "");
          return new Tokens(store.audited(deed)).revoke(id, actor.name());
        })
        .map(gone ->
            Answer.ok(
                gone.orElseThrow(
                    () -> Problem.conflict("revoked", "the token is good no more already"))));
  }
}
