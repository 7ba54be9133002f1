package dev.kintonesync.camel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.Patience;
import dev.kintonesync.camel.batch.MemoryBudget;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
  private final MemoryBudget budget = new MemoryBudget(800);
  private final MemoryBudget.Share one = budget.share();
  private final MemoryBudget.Share other = budget.share();

  @Test
  void eachRunMayTakeHalfOfWhatTheOthersLeave() {
    assertThat(one.tryTake(400)).isTrue();
    assertThat(one.tryTake(1)).isFalse();
    assertThat(other.tryTake(200)).isTrue();
    assertThat(other.tryTake(1)).isFalse();
    assertThat(budget.share().tryTake(100)).isTrue();
    one.giveBack(400);
    assertThat(one.tryTake(250)).isTrue();
    assertThat(one.tryTake(1)).isFalse();
  }

  @Test
  void whoWaitsGetsItWhenItsOwnIsGivenBack() throws Exception {
    one.take(400, 0);
    var more = taking(one, 100);
    assertThat(other.tryTake(200)).as("nobody is kept by who waits for its own").isTrue();
    assertThat(more).isNotDone();
    one.giveBack(200);
    more.get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
    assertThat(one.tryTake(1)).isFalse();
  }

  @Test
  void whatIsHeavierThanEverythingComesAlone() throws Exception {
    one.take(300, 0);
    other.take(200, 0);
    var heavy = taking(other, 5000);
    one.giveBack(300);
    assertThat(heavy).isNotDone();
    other.giveBack(200);
    heavy.get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
    assertThat(one.tryTake(1)).isFalse();
    other.giveBack(5000);
    assertThat(one.tryTake(400)).isTrue();
  }

  @Test
  void othersStandBackForWhoHasNothing() throws Exception {
    one.take(200, 0);
    one.take(200, 0);
    var heavy = taking(other, 700);
    Patience.await().until(() -> !one.tryTake(0));
    one.giveBack(200);
    assertThat(one.tryTake(100)).isFalse();
    assertThat(heavy).isNotDone();
    one.giveBack(200);
    heavy.get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void whatARunKeepsForItsKeysNobodyHasUntilItIsOver() {
    long mega = 1 << 20;
    var large = new MemoryBudget(24 * mega);
    var share = large.share();
    assertThat(share.keep(16 * mega)).isTrue();
    assertThat(large.share().tryTake(4 * mega + 1)).isFalse();
    assertThat(share.keep(5 * mega)).as("3 MB are not enough for batches").isFalse();
    share.close();
    assertThat(large.share().tryTake(12 * mega)).isTrue();
    assertThat(new MemoryBudget(4 * mega).share().keep(mega)).as("of very little").isTrue();
  }

  @Test
  void aBatchIsGivenWhatItWishesUpToAThirdOfWhatARunMayHaveByNow() throws Exception {
    long mega = 1 << 20;
    var large = new MemoryBudget(24 * mega);
    var share = large.share();
    assertThat(share.take(mega, 0)).isEqualTo(mega);
    assertThat(share.take(mega, 3 * mega)).isEqualTo(3 * mega);
    assertThat(share.take(mega, 9 * mega)).as("24 / 2 / 3").isEqualTo(4 * mega);
    share.giveBack(8 * mega);
    try (var reserved = large.reservation()) {
      assertThat(reserved.take(12 * mega)).isTrue();
      assertThat(reserved.take(3 * mega)).as("15 of 24 would be more than three fifths").isFalse();
      assertThat(share.take(mega, 9 * mega)).as("12 are left").isEqualTo(2 * mega);
    }
    share.giveBack(2 * mega);
    assertThat(share.take(5 * mega, 9 * mega)).as("one heavy record").isEqualTo(5 * mega);
  }

  @Test
  void aRunThatIsOverHasNothing() {
    assertThat(one.tryTake(300)).isTrue();
    one.takeAnyway(5000);
    assertThat(other.tryTake(1)).isFalse();
    one.close();
    assertThat(other.tryTake(400)).isTrue();
  }

  private static CompletableFuture<Void> taking(MemoryBudget.Share share, long bytes) {
    var taken = new CompletableFuture<Void>();
    var thread =
        new Thread(
            () -> {
              try {
                share.take(bytes, 0);
                taken.complete(null);
              } catch (InterruptedException e) {
                taken.completeExceptionally(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return taken;
  }
}
