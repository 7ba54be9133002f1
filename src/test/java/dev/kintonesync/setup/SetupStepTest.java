package dev.kintonesync.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.settings.Configuration;
import org.junit.jupiter.api.Test;

class SetupStepTest {

  @Test
  void everyPropertyOfAJobBelongsToAStep() {
    assertThat(Configuration.propertiesOfJob())
        .allSatisfy(property -> assertThat(SetupStep.of(property)).as(property).isNotNull());
  }

  @Test
  void noStepHasAPropertyThatAJobHasNot() {
    for (SetupStep step : SetupStep.values()) {
      assertThat(step.properties())
          .filteredOn(property -> !property.equals("name"))
          .isSubsetOf(Configuration.propertiesOfJob());
    }
  }
}
