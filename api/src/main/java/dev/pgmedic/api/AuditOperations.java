package dev.pgmedic.api;

import dev.pgmedic.api.Operations.Answer;
import dev.pgmedic.store.Audit;
import dev.pgmedic.store.Store;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.Set;

/** Who changed what. */
final class AuditOperations {

  private final Audit audit;

  AuditOperations(Store store) {
    this.audit = new Audit(store);
  }

  void addTo(Operations operations) {
    operations.answer("listAudit", this::list);
  }

  private Future<Answer> list(RoutingContext context) {
    Optional<Long> after = Query.parsed(context, "after", Long::valueOf);
    int limit = Query.limit(context);
    Set<String> targets = Sight.targets(context);
    return (Query.text(context, "order").filter("newest"::equals).isPresent()
            ? audit.newest(targets, after.orElse(Long.MAX_VALUE), limit)
            : audit.list(targets, after.orElse(0L), limit))
        .map(Answer::ok);
  }
}
