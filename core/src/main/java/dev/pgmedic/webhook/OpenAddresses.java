package dev.pgmedic.webhook;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which addresses webhooks may be sent to: all that are public, and those that the configuration
 * names. Otherwise whoever may add a webhook could knock at every door inside.
 *
 * @param allowed those that are open although they are not public
 * @see <a
 *     href="https://www.iana.org/assignments/iana-ipv4-special-registry/iana-ipv4-special-registry.xhtml">Special-purpose
 *     addresses</a>
 */
public record OpenAddresses(List<AddressRange> allowed) {

  // Also those that carry another address inside: 6to4, Teredo and NAT64.
  private static final List<AddressRange> CLOSED =
      Stream.of(
              "0.0.0.0/8",
              "10.0.0.0/8",
              "100.64.0.0/10",
              "127.0.0.0/8",
              "169.254.0.0/16",
              "172.16.0.0/12",
              "192.0.0.0/24",
              "192.0.2.0/24",
              "192.88.99.0/24",
              "192.168.0.0/16",
              "198.18.0.0/15",
              "198.51.100.0/24",
              "203.0.113.0/24",
              "224.0.0.0/3",
              "::/96",
              "64:ff9b::/96",
              "64:ff9b:1::/48",
              "100::/64",
              "2001::/23",
              "2001:db8::/32",
              "2002::/16",
              "fc00::/7",
              "fe80::/9",
              "ff00::/8")
          .map(AddressRange::parse)
          .toList();

  /** Copies the ranges. */
  public OpenAddresses {
    allowed = List.copyOf(allowed);
  }

  /** Whether something may be sent there. */
  public boolean isOpen(InetAddress address) {
    return allowed.stream().anyMatch(range -> range.contains(address))
        || CLOSED.stream().noneMatch(range -> range.contains(address));
  }
}
