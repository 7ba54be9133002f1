package dev.kintonesync.source;

import dev.kintonesync.message.UserMessage;
import java.io.CharConversionException;
import java.io.EOFException;
import java.io.IOException;
import java.util.zip.ZipException;

/**
 * What stands in a file breaks it. To read it again is of no use, unlike after a fault of the disk
 * or the network, for which every other {@link IOException} is taken.
 */
public final class DamagedException extends IOException {
  private static final long serialVersionUID = 1;

  private final transient Object why;

  public DamagedException(String why) {
    super(why);
    this.why = why;
  }

  public DamagedException(String why, Throwable cause) {
    super(why, cause);
    this.why = why;
  }

  public DamagedException(UserMessage why, Throwable cause) {
    super(why.toString(), cause);
    this.why = why;
  }

  /** Whether a fault is the file's own: what Java throws for broken packages and text, too. */
  public static boolean is(IOException fault) {
    return fault instanceof DamagedException
        || fault instanceof ZipException
        || fault instanceof EOFException
        || fault instanceof CharConversionException;
  }

  /** What is broken, as an argument of a message. */
  public static Object why(IOException fault) {
    if (fault instanceof DamagedException damaged) {
      return damaged.why;
    }
    return fault.getMessage() == null ? fault.getClass().getSimpleName() : fault.getMessage();
  }
}
