package io.github.libjot;

/** Where a verifier has its keys from: a set that never changes, or the keys at a URL. */
public sealed interface KeySource permits KeySet, RemoteKeys {}
