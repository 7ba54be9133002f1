package dev.kintonesync.source;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How far behind the checkpoint a poll begins. A row gets the value of its checkpoint column when
 * it is written, but is seen only when its transaction commits; a row is not missed as long as no
 * more than this lies between the two.
 *
 * @param time of a column of times; null: said for numbers only
 * @param numbers of a column of numbers; null: said for times only
 */
public record Overlap(@Nullable Duration time, @Nullable Long numbers) {

  /** Where nobody says anything. */
  public static final Overlap DEFAULT = new Overlap(Duration.ofMinutes(10), 1000L);

  /** Where a poll begins that follows one which came to this checkpoint. */
  public Checkpoint before(Checkpoint reached, String column) {
    return switch (reached.kind()) {
      case NUMBER -> {
        if (numbers == null) {
          throw new UserErrorException(MessageCode.OVERLAP_NOT_A_NUMBER.with(column));
        }
        yield reached.minus(BigDecimal.valueOf(numbers));
      }
      case DATE, LOCAL, MOMENT -> {
        if (time == null) {
          throw new UserErrorException(MessageCode.OVERLAP_NOT_A_TIME.with(column));
        }
        yield reached.minus(time);
      }
    };
  }
}
