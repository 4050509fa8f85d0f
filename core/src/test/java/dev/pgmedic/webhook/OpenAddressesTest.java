package dev.pgmedic.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(10)
class OpenAddressesTest {

  private static OpenAddresses allowing(String... ranges) {
    return new OpenAddresses(Stream.of(ranges).map(AddressRange::parse).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.9.9.9",
        "0.0.0.0",
        "10.0.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "198.19.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "fd12:3456::1",
        "fe80::1",
        "fec0::1",
        "ff02::1"
      })
  void whatIsNotPublicIsClosed(String address) throws UnknownHostException {
    assertThat(allowing().isOpen(InetAddress.getByName(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111"})
  void whatIsPublicIsOpen(String address) throws UnknownHostException {
    assertThat(allowing().isOpen(InetAddress.getByName(address))).isTrue();
  }

  @Test
  void aRangeOpensWhatItHoldsAndNothingBesideIt() throws UnknownHostException {
    // When
    OpenAddresses open = allowing("10.1.128.0/17", "fd00::1", "127.0.0.1");

    // Then
    assertThat(open.isOpen(InetAddress.getByName("10.1.255.1"))).isTrue();
    assertThat(open.isOpen(InetAddress.getByName("10.1.127.1"))).isFalse();
    assertThat(open.isOpen(InetAddress.getByName("fd00::1"))).isTrue();
    assertThat(open.isOpen(InetAddress.getByName("fd00::2"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "localhost", "10.0.0.0/33", "10.0.0.0/x", "999.1.1.1", "10.0.0/8"})
  void whatIsNoRangeIsAMistake(String text) {
    // When
    Throwable error = catchThrowable(() -> AddressRange.parse(text));

    // Then
    assertThat(error)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("such as 10.1.2.3");
  }
}
