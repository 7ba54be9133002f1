package dev.kintonesync.source.sheet;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.Shown;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.DamagedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sheets of a workbook that may have rows.
 *
 * @param <P> where in the workbook a sheet is
 */
final class Sheets<P> {

  private final Path file;
  private final List<Sheet<P>> all = new ArrayList<>();

  /** A sheet with its name, as people know it. */
  record Sheet<P>(String name, P place, boolean visible) {}

  Sheets(Path file) {
    this.file = file;
  }

  void add(String name, P place, boolean visible) throws DamagedException {
    if (all.size() >= PackageParts.MOST) {
      throw new DamagedException("more than " + PackageParts.MOST + " sheets");
    }
    all.add(new Sheet<>(name, place, visible));
  }

  /**
   * The sheet of this name, or the first that is not hidden.
   *
   * @throws UserErrorException if there is no sheet of this name
   * @throws DamagedException if there is none at all
   */
  Sheet<P> choose(@Nullable String named) throws DamagedException {
    if (all.isEmpty()) {
      throw new DamagedException("it has no sheets");
    }
    for (Sheet<P> sheet : all) {
      if (named == null ? sheet.visible() : sheet.name().equals(named)) {
        return sheet;
      }
    }
    if (named == null) {
      return all.get(0);
    }
    throw new UserErrorException(MessageCode.SHEET_MISSING.with(file, named, names()));
  }

  /**
   * A chosen sheet turned out to have no rows.
   *
   * @throws UserErrorException if another one may have been meant
   */
  void refuseEmpty(Sheet<P> sheet) {
    if (all.size() > 1) {
      throw new UserErrorException(
          MessageCode.SHEET_EMPTY.with(file, Shown.name(sheet.name()), names()));
    }
  }

  /** The names of those that are not hidden, in the order of the workbook. */
  List<String> visible() {
    return all.stream().filter(Sheet::visible).map(Sheet::name).toList();
  }

  private String names() {
    return Shown.names(all.stream().map(Sheet::name).toList());
  }
}
