package dev.kintonesync.sync;

import dev.kintonesync.form.Attachments;
import dev.kintonesync.form.ConversionException;
import dev.kintonesync.form.Field;
import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.ErrorCode;
import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files that are uploaded before the records of a plan are written: those of one write request
 * at a time, so that little is lost when a run ends, and no upload waits until it expires.
 */
final class FileUploads {
  /** So many files are uploaded before the first record that has one of them is written. */
  private static final int FILES_AT_ONCE = 100;

  /** Refusals that have nothing to do with files. */
  private static final Set<String> KNOWN =
      Set.of(
          ErrorCode.CONFLICT,
          ErrorCode.RECORD_GONE,
          ErrorCode.NO_LOOKUP_SOURCE,
          ErrorCode.NO_PRIVILEGE);

  private final Target target;
  private final List<Field> fields;
  private final Deque<PlannedRecord> waiting = new ArrayDeque<>();
  private final List<PlannedRecord> taken = new ArrayList<>();
  private final Map<String, Sent> sent = new LinkedHashMap<>();

  /** A file that is sent, and where it belongs. */
  private static final class Sent {
    private final Upload upload;
    private final List<RecordFile> places = new ArrayList<>();

    private Sent(Upload upload) {
      this.upload = upload;
    }
  }

  /** One file of a record. Two of them are equal only if they are one. */
  private static final class RecordFile {
    private final PlannedRecord record;
    private final FileCell file;

    private RecordFile(PlannedRecord record, FileCell file) {
      this.record = record;
      this.file = file;
    }

    private void reject(UserMessage reason) {
      if (!record.settled()) {
        record.reject(file.field(), reason);
      }
    }
  }

  /**
   * What follows from the answers. Rejected records carry their reject themselves.
   *
   * @param ready records that can be written
   * @param unsure records to be looked up and planned anew
   * @param failure why no file of the run can be uploaded; null when all is well
   */
  record Uploaded(
      List<PlannedRecord> ready, List<PlannedRecord> unsure, @Nullable UserMessage failure) {}

  FileUploads(Target target) {
    this.target = target;
    this.fields = target.mapping().fileFields();
  }

  /** Whether a record has files that are still to be uploaded; then they will be. */
  boolean take(PlannedRecord record) {
    boolean uploads =
        !fields.isEmpty()
            && FileCell.in(fields, record.changes()).stream().anyMatch(FileCell::isToUpload);
    if (uploads) {
      waiting.add(record);
    }
    return uploads;
  }

  /** Whether files are to be uploaded. */
  boolean isOpen() {
    return !waiting.isEmpty();
  }

  /** The next uploads: the files of the records of one write request. */
  List<Upload> next() {
    sent.clear();
    taken.clear();
    while (!waiting.isEmpty()
        && taken.size() < target.sizes().recordsPerRequest()
        && sent.size() < FILES_AT_ONCE) {
      var record = waiting.removeFirst();
      record.copyChanges(fields);
      take(record, FileCell.in(fields, record.changes()));
    }
    return sent.values().stream().map(one -> one.upload).toList();
  }

  /** A record with a file that cannot be had is rejected before any of its files is sent. */
  private void take(PlannedRecord record, List<FileCell> files) {
    taken.add(record);
    var found = new LinkedHashMap<RecordFile, Attachments.Found>();
    for (var file : files) {
      if (file.isToUpload()) {
        try {
          var one = file.found(target.mapping().attachments());
          String hash = file.json().has("sha256") ? file.text("sha256") : one.hash();
          file.json().put("sha256", hash).put("size", String.valueOf(one.size()));
          found.put(new RecordFile(record, file), one);
        } catch (ConversionException e) {
          record.reject(file.field(), e.reason());
          return;
        }
      }
    }
    found.forEach(this::send);
  }

