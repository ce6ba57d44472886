// A value as plain JSON that tells all that a document can hold once it is on disk.

// JSON has no word for numbers that are not finite, and UTF-8 none for half a surrogate pair.
const wellFormed = (text) => text.replace(/\p{Surrogate}/gu, "\ufffd");

export function plain(value) {
  if (typeof value === "string") return wellFormed(value);
  if (typeof value === "number" && !Number.isFinite(value)) return { "not finite": String(value) };
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [wellFormed(key), plain(part)]));
}
