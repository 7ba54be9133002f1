package dev.kintonesync.camel.source;

import dev.kintonesync.source.api.Address;
import java.net.URI;
import java.util.Locale;
import java.util.Set;

/**
 * Where the pages of an API may lie: where the job says, and at the hosts that it allows besides.
 * An API that leads anywhere else could let us ask what only this machine can reach.
 */
public final class AllowedPlaces {
  private static final String SECURE = "https";

  private final URI home;
  private final Set<String> hosts;

  /**
   * The home and other hosts.
   *
   * @param home the address that the job names
   * @param hosts hosts that it allows besides, some with a port
   */
  public AllowedPlaces(URI home, Set<String> hosts) {
    this.home = home;
    this.hosts = hosts;
  }

  /** The address that the job names, and its password or token is for. */
  URI home() {
    return home;
  }

  /** Whether it is asked there; nothing that begins with encryption goes on without. */
  public boolean allows(URI address) {
    String host = host(address);
    boolean open = isSecure(home()) && !isSecure(address);
    return !open && (isHome(address) || isNamed(host) || isNamed(host + ":" + port(address)));
  }

  /** The same host, at its port or at the usual one of encryption. */
  private boolean isHome(URI address) {
    return Address.sameOrigin(home(), address)
        || (host(home()).equals(host(address))
            && port(home()) == 80
            && isSecure(address)
            && port(address) == 443);
  }

  private boolean isNamed(String host) {
    return hosts.contains(host);
  }

  private static boolean isSecure(URI address) {
    return SECURE.equalsIgnoreCase(address.getScheme());
  }

  private static String host(URI address) {
    return String.valueOf(address.getHost()).toLowerCase(Locale.ROOT);
  }

  private static int port(URI address) {
    return address.getPort() >= 0 ? address.getPort() : isSecure(address) ? 443 : 80;
  }
}
