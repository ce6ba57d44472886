// Finds and parses the documents of a state directory as the gateway does.

import fs from "node:fs";
import path from "node:path";
import JSON5 from "json5";
import * as schemas from "./schemas.mjs";
import * as interfaces from "./interfaces.mjs";

// JSON.stringify leaves U+2028 in texts, and JSON5.parse remarks on each.
console.warn = () => {};

const CONFIG_DOCUMENTS = {
  "dispatcher.json": schemas.DispatcherConfigSchema,
  "concurrency-state.json": schemas.ConcurrencyStateSchema,
};
const WORKSPACE_DOCUMENTS = {
  "workspace-info.json": interfaces.WorkspaceInfoSchema,
  "state.json": interfaces.RuntimeStateSchema,
  "progress.json": interfaces.ProgressStateSchema,
};

// Every document and every log of a state directory, with its schema.
export function* documentsOf(stateDirectory) {
  const base = path.join(stateDirectory, "automations");
  for (const [relative, schema] of places(base)) {
    const file = path.join(base, relative);
    const parse = file.endsWith(".jsonl") ? parseLog : JSON5.parse;
    yield { file, schema, parse: () => parse(fs.readFileSync(file, "utf-8")) };
  }
}

function* places(base) {
  yield* present(base, "config", CONFIG_DOCUMENTS);
  for (const type of directories(base, "config").filter((name) => !name.endsWith(".json"))) {
    yield* files(base, `config/${type}`, ".json", schemas.AutomationConfigSchema);
  }
  for (const id of directories(base, "workspaces")) yield* present(base, `workspaces/${id}`, WORKSPACE_DOCUMENTS);
  for (const type of directories(base, "logs")) {
    const schema = type === "dispatcher" ? schemas.DispatcherLogEntrySchema : schemas.AutomationLogEntrySchema;
    yield* files(base, `logs/${type}`, ".jsonl", schema);
  }
  yield* locks(base, "locks");
}

function* present(base, folder, documents) {
  for (const [name, schema] of Object.entries(documents)) {
    if (fs.existsSync(path.join(base, folder, name))) yield [`${folder}/${name}`, schema];
  }
}

// At any depth: the key of a repository holds slashes (errata 3).
function* locks(base, folder) {
  yield* files(base, folder, ".lock", schemas.RepositoryLockSchema);
  for (const name of directories(base, folder)) yield* locks(base, `${folder}/${name}`);
}

function* files(base, folder, suffix, schema) {
  for (const entry of entries(base, folder)) {
    if (!entry.isDirectory() && entry.name.endsWith(suffix)) yield [`${folder}/${entry.name}`, schema];
  }
}

const directories = (base, folder) =>
  entries(base, folder).filter((entry) => entry.isDirectory()).map((entry) => entry.name);

function entries(base, folder) {
  const directory = path.join(base, folder);
  return fs.existsSync(directory) ? fs.readdirSync(directory, { withFileTypes: true }) : [];
}

// readLogs of the design: no line may fail.
function parseLog(text) {
  return text.trim().split("\n").filter((line) => line.trim()).map((line) => JSON.parse(line));
}
