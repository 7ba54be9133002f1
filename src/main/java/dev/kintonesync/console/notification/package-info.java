/** Notifies people by mail, in a chat and in an app of their own. */
@org.jspecify.annotations.NullMarked
package dev.kintonesync.console.notification;
