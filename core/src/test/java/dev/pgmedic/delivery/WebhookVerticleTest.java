package dev.pgmedic.delivery;

import static dev.pgmedic.delivery.Sending.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.delivery.Receiver.Taken;
import dev.pgmedic.event.EventFilter;
import dev.pgmedic.store.Deliveries;
import dev.pgmedic.webhook.WebhookFormat;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is committed is sent, in order, until it is taken or dead, whoever was down meanwhile. */
@Timeout(180)
class WebhookVerticleTest {

  private final Vertx vertx = Vertx.vertx();
  private final Sending sending = new Sending(vertx);
  private final Receiver receiver = new Receiver(vertx).up();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private static String signed(Taken request) throws GeneralSecurityException {
    byte[] key = Base64.getDecoder().decode(Sending.SECRET.text().substring("whsec_".length()));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    String content =
        request.id() + "." + request.headers().get("webhook-timestamp") + "." + request.body();
    return "v1,"
        + Base64.getEncoder().encodeToString(mac.doFinal(content.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void everyEventIsSentSignedAndInOrder() throws GeneralSecurityException {
    // Given
    sending.write("shop", 1);
    UUID webhook = sending.webhook(receiver.url());
    int before = sending.ids().size();
    sending.node();

    // When
    sending.write("shop", 5);
    List<String> sent = sending.ids().subList(before, sending.ids().size());
    until(() -> receiver.taken().size() >= sent.size());

    // Then
    assertThat(receiver.ids()).isEqualTo(sent);
    for (Taken request : receiver.taken()) {
      assertThat(request.path()).isEqualTo("/hook?token=hidden");
      assertThat(request.headers().get("webhook-signature")).isEqualTo(signed(request));
      assertThat(request.headers().get("Content-Type")).isEqualTo("application/cloudevents+json");
      assertThat(request.json().getString("id")).isEqualTo(request.id());
    }
    until(() -> Stream.of("delivered").toList().containsAll(sending.states(webhook)));
  }

  @Test
  void aReceiverThatWasDownForAnHourGetsEverythingInOrder() {
    // Given
    UUID webhook = sending.webhook(receiver.url());
    receiver.down();
    sending.node();
    sending.write("shop", 3);
    until(() -> sending.deliveries(webhook).get(0).attempts() >= 1);

    // When
    for (int tenMinutes = 0; tenMinutes < 6; tenMinutes++) {
      int attempts = sending.deliveries(webhook).get(0).attempts();
      sending.later(Duration.ofMinutes(10));
      sending.write("farm", 2);
      until(() -> sending.deliveries(webhook).get(0).attempts() > attempts);
    }
    assertThat(sending.states(webhook)).containsOnly("pending");
    receiver.up();
    sending.later(Duration.ofMinutes(5));
    until(() -> receiver.taken().size() >= sending.ids().size());

    // Then
    assertThat(receiver.ids()).isEqualTo(sending.ids());
    assertThat(sending.ids()).hasSizeGreaterThan(20);
  }

  @Test
  void anotherNodeSendsWhatTheOneBeforeLeft() {
    // Given
    UUID webhook = sending.webhook(receiver.url());
    receiver.answers(503);
    String node = sending.node();
    sending.write("shop", 3);
    until(() -> receiver.taken().size() >= 1);
    vertx.undeploy(node).await();

    // When
    receiver.answers(200);
    int before = receiver.taken().size();
    sending.later(Duration.ofMinutes(5));
    sending.node();
    until(() -> !sending.states(webhook).contains("pending"));

    // Then
    List<String> ids = receiver.ids().subList(before, receiver.ids().size());
    assertThat(ids.stream().distinct()).containsExactlyElementsOf(sending.ids());
  }

  @Test
  void twoNodesSendForOneAnotherAndNothingTwice() {
    // Given
    sending.webhook(receiver.url());
    sending.node();
    sending.node();

    // When
    sending.write("shop", 10);
    until(() -> receiver.taken().size() >= sending.ids().size());

    // Then
    assertThat(receiver.ids()).isEqualTo(sending.ids());
  }

  @Test
  void aDeliveryThatIsRefusedForTenMinutesIsDeadAndCanBeReplayed() {
    // Given
    UUID webhook = sending.webhook(receiver.url());
    receiver.answers(404);
    sending.node();
    sending.write("shop", 1);
    until(() -> sending.deliveries(webhook).get(0).attempts() >= 1);
    assertThat(sending.states(webhook)).containsOnly("pending");

    // When
    sending.later(Duration.ofMinutes(11));
    until(() -> !sending.states(webhook).contains("pending"));
    Deliveries.Delivery dead = sending.deliveries(webhook).get(0);
    receiver.answers(200);
    int before = receiver.taken().size();
    int again = new Deliveries(sending.store).replay(webhook, Optional.empty()).await();
    until(() -> receiver.taken().size() >= before + again);

    // Then
    assertThat(dead.state()).isEqualTo("dead");
    assertThat(dead.lastError()).contains("answered 404");
    assertThat(again).isEqualTo(sending.ids().size());
    assertThat(receiver.ids().subList(before, before + again)).isEqualTo(sending.ids());
  }

  @Test
  void aDeliveryThatIsDeadLetsThoseBehindItPass() {
    // Given: the first event alone is not wanted
    UUID webhook = sending.webhook(receiver.url());
    receiver.answers(422);
    sending.node();
    sending.write("shop", 1);
    until(() -> sending.deliveries(webhook).get(0).attempts() >= 1);
    sending.later(Duration.ofMinutes(11));
    until(() -> !sending.states(webhook).contains("pending"));

    // When
    receiver.answers(200);
    sending.write("shop", 1);
    sending.later(Duration.ofMinutes(5));
    until(() -> !sending.states(webhook).contains("pending"));

    // Then
    assertThat(sending.states(webhook).subList(0, 2)).containsOnly("dead");
    assertThat(sending.states(webhook)).contains("delivered");
  }

  @Test
  void aWebhookThatHangsHoldsNoOtherUp() {
    // Given
    Receiver other = new Receiver(vertx).up();
    sending.webhook("hangs", receiver.url(), WebhookFormat.CLOUDEVENTS, EventFilter.ALL);
    sending.webhook("works", other.url(), WebhookFormat.CLOUDEVENTS, EventFilter.ALL);
    receiver.down();
    sending.node();

    // When
    sending.write("shop", 4);
    until(() -> other.taken().size() >= sending.ids().size());

    // Then
    assertThat(other.ids()).isEqualTo(sending.ids());
  }

  @Test
  void aWebhookGetsTheTargetsAndTypesThatItWantsAlone() {
    // Given
    UUID webhook =
        sending.webhook(
            "some",
            receiver.url(),
            WebhookFormat.SLACK,
            EventFilter.parse("shop,barn", "issue.opened"));
    sending.node();

    // When
    sending.write("farm", 1);
    sending.write("shop", 2);
    sending.write("barn", 1);
    until(() -> receiver.taken().size() >= 2);
    until(() -> !sending.states(webhook).contains("pending"));

    // Then
    assertThat(receiver.taken())
        .extracting(request -> request.json().getString("text"))
        .containsExactly(
            "[shop] issue.opened: warning data.lost: message 2",
            "[barn] issue.opened: warning data.lost: message 4");
  }
}
