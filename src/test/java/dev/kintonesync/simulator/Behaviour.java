package dev.kintonesync.simulator;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;

/**
 * A behaviour of Kintone that can be checked. {@code docs/simulator.md} lists them by number; the
 * evidence says who saw it: O official documents, J official clients, M measured, X seed texts.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Test
@interface Behaviour {
  int number();

  String evidence();
}
