package dev.kintonesync.sync;

import dev.kintonesync.form.Attachments;
import dev.kintonesync.form.ConversionException;
import dev.kintonesync.form.Field;
import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.ErrorCode;
import dev.kintonesync.kintone.KintoneRecord;
import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.message.MessageCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether the files of a record are those of its source. Where name and size are the
 * same, the contents decide: by what is remembered of them, else by one download.
 */
final class FileComparison {
  /** A file that was changed so long ago has another time once it is changed again. */
  private static final Duration SETTLED = Duration.ofSeconds(3);

  private final Target target;
  private final List<Field> fields;
  private final Map<PlannedRecord, Waiting> waiting = new LinkedHashMap<>();
  private List<Question> asked = List.of();

  /** A record as it was found, and its files whose contents are not known yet. */
  private record Waiting(KintoneRecord now, List<FileCell> unread) {}

  private record Question(PlannedRecord record, FileCell file) {}

  /**
   * What the downloads say.
   *
   * @param there the records that can be planned now, as they were found
   * @param failure an answer that is none; null when all is well
   */
  record Read(Map<PlannedRecord, @Nullable KintoneRecord> there, @Nullable Answer failure) {}

  FileComparison(Target target) {
    this.target = target;
    this.fields = target.mapping().fileFields();
  }

  /**
   * The record with the hashes of its files, as far as they decide anything; null when some are to
   * be downloaded first, or the record is rejected.
   */
  @Nullable KintoneRecord compare(PlannedRecord record, KintoneRecord now) {
    var compared = fields.stream().filter(field -> record.compares(field, now)).toList();
    if (compared.isEmpty()) {
      return now;
    }
    var ours = FileCell.in(compared, record.values());
    var stored = new KintoneRecord(now.id(), now.revision(), now.cells().deepCopy());
    var theirs = new ArrayList<FileCell>();
    compared.forEach(field -> theirs.addAll(FileCell.in(field, stored.value(field.code()))));
    var doubtful = new HashSet<>(theirs.stream().map(FileCell::attached).toList());
    doubtful.retainAll(ours.stream().map(FileCell::attached).toList());
    if (!hash(record, ours, doubtful) || !hash(record, theirs, doubtful)) {
      return null;
    }
    var unread = new ArrayList<FileCell>();
    for (var file : theirs) {
      if (doubtful.contains(file.attached()) && !file.isOfSource()) { // else it is only planned
        String hash = target.fileHashes().of(now.id(), file.attached());
        if (hash == null) {
          unread.add(file);
        } else {
          file.json().put("sha256", hash);
        }
      }
    }
    if (unread.isEmpty()) {
      return stored;
    }
    waiting.put(record, new Waiting(stored, unread));
    return null;
  }

  private boolean hash(
      PlannedRecord record, List<FileCell> ours, Set<FileHashes.Attached> doubtful) {
    for (var file : ours) {
      if (doubtful.contains(file.attached()) && file.isOfSource()) {
        try {
          file.json().put("sha256", hash(file.found(target.mapping().attachments())));
        } catch (ConversionException e) {
          record.reject(file.field(), e.reason());
          return false;
        }
      }
    }
    return true;
  }

  /**
   * The hash of a file of the source; one that has its size and time as before is not read again.
   */
  private String hash(Attachments.Found file) throws ConversionException {
    var before = local(file);
    String known = before == null ? null : target.fileHashes().of(before);
    if (known != null) {
      return known;
    }
    Instant began = Instant.now();
    String hash = file.hash();
    // what was written in the moment of reading, or just before, may be written again unseen
    if (before != null
        && before.modified().isBefore(began.minus(SETTLED))
        && before.equals(local(file))) {
      target.fileHashes().keep(before, hash);
    }
    return hash;
  }

  private static FileHashes.@Nullable Local local(Attachments.Found file) {
    try {
      var path = file.file();
      var now = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return new FileHashes.Local(path.toString(), now.size(), now.lastModifiedTime().toInstant());
    } catch (IOException e) {
      return null; // whoever reads it says what is wrong
    }
  }

  /** Whether files are to be downloaded. */
  boolean isOpen() {
    return !waiting.isEmpty();
  }

  /** The downloads, one of each file. */
  List<KintoneRequest> requests() {
    var questions = new ArrayList<Question>();
    waiting.forEach(
        (record, files) ->
            files.unread().forEach(file -> questions.add(new Question(record, file))));
    asked = questions;
    return asked.stream()
        .map(
            question ->
                KintoneRequest.download(
                    target.connection(), target.app(), question.file().text("fileKey")))
        .toList();
  }

  /** The answers to all requests, in their order. */
  Read read(List<Answer> answers) {
    Answer failure = null;
    for (int i = 0; i < asked.size(); i++) {
      var question = asked.get(i);
      var answer = i < answers.size() ? answers.get(i) : new Answer.Unsent("not asked");
      if (answer instanceof Answer.Done done) {
        question.file().json().put("sha256", done.body().path("sha256").asText());
      } else if (answer instanceof Answer.Refused refused
          && refused.code().equals(ErrorCode.FILE_GONE)) {
        question.file().json().put("sha256", ""); // the update will meet a newer revision
      } else if (answer instanceof Answer.Refused refused && !ErrorCode.isBusy(refused.code())) {
        question
            .record()
            .reject(
                question.file().field(),
                MessageCode.ATTACHMENT_NOT_COMPARED.with(
                    question.file().text("name"), MessageCode.KINTONE_SAYS.with(answer.words())));
      } else {
        failure = answer;
      }
    }
    asked = List.of();
    var there = new LinkedHashMap<PlannedRecord, @Nullable KintoneRecord>();
    if (failure == null) {
      waiting.forEach(
          (record, found) -> {
            if (!record.settled()) {
              remember(found.now());
              there.put(record, found.now());
            }
          });
      waiting.clear();
    }
    return new Read(there, failure);
  }

  /** What was read need not be read again, unless two files of a record are told apart by it. */
  private void remember(KintoneRecord now) {
    for (Field field : fields) {
      target.remember(now.id(), FileCell.in(field, now.value(field.code())));
    }
  }
}
