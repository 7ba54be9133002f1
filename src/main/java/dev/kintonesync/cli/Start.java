package dev.kintonesync.cli;

import java.io.IOException;

/**
 * Where the {@code kintone-sync} command starts. What is only asked about the program is answered
 * before any library is touched.
 */
public final class Start {
  private Start() {}

  public static void main(String[] args) throws IOException {
    if (!KeptAnswers.answer(args, System.getProperty(Home.PROGRAM))) {
      LogProvider.use();
      Main.main(args);
    }
  }
}