  private void send(RecordFile place, Attachments.Found found) {
    boolean shared = !place.record.tries().uploadsAlone();
    String content = place.file.text("sha256") + "/" + found.name();
    var request =
        KintoneRequest.upload(target.connection(), target.app(), found.name(), found.file());
    sent.computeIfAbsent(
            shared ? content : content + "/" + sent.size(),
            key -> new Sent(new Upload(request, content, shared)))
        .places
        .add(place);
  }

  /** The answers to all uploads, in their order. */
  Uploaded uploaded(List<Answer> answers) {
    var unsure = new LinkedHashSet<PlannedRecord>();
    UserMessage failure = null;
    int place = 0;
    for (var one : sent.values()) {
      var answer = place < answers.size() ? answers.get(place++) : new Answer.Unsent("not sent");
      if (answer instanceof Answer.Done done) {
        one.places.forEach(each -> attach(each, done));
      } else if (answer instanceof Answer.Refused refused
          && !ErrorCode.isBusy(refused.code())
          && !ErrorCode.stopsTheRun(refused.code())) {
        var words = MessageCode.KINTONE_SAYS.with(answer.words());
        one.places.forEach(
            each ->
                each.reject(MessageCode.ATTACHMENT_REFUSED.with(each.file.text("path"), words)));
      } else if (answer instanceof Answer.Unknown) {
        one.places.forEach(each -> unanswered(each, answer, unsure));
      } else {
        failure = MessageCode.UPLOAD_FAILED.with(target.app(), answer.words());
      }
    }
    var ready =
        taken.stream().filter(this::isWhole).filter(each -> !unsure.contains(each)).toList();
    ready.forEach(this::forgetWhatIsReplaced);
    unsure.removeIf(PlannedRecord::settled);
    return new Uploaded(ready, List.copyOf(unsure), failure);
  }

  private boolean isWhole(PlannedRecord record) {
    return !record.settled()
        && FileCell.in(fields, record.changes()).stream().noneMatch(FileCell::isToUpload);
  }

  private static void attach(RecordFile place, Answer.Done done) {
    if (done.body().path("sha256").asText().equals(place.file.text("sha256"))) {
      place.file.json().put("fileKey", done.body().path("fileKey").asText());
    } else {
      place.reject(MessageCode.ATTACHMENT_CHANGED.with(place.file.text("path")));
    }
  }

  /** Kintone may be away; that is found out by the next key lookup. */
  private static void unanswered(RecordFile place, Answer answer, Set<PlannedRecord> unsure) {
    int times = place.record.tries().uploadUnanswered();
    if (times < RecordAttempts.UPLOADS) {
      unsure.add(place.record);
    } else {
      place.reject(
          MessageCode.ATTACHMENT_UNANSWERED.with(place.file.text("path"), times, answer.words()));
    }
  }

  /**
   * Until the write is confirmed, nobody can tell which content a file of this name and size has.
   */
  private void forgetWhatIsReplaced(PlannedRecord record) {
    if (!record.toInsert()) {
      FileCell.in(fields, record.changes()).stream()
          .filter(FileCell::isOfSource)
          .forEach(file -> target.fileHashes().forget(record.stored().id(), file.attached()));
    }
  }

  /**
   * The records of a refused write request that may have been refused for their uploads: Kintone
   * says that there is no such file, since it has expired or another record has it; or it refuses a
   * record alone, for a reason of which the record cannot be blamed. Each of their files will be
   * uploaded once more, and for them alone.
   */
  List<PlannedRecord> spent(WriteRequest request, Answer.Refused refused) {
    boolean gone = refused.code().equals(ErrorCode.FILE_GONE);
    boolean clear = !refused.errors().isEmpty() || KNOWN.contains(refused.code());
    if (fields.isEmpty() || clear || (!gone && request.size() > 1)) {
      return List.of();
    }
    return request.records().stream()
        .filter(
            record -> FileCell.in(fields, record.changes()).stream().anyMatch(FileCell::isOfSource))
        .filter(record -> gone || !record.tries().uploadsAlone())
        .filter(record -> record.tries().uploadAlone())
        .toList();
  }
}
