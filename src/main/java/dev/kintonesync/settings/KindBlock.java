package dev.kintonesync.settings;

import java.util.List;

/** Reads the properties of one kind of source. */
interface KindBlock {

  /** Returns the properties that this kind reads, besides those that every kind has. */
  List<Property<?>> properties();

  /**
   * Returns the source.
   *
   * @throws dev.kintonesync.message.UserErrorException when something is missing or does not go
   *     together
   */
  Source source();
}
