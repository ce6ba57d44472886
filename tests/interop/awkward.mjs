// Values that trip up writers and readers, drawn at random from a seed.

const TEXTS = [
  "", " ", "it's", 'say "hi"', `both ' and "`, "'", '"', "it's".repeat(300),
  "\\", "\\\\u0041 \\x41 \\", "C:\\new\\table", "\\ud83d",
  "a\nb\r\nc\td", "\u00001", "\u0000a", "\b\f\v\u001b[31m\u007f\u0085", "\u2028 and \u2029", "\ufeffmark", "\u00a0",
  "é ñ ß 日本語 العربية", "👩‍👩‍👧 🇨🇭 𝒳", "e\u0301",
  "// no comment", "/* nor */ this", "</script>", "null", "1e21", "{a: 1}",
  "cut within \ud83d", "\ude00 begins within", "\ud83d between \ude00",
];
const KEYS = [
  "", "a", "$x", "_", "a b", "a-b", "1x", "0", "-1", "it's", '"', "\\", "\u2028", "\n", "\u0000", "half \ud83d",
  "é", "日本", "𝒳a", "a𝒳", "a\u200cb",
  "class", "new", "null", "true", "NaN", "Infinity", "__proto__", "constructor", "toString", "hasOwnProperty", "last_run",
];
const NUMBERS = [
  0, -0, 1, -1, 0.1, -0.5, 1 / 3, 1e-7, 5e-324, 1e16, 1e21, 1.7976931348623157e308,
  2 ** 53, 2 ** 53 + 2, -(2 ** 63), 123456789012345680000,
];

export class Awkward {
  #state;

  constructor(seed) {
    this.#state = seed >>> 0;
  }

  // Mulberry32: the same numbers for the same seed wherever this runs.
  #random() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(limit) {
    return Math.floor(this.#random() * limit);
  }

  oneOf(choices) {
    return choices[this.below(choices.length)];
  }

  maybe() {
    return this.below(2) === 0;
  }

  text() {
    return this.maybe() ? this.oneOf(TEXTS) : this.oneOf(TEXTS) + this.oneOf(TEXTS);
  }

  number() {
    return this.oneOf(NUMBERS);
  }

  timestamp() {
    return new Date(this.below(2 ** 32) * 1000 + this.below(1000)).toISOString();
  }

  list(make, longest) {
    return Array.from({ length: this.below(longest + 1) }, make);
  }

  value(depth = 4) {
    const kind = this.below(depth > 0 ? 7 : 4);
    if (kind === 0) return this.oneOf([null, true, false]);
    if (kind === 1) return this.number();
    if (kind < 4) return this.text();
    return kind === 4 ? this.list(() => this.value(depth - 1), 3) : this.object(depth - 1);
  }

  object(depth = 4) {
    // Assigning to __proto__ would make no key of it.
    return Object.fromEntries(this.list(() => [this.oneOf(KEYS), this.value(depth)], 4));
  }

  nested(levels) {
    return levels === 0 ? this.value(0) : this.maybe() ? { deeper: this.nested(levels - 1) } : [this.nested(levels - 1)];
  }

  // `fields`, and keys beside them that no schema knows.
  document(fields) {
    const unknown = Object.entries(this.object(2)).filter(([key]) => !Object.hasOwn(fields, key));
    return this.maybe() ? { ...fields, ...Object.fromEntries(unknown) } : { ...Object.fromEntries(unknown), ...fields };
  }
}
