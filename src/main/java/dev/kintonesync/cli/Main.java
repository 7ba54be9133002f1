package dev.kintonesync.cli;

/** Entry point of the {@code kintone-sync} command. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.err.println("kintone-sync");
  }
}
