import type { Failure } from '../api/client';
import type { Catalogue } from '../i18n';

/** A failed call in words; `special` says what a status means in this place. */
export function failureText(words: Catalogue, failure: Failure, special: Record<number, string> = {}): string {
  if (failure.kind === 'network') return words.errors.network;
  const known: Record<number, string> = { 401: words.errors.signedOut, 403: words.errors.forbidden, 429: words.errors.tooMany, ...special };
  return known[failure.status] ?? words.errors.refused(failure.detail);
}
