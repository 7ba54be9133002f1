package dev.kintonesync.message;

/** The innermost cause of a failure, which is what a person has to know. */
public final class RootCause {
  private RootCause() {}

  /** Returns the innermost cause; the failure itself where it has none. */
  public static Throwable of(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  /** Returns what the innermost cause says; the name of its class where it says nothing. */
  public static String words(Throwable failure) {
    Throwable root = of(failure);
    String message = root.getMessage();
    return message == null || message.isBlank() ? root.getClass().getSimpleName() : message;
  }
}
