// node repo_key.mjs: the keys of the addresses in a JSON list on standard input, as the design makes them.

import fs from "node:fs";

function normalizeRepoKey(repoUrl) {
  return repoUrl
    .replace(/\.git$/, "")           // Remove .git suffix
    .replace(/^https?:\/\//, "")      // Remove protocol
    .replace(/^git@([^:]+):/, "$1/")  // Convert SSH to HTTPS-style
    .toLowerCase();                    // Normalize case
}

console.log(JSON.stringify(JSON.parse(fs.readFileSync(0, "utf-8")).map(normalizeRepoKey)));
