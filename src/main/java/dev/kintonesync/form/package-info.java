/**
 * An app's form: field types, conversion and comparison of values, checks before sending. Imports
 * {@code kintone} and {@code message}.
 */
@org.jspecify.annotations.NullMarked
package dev.kintonesync.form;
