package dev.pgmedic.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a webhook is signed with.
 *
 * @param text {@code whsec_} and 24 to 64 bytes in Base64
 * @see <a
 *     href="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md">Standard
 *     Webhooks</a>
 */
public record WebhookSecret(String text) {

  private static final String PREFIX = "whsec_";
  private static final String ALGORITHM = "HmacSHA256";
  private static final int LEAST = 24;
  private static final int MOST = 64;
  private static final int GENERATED = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Rejects what is none; the error has no part of it. */
  public WebhookSecret {
    int length = text.startsWith(PREFIX) ? key(text).length : 0;
    if (length < LEAST || length > MOST) {
      throw new IllegalArgumentException(
          "secret: expected whsec_ and 24 to 64 bytes in Base64, such as openssl rand -base64 32");
    }
  }

  /** A new one. */
  public static WebhookSecret random() {
    byte[] key = new byte[GENERATED];
    RANDOM.nextBytes(key);
    return new WebhookSecret(PREFIX + Base64.getEncoder().encodeToString(key));
  }

  private static byte[] key(String text) {
    try {
      return Base64.getDecoder().decode(text.substring(PREFIX.length()));
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  /** The value of {@code webhook-signature} for a message. */
  public String sign(String id, Instant at, String body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key(text), ALGORITHM));
      String signed = id + "." + at.getEpochSecond() + "." + body;
      byte[] signature = mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
      return "v1," + Base64.getEncoder().encodeToString(signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  @Override
  public String toString() {
    return "WebhookSecret[***]";
  }
}
