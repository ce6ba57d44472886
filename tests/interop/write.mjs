// node write.mjs DIRECTORY SEED: a state directory of awkward documents, written as the gateway writes them.
// Beside automations/ it leaves export.json, and twins.json with what each document says, as {path: value}.

import fs from "node:fs";
import path from "node:path";
import JSON5 from "json5";
import { Awkward } from "./awkward.mjs";
import { GatewayDocuments } from "./gateway_documents.mjs";
import * as interfaces from "./interfaces.mjs";
import { plain } from "./plain.mjs";
import * as schemas from "./schemas.mjs";

const COUNT = 40;

const [directory, seed] = process.argv.slice(2);
const draw = new Awkward(Number(seed));
const documents = new GatewayDocuments(draw);
const twins = {};

// utils.ts of the design.
function writeAtomic(file, content) {
  const temp = `${file}.${process.pid}.${Date.now()}.tmp`;
  fs.writeFileSync(temp, content, { mode: 0o600 });
  fs.renameSync(temp, file);
}

function write(relative, schema, value, content) {
  schema.parse(value);
  const file = path.join(directory, "automations", relative);
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  writeAtomic(file, content);
}

function writeConfig(config) {
  const relative = `config/${config.type}/${config.id}.json`;
  write(relative, schemas.AutomationConfigSchema, config, JSON5.stringify(config, null, 2));
  twins[relative] = plain(config);
}

function writeJson(relative, schema, value) {
  const content = JSON.stringify(value, null, 2);
  write(relative, schema, value, content);
  twins[relative] = plain(JSON.parse(content));
}

function writeLog(relative, schema, makeEntry) {
  const lines = Array.from({ length: COUNT }, () => JSON.stringify(makeEntry()));
  const entries = lines.map((line) => JSON.parse(line));
  write(relative, schema.array(), entries, lines.map((line) => `${line}\n`).join(""));
  twins[relative] = plain(entries);
}

const ids = Array.from({ length: COUNT }, (_, index) => `sync-${index}`);
const automations = ids.map((id) => documents.automation(id));
automations.forEach(writeConfig);
writeJson("config/dispatcher.json", schemas.DispatcherConfigSchema, documents.dispatcher());
writeJson("config/concurrency-state.json", schemas.ConcurrencyStateSchema, documents.concurrencyState());
for (const id of ids) {
  writeJson(`workspaces/${id}/workspace-info.json`, interfaces.WorkspaceInfoSchema, documents.workspaceInfo(id));
  writeJson(`workspaces/${id}/state.json`, interfaces.RuntimeStateSchema, documents.runtimeState(id));
  writeJson(`workspaces/${id}/progress.json`, interfaces.ProgressStateSchema, documents.progressState(id));
  // Where the code of the design puts a lock: in directories, as its key holds slashes (errata 3).
  const repoKey = `github.com/user/${id}`;
  writeJson(`locks/${repoKey}.lock`, schemas.RepositoryLockSchema, documents.repositoryLock(repoKey));
}
writeLog("logs/dispatcher/2025-01-26.jsonl", schemas.DispatcherLogEntrySchema, () => documents.dispatcherEntry());
writeLog("logs/smart-sync-fork/2025-01-26.jsonl", schemas.AutomationLogEntrySchema, () => documents.runEntry());

const exported = { version: 1, exportedAt: draw.timestamp(), automations };
fs.writeFileSync(path.join(directory, "export.json"), JSON.stringify(exported, null, 2));
fs.writeFileSync(path.join(directory, "twins.json"), JSON.stringify(twins));
