// node check.mjs [--values] PLACE...: whether the gateway takes every document of state directories, and every export.
// A place is a state directory, or the file of an export. Prints {checked, failures: [{path, reason}]}, with --values
// also what was read, as {path: value}, a log as the list of its entries. Exits with 1 where there are failures.

import fs from "node:fs";
import JSON5 from "json5";
import { ExportSchema } from "./interfaces.mjs";
import { plain } from "./plain.mjs";
import { documentsOf } from "./walk.mjs";

function fault(schema, value) {
  const issues = schema.safeParse(value).error?.issues ?? [];
  return issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
}

function faults(file, schema, value) {
  if (!file.endsWith(".jsonl")) return [fault(schema, value)];
  return value.map((entry, index) => {
    const reason = fault(schema, entry);
    return reason && `line ${index + 1}: ${reason}`;
  });
}

const exported = (file) => ({ file, schema: ExportSchema, parse: () => JSON5.parse(fs.readFileSync(file, "utf-8")) });

const places = process.argv.slice(2).filter((argument) => argument !== "--values");
const documents = places.flatMap((place) =>
  fs.statSync(place).isDirectory() ? [...documentsOf(place)] : [exported(place)],
);
const failures = [];
const values = {};
for (const { file, schema, parse } of documents) {
  try {
    const value = parse();
    values[file] = plain(value);
    failures.push(...faults(file, schema, value).filter(Boolean).map((reason) => ({ path: file, reason })));
  } catch (error) {
    failures.push({ path: file, reason: `unreadable: ${error.message}` });
  }
}
const report = { checked: documents.length, failures, ...(process.argv.includes("--values") && { values }) };
console.log(JSON.stringify(report, null, 2));
process.exitCode = failures.length ? 1 : 0;
