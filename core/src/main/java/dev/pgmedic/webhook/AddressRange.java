package dev.pgmedic.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * Some addresses: one, or all that begin alike.
 *
 * @param first one of them
 * @param bits how many bits they share
 */
public record AddressRange(InetAddress first, int bits) {

  // A name would be looked up: what it stands for is not for the configuration to trust.
  private static final Pattern LITERAL =
      Pattern.compile("(\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)(/\\d{1,3})?");

  /**
   * Reads an address, or one with a slash and a number of bits.
   *
   * @throws IllegalArgumentException when it is neither
   */
  public static AddressRange parse(String text) {
    try {
      if (LITERAL.matcher(text).matches()) {
        String[] parts = text.split("/", 2);
        InetAddress address = InetAddress.getByName(parts[0]);
        int most = address.getAddress().length * Byte.SIZE;
        int bits = parts.length == 1 ? most : Integer.parseInt(parts[1]);
        if (bits <= most) {
          return new AddressRange(address, bits);
        }
      }
    } catch (UnknownHostException e) {
      // told below, with what was expected
    }
    throw new IllegalArgumentException(
        "expected an address or a range such as 10.1.2.3 or 10.0.0.0/8, found \"" + text + "\"");
  }

  /** Whether an address is one of them. */
  public boolean contains(InetAddress address) {
    byte[] ours = first.getAddress();
    byte[] theirs = address.getAddress();
    if (ours.length != theirs.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit % Byte.SIZE);
      if (((ours[bit / Byte.SIZE] ^ theirs[bit / Byte.SIZE]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }
}
