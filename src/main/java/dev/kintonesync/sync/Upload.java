package dev.kintonesync.sync;

import dev.kintonesync.kintone.KintoneRequest;

/**
 * A file that a plan wants uploaded.
 *
 * @param request the request that does it
 * @param content names content and file name: two of the same are one file
 * @param shared whether it need not be sent when the same was sent before in this run
 */
public record Upload(KintoneRequest request, String content, boolean shared) {}
